package apigw

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// MaxAnswer is the largest body in bytes, as it travels: escaped, or in base64. Lambda takes 6 MB for the whole of an answer;
// the rest is for its headers.
const MaxAnswer = 6<<20 - 128<<10

var errTooLarge = errors.New("apigw: the answer is larger than Lambda carries")

// answer is the http.ResponseWriter of one request. It keeps everything until the handler returns.
type answer struct {
	header http.Header // the handler's
	sent   http.Header // as it was at WriteHeader: what is set later is not sent
	status int
	head   bool // the request is HEAD: the body is not sent
	body   bytes.Buffer
	large  bool
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter. Informational answers cannot be sent, and are dropped.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write implements http.ResponseWriter. It keeps no more than could be sent.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	switch {
	case a.status == http.StatusNoContent || a.status == http.StatusNotModified:
		return 0, http.ErrBodyNotAllowed
	case a.large || a.body.Len()+len(b) > MaxAnswer:
		a.large = true
		return 0, errTooLarge
	}
	return a.body.Write(b)
}

// response is the answer as the gateway takes it.
func (a *answer) response(ctx context.Context) events.APIGatewayV2HTTPResponse {
	a.WriteHeader(http.StatusOK)
	a.sniff()
	if a.head {
		a.body, a.large = bytes.Buffer{}, false
	}
	text, isBase64 := encode(a.sent, a.body.Bytes())
	if a.large || len(text) > MaxAnswer {
		slog.ErrorContext(ctx, errTooLarge.Error(), "status", a.status)
		a.fail()
		text, isBase64 = "the answer is too large to be sent\n", false
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: a.status, Headers: fields(a.sent), Cookies: a.sent.Values("Set-Cookie"), Body: text, IsBase64Encoded: isBase64,
	}
}

// sniff names the content's type where the handler did not, as net/http does; the gateway would call it text.
func (a *answer) sniff() {
	_, named := a.sent["Content-Type"]
	if !named && a.body.Len() > 0 && a.sent.Get("Content-Encoding") == "" {
		a.sent.Set("Content-Type", http.DetectContentType(a.body.Bytes()))
	}
}

// fail turns the answer into a 500. What the handler said of the content goes; what it says to any client stays.
func (a *answer) fail() {
	for _, name := range []string{"Content-Encoding", "Content-Language", "ETag", "Last-Modified", "Set-Cookie"} {
		a.sent.Del(name)
	}
	a.sent.Set("Content-Type", "text/plain; charset=utf-8")
	a.status = http.StatusInternalServerError
}

// refuse is an answer that no handler gave.
func refuse(status int, message string) events.APIGatewayV2HTTPResponse {
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status, Headers: map[string]string{"Content-Type": "text/plain; charset=utf-8"}, Body: message + "\n",
	}
}

// gatewaysOwn are headers that the gateway sets itself. A second Date makes some clients fail.
var gatewaysOwn = map[string]bool{"Date": true, "Content-Length": true, "Connection": true, "Transfer-Encoding": true}

// fields joins repeated headers, which means the same (RFC 9110, 5.3); cookies, where it does not, go by themselves.
func fields(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		if gatewaysOwn[http.CanonicalHeaderKey(name)] || name == "Set-Cookie" || len(values) == 0 {
			continue
		}
		clean := make([]string, len(values))
		for i, v := range values {
			clean[i] = strings.Trim(oneLine.Replace(v), " \t")
		}
		out[name] = strings.Join(clean, ", ")
	}
	return out
}

// oneLine keeps a header's value from ending the header, as net/http does.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")
