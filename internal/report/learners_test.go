package report_test

import (
	"fmt"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"cairn/internal/report"
)

// TestOddLearnersCanBeTold has an answer be JSON whatever statements say of a learner: it is in a list with others.
func TestOddLearnersCanBeTold(t *testing.T) {
	for _, c := range []struct{ actor, at string }{
		{`{"name":"a` + strings.Repeat("é", 600) + `","mbox":"mailto:ada@example.com"}`, "2026-03-02T08:00:00Z"}, // which is cut
		{ada, "9999-12-31T23:59:59-01:00"},
		{ada, "0000-01-01T00:00:00+01:00"},
	} {
		w := newWorld(t)
		w.store(fmt.Sprintf(`{"actor":%s,"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"%s"},"result":{"duration":"PT1H"},"timestamp":"%s"}`, c.actor, deck, c.at))
		w.count()
		list, err := w.reports.Learners(t.Context(), report.Filter{}, "", "", report.Page{})
		if err != nil || len(list.Learners) != 1 {
			t.Fatalf("%v: %+v", err, list)
		}
		key := list.Learners[0].Key
		learner, err := w.reports.Learner(t.Context(), key, report.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, answer := range []any{list, learner, w.sessions(key)} {
			if _, err := jsonv2.Marshal(answer); err != nil {
				t.Errorf("%s: %v", c.at, err)
			}
		}
	}
}

// TestLearnersAreFoundHoweverTheyAreSpelt: the domain of a mailbox is the same in capitals.
func TestLearnersAreFoundHoweverTheyAreSpelt(t *testing.T) {
	w := newWorld(t)
	w.store(inDeck("08:00:00", ada, "experienced", "a", "{}", ""))
	w.count()
	if a, b := w.find("mbox:mailto:ada@example.com"), w.find("mbox:mailto:ada@EXAMPLE.com"); a != b {
		t.Error(a, b)
	}
}

// TestPartedPeopleKeepWhatWasCounted has somebody be parted who was two, and then a late statement come: until a rebuild what was counted stays.
func TestPartedPeopleKeepWhatWasCounted(t *testing.T) {
	w := newWorld(t)
	if _, err := w.people.PutPerson(t.Context(), []string{"mbox:mailto:ada@example.com", "account:https://phone.example.com nurse-7"}); err != nil {
		t.Fatal(err)
	}
	w.store(inDeck("08:00:00", ada, "experienced", "a", "{}", ""), inDeck("08:01:00", nurse, "experienced", "a", "{}", ""), inDeck("08:03:00", ada, "experienced", "a", "{}", ""))
	w.count()
	if err := w.people.PartPerson(t.Context(), "mbox:mailto:ada@example.com"); err != nil {
		t.Fatal(err)
	}
	w.store(inDeck("08:02:00", ada, "experienced", "a", "{}", ""))
	w.count()
	list, err := w.reports.Learners(t.Context(), report.Filter{}, "", "", report.Page{})
	if err != nil || len(list.Learners) != 1 || list.Learners[0].Statements != 4 {
		t.Errorf("%v: %+v", err, list.Learners)
	}
}

// TestAPlatformThatNobodyUsed has no figures: not those of the statements that name none.
func TestAPlatformThatNobodyUsed(t *testing.T) {
	w := newWorld(t)
	w.store(fmt.Sprintf(`{"actor":%s,"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"%s"},"timestamp":"2026-03-02T08:00:00Z"}`, ada, deck))
	w.count()
	day, err := report.ParseDay("2026-03-02")
	if err != nil {
		t.Fatal(err)
	}
	for platform, want := range map[string]int64{"": 1, "zebra": 0} {
		o, err := w.reports.Overview(t.Context(), report.Filter{From: day, To: day, Platform: platform})
		if err != nil || o.Total.Statements != want {
			t.Errorf("%q: %v, %d statements, want %d", platform, err, o.Total.Statements, want)
		}
	}
}
