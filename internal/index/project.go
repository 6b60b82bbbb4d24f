package index

import (
	"context"
	"errors"
	"fmt"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
)

var _ projection.Projection = (*Index)(nil)

// Apply lists a range's statements under their terms.
func (x *Index) Apply(ctx context.Context, generation byte, r projection.Range) error {
	if err := x.applyInTurn(ctx, generation, r); err != nil || len(r.Late) == 0 {
		return err
	}
	return x.applyLate(ctx, generation, r.Late)
}

// applyInTurn lists a range's statements in the first list of each term.
func (x *Index) applyInTurn(ctx context.Context, generation byte, r projection.Range) error {
	statements, err := x.readAll(r.Records)
	if err != nil {
		return err
	}
	if err := x.void(ctx, statements); err != nil {
		return err
	}
	lists := map[Term][]posting{}
	for _, s := range statements {
		for _, t := range s.terms {
			lists[t] = append(lists[t], s.posting())
		}
	}
	var items []kv.Item
	for t, postings := range lists {
		for part, row := range rows(postings) {
			items = append(items, item(rowKey(generation, t, row.last, part), row.packed))
		}
	}
	if err := x.insert(ctx, items); err != nil {
		return err
	}
	return x.link(ctx, generation, statements, func(defs []definition) error {
		return x.define(ctx, generation, defs, r.To)
	})
}

// applyLate lists statements that are out of turn in the second list of each term: the first is written once, in order.
func (x *Index) applyLate(ctx context.Context, generation byte, records []ledger.Record) error {
	statements, err := x.readAll(records)
	if err != nil {
		return err
	}
	if err := x.void(ctx, statements); err != nil {
		return err
	}
	given := newGiven(generation)
	for _, s := range statements {
		given.add(s.terms, s.Place)
	}
	if err := x.insert(ctx, given.items); err != nil {
		return err
	}
	return x.link(ctx, generation, statements, func(defs []definition) error {
		return x.defineLate(ctx, generation, defs)
	})
}

// void marks what statements void.
func (x *Index) void(ctx context.Context, statements []*statement) error {
	var voidings []ledger.Voiding
	var by []ledger.EntryRef
	for _, s := range statements {
		if target, ok := s.parsed.Voids(); ok {
			voidings, by = append(voidings, ledger.Voiding{Target: target, By: s.Position}), append(by, s.EntryRef)
		}
	}
	return projection.Void(ctx, x.ledger, voidings, by)
}

// link does what a statement means for others: those it refers to, and the activities it defines.
func (x *Index) link(ctx context.Context, generation byte, statements []*statement, define func([]definition) error) error {
	if err := x.giveTerms(ctx, generation, statements); err != nil {
		return err
	}
	return define(definitions(statements))
}

func item(key kv.Key, value []byte) kv.Item {
	return kv.Item{Key: key, Value: value, Version: kv.NewVersion()}
}

// insert puts rows of which each key can hold but one value: one that stands already is as good as written.
func (x *Index) insert(ctx context.Context, items []kv.Item) error {
	if len(items) == 0 {
		return nil
	}
	for _, err := range x.store.InsertMany(ctx, items) {
		var stands *kv.Conflict
		if err != nil && !errors.As(err, &stands) {
			return fmt.Errorf("writing index rows: %w", err)
		}
	}
	return nil
}
