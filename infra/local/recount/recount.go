// Package recount counts what the reporting tables say once more, by brute force: it reads every statement's JSON, sorts what they say by
// learner and course, and goes through that once for each kind of figure. It is written from the definitions in the doc comment of package
// fold, and shares no code with fold and report, so that the same mistake is not made twice. It knows none of fold's limits on how much is
// kept of one learner in one course, but for names that are too long and responses that are too many.
package recount

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"cairn/internal/ledger"
)

// Stored is a statement of the log: its JSON, when it was stored in microseconds, and the position of its entry.
type Stored struct {
	Text     []byte
	Stored   int64
	Position [16]byte
}

// ReadLog reads all statements of a log.
func ReadLog(ctx context.Context, l *ledger.Ledger) (log []Stored, err error) {
	for scan := l.Scan(ledger.Span{To: math.MaxInt64}, 0); ; {
		r, ok, err := scan.Next(ctx)
		if err != nil || !ok {
			return log, err
		}
		log = append(log, Stored{slices.Clone(r.Text), int64(r.Stored()), r.Position})
	}
}

// Tables are what the reporting tables should say, by what it is said of: both as the lines of report.Dump.
type Tables map[string]string

// Count recounts a log. What is voided in it counts for nothing, whichever came first.
func Count(log []Stored) (Tables, error) {
	statements, voided := make([]statement, len(log)), map[string]bool{}
	for i, r := range log {
		if err := json.Unmarshal(r.Text, &statements[i]); err != nil {
			return nil, fmt.Errorf("statement %d: %w", i, err)
		}
		if id, voids := statements[i].voids(); voids {
			voided[id] = true
		}
	}
	paths := map[[2]string][]*event{}
	for i, r := range log {
		s := &statements[i]
		if _, voids := s.voids(); voids || voided[s.ID] {
			continue
		}
		events, err := eventsOf(s, r)
		if err != nil {
			return nil, fmt.Errorf("statement %s: %w", s.ID, err)
		}
		for _, e := range events {
			paths[[2]string{e.learner, e.course}] = append(paths[[2]string{e.learner, e.course}], e)
		}
	}
	b := &book{counts: map[string]int64{}, lists: map[string]map[string]bool{}, says: Tables{}}
	for who, events := range paths {
		slices.SortStableFunc(events, order)
		p := &path{book: b, learner: who[0], course: who[1], events: events, of: "progress of " + who[0] + " in " + who[1]}
		p.count()
	}
	return b.tables(), nil
}

// book is what is counted so far.
type book struct {
	counts map[string]int64
	lists  map[string]map[string]bool
	says   Tables
}

func line(words ...any) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = fmt.Sprint(w)
	}
	return strings.Join(texts, " | ")
}

func (b *book) add(n int64, of ...any) { b.counts[line(of...)] += n }

func (b *book) enter(learner, row string, key ...any) {
	of := line(append([]any{row, "learners"}, key...)...)
	if b.lists[of] == nil {
		b.lists[of] = map[string]bool{}
	}
	b.lists[of][learner] = true
}

func (b *book) say(says any, of ...any) { b.says[line(of...)] = fmt.Sprint(says) }

func (b *book) tables() Tables {
	for of, n := range b.counts {
		if n != 0 {
			b.says[of] = fmt.Sprint(n)
		}
	}
	for of, learners := range b.lists {
		all := make([]string, 0, len(learners))
		for l := range learners {
			all = append(all, l)
		}
		slices.Sort(all)
		b.says[of] = strings.Join(all, ", ")
	}
	return b.says
}

// Difference is a line that the tables and the recount do not have alike; empty for none.
type Difference struct{ Of, Tables, Recount string }

func (d Difference) String() string {
	return fmt.Sprintf("%s: the tables say %q, the recount %q", d.Of, d.Tables, d.Recount)
}

// compare finds the differences, in order.
func compare(tables, recount Tables) (all []Difference) {
	for of, says := range tables {
		if recount[of] != says {
			all = append(all, Difference{of, says, recount[of]})
		}
	}
	for of, says := range recount {
		if _, both := tables[of]; !both {
			all = append(all, Difference{of, "", says})
		}
	}
	slices.SortFunc(all, func(a, b Difference) int { return cmp.Compare(a.Of, b.Of) })
	return all
}
