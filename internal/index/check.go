package index

import (
	"context"
	"fmt"
	"slices"

	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// Fault is a place at which the index does not say what the log says.
type Fault struct {
	ledger.Place
	Message string
}

// Check holds the rows of the generation that answers against statements of the log, in the order of places, with from <= stored < to:
// all that lie there. What the index has not applied yet is not asked of it. Missing rows hide a statement from a filter; a row
// too many costs a read and is named as well.
func (x *Index) Check(ctx context.Context, from, to ledger.Instant, records []ledger.Record) ([]Fault, error) {
	cp, err := x.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	pending := cp.PendingEntries()
	c := checking{x: x, ctx: ctx, cp: cp, from: from, to: min(to, cp.Through), listed: map[Term]map[ledger.Place]posting{}}
	var statements []*statement
	for _, r := range records {
		s, err := x.read(r)
		if err == nil && r.Stored() < cp.Through && !slices.Contains(pending, r.EntryRef) {
			statements = append(statements, s)
		}
	}
	if err := c.postings(statements); err != nil {
		return nil, err
	}
	if len(pending) == 0 {
		c.nothingElse()
	}
	if err := c.references(statements); err != nil {
		return nil, err
	}
	err = c.definitions(statements)
	return c.faults, err
}

type checking struct {
	x        *Index
	ctx      context.Context
	cp       projection.Checkpoint
	from, to ledger.Instant
	listed   map[Term]map[ledger.Place]posting // first lists, less what was looked for and found
	faults   []Fault
}

func (c *checking) fault(at ledger.Place, format string, args ...any) {
	c.faults = append(c.faults, Fault{at, fmt.Sprintf(format, args...)})
}

// postings checks that each statement stands under each of its terms.
func (c *checking) postings(statements []*statement) error {
	for _, s := range statements {
		for _, t := range s.terms {
			list, err := c.first(t)
			if err != nil {
				return err
			}
			p, ok := list[s.Place]
			switch {
			case ok && p.prints != s.prints:
				c.fault(s.Place, "a posting has other fingerprints than its statement")
			case !ok:
				if ok, err = c.inSecond(t, s.Place); err != nil {
					return err
				} else if !ok {
					c.fault(s.Place, "the statement is not listed under one of its terms")
				}
			}
			delete(list, s.Place)
		}
	}
	return nil
}

// first reads a term's first list, once.
func (c *checking) first(t Term) (map[ledger.Place]posting, error) {
	if list, ok := c.listed[t]; ok {
		return list, nil
	}
	list := map[ledger.Place]posting{}
	c.listed[t] = list
	rows := c.cursor(firstList, t, c.from, c.to)
	for {
		p, ok, err := rows.peek(c.ctx)
		if err != nil || !ok {
			return list, err
		}
		rows.take()
		list[p.Place] = p
	}
}

func (c *checking) inSecond(t Term, at ledger.Place) (bool, error) {
	rows := c.cursor(secondList, t, at.Stored(), at.Stored()+1)
	for {
		p, ok, err := rows.peek(c.ctx)
		if err != nil || !ok || p.Place == at {
			return ok, err
		}
		rows.take()
	}
}

func (c *checking) cursor(kind byte, t Term, from, to ledger.Instant) *cursor {
	b := &budget{}
	b.left.Store(1 << 62)
	return &cursor{store: c.x.store, budget: b, partition: partition(c.cp.Generation, kind, t), second: kind == secondList,
		from: from, to: to, end: c.cp.Through}
}

// nothingElse names what is left of the first lists when every statement has been found there.
func (c *checking) nothingElse() {
	for _, list := range c.listed {
		for at := range list {
			c.fault(at, "a posting names a statement that does not have its term")
		}
	}
}

// references checks that a statement that refers to another is noted under its id, and listed under the terms of its chain.
func (c *checking) references(statements []*statement) error {
	chains, err := c.x.chainsOf(c.ctx, statements)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if len(chains[s.id]) == 0 {
			continue
		}
		noted, err := c.x.referrersOf(c.ctx, c.cp.Generation, s.refers)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(noted, func(r referrer) bool { return r.Place == s.Place }) {
			c.fault(s.Place, "the statement is not noted as one that refers to another")
		}
		for _, target := range chains[s.id] {
			for _, t := range target.terms {
				if target.Stored() >= c.cp.Through {
					break // the tail, which readers match by themselves
				}
				if ok, err := c.inSecond(t, s.Place); err != nil {
					return err
				} else if !ok {
					c.fault(s.Place, "the statement is not listed under a term of a statement that it refers to")
				}
			}
		}
	}
	return nil
}

// definitions checks that every activity that was defined has a row in the catalogue.
func (c *checking) definitions(statements []*statement) error {
	at := map[string]ledger.Place{}
	for _, s := range statements {
		for _, d := range definitions([]*statement{s}) {
			at[d.id] = s.Place
		}
	}
	ids := make([]string, 0, len(at))
	for id := range at {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := c.x.activities(c.ctx, c.cp.Generation, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if rows[id] == nil {
			c.fault(at[id], "an activity that the statement defines is not in the catalogue")
		}
	}
	return nil
}
