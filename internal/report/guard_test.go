package report

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cairn/internal/fold"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/telemetry"
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

// TestWhatIsLeftOutIsMeasured has a row that is full, a learner's course that is, and one that has too many statements: each leaves out what a range
// brings, and counts that once.
func TestWhatIsLeftOutIsMeasured(t *testing.T) {
	var out bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	telemetry.Start(&out, "aggregate", "test", slog.LevelError)
	ctx, record := telemetry.Begin(t.Context())
	w := &rangeWork{Aggregate: &Aggregate{store: kvtest.NewMemory()}, generation: 1, number: 2}

	full := emptyRow()
	full.version = 7
	for i := range 4000 {
		full.counts[fold.Key{Kind: fold.Response, Text: fmt.Sprintf("%0120d", i)}] = 1
	}
	more := &change{counts: map[fold.Key]int64{{Kind: fold.AnswersKey}: 1}}
	if err := w.writeRow(ctx, place{Row: fold.Row{Kind: fold.QuestionRow, A: 2}}, more, full); err != nil {
		t.Fatal(err)
	}

	fact := &fold.Folded{Fact: fold.Fact{Order: fold.Order{At: 1000}, Names: fold.Names{Course: "c"}, Counts: true, Score: fold.NoScore}, Numbers: fold.Numbers{Course: 2, Verb: 2}}
	long := fold.New()
	long.Name = strings.Repeat("x", 500_000)
	of := &work{facts: []*fold.Folded{fact}}
	if err := w.foldPart(ctx, part{2, 2}, of, &progress{part: part{2, 2}, state: long, version: 7}); err != nil || len(of.delta.Counts) != 0 {
		t.Fatal(err, of.delta)
	}

	many := fold.New()
	many.Add(fact)
	many.Verbs[0].N += mostAnew
	if _, err := w.next(ctx, part{2, 2}, &work{facts: []*fold.Folded{fact}}, many); err != nil {
		t.Fatal(err)
	}
	record.End(ctx, "a range", slog.LevelInfo)
	if said := out.String(); !strings.Contains(said, `"Uncounted":3`) || strings.Count(said, `"level":"ERROR"`) != 3 {
		t.Errorf("it says\n%s", said)
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
