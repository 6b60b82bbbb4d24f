package console_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cairn/internal/console"
	"cairn/internal/console/consoletest"
	"cairn/internal/report"
)

func TestEveryLinkKeepsTheFilter(t *testing.T) {
	w := newWorld(t)
	filter := url.Values{"days": {"90"}, "platform": {"Moodle"}, "modality": {"vr"}, "group": {"ward 3"}}
	followed := 0
	for _, path := range paths {
		at, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		q := at.Query()
		maps.Copy(q, filter)
		at.RawQuery = q.Encode()
		for _, a := range parse(t, w.page(at.String(), 200)).all("a") {
			to, err := url.Parse(a.get("href"))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(to.Path, console.Base) || a.class("chip") {
				continue
			}
			for name, value := range filter {
				got := to.Query()[name]
				other := name != "group" && len(got) == 1 && (a.within("td") || a.within("th") || a.within("ul")) // a link to choose another
				if !slices.Equal(got, value) && !other {
					t.Errorf("on %s the link %q to %s has %s=%q", path, a.text(), to, name, got)
				}
			}
			followed++
		}
	}
	if followed < 200 {
		t.Errorf("there were %d links", followed)
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for _, path := range paths {
		for _, a := range parse(t, w.page(path, 200)).all("a") {
			to, inside := strings.CutPrefix(a.get("href"), console.Base)
			to, _, _ = strings.Cut(to, "#")
			if !inside || seen[kindOf(t, to)] {
				continue
			}
			seen[kindOf(t, to)] = true
			if answer := w.get(to); answer.Code != 200 && answer.Code != 303 {
				t.Errorf("on %s the link %q to %s answers %d", path, a.text(), to, answer.Code)
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("there were %d kinds of links", len(seen))
	}
}

// together is the hospital with a course, a module and a weak spot among what is counted together: they have a name and no id.
type together struct{ consoletest.Hospital }

var otherActivities = report.Activity{Name: report.Name{"en": "Other activities"}}

func (h together) Overview(ctx context.Context, f report.Filter) (report.Overview, error) {
	o, err := h.Hospital.Overview(ctx, f)
	o.Activities[0].Activity, o.Notices[0].Course = otherActivities, otherActivities
	return o, err
}

func (h together) Activities(ctx context.Context, f report.Filter, sort string, p report.Page) (report.ActivityList, error) {
	l, err := h.Hospital.Activities(ctx, f, sort, p)
	if len(l.Activities) > 0 {
		l.Activities[0].Activity = otherActivities
	}
	return l, err
}

func (h together) Activity(ctx context.Context, id string, f report.Filter) (report.ActivityReport, error) {
	a, err := h.Hospital.Activity(ctx, id, f)
	if a.Course != nil {
		a.Course = &otherActivities
	}
	if len(a.Funnel) > 0 {
		a.Funnel[0].Activity = otherActivities
	}
	return a, err
}

func (h together) Learner(ctx context.Context, key string, f report.Filter) (report.LearnerReport, error) {
	l, err := h.Hospital.Learner(ctx, key, f)
	l.Path[0].Activity, l.Path[1].Modules[0].Activity = otherActivities, otherActivities
	l.Weak = append(l.Weak, report.WeakSpot{Activity: otherActivities, Course: otherActivities, Kind: "module", Wrong: 1, Of: 1})
	return l, err
}

// TestWhatIsCountedTogetherHasNoPage looks for links to a page of something without an id, which would be refused.
func TestWhatIsCountedTogetherHasNoPage(t *testing.T) {
	w := newWorld(t)
	h := together{}
	w.handler = console.New(h, h, w.keys, func(*http.Request) console.Viewer { return w.viewer }, console.Settings{})
	said := 0
	for _, path := range paths {
		page := w.page(path, 200)
		said += strings.Count(page, otherActivities.Name["en"])
		for _, a := range parse(t, page).all("a") {
			to, err := url.Parse(a.get("href"))
			if err != nil {
				t.Fatal(err)
			}
			q := to.Query()
			asks := map[string]bool{console.Base + "/activity": q.Get("id") != "", console.Base + "/sessions": q.Get("course") != "", console.Base + "/learners": q.Get("state") == "" || q.Get("course") != ""}
			if good, known := asks[to.Path]; known && !good {
				t.Errorf("on %s the link %q leads to %s", path, a.text(), to)
			}
		}
	}
	if said < 8 {
		t.Errorf("they are named %d times", said)
	}
}

// kindOf is what links have in common that ask the same of a page, for other values.
func kindOf(t *testing.T, to string) string {
	at, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return at.Path + " " + strings.Join(slices.Sorted(maps.Keys(at.Query())), " ")
}

func TestCSVIsOfTheSame(t *testing.T) {
	w := newWorld(t)
	span := "from=2026-01-01&to=2026-01-31"
	for path, csv := range map[string]string{
		"/?" + span + "&platform=Moodle":                        "/reports/overview?format=csv&from=2026-01-01&platform=Moodle&to=2026-01-31",
		"/activities?" + span:                                   "/reports/activities?format=csv&from=2026-01-01&to=2026-01-31",
		"/activity?id=" + course + "&" + span + "&group=a":      "/reports/activity?format=csv&from=2026-01-01&group=a&id=" + url.QueryEscape(course) + "&to=2026-01-31",
		"/learners?state=failing&course=" + course + "&" + span: "/reports/learners?course=" + url.QueryEscape(course) + "&format=csv&from=2026-01-01&state=failing&to=2026-01-31",
		"/sessions?key=1000&course=" + course + "&" + span:      "/reports/sessions?course=" + url.QueryEscape(course) + "&format=csv&from=2026-01-01&key=1000&to=2026-01-31",
		"/learner?key=1000&" + span:                             "/reports/learner?format=csv&from=2026-01-01&key=1000&to=2026-01-31",
	} {
		found := false
		for _, a := range parse(t, w.page(path, 200)).all("a") {
			found = found || a.has("data-saves") && a.get("href") == csv
		}
		if !found {
			t.Errorf("%s has no link to %s", path, csv)
		}
	}
}
