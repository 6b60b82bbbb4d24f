package console_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"cairn/internal/console"
	"cairn/internal/console/consoletest"
)

// shown is a page as it was answered.
type shown struct {
	name, page string
	root       node
	full       bool // of a hospital that learns
}

var (
	allShown []shown
	once     sync.Once
)

// everyPage has a look at each page, in both languages, of a hospital that learns and of one where nothing was ever sent. They are made once.
func everyPage(t *testing.T, look func(t *testing.T, s shown)) {
	once.Do(func() { allShown = showAll(t) })
	for _, s := range allShown {
		t.Run(s.name, func(t *testing.T) { look(t, s) })
	}
	if len(allShown) != 4*len(paths) {
		t.Errorf("there are %d pages", len(allShown))
	}
}

func showAll(t *testing.T) (out []shown) {
	for _, lang := range []string{"en", "fr"} {
		for _, empty := range []bool{false, true} {
			w := newWorld(t)
			w.lang = lang
			w.serve(consoletest.Hospital{Empty: empty})
			for _, path := range paths {
				answer := w.get(path)
				if answer.Code != 200 && (!empty || answer.Code != 404) {
					t.Errorf("%s answers %d:\n%s", path, answer.Code, answer.Body)
				}
				page := answer.Body.String()
				out = append(out, shown{lang + path, page, parse(t, page), !empty})
			}
		}
	}
	return out
}

func TestPagesAreWellFormed(t *testing.T) {
	everyPage(t, func(t *testing.T, s shown) {
		if fault := nested(s.page); fault != "" {
			t.Errorf("tags do not nest: %s", fault)
		}
		root := s.root
		ids := map[string]bool{}
		for _, n := range root.all() {
			if id := n.get("id"); id != "" && ids[id] {
				t.Errorf("two elements have the id %s", id)
			} else if id != "" {
				ids[id] = true
			}
		}
		for _, n := range root.all() {
			for _, id := range strings.Fields(n.get("aria-labelledby") + " " + n.get("list") + " " + n.get("data-copy")) {
				if !ids[id] {
					t.Errorf("a %s refers to %s, which is not there", n.Data, id)
				}
			}
		}
	})
}

func TestPagesHoldNothingInline(t *testing.T) {
	everyPage(t, func(t *testing.T, s shown) {
		for _, n := range s.root.all() {
			if n.Data == "style" || n.Data == "script" && (n.get("src") == "" || n.text() != "") {
				t.Errorf("there is a %s in the page", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("a %s has the attribute %s", n.Data, a.Key)
				}
				if (a.Key == "src" || n.Data == "link" && a.Key == "href") && !strings.HasPrefix(a.Val, console.Base+"/assets/") {
					t.Errorf("a %s is loaded from %s", n.Data, a.Val)
				}
			}
		}
	})
}

func TestPagesCanBeUsedWithoutSeeing(t *testing.T) {
	everyPage(t, func(t *testing.T, s shown) {
		root := s.root
		level := 0
		for i, h := range root.all("h1", "h2", "h3", "h4") {
			next := int(h.Data[1] - '0')
			if next > level+1 || i > 0 && next == 1 || h.text() == "" {
				t.Errorf("the heading %q of level %d comes after one of level %d", h.text(), next, level)
			}
			level = next
		}
		if level == 0 || len(root.all("main")) != 1 || len(root.all("header")) != 1 {
			t.Error("a heading or a landmark is missing")
		}
		for _, n := range root.all("input", "select") {
			if n.get("type") != "hidden" && !n.within("label") {
				t.Errorf("the field %s has no label", n.get("name"))
			}
		}
		for _, n := range root.all("a", "button", "summary") {
			if n.text() == "" {
				t.Errorf("a %s to %q says nothing", n.Data, n.get("href"))
			}
		}
		for _, n := range root.all("table") {
			if captions := n.all("caption"); len(captions) != 1 || captions[0].text() == "" {
				t.Error("a table has no caption")
			}
			for _, h := range n.all("th") {
				if h.get("scope") == "" {
					t.Errorf("the table heading %q has no scope", h.text())
				}
			}
		}
		for _, n := range root.all("svg") {
			if n.get("aria-hidden") != "true" && !n.within("svg") && (n.get("role") != "img" || n.get("aria-label") == "") {
				t.Error("a drawing does not say what it shows")
			}
		}
	})
}

func TestNoChartIsEmpty(t *testing.T) {
	drawn := 0
	everyPage(t, func(t *testing.T, s shown) {
		for _, plot := range s.root.all("svg") {
			if !plot.class("plot") {
				continue
			}
			drawn++
			marks := 0
			for _, n := range plot.all("g") {
				if titles := n.all("title"); n.class("mark") && len(titles) == 1 && titles[0].text() != "" {
					marks++
				}
			}
			shapes := 0
			for _, n := range plot.all("rect", "circle", "polyline") {
				if !n.class("hit") {
					shapes++
				}
			}
			if marks == 0 || shapes == 0 {
				t.Errorf("the chart %q has %d marks and %d shapes", plot.get("aria-label"), marks, shapes)
			}
		}
		if !s.full && strings.Contains(s.page, `class="chart"`) {
			t.Error("there is a chart of nothing")
		}
	})
	if drawn < 2*20 {
		t.Errorf("all pages have %d charts in two languages", drawn)
	}
}

func TestNumbersAreNumbers(t *testing.T) {
	odd := regexp.MustCompile(`NaN|Inf\b|%!|\b(?:[a-z]+\.)+[a-z]+[A-Z][a-z]+\b|<no value>`)
	everyPage(t, func(t *testing.T, s shown) {
		for _, n := range s.root.all("main") {
			if found := odd.FindAllString(n.text(), -1); found != nil {
				t.Errorf("the page says %q", found)
			}
		}
	})
}
