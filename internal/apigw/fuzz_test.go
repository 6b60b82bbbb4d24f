package apigw

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// exchange is a request, and the answer that the handler gives.
type exchange struct {
	method, path, query, header, kind string
	body                              []byte
	status                            int
	answerHeader, answerKind          string
	answer                            []byte
}

var (
	methods  = []string{"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}
	statuses = []int{200, 201, 204, 206, 400, 401, 404, 409, 412, 500, 503}
)

func every() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

// FuzzSameAsNet holds the adapter to net/http: over a server and over events, one handler sees the same requests, and its
// client gets the same answers.
func FuzzSameAsNet(f *testing.F) {
	json := []byte("{\"name\":\"Knoten für Anfänger \u2028\",\"n\":12345678901234567890}")
	f.Add(byte(0), "/xapi/about", "", "", "", []byte(nil), byte(0), "", "application/json", []byte(`{"version":["1.0.3"]}`))
	f.Add(byte(3), "/xapi/statements", "", "a, b", "application/json", json, byte(0), "x", "application/json; charset=utf-8",
		json)
	f.Add(byte(0), "/xapi/statements", "agent=%7B%22mbox%22%3A%22mailto:a@b.c%22,%22x%22%3A1%7D&agent=2&since=2012-06-01T19:09:13.245Z",
		"", "", []byte(nil), byte(4), "", "", []byte("plain"))
	f.Add(byte(2), "/xapi/activities/state", "stateId=a+b%20c%2B&stateId", "", "application/octet-stream", every(), byte(1), "", "",
		every())
	f.Add(byte(3), "/a b/ä%2F//c", "%zz&;", "", "multipart/mixed; boundary=x", []byte("--x--"), byte(0), "",
		"multipart/mixed; boundary=x", every())
	f.Add(byte(1), "/xapi/agents/profile", "x=1", "", "", []byte(nil), byte(0), "line\r\nbreak", "text/plain", every())
	f.Add(byte(0), "//", "?", "", "", []byte(nil), byte(3), " ", "text/html", []byte("a\x00b"))

	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	f.Cleanup(server.Close)
	server.Client().Timeout = 5 * time.Second
	f.Fuzz(func(t *testing.T, method byte, path, query, header, kind string, body []byte, status byte, answerHeader,
		answerKind string, answer []byte) {
		x := exchange{
			methods[int(method)%len(methods)], "/" + strings.TrimPrefix(path, "/"), query, strings.Trim(header, " \t"),
			strings.Trim(kind, " \t"), body, statuses[int(status)%len(statuses)], answerHeader, strings.Trim(answerKind, " \t"), answer,
		}
		if !x.canBeSent() {
			return
		}
		var saw seen
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			saw = look(r)
			x.reply(w)
		})
		r := x.request(t, server.URL)
		direct, directSaw := overNet(t, server, r), &seen{}
		*directSaw, saw = saw, seen{}
		event := eventOf(r, x.body)
		through := overGateway(t, handler, event)
		delete(directSaw.Header, "Content-Length")
		if !reflect.DeepEqual(*directSaw, saw) {
			t.Errorf("the handler saw\n%+v over net/http, but\n%+v over an event", *directSaw, saw)
		}
		if !bytes.Equal(direct.Body, through.Body) {
			t.Errorf("the client got %q over net/http, but %q over an event", direct.Body, through.Body)
		}
		direct.Body, through.Body = nil, nil
		if !reflect.DeepEqual(direct, through) {
			t.Errorf("the client got\n%+v over net/http, but\n%+v over an event", direct, through)
		}
	})
}

// canBeSent leaves out what no HTTP client or server writes, and headers that are not UTF-8: events are JSON.
func (x exchange) canBeSent() bool {
	printable := func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError })
	}
	inQuery := func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '#' })
	}
	return utf8.ValidString(x.path) && inQuery(x.query) && printable(x.header) && printable(x.kind) && printable(x.answerKind) &&
		printable(oneLine.Replace(x.answerHeader))
}

func (x exchange) request(t *testing.T, server string) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), x.method, server, bytes.NewReader(x.body))
	if err != nil {
		t.Fatal(err)
	}
	r.URL = &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: x.path, RawQuery: x.query}
	r.Header.Set("Cookie", "a=1; b=2")
	r.Header.Set("User-Agent", "fuzz")
	r.Header.Set("Accept-Encoding", "identity")
	r.Header["X-Twice"] = []string{x.header, "2"}
	if x.kind != "" {
		r.Header.Set("Content-Type", x.kind)
	}
	return r
}

func (x exchange) reply(w http.ResponseWriter) {
	h := w.Header()
	h["X-Twice"] = []string{x.answerHeader, "2"}
	h["Set-Cookie"] = []string{"a=1", "b=2"}
	if x.answerKind != "" {
		h.Set("Content-Type", x.answerKind)
	}
	w.WriteHeader(x.status)
	h.Set("X-Late", "not sent")
	half := len(x.answer) / 2
	w.Write(x.answer[:half])
	w.Write(x.answer[half:])
}
