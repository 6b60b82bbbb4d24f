package report_test

import (
	"fmt"
	"testing"

	"cairn/internal/kv"
	"cairn/internal/projection"
	"cairn/internal/report"
)

// TestFoldingAnewReadsTheTailOnce has the index lag while late statements come: how much of the log is read does not hang on how many learners they are of.
func TestFoldingAnewReadsTheTailOnce(t *testing.T) {
	const statements = 400
	reads := func(learners int) float64 {
		w := newWorld(t)
		tables := []*projection.Runner{w.runners[1]}
		if tables[0].Name != report.ProjectionName {
			t.Fatal(tables[0].Name)
		}
		w.runners = tables // the index never runs
		for i := range statements {
			w.store(card(fmt.Sprintf("%02d:%02d:00", 9+i/60, i%60), fmt.Sprintf(`{"mbox":"mailto:l%d@example.com"}`, i%8), "c", "PT5S"))
		}
		w.count()
		var late []string
		for i := range 8 {
			late = append(late, card("08:00:00", fmt.Sprintf(`{"mbox":"mailto:l%d@example.com"}`, i%learners), "c", "PT5S"))
		}
		w.store(late...)
		w.meter.Reset()
		w.count()
		list, err := w.reports.Learners(t.Context(), report.Filter{}, "", "", report.Page{})
		if err != nil || len(list.Learners) != 8 || list.Learners[0].Statements != statements/8+int64(8/learners) {
			t.Fatalf("%v: %+v", err, list.Learners)
		}
		return w.meter.Snapshot().Tables[kv.Log].Read
	}
	one, eight := reads(1), reads(8)
	t.Logf("%v read units of the log for one learner, %v for eight", one, eight)
	if eight > 2*one || one == 0 { // on which shards statements stand makes a few units' difference
		t.Errorf("%v read units of the log for one learner, %v for eight", one, eight)
	}
}
