package report

import (
	"testing"

	"cairn/internal/fold"
)

// TestTooManyToFoldAnew has facts of a course that has too many statements to be read again: what is late is left out, what is not is counted, and
// the log is not asked, which the aggregate here does not have.
func TestTooManyToFoldAnew(t *testing.T) {
	at := func(ms int64) *fold.Folded {
		return &fold.Folded{Fact: fold.Fact{Order: fold.Order{At: ms}, Names: fold.Names{Course: "c"}, Counts: true, Score: fold.NoScore}, Numbers: fold.Numbers{Course: 2, Verb: 2}}
	}
	before := fold.New()
	before.Add(at(1000))
	before.Verbs[0].N += mostAnew
	for name, of := range map[string]*work{
		"late facts": {facts: []*fold.Folded{at(2000), at(500)}},
		"voided":     {facts: []*fold.Folded{at(2000)}, anew: true},
	} {
		state, err := (&rangeWork{}).next(t.Context(), part{2, 2}, of, before)
		if err != nil || state.Facts() != before.Facts()+1 || state.Newest.At != 2000 {
			t.Errorf("%s: %v: %d facts, the newest at %d", name, err, state.Facts()-before.Facts(), state.Newest.At)
		}
	}
}
