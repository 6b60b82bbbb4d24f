package apigw

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

var errNoEvent = errors.New("apigw: not an event of an HTTP API with payload format 2.0")

func bodyOf(event events.APIGatewayV2HTTPRequest) ([]byte, error) {
	if event.IsBase64Encoded {
		return base64.StdEncoding.DecodeString(event.Body)
	}
	return []byte(event.Body), nil
}

// requestOf builds the request that a net/http server would have read.
func requestOf(ctx context.Context, event events.APIGatewayV2HTTPRequest, body []byte) (*http.Request, error) {
	rc := event.RequestContext
	if event.Version != "2.0" || rc.HTTP.Method == "" {
		return nil, errNoEvent
	}
	u := urlOf(withoutStage(event.RawPath, rc.Stage), event.RawQueryString)
	r := &http.Request{
		Method:        rc.HTTP.Method,
		URL:           u,
		RequestURI:    u.RequestURI(),
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        headerOf(event),
		Host:          rc.DomainName,
		Body:          http.NoBody,
		ContentLength: int64(len(body)),
		RemoteAddr:    net.JoinHostPort(rc.HTTP.SourceIP, "0"), // the event does not tell the port
	}
	if len(body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	r.Header.Del("Host") // as net/http has it
	return r.WithContext(ctx), nil
}

// withoutStage takes the stage's name off a path. The stage $default has none there.
func withoutStage(path, stage string) string {
	rest, found := strings.CutPrefix(path, "/"+stage)
	switch {
	case !found || stage == "" || stage == "$default":
		return path
	case rest == "":
		return "/"
	case rest[0] != '/':
		return path
	}
	return rest
}

// urlOf keeps the query as it was sent: the event's map of parameters joins repeated ones by commas, which JSON has too. The
// path may come decoded already, so what is no URL is taken for the path itself.
func urlOf(path, query string) *url.URL {
	u, err := url.ParseRequestURI(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?") {
		u = &url.URL{Path: path}
	}
	u.RawQuery = query
	return u
}

// headerOf spells the names as net/http does; the event has them in lower case, and repeated ones joined by commas.
func headerOf(event events.APIGatewayV2HTTPRequest) http.Header {
	h := make(http.Header, len(event.Headers)+1)
	for name, value := range event.Headers {
		h.Set(name, value)
	}
	if len(event.Cookies) > 0 {
		h.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	return h
}
