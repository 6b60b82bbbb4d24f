package report_test

import (
	"fmt"
	"testing"
	"time"

	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/report"
	"cairn/internal/roster"
)

// TestAGroupIsReadWhenItsFiguresAreAsked: a page of its learners reads those on it alone.
func TestAGroupIsReadWhenItsFiguresAreAsked(t *testing.T) {
	w := newWorld(t)
	g := roster.Group{ID: "g"}
	for i := range 60 {
		w.store(passed(i, 1))
		g.Members = append(g.Members, fmt.Sprintf("mbox:mailto:l%d@example.com", i))
	}
	if err := w.people.PutGroup(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(ledger.EntrySpan) * time.Microsecond) // else how far the reports have come is looked for among the newest entries, which are many here
	w.count()
	w.meter.Reset()
	list, err := w.reports.Learners(t.Context(), report.Filter{Group: "g"}, "", "", report.Page{Limit: 5})
	if err != nil || len(list.Learners) != 5 {
		t.Fatalf("%v: %+v", err, list)
	}
	if queries := w.meter.Snapshot().Calls[kvtest.OpQuery]; queries > 10 {
		t.Errorf("%d queries for five learners of a group", queries)
	}
}
