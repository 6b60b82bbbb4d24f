package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Group is a list of learners that somebody keeps: a site, a cohort, a department.
type Group struct {
	ID      string   `json:"id"`
	Label   string   `json:"label"`
	Members []string `json:"members"` // identities, such as "mbox:mailto:ada@example.com"
}

// TeamGroup is what the id of a group begins with that is the team of statements: its identity follows.
const TeamGroup = "team:"

// MaxGroup is how many learners a group may have: all their progress is read when it is asked for.
const MaxGroup = 1000

// GroupKey is where a group that is kept stands, in control.
func GroupKey(id string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("group"), Sort: []byte(id)}
}

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
	numbers := list.after(fold.None, MaxGroup+1)
	if len(numbers) > MaxGroup {
		return nil, fmt.Errorf("%w: the group has more than %d learners", ErrFilter, MaxGroup)
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
	if team, ok := strings.CutPrefix(id, TeamGroup); ok {
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
	if id == "" || len(id) > kv.MaxSort {
		return nil, unknown
	}
	item, err := q.store.Get(ctx, GroupKey(id), kv.Eventual)
	if errors.Is(err, kv.ErrAbsent) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	var g Group
	if err := json.Unmarshal(item.Value, &g); err != nil {
		return nil, fmt.Errorf("a group cannot be read: %w", err)
	}
	asked := make([]name, len(g.Members))
	for i, identity := range g.Members {
		asked[i] = name{learnerName, identity}
	}
	found, _, err := q.names.look(ctx, q.generation, asked)
	out := learners{}
	for _, n := range found {
		if n >= fold.First {
			block, bit := blockOf(n)
			if out[block] == nil {
				out[block] = &bitset{}
			}
			out[block].set(bit)
		}
	}
	return out, err
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Groups lists those that are kept, without their members, and the teams that statements name; at most so many of each.
func (r *Reports) Groups(ctx context.Context, limit int) ([]Group, error) {
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := r.store.Query(ctx, kv.Span{Table: kv.Control, Partition: GroupKey("x").Partition, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	out := []Group{}
	for _, item := range kept.Items {
		var g Group
		if err := json.Unmarshal(item.Value, &g); err != nil {
			return nil, fmt.Errorf("a group cannot be read: %w", err)
		}
		g.Members = nil
		out = append(out, g)
	}
	first := nameKey(cp.Generation, teamName, fold.First)
	teams, err := r.store.Query(ctx, kv.Span{Table: kv.Reports, Partition: first.Partition, From: first.Sort, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("reading teams: %w", err)
	}
	for _, item := range teams.Items {
		out = append(out, Group{ID: TeamGroup + string(item.Value), Label: string(item.Value)})
	}
	return out, nil
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
