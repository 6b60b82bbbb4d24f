package index

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// noteReferrers writes, for each id that is referred to, that it is, and by whom.
func (x *Index) noteReferrers(ctx context.Context, generation byte, statements []*statement) error {
	var items []kv.Item
	noted := map[uuid.UUID]bool{}
	for _, s := range statements {
		if s.refers == uuid.Nil {
			continue
		}
		id := x.term(refKind, s.refers[:])
		if !noted[s.refers] {
			noted[s.refers] = true
			items = append(items, item(referredKey(generation, id), []byte{1}))
		}
		items = append(items, item(referrerKey(generation, id, s.Place), s.id[:]))
	}
	return x.insert(ctx, items)
}

// referred says which of the statements are known to be referred to.
func (x *Index) referred(ctx context.Context, generation byte, statements []*statement) (map[uuid.UUID]bool, error) {
	asked := make([]uuid.UUID, len(statements))
	for i, s := range statements {
		asked[i] = s.id
	}
	return x.referredTo(ctx, generation, asked)
}

func (x *Index) referredTo(ctx context.Context, generation byte, asked []uuid.UUID) (map[uuid.UUID]bool, error) {
	keys := make([]kv.Key, 0, len(asked))
	ids := map[string]uuid.UUID{}
	for _, id := range asked {
		key := referredKey(generation, x.term(refKind, id[:]))
		if _, ok := ids[string(key.Partition)]; !ok {
			ids[string(key.Partition)] = id
			keys = append(keys, key)
		}
	}
	out := map[uuid.UUID]bool{}
	if len(keys) == 0 {
		return out, nil
	}
	items, err := x.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return nil, fmt.Errorf("reading who is referred to: %w", err)
	}
	for _, item := range items {
		out[ids[string(item.Partition)]] = true
	}
	return out, nil
}

// referrer is a statement that refers to another, as the index noted it.
type referrer struct {
	ledger.Place
	id uuid.UUID
}

// eachReferrer calls yield for every statement that refers to id, directly or through others; a cycle is cut.
func (x *Index) eachReferrer(ctx context.Context, generation byte, id uuid.UUID, yield func(referrer)) error {
	seen := map[uuid.UUID]bool{id: true}
	for level := []uuid.UUID{id}; len(level) > 0; {
		var next []uuid.UUID
		referred, err := x.referredTo(ctx, generation, level)
		if err != nil {
			return err
		}
		for _, id := range level {
			if !referred[id] {
				continue
			}
			found, err := x.referrersOf(ctx, generation, id)
			if err != nil {
				return err
			}
			for _, r := range found {
				if !seen[r.id] {
					seen[r.id] = true
					yield(r)
					next = append(next, r.id)
				}
			}
		}
		level = next
	}
	return nil
}

func (x *Index) referrersOf(ctx context.Context, generation byte, id uuid.UUID) (out []referrer, err error) {
	key := referrerKey(generation, x.term(refKind, id[:]), ledger.Place{})
	span := &kv.Span{Table: key.Table, Partition: key.Partition, From: []byte{1}, Strength: kv.Strong}
	for span != nil {
		page, err := x.store.Query(ctx, *span)
		if err != nil {
			return nil, fmt.Errorf("reading who refers: %w", err)
		}
		for _, item := range page.Items {
			place, ok := placeOf(item.Sort[1:])
			if !ok || len(item.Value) != 16 {
				return nil, errRow
			}
			out = append(out, referrer{Place: place, id: uuid.UUID(item.Value)})
		}
		span = page.Next
	}
	return out, nil
}
