package compose

import (
	"cmp"
	"io"
	"log/slog"
	"net/http"

	"cairn/internal/telemetry"
)

// Observed writes a line for each request that is answered.
func Observed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, record := telemetry.Begin(r.Context())
		seen := &observer{ResponseWriter: w, body: r.Body}
		r = r.WithContext(ctx)
		r.Body = seen
		h.ServeHTTP(seen, r)
		seen.status = cmp.Or(seen.status, http.StatusOK)
		if seen.status == http.StatusTooManyRequests || seen.status == http.StatusServiceUnavailable {
			telemetry.Add(ctx, telemetry.Throttled, 1)
		}
		telemetry.Note(ctx, slog.String("method", methodOf(r)), slog.Int("status", seen.status), slog.Int("in", seen.in), slog.Int("out", seen.out))
		record.End(ctx, "request", slog.LevelInfo)
	})
}

// methodOf is the request's method, if it is one that HTTP has: what else stands there may be anything.
func methodOf(r *http.Request) string {
	switch r.Method {
	case "GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS":
		return r.Method
	}
	return "other"
}

// observer sees what goes by.
type observer struct {
	http.ResponseWriter
	body            io.ReadCloser
	status, in, out int
}

func (o *observer) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observer) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.out += n
	return n, err
}

// Unwrap lets http.ResponseController through.
func (o *observer) Unwrap() http.ResponseWriter { return o.ResponseWriter }

func (o *observer) Read(b []byte) (int, error) {
	n, err := o.body.Read(b)
	o.in += n
	return n, err
}

func (o *observer) Close() error { return o.body.Close() }
