package recount

import (
	"reflect"
	"testing"
	"time"

	"cairn/infra/local/traffic"
	"cairn/internal/index"
	"cairn/internal/report"
	"cairn/internal/roster"
)

// TestAGroupOfAllIsEverybody asks for days in the middle of many: the figures of a group that all learners are in are those of everybody, though they are added up from
// states, and only of what is asked.
func TestAGroupOfAllIsEverybody(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, 0)
	for s := range traffic.Sendings(traffic.Settings{Seed: 5, Statements: 2500, Days: 30, From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}) {
		must(t, Append(t.Context(), w.Ledger, s.Statements...))
	}
	must(t, w.catchUp(t.Context()))
	reports := report.New(w.Store, w.Ledger, index.New(w.Store, w.Ledger))
	walk, err := reports.Walk(t.Context())
	must(t, err)
	everybody, activities, courses := roster.Group{ID: "all"}, map[string]bool{}, map[string]bool{}
	must(t, walk.Learners(t.Context(), 0, func(l *report.LearnerProgress) error {
		everybody.Members = append(everybody.Members, l.Identity)
		for _, c := range l.Courses {
			courses[c.Course.ID] = c.Course.ID != ""
			for _, a := range append(c.Modules, c.Course) {
				activities[a.ID] = a.ID != ""
			}
		}
		return nil
	}))
	must(t, roster.New(w.Store, w.Ledger.Secret()).PutGroup(t.Context(), everybody))

	alone := report.Filter{From: report.DayOf(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)), To: report.DayOf(time.Date(2026, 1, 19, 0, 0, 0, 0, time.UTC))}
	together := alone
	together.Group = "all"
	asked := 0
	same := func(what string, ask func(report.Filter) (any, error)) {
		t.Helper()
		asked++
		a, err := ask(alone)
		must(t, err)
		b, err := ask(together)
		must(t, err)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: of everybody\n%+v\nof the group\n%+v", what, a, b)
		}
	}
	same("overview", func(f report.Filter) (any, error) {
		o, err := reports.Overview(t.Context(), f)
		o.Scope = report.Scope{}
		return o, err
	})
	for id, is := range activities {
		if is {
			same(id, func(f report.Filter) (any, error) {
				a, err := reports.Activity(t.Context(), id, f)
				a.Scope = report.Scope{}
				return a, err
			})
		}
	}
	for id, is := range courses {
		for _, state := range []string{"", "inactive", "begun", "completed", "failing"} {
			if is {
				same(state+" in "+id, func(f report.Filter) (any, error) {
					l, err := reports.Learners(t.Context(), f, id, state, report.Page{Limit: 100})
					return l.Learners, err
				})
			}
		}
	}
	if t.Logf("%d learners, %d questions", len(everybody.Members), asked); len(everybody.Members) < 20 || asked < 50 {
		t.Error("too few to say anything")
	}
}
