package apigw

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// seen is what a handler saw of a request.
type seen struct {
	Method, URL, Path, Host string
	Header                  map[string]string
	Body                    []byte
	Length                  int64
}

func look(r *http.Request) seen {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	s := seen{r.Method, r.RequestURI, r.URL.Path + "?" + r.URL.RawQuery, r.Host, map[string]string{}, body, r.ContentLength}
	for name, values := range r.Header {
		s.Header[name] = strings.Join(values, ",")
	}
	return s
}

// got is what a client got.
type got struct {
	Status  int
	Header  map[string]string
	Cookies []string
	Body    []byte
}

// overNet sends a request to a server of net/http.
func overNet(t *testing.T, server *httptest.Server, r *http.Request) got {
	t.Helper()
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	g := got{res.StatusCode, map[string]string{}, res.Header["Set-Cookie"], body}
	for name, values := range res.Header {
		if !gatewaysOwn[name] && name != "Set-Cookie" {
			g.Header[name] = strings.Join(values, ", ")
		}
	}
	return g
}

// eventOf is the event that the gateway makes of a request: names in lower case, repeated headers joined, cookies by
// themselves, and a body that is not text in base64.
func eventOf(r *http.Request, body []byte) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "$default", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery,
		Headers: map[string]string{"host": r.Host},
	}
	for name, values := range r.Header {
		if name == "Cookie" {
			e.Cookies = strings.Split(strings.Join(values, "; "), "; ")
			continue
		}
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	e.RequestContext.RequestID = "id-of-the-gateway"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: r.Method, SourceIP: "192.0.2.1"}
	if e.Body = string(body); !utf8.Valid(body) || strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// overGateway sends a request as an event. Both events travel as JSON, as they do through Lambda.
func overGateway(t *testing.T, h http.Handler, e events.APIGatewayV2HTTPRequest) got {
	t.Helper()
	var arrived events.APIGatewayV2HTTPRequest
	travel(t, e, &arrived)
	out, err := Handler(h)(t.Context(), arrived)
	if err != nil {
		t.Fatal(err)
	}
	var left events.APIGatewayV2HTTPResponse
	if n := travel(t, out, &left); n > 6<<20 {
		t.Fatalf("an answer of %d bytes, more than Lambda carries", n)
	}
	g := got{left.StatusCode, map[string]string{}, left.Cookies, []byte(left.Body)}
	if left.IsBase64Encoded {
		if g.Body, err = base64.StdEncoding.DecodeString(left.Body); err != nil {
			t.Fatalf("the answer's base64: %v", err)
		}
	}
	for name, value := range left.Headers {
		if gatewaysOwn[http.CanonicalHeaderKey(name)] {
			t.Errorf("the answer sets %s, which is the gateway's to set", name)
		}
		g.Header[http.CanonicalHeaderKey(name)] = value
	}
	return g
}

func travel(t *testing.T, from, to any) int {
	t.Helper()
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // as the runtime has it
	if err := encoder.Encode(from); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text.String()), to); err != nil {
		t.Fatal(err)
	}
	return text.Len()
}
