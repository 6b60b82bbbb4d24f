package httpapi_test

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// sent is a request as it is to be sent.
type sent struct {
	method, path, query string
	header              http.Header
	body                string
}

type answer struct {
	status int
	header http.Header
	body   string
}

// request makes the request of an exchange: by the key "all", in the version of the play, with JSON, unless it says otherwise.
func (p *play) request(x *exchange) sent {
	p.Helper()
	path, query, _ := strings.Cut(p.expand(x.target), "?")
	r := sent{method: x.method, path: path, query: query, header: http.Header{}}
	r.header.Set("Authorization", basic("all"))
	r.header.Set("X-Experience-API-Version", p.version)
	if x.body != nil {
		r.header.Set("Content-Type", "application/json")
	}
	for _, h := range x.headers {
		switch {
		case h.absent:
			r.header.Del(h.name)
		case h.name == "As":
			r.header.Set("Authorization", basic(h.value))
		default:
			r.header.Set(h.name, p.expand(unescape(h.value)))
		}
	}
	for _, f := range x.query {
		r.query = strings.TrimPrefix(r.query+"&"+f.name+"="+url.QueryEscape(p.expand(f.value)), "&")
	}
	end := "\n"
	if strings.HasPrefix(r.header.Get("Content-Type"), "multipart/") {
		end = "\r\n"
	}
	r.body = p.expand(unescape(strings.Join(x.body, end)))
	for _, f := range x.form {
		r.body = strings.TrimPrefix(r.body+"&"+f.name+"="+url.QueryEscape(p.expand(f.value)), "&")
		r.header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func (p *play) send(r sent) answer {
	p.Helper()
	target := p.url + r.path
	if r.query != "" {
		target += "?" + r.query
	}
	request, err := http.NewRequestWithContext(p.Context(), r.method, target, strings.NewReader(r.body))
	if err != nil {
		p.fatalf("%v", err)
	}
	request.Header = r.header.Clone()
	response, err := client.Do(request)
	if err != nil {
		p.fatalf("%v", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.fatalf("%v", err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// always holds an answer against what every answer must keep.
func (p *play) always(r sent, a answer) {
	p.Helper()
	if v := a.header.Values("X-Experience-API-Version"); len(v) != 1 || v[0] != "1.0.3" && v[0] != "2.0.0" {
		p.errorf("X-Experience-API-Version is %q", v)
	} else if named := r.header.Get("X-Experience-API-Version"); named == p.version && v[0] != named {
		p.errorf("asked in version %s, answered in %s", named, v[0])
	}
	if r.path == "/xapi/statements" && r.method != "OPTIONS" {
		through, err := time.Parse(time.RFC3339Nano, a.header.Get("X-Experience-API-Consistent-Through"))
		if err != nil || through.After(p.ledger.Now().Time()) || p.clock.now().Sub(through) > 6*time.Second {
			p.errorf("X-Experience-API-Consistent-Through is %s at %s: %v", through, p.clock.now(), err)
		}
	}
	switch {
	case a.status == http.StatusNoContent && a.body != "":
		p.errorf("204 with a body: %q", a.body)
	case a.status >= 500:
		p.errorf("a fault of the server: %d %s", a.status, a.body)
	case a.status >= 400:
		p.explains(a)
	}
}

// explains holds that a refusal says what is wrong, where and by which rule, and nothing of how Cairn is built.
func (p *play) explains(a answer) {
	p.Helper()
	body, err := decodeJSON(a.body)
	refusal, ok := body.(map[string]any)
	if err != nil || !ok || refusal["error"] == "" || a.header.Get("Content-Type") != "application/json" {
		p.errorf("a refusal that does not explain itself: %q %s", a.header.Get("Content-Type"), a.body)
	}
	for _, key := range slices.Sorted(maps.Keys(refusal)) {
		text, ok := refusal[key].(string)
		if !ok || key != "error" && key != "pointer" && key != "rule" {
			p.errorf("a refusal with %q: %s", key, a.body)
		}
		for _, internal := range []string{".go:", "lrs:", "auth:", "kv", "ledger", "bolt", "dynamo", "runtime"} {
			if strings.Contains(text, internal) {
				p.errorf("a refusal that tells of internals: %s", a.body)
			}
		}
	}
}

// mirrored holds that HEAD is answered as GET was, without a body (xAPI 1.0.3 Communication 1.1); and so is, in 1.0.3, the
// alternate request syntax, with its body (1.3).
func (p *play) mirrored(r sent, a answer) {
	p.Helper()
	head := r
	head.method = "HEAD"
	h := p.send(head)
	if h.body != "" || h.status != a.status || !sameHeaders(h.header, a.header) {
		p.errorf("GET answers %d %v\nHEAD answers %d %v %q", a.status, a.header, h.status, h.header, h.body)
	}
	if r.header.Get("X-Experience-API-Version") != "1.0.3" {
		return
	}
	form := sent{method: "POST", path: r.path, query: "method=GET", header: r.header.Clone(), body: r.query}
	for _, name := range []string{"Authorization", "X-Experience-API-Version", "If-None-Match"} {
		if value := r.header.Get(name); value != "" {
			form.body = strings.TrimPrefix(form.body+"&"+name+"="+url.QueryEscape(value), "&")
			form.header.Del(name)
		}
	}
	form.header.Set("Content-Type", "application/x-www-form-urlencoded")
	f := p.send(form)
	multipart := strings.HasPrefix(a.header.Get("Content-Type"), "multipart/")
	if f.status != a.status || !sameHeaders(f.header, a.header) || !multipart && a.status < 400 && f.body != a.body {
		p.errorf("GET answers %d %v %s\nPOST ?method=GET %d %v %s", a.status, a.header, a.body, f.status, f.header, f.body)
	}
}

func sameHeaders(a, b http.Header) bool {
	comparable := func(h http.Header) http.Header {
		h = h.Clone()
		kind, _, _ := strings.Cut(h.Get("Content-Type"), "; boundary=")
		h.Set("Content-Type", kind)
		for _, name := range []string{"Date", "Content-Length", "X-Experience-Api-Consistent-Through"} {
			h.Del(name)
		}
		return h
	}
	return maps.EqualFunc(comparable(a), comparable(b), slices.Equal)
}

// before is what is stored before a request that may change it.
func (p *play) before(r sent) string {
	p.Helper()
	if r.method != "GET" && p.listing == "" {
		p.listing = p.everything()
	}
	return p.listing
}

// unchanged holds that a request that was refused left the statements as they were.
func (p *play) unchanged(before string) {
	p.Helper()
	if now := p.everything(); now != before {
		p.errorf("refused, and yet the statements have changed from\n%s\nto\n%s", before, now)
	}
}

func (p *play) everything() string {
	p.Helper()
	r := sent{method: "GET", path: "/xapi/statements", header: http.Header{}}
	r.header.Set("Authorization", basic("all"))
	r.header.Set("X-Experience-API-Version", p.version)
	return p.send(r).body
}
