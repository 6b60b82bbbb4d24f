package apigw

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// event is one of the project's events, read strictly: what the struct does not know is a slip in the file.
func event(t *testing.T, name string) (e events.APIGatewayV2HTTPRequest) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "events", name))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return e
}

// request is what a handler sees of an event.
func request(t *testing.T, e events.APIGatewayV2HTTPRequest) (r *http.Request, body []byte) {
	t.Helper()
	overGateway(t, http.HandlerFunc(func(_ http.ResponseWriter, got *http.Request) {
		r, body = got, look(got).Body
	}), e)
	return r, body
}

// answerTo is what a client gets from a handler for a GET.
func answerTo(t *testing.T, h http.HandlerFunc) got {
	t.Helper()
	return overGateway(t, h, event(t, "api-get-about.json"))
}

func TestEveryEventArrives(t *testing.T) {
	files, err := filepath.Glob("../../events/api-*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no events: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		e := event(t, name)
		r, body := request(t, e)
		if want := e.RawPath + "?" + e.RawQueryString; strings.TrimSuffix(want, "?") != r.RequestURI {
			t.Errorf("%s: arrives as %s, want %s", name, r.RequestURI, want)
		}
		if !strings.HasPrefix(name, "api-"+strings.ToLower(r.Method)+"-") {
			t.Errorf("%s: arrives as %s", name, r.Method)
		}
		if r.ContentLength != int64(len(body)) {
			t.Errorf("%s: a body of %d bytes is said to have %d", name, len(body), r.ContentLength)
		}
		if r.Host != e.Headers["host"] || r.Header.Get("Host") != "" || r.RemoteAddr != "192.0.2.17:0" {
			t.Errorf("%s: arrives for %q from %q", name, r.Host, r.RemoteAddr)
		}
	}
}

func TestBodiesArriveByteForByte(t *testing.T) {
	if _, body := request(t, event(t, "api-put-state.json")); !bytes.Equal(body, every()) {
		t.Errorf("a binary body arrives as %q", body)
	}
	r, body := request(t, event(t, "api-post-multipart.json"))
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	var last []byte
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF && n == 2 {
			break
		}
		if err != nil {
			t.Fatalf("part %d: %v", n, err)
		}
		if last, err = io.ReadAll(part); err != nil {
			t.Fatalf("part %d: %v", n, err)
		}
	}
	if !bytes.Equal(last, every()) {
		t.Errorf("an attachment arrives as %q", last)
	}
	_, body = request(t, event(t, "api-post-statement.json"))
	if !bytes.Contains(body, []byte("Knoten für Anfänger")) || !json.Valid(body) {
		t.Errorf("a text body arrives as %q", body)
	}
}

func TestTheQueryIsNotTakenFromTheMap(t *testing.T) {
	e := event(t, "api-get-about.json")
	e.RawQueryString = "agent=%7B%22a%22:1,%22b%22:2%7D&x=1&x=2"
	e.QueryStringParameters = map[string]string{"agent": "mangled", "x": "1,2"}
	r, _ := request(t, e)
	if q := r.URL.Query(); q.Get("agent") != `{"a":1,"b":2}` || len(q["x"]) != 2 {
		t.Errorf("the query arrives as %v", q)
	}
}

func TestAPathThatComesDecoded(t *testing.T) {
	for raw, want := range map[string]string{
		"/a%20b": "/a b", "/a b": "/a b", "/100%": "/100%", "/a?b": "/a?b", "/a%2Fb": "/a/b", "": "",
	} {
		e := event(t, "api-get-about.json")
		e.RawPath = raw
		if r, _ := request(t, e); r.URL.Path != want || r.URL.RawQuery != "" {
			t.Errorf("%q arrives as path %q and query %q", raw, r.URL.Path, r.URL.RawQuery)
		}
	}
}

func TestAStageIsNoPartOfThePath(t *testing.T) {
	for _, test := range []struct{ stage, raw, want string }{
		{"prod", "/prod/xapi/about", "/xapi/about"},
		{"prod", "/prod", "/"},
		{"prod", "/product", "/product"},
		{"prod", "/xapi/prod", "/xapi/prod"},
		{"$default", "/$default/x", "/$default/x"},
		{"", "//x", "//x"},
	} {
		e := event(t, "api-get-about.json")
		e.RawPath, e.RequestContext.Stage = test.raw, test.stage
		if r, _ := request(t, e); r.URL.Path != test.want || r.RequestURI != test.want {
			t.Errorf("%s on stage %s arrives as %s, %s", test.raw, test.stage, r.URL.Path, r.RequestURI)
		}
	}
}

func TestTheRequestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if cancel(); r.Context().Err() == nil {
			t.Error("the request goes on when Lambda's context has ended")
		}
	}))(ctx, event(t, "api-get-about.json"))
	if err != nil {
		t.Fatal(err)
	}
}

func TestBrokenBase64(t *testing.T) {
	e := event(t, "api-put-state.json")
	e.Body = "AAE*"
	out, err := Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the handler is asked with a body that nobody sent")
	}))(t.Context(), e)
	if err != nil || out.StatusCode != 400 || !strings.Contains(out.Body, "base64") {
		t.Errorf("got %d %q, %v", out.StatusCode, out.Body, err)
	}
}

func TestNoEventOfAnHTTPAPI(t *testing.T) {
	rest := event(t, "api-get-about.json")
	rest.Version = "1.0"
	for _, e := range []events.APIGatewayV2HTTPRequest{{}, {Version: "2.0"}, rest} {
		if _, err := Handler(http.NotFoundHandler())(t.Context(), e); err == nil {
			t.Errorf("version %q, method %q: answered", e.Version, e.RequestContext.HTTP.Method)
		}
	}
}

// What a person reads in a log or a test event should be text; what is not text must not be bent into it.
func TestHowBodiesTravel(t *testing.T) {
	for _, test := range []struct {
		kind, encoding string
		body           string
		base64         bool
	}{
		{"application/json", "", `{"a":"ü"}`, false},
		{"application/json; charset=utf-8", "", `[]`, false},
		{"application/problem+json", "", `{}`, false},
		{"text/html", "", "<p>", false},
		{"application/json", "", "", false},
		{"application/json", "gzip", "{}", true},
		{"application/json", "", "\xff", true},
		{"text/plain", "", string(every()), true},
		{"application/octet-stream", "", "text", true},
		{"multipart/mixed; boundary=b", "", "--b--", true},
		{"no/such", "", "text", true},
	} {
		out, err := Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.kind)
			if test.encoding != "" {
				w.Header().Set("Content-Encoding", test.encoding)
			}
			io.WriteString(w, test.body)
		}))(t.Context(), event(t, "api-get-about.json"))
		if err != nil || out.IsBase64Encoded != test.base64 {
			t.Errorf("%s %s %.20q: base64 is %v, %v", test.kind, test.encoding, test.body, out.IsBase64Encoded, err)
		}
	}
}

func TestWhatTheGatewaySets(t *testing.T) {
	g := answerTo(t, func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range []string{"Date", "Content-Length", "Connection", "Transfer-Encoding", "Set-Cookie"} {
			w.Header().Set(name, "a=1")
		}
		w.Header()["X-Experience-API-Hash"] = []string{"as spelt"}
		w.Header().Set("ETag", `"tag"`)
	}) // overGateway fails for what is the gateway's to set
	if g.Header["Etag"] != `"tag"` || g.Header["X-Experience-Api-Hash"] != "as spelt" || len(g.Cookies) != 1 {
		t.Errorf("got %+v", g)
	}
}

func TestLargeAnswers(t *testing.T) {
	const fits, plain = 3 * MaxAnswer / 4, "application/json"
	for _, test := range []struct {
		name, kind, unit string
		size, status     int
	}{
		{"text that need not be escaped", plain, "abc", MaxAnswer, 200},
		{"text that is all quotes", plain, `"`, fits, 200},
		{"text that is all control characters", plain, "\x01", fits, 200},
		{"text whose separators are escaped", plain, "\u2028", fits, 200},
		{"text and quotes beyond base64", plain, `"`, fits + 4, 500},
		{"bytes", "application/octet-stream", "\xff", fits, 200},
		{"bytes beyond base64", "application/octet-stream", "\xff", fits + 4, 500},
		{"text beyond everything", plain, "a", MaxAnswer + 1, 500},
	} {
		body := strings.Repeat(test.unit, test.size/len(test.unit))
		out, err := Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.kind)
			w.Header().Set("ETag", "tag")
			w.Header().Set("Access-Control-Allow-Origin", "*")
			io.WriteString(w, body)
		}))(t.Context(), event(t, "api-get-about.json"))
		if err != nil || out.StatusCode != test.status || out.Headers["Access-Control-Allow-Origin"] != "*" {
			t.Errorf("%s: %d, %v, %v", test.name, out.StatusCode, out.Headers, err)
		}
		if text, err := json.Marshal(out); err != nil || len(text) > 6<<20 {
			t.Errorf("%s: %d bytes are more than Lambda carries, %v", test.name, len(text), err)
		}
		if out.IsBase64Encoded {
			decoded, err := base64.StdEncoding.DecodeString(out.Body)
			out.Body = string(decoded)
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		if out.StatusCode == 200 && out.Body != body {
			t.Errorf("%s: %d bytes arrive of %d", test.name, len(out.Body), len(body))
		}
		if out.StatusCode == 500 && (out.Headers["Etag"] != "" || len(out.Body) > 100) {
			t.Errorf("%s: the 500 says of itself %v", test.name, out.Headers)
		}
	}
}

func TestALargeAnswerIsNotKept(t *testing.T) {
	block := make([]byte, 1<<20)
	g := answerTo(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 1000 {
			if _, err := w.Write(block); err != nil {
				if w.(*answer).body.Cap() > 2*MaxAnswer {
					t.Error("more is kept than can be sent")
				}
				return
			}
		}
		t.Error("a thousand megabytes are taken")
	})
	if g.Status != 500 {
		t.Errorf("status %d", g.Status)
	}
}

func TestHeadOfALargeAnswer(t *testing.T) {
	e := event(t, "api-head-state.json")
	g := overGateway(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(make([]byte, MaxAnswer+1))
	}), e)
	if g.Status != 200 || len(g.Body) != 0 || g.Header["Content-Type"] != "application/octet-stream" {
		t.Errorf("got %+v", g)
	}
}
