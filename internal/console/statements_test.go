package console_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cairn/internal/console"
	"cairn/internal/console/consoletest"
)

func TestStatementsAreSelected(t *testing.T) {
	w := newWorld(t)
	page := parse(t, w.page("/statements", 200))
	clicked := 0
	for _, a := range page.all("a") {
		to, err := url.Parse(a.get("href"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"agent", "verb", "activity", "registration"} {
			if !to.Query().Has(name) {
				continue
			}
			clicked++
			if strings.Contains(to.Query().Get("agent"), "Moreau") {
				t.Errorf("the link %q asks for a name, which identifies nobody", a.text())
			}
			for _, raw := range parse(t, w.page(strings.TrimPrefix(to.String(), console.Base), 200)).all("pre") {
				if value := strings.Trim(to.Query().Get(name), "{}"); raw.get("id") != "query" && !strings.Contains(strings.Join(strings.Fields(raw.text()), ""), strings.ReplaceAll(value, " ", "")) {
					t.Errorf("the link %q shows a statement without %s", a.text(), value)
				}
			}
		}
	}
	if clicked < 75 {
		t.Errorf("only %d values can be clicked", clicked)
	}
}

func TestTheSameAsAQuery(t *testing.T) {
	w := newWorld(t)
	page := parse(t, w.page("/statements?agent=ada@example.com&since=2026-03-01T10:00&verb=http://example.com/it%27s", 200))
	for _, pre := range page.all("pre") {
		if pre.get("id") != "query" {
			continue
		}
		_, quoted, _ := strings.Cut(pre.text(), "\n")
		address := strings.Trim(quoted, " '")
		if strings.Contains(address, "'") {
			t.Errorf("a quote would end the shell's: %s", address)
		}
		to, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := to.Query()
		if to.Path != "/xapi/statements" || q.Get("agent") != `{"mbox":"mailto:ada@example.com"}` || q.Get("since") != "2026-03-01T10:00:00Z" || q.Get("verb") != "http://example.com/it's" {
			t.Errorf("the query is %s", address)
		}
		return
	}
	t.Error("there is no query")
}

// hostile holds one statement that would like to be more than text.
type hostile struct{ text string }

func (h hostile) List(context.Context, console.Selection) ([][]byte, string, error) {
	return [][]byte{[]byte(h.text), []byte("no JSON")}, "", nil
}

func TestAStatementIsText(t *testing.T) {
	w := newWorld(t)
	h := consoletest.Hospital{}
	evil := `<img src=x onerror=alert(1)>`
	quoted, err := json.Marshal(evil)
	if err != nil {
		t.Fatal(err)
	}
	text := `{"id":` + string(quoted) + `,"actor":{"name":` + string(quoted) + `,"mbox":"mailto:a@b.c"},"verb":{"id":"javascript:alert(1)","display":{"en":` +
		string(quoted) + `}},"object":{"id":"javascript:alert(2)","definition":{"name":{"en":` + string(quoted) + `}}}}`
	w.handler = console.New(h, hostile{text}, w.keys, func(*http.Request) console.Viewer { return w.viewer }, console.Settings{})
	for _, path := range []string{"/", "/statements"} {
		page := w.page(path, 200)
		if fault := nested(page); fault != "" {
			t.Errorf("%s: tags do not nest: %s", path, fault)
		}
		for _, n := range parse(t, page).all() {
			if n.has("onerror") || strings.HasPrefix(n.get("href"), "javascript") {
				t.Errorf("%s: the statement became a %s", path, n.Data)
			}
		}
		if !strings.Contains(parse(t, page).text(), evil) {
			t.Errorf("%s does not show what was sent", path)
		}
	}
}

func TestSelectionsThatCannotBeAsked(t *testing.T) {
	w := newWorld(t)
	for _, q := range []string{"since=yesterday", "until=2026-13-01T00:00", "agent=%7B"} {
		w.page("/statements?"+q, 400)
	}
}
