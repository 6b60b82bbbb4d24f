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

// members are the learners of a group, and the tables as they would be if there were no others.
type members struct {
	learners learners
	tables   map[fold.Row]map[uint16]*row // by block
}

func (q *question) members(ctx context.Context, id string) (*members, error) {
	list, err := q.membersOf(ctx, id)
	if err != nil {
		return nil, err
	}
	numbers := list.after(fold.None, roster.MaxGroup+1)
	if len(numbers) > roster.MaxGroup {
		return nil, fmt.Errorf("%w: the group has more than %d learners", ErrFilter, roster.MaxGroup)
	}
	m := &members{list, map[fold.Row]map[uint16]*row{}}
	var mu sync.Mutex
	reading, at := errgroup.WithContext(ctx)
	reading.SetLimit(readsAtOnce)
	for _, n := range numbers {
		reading.Go(func() error {
			all, err := learnerProgress(at, q.store, q.generation, n, kv.Eventual)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			for _, p := range all {
				m.add(n, p.state.Tally(p.course))
			}
			return nil
		})
	}
	return m, reading.Wait()
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

func (m *members) at(r fold.Row, block uint16) *row {
	if m.tables[r] == nil {
		m.tables[r] = map[uint16]*row{}
	}
	if m.tables[r][block] == nil {
		m.tables[r][block] = emptyRow()
	}
	return m.tables[r][block]
}

// add adds what a learner's state adds.
func (m *members) add(learner fold.Number, t *fold.Tally) {
	for _, c := range t.Counts {
		m.at(c.Row, 0).counts[c.Key] += c.N
	}
	block, bit := blockOf(learner)
	for _, l := range t.Lists {
		m.at(l.Row, block).enter(l.Key, map[uint16]bool{bit: true})
	}
}

// rows are what question.rows would read.
func (m *members) rows(kind fold.RowKind, a uint32, from, to []byte, limit int) (all []figureRow) {
	for r, blocks := range m.tables {
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

func (m *members) figuresOfAll(kind fold.RowKind, numbers []fold.Number) map[fold.Number]*row {
	out := map[fold.Number]*row{}
	for _, n := range numbers {
		if r := m.tables[fold.Row{Kind: kind, A: uint32(n)}][0]; r != nil {
			out[n] = r
		}
	}
	return out
}
