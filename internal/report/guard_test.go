package report

import (
	"errors"
	"strings"
	"testing"

	"cairn/internal/fold"
	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// TestPanicsAreOfTheirStatement: they are errors, which do not tell what a statement says.
func TestPanicsAreOfTheirStatement(t *testing.T) {
	var none []int
	err := guarded(func() error { none[3] = 1; return nil })
	if !errors.Is(err, errPanic) || !strings.Contains(err.Error(), "index out of range [3]") {
		t.Error(err)
	}
	if err := guarded(func() error { panic("ada@example.com") }); !errors.Is(err, errPanic) || strings.Contains(err.Error(), "ada") {
		t.Error(err)
	}
	var entry *projection.EntryError
	ref := ledger.EntryRef{Shard: 3}
	if _, _, err := (&rangeWork{}).told(ledger.Record{Text: []byte("{"), Place: ledger.Place{EntryRef: ref}}); !errors.As(err, &entry) || entry.Entry != ref {
		t.Error(err)
	}
}

// TestAFactThatPanicsIsLeftOut, and nothing else is, nor is anything counted twice. The state is one that was damaged: a question that was answered -1 times.
func TestAFactThatPanicsIsLeftOut(t *testing.T) {
	at := func(ms int64, question fold.Number) *fold.Folded {
		f := &fold.Folded{Fact: fold.Fact{Order: fold.Order{At: ms}, Names: fold.Names{Course: "c"}, Counts: true, Score: fold.NoScore}, Numbers: fold.Numbers{Course: 2, Verb: 2, Question: question}}
		if question != fold.None {
			f.Answer = &fold.Answer{Judged: true}
		}
		return f
	}
	before := fold.New()
	before.Add(at(1000, 7))
	before.Modules[0].Questions[0].Answers = -1
	of := &work{facts: []*fold.Folded{at(2000, fold.None), at(3000, 7), at(4000, 8)}}
	state, err := (&rangeWork{}).next(t.Context(), part{2, 2}, of, before)
	if err != nil || state.Facts() != 3 || len(state.Modules[0].Questions) != 2 || state.Newest.At != 4000 {
		t.Errorf("%v: %+v", err, state)
	}
}
