package console_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/console"
	"cairn/internal/console/consoletest"
	"cairn/internal/report"
)

func TestSpans(t *testing.T) {
	w := newWorld(t)
	for _, q := range []string{"days=0", "days=401", "days=x", "from=yesterday", "from=2026-02-02&to=2026-02-01", "from=2024-01-01&to=2026-01-01", "from=2999-01-01"} {
		if page := w.page("/?"+q, 400); !strings.Contains(page, "That cannot be answered") {
			t.Errorf("%s: the page does not say what is wrong", q)
		}
	}
	for q, span := range map[string]string{"to=2026-03-31": "2 Mar 2026 – 31 Mar 2026", "to=2026-03-31&days=7": "25 Mar 2026 – 31 Mar 2026", "from=2026-03-01&to=2026-03-01": "1 Mar 2026 – 1 Mar 2026"} {
		if !strings.Contains(w.page("/?"+q, 200), span) {
			t.Errorf("%s is not %s", q, span)
		}
	}
	w.page("/learners?state=failing", 200) // a state without a course narrows nothing
}

func TestAnUnknownPageOrThing(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/nowhere", "/activity?id=https://example.com/none", "/activity", "/learner?key=zz", "/assets/none.css"} {
		w.page(path, 404)
	}
	if answer := w.post("/activities", nil); answer.Code != 404 {
		t.Errorf("POST to a page that takes none answers %d", answer.Code)
	}
}

func TestPreferencesAreKept(t *testing.T) {
	w := newWorld(t)
	answer := w.get("/activities?days=90&lang=fr&theme=dark")
	if to := answer.Header().Get("Location"); answer.Code != 303 || to != "/console/activities?days=90" {
		t.Fatalf("it answers %d and sends to %q", answer.Code, to)
	}
	r := httptest.NewRequest("GET", console.Base+"/activities", nil)
	for _, cookie := range answer.Result().Cookies() {
		r.AddCookie(cookie)
	}
	if page := w.do(r).Body.String(); !strings.Contains(page, `<html lang="fr" data-theme="dark">`) || !strings.Contains(page, "Apprenants") {
		t.Error("neither the language nor the theme is as chosen")
	}
	if cookies := w.get("/?lang=tlh&theme=pink").Result().Cookies(); len(cookies) != 0 {
		t.Errorf("what there is not is kept: %v", cookies)
	}
}

func TestLanguageOfTheBrowser(t *testing.T) {
	w := newWorld(t)
	for accept, lang := range map[string]string{"fr-CA, en;q=0.5": "fr", "de, fr;q=0.4, en;q=0.2": "fr", "de": "en", "": "en", "\x00;;": "en"} {
		w.lang = accept
		if page := w.page("/", 200); !strings.Contains(page, `<html lang="`+lang+`"`) {
			t.Errorf("%q is not answered in %s", accept, lang)
		}
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/nowhere", "/live"} {
		h := w.get(path).Header()
		if h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", path)
		}
	}
}

func TestFirstLoadIsSmall(t *testing.T) {
	w := newWorld(t)
	page := w.page("/?days=365", 200)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(page))
	loaded := 0
	for _, n := range parse(t, page).all("link", "script", "img") {
		answer := w.get(strings.TrimPrefix(n.get("src")+n.get("href"), console.Base))
		if !strings.Contains(answer.Header().Get("Cache-Control"), "immutable") || answer.Header().Get("Content-Type") == "" {
			t.Errorf("%s is served with %v", n.get("src")+n.get("href"), answer.Header())
		}
		z.Write(answer.Body.Bytes())
		loaded++
	}
	z.Close()
	if loaded < 5 || packed.Len() > 60_000 {
		t.Errorf("%d assets and the page of a year are %d bytes", loaded, packed.Len())
	}
}

// counted counts how often the figures are asked for.
type counted struct {
	consoletest.Hospital
	overviews *int
}

func (c counted) Overview(ctx context.Context, f report.Filter) (report.Overview, error) {
	*c.overviews++
	return c.Hospital.Overview(ctx, f)
}

// Whoever looks on is told what is new, and asks for no figure while nothing is.
func TestTheOverviewFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, overviews := newWorld(t), 0
		serve := func(h consoletest.Hospital) {
			w.handler = console.New(counted{h, &overviews}, h, w.keys, func(*http.Request) console.Viewer { return w.viewer }, console.Settings{})
		}
		ask := func(what string, at *url.URL, mark string, more int) (f struct{ Mark, AsOf, When, HTML string }) {
			t.Helper()
			before, q := overviews, at.Query()
			q.Set("mark", mark)
			if err := json.Unmarshal([]byte(w.page(at.Path+"?"+q.Encode(), 200)), &f); err != nil {
				t.Fatal(err)
			}
			if news := f.HTML != ""; overviews-before != more || news != (more > 0) || news != (f.Mark != mark) || news != (f.AsOf != "" && f.When != "") {
				t.Errorf("%s: it reads the figures %d times, and answers %.120v", what, overviews-before, f)
			}
			return f
		}
		for _, path := range []string{"?", "?days=7&platform=Moodle&measure=time"} {
			serve(consoletest.Hospital{})
			at, mark := live(t, w.page("/"+path, 200))
			ask("nothing new", at, mark, 0)
			w.lang = "fr"
			ask("in another language", at, mark, 1)
			w.lang = "en"
			time.Sleep(time.Minute)
			mark = ask("a minute later", at, mark, 1).Mark
			ask("nothing new then", at, mark, 0)
			serve(consoletest.Hospital{Empty: true})
			if f := ask("all has changed", at, mark, 1); !strings.Contains(f.HTML, "Send a first statement") {
				t.Errorf("%s: the answer is %.80v", at, f)
			}
		}
	})
}

// live is where the overview asks for what is new, and the mark of what it shows.
func live(t *testing.T, page string) (at *url.URL, mark string) {
	t.Helper()
	for _, n := range parse(t, page).all("div") {
		if n.get("id") == "live" {
			mark = n.get("data-mark")
			var err error
			if at, err = url.Parse(strings.TrimPrefix(n.get("data-from"), console.Base)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return at, mark
}

func TestALearnerIsFoundByWhatIsTyped(t *testing.T) {
	w := newWorld(t)
	for typed, key := range map[string]string{
		"ada.moreau@stmary.example": "1000", "mailto:ada.moreau@stmary.example": "1000", "mbox:mailto:ada.moreau@stmary.example": "1000",
		"https://sim.stmary.example nurse-4711": "1015", "account:https://sim.stmary.example nurse-4711": "1015",
	} {
		answer := w.get("/learners?days=7&who=" + url.QueryEscape(typed))
		if to := answer.Header().Get("Location"); answer.Code != 303 || to != "/console/learner?days=7&key="+key {
			t.Errorf("%s leads with %d to %q", typed, answer.Code, to)
		}
	}
	if page := w.page("/learners?who=nobody@example.com", 200); !strings.Contains(page, "Nobody is known as nobody@example.com") {
		t.Error("the page does not say that nobody was found")
	}
}

// faulty is a hospital whose storage fails.
type faulty struct{ consoletest.Hospital }

var errStorage = errors.New("the table cairn-reports of eu-west-3 is away")

func (faulty) Overview(context.Context, report.Filter) (report.Overview, error) {
	return report.Overview{}, errStorage
}

func TestAFaultSaysNothingOfItself(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	h := consoletest.Hospital{}
	w := newWorld(t)
	w.handler = console.New(faulty{}, h, w.keys, func(*http.Request) console.Viewer { return w.viewer }, console.Settings{})
	for _, path := range []string{"/", "/live"} {
		if page := w.page(path, 500); strings.Contains(page, "eu-west-3") || !strings.Contains(page, "cannot be shown now") {
			t.Errorf("%s says %s", path, page)
		}
	}
	if n := strings.Count(log.String(), "eu-west-3"); n != 2 {
		t.Errorf("the log has %d lines of it:\n%s", n, log.String())
	}
}

func TestTheFilterListsWhatThereIs(t *testing.T) {
	w := newWorld(t)
	page := w.page("/activities?group=ward-3", 200)
	for _, part := range []string{
		`<option value="VR Ward">`, `<option value="ward-3" selected>Ward 3 &lt;north&gt;</option>`,
		`<option value="team:account:https://hr.stmary.example night">Team: Night shift</option>`, `Group: Ward 3 &lt;north&gt;`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page has no %s", part)
		}
	}
	if page := w.page("/learners?group=gone", 200); strings.Count(page, `<option value="gone" selected>gone</option>`) != 1 {
		t.Error("a group that was chosen is not among those to choose from")
	}
}
