package console_test

import (
	"net/url"
	"strings"
	"testing"

	"cairn/internal/console/consoletest"
	"cairn/internal/report"
)

// What a strip draws is what the table beside it says: a block an event, in colours where answers were judged, and there alone.
func TestASessionIsDrawnAsItIsTold(t *testing.T) {
	w := newWorld(t)
	page := parse(t, w.page("/sessions?key=1000&course="+course, 200))
	list, err := consoletest.Hospital{}.Sessions(t.Context(), "1000", course, report.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	cards := 0
	for _, section := range page.all("section") {
		if !strings.HasPrefix(section.get("id"), "session-") {
			continue
		}
		want := map[string]int{}
		for _, m := range list.Sessions[cards].Minutes {
			for _, e := range m.Events {
				switch {
				case e.Right == nil:
					want["value"]++
				case *e.Right:
					want["good"]++
				default:
					want["bad"]++
				}
			}
		}
		cards++
		drawn, said := map[string]int{}, map[string]int{}
		for _, n := range section.all("rect") {
			if !n.class("hit") {
				drawn[n.get("class")]++
			}
		}
		for _, n := range section.all("span") {
			if n.within("td") && n.class("tone") {
				said[strings.TrimPrefix(n.get("class"), "tone ")]++
			}
		}
		rows := len(section.all("tr")) - 1
		for _, class := range []string{"good", "bad", "value"} {
			if drawn[class] != want[class] || class != "value" && said[class] != want[class] {
				t.Errorf("session %d: %d of %s are drawn and %d are said, want %d", cards, drawn[class], class, said[class], want[class])
			}
		}
		if all := want["value"] + want["good"] + want["bad"]; rows != all {
			t.Errorf("session %d: %d rows for %d events", cards, rows, all)
		}
		legends := 0
		for _, n := range section.all("ul") {
			if n.class("legend") {
				legends++
			}
		}
		if judged := want["good"]+want["bad"] > 0; judged != (legends == 1) {
			t.Errorf("session %d: there are %d legends", cards, legends)
		}
	}
	if cards != len(list.Sessions) || cards != 2 {
		t.Errorf("%d sessions are drawn", cards)
	}
	if !strings.Contains(page.text(), "These are the newest 500 statements") {
		t.Error("the page does not say that there is more")
	}
}

func TestFromALearnerToMinutes(t *testing.T) {
	w := newWorld(t)
	led := map[string]bool{}
	for _, a := range parse(t, w.page("/learner?key=1000&days=90", 200)).all("a") {
		if to, err := url.Parse(a.get("href")); err == nil && strings.HasSuffix(to.Path, "/sessions") && a.text() == "Minute by minute" {
			led[to.Query().Get("course")] = to.Query().Get("key") == "1000" && to.Query().Get("days") == "90"
		}
	}
	if len(led) != 4 || !led[course] {
		t.Errorf("links lead to %v", led)
	}
	if page := w.page("/sessions?key=1000&course=https://learn.stmary.example/difficult-talks", 200); !strings.Contains(page, "Nothing is known of this learner in this course") || strings.Contains(page, `class="strip`) {
		t.Error("of nothing the page does not say so")
	}
	w.page("/sessions?key=zz&course="+course, 404)
}
