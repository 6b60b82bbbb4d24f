package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cairn/internal/console"
	"cairn/internal/console/consoletest"
)

// world is the hospital's dashboard, as somebody sees it.
type world struct {
	t       *testing.T
	handler http.Handler
	keys    *consoletest.Keys
	viewer  console.Viewer
	lang    string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, keys: consoletest.NewKeys(), viewer: console.Viewer{Name: "Claire", Admin: true, Token: "the-token"}, lang: "en"}
	w.serve(consoletest.Hospital{})
	return w
}

func (w *world) serve(h consoletest.Hospital) {
	w.handler = console.New(h, h, w.keys, func(*http.Request) console.Viewer { return w.viewer }, console.Settings{SignOut: "/sign-out"})
}

func (w *world) do(r *http.Request) *httptest.ResponseRecorder {
	r.Header.Set("Accept-Language", w.lang)
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

func (w *world) get(path string) *httptest.ResponseRecorder {
	return w.do(httptest.NewRequest("GET", console.Base+path, nil))
}

func (w *world) post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", console.Base+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(r)
}

// page is what a path answers with, which must be so.
func (w *world) page(path string, status int) string {
	w.t.Helper()
	answer := w.get(path)
	if answer.Code != status {
		w.t.Fatalf("%s answers %d, not %d:\n%s", path, answer.Code, status, answer.Body)
	}
	return answer.Body.String()
}

const course, film, learner = "https://learn.stmary.example/medication-safety", "https://learn.stmary.example/hand-hygiene/3", "1000"

// paths are every page, with what it is asked.
var paths = []string{
	"/", "/?days=365", "/?measure=time", "/activities", "/activities?sort=first", "/activities?next=6", "/activity?id=" + course, "/activity?id=" + film,
	"/learners", "/learners?course=" + course + "&state=failing", "/learners?who=nobody@example.com", "/learner?key=" + learner, "/learner?key=1015",
	"/sessions?key=1000&course=" + course, "/sessions?key=1015&course=https://learn.stmary.example/difficult-talks",
	"/statements", "/statements?verb=http://adlnet.gov/expapi/verbs/failed", "/statements?agent=ada.moreau@stmary.example", "/statements?verb=http://example.com/none", "/keys",
}

// node is an element with what tests ask of it.
type node struct{ *html.Node }

func parse(t *testing.T, page string) node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return node{root}
}

func (n node) get(name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (n node) has(name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func (n node) class(name string) bool {
	for _, c := range strings.Fields(n.get("class")) {
		if c == name {
			return true
		}
	}
	return false
}

// all are the elements below that have one of the names, in order; all of them without any.
func (n node) all(names ...string) (out []node) {
	for d := range n.Descendants() {
		if d.Type != html.ElementNode {
			continue
		}
		found := len(names) == 0
		for _, name := range names {
			found = found || d.Data == name
		}
		if found {
			out = append(out, node{d})
		}
	}
	return out
}

func (n node) text() string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(out.String())
}

// within says whether an element stands in one with the name.
func (n node) within(name string) bool {
	for a := range n.Ancestors() {
		if a.Data == name {
			return true
		}
	}
	return false
}

// nested says what in a page is opened and not closed, or the other way; "" when nothing is.
func nested(page string) string {
	alone := map[string]bool{"meta": true, "link": true, "img": true, "input": true}
	var open []string
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				return z.Err().Error()
			}
			return strings.Join(open, " ")
		case html.StartTagToken:
			if name, _ := z.TagName(); !alone[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return "</" + string(name) + "> in " + strings.Join(open, " ")
			}
			open = open[:len(open)-1]
		}
	}
}
