package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/roster"
)

// members are the learners of a group, and the tables as they would be if there were no others: of the rows that a question may ask for, once it does.
type members struct {
	learners learners

	mu     sync.Mutex
	tables tables // nil until they are asked for
}

func (q *question) members(ctx context.Context, id string) (*members, error) {
	list, err := q.membersOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if list.count() > roster.MaxGroup {
		return nil, fmt.Errorf("%w: the group has more than %d learners", ErrFilter, roster.MaxGroup)
	}
	return &members{learners: list}, nil
}

// tablesOf are the tables of the group.
func (q *question) tablesOf(ctx context.Context, m *members) (tables, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tables != nil {
		return m.tables, nil
	}
	made := tables{}
	var mu sync.Mutex
	reading, at := errgroup.WithContext(ctx)
	reading.SetLimit(readsAtOnce)
	for _, n := range m.learners.after(fold.None, roster.MaxGroup) {
		reading.Go(func() error {
			all, err := learnerProgress(at, q.store, q.generation, n, kv.Eventual)
			if err != nil {
				return err
			}
			for _, p := range all {
				adds := p.state.TallyOf(p.course, q.mayAsk)
				mu.Lock()
				made.add(n, adds)
				mu.Unlock()
			}
			return nil
		})
	}
	if err := reading.Wait(); err != nil {
		return nil, err
	}
	m.tables = made
	return made, nil
}

// mayAsk says whether the question may ask for a row: one of its days, of the span as long before them, or of those in which somebody was active lately; and of
// what it is about.
func (q *question) mayAsk(r fold.Row) bool {
	switch r.Kind {
	case fold.DayRow, fold.CourseRow, fold.ModuleRow:
		first := min(q.From-(q.To-q.From+1), q.To-quietDays+1)
		if d := Day(int32(r.B)); d < first || d > q.To {
			return false
		}
	}
	return q.about == nil || q.about(r)
}

// membersOf finds the numbers of a group's learners. Who never learnt anything has none.
func (q *question) membersOf(ctx context.Context, id string) (learners, error) {
	unknown := fmt.Errorf("%w: there is no group %q", ErrFilter, id)
	if team, ok := strings.CutPrefix(id, roster.Team); ok {
		n, err := q.number(ctx, name{teamName, team})
		if err != nil || n < fold.First {
			return nil, errOr(err, unknown)
		}
		rows, err := q.rows(ctx, fold.TeamRow, uint32(n), nil, nil, 0)
		s := newSum()
		for _, r := range rows {
			s.take(r)
		}
		return s.list(fold.Members), err
	}
	g, err := q.names.roster.Group(ctx, id)
	if errors.Is(err, roster.ErrNoGroup) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	return q.numbersOf(ctx, g.Members)
}

// numbersOf finds the learners who have identities; where one is not known, by another of the same person.
func (q *question) numbersOf(ctx context.Context, identities []string) (learners, error) {
	found, unknown, err := q.names.look(ctx, q.generation, learnerNames(identities))
	if err != nil {
		return nil, err
	}
	var missing, others []string
	for _, x := range unknown {
		missing = append(missing, x.value)
	}
	people, err := q.names.roster.People(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, same := range people {
		others = append(others, same...)
	}
	same, _, err := q.names.look(ctx, q.generation, learnerNames(others))
	out := learners{}
	for _, numbers := range []map[name]fold.Number{found, same} {
		for _, n := range numbers {
			out.add(n)
		}
	}
	return out, err
}

func learnerNames(identities []string) []name {
	out := make([]name, len(identities))
	for i, identity := range identities {
		out[i] = name{learnerName, identity}
	}
	return out
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// tables are rows of figures, by block.
type tables map[fold.Row]map[uint16]*row

func (t tables) at(r fold.Row, block uint16) *row {
	if t[r] == nil {
		t[r] = map[uint16]*row{}
	}
	if t[r][block] == nil {
		t[r][block] = emptyRow()
	}
	return t[r][block]
}

// add adds what a learner's state adds.
func (t tables) add(learner fold.Number, adds *fold.Tally) {
	for _, c := range adds.Counts {
		t.at(c.Row, 0).counts[c.Key] += c.N
	}
	block, bit := blockOf(learner)
	for _, l := range adds.Lists {
		t.at(l.Row, block).enter(l.Key, map[uint16]bool{bit: true})
	}
}

// rows are what question.rows would read.
func (t tables) rows(kind fold.RowKind, a uint32, from, to []byte, limit int) (all []figureRow) {
	for r, blocks := range t {
		if r.Kind != kind || r.A != a {
			continue
		}
		for block, found := range blocks {
			sort := rowSort(r.B, block)
			if bytes.Compare(sort, from) >= 0 && (to == nil || bytes.Compare(sort, to) < 0) {
				all = append(all, figureRow{found, r.B, block})
			}
		}
	}
	slices.SortFunc(all, func(x, y figureRow) int { return bytes.Compare(rowSort(x.b, x.block), rowSort(y.b, y.block)) })
	if limit > 0 {
		slices.Reverse(all)
		all = all[:min(len(all), limit)]
	}
	return all
}

func (t tables) figuresOfAll(kind fold.RowKind, numbers []fold.Number) map[fold.Number]*row {
	out := map[fold.Number]*row{}
	for _, n := range numbers {
		if r := t[fold.Row{Kind: kind, A: uint32(n)}][0]; r != nil {
			out[n] = r
		}
	}
	return out
}
