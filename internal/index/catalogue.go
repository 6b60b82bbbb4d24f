package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// definition is what one statement says of an activity.
type definition struct {
	id   string
	text []byte
}

// definitions lists what statements say of activities, in their order; those whose sender may not define say nothing.
func definitions(statements []*statement) (out []definition) {
	for _, s := range statements {
		if !s.Defines {
			continue
		}
		for id, text := range s.parsed.Activities {
			if text != nil {
				out = append(out, definition{id, text})
			}
		}
	}
	return out
}

// define merges what a range says of activities into the catalogue. Rows that would not change are not written.
func (x *Index) define(ctx context.Context, generation byte, defs []definition, through ledger.Instant) error {
	return x.merge(ctx, generation, defs, func(k *known, said [][]byte) bool {
		if k.Through >= through {
			return false
		}
		before := k.Definition
		for _, text := range said {
			k.Definition = xapi.MergeDefinition(k.Definition, text)
		}
		k.Through = through
		return !bytes.Equal(before, k.Definition)
	})
}

// defineLate merges what came out of turn below what is known: it is older.
func (x *Index) defineLate(ctx context.Context, generation byte, defs []definition) error {
	return x.merge(ctx, generation, defs, func(k *known, said [][]byte) bool {
		before, merged := k.Definition, []byte(nil)
		for _, text := range said {
			merged = xapi.MergeDefinition(merged, text)
		}
		if before != nil {
			merged = xapi.MergeDefinition(merged, before)
		}
		k.Definition = merged
		return !bytes.Equal(before, merged)
	})
}

func (x *Index) merge(ctx context.Context, generation byte, defs []definition, change func(*known, [][]byte) bool) error {
	said := map[string][][]byte{}
	var ids []string
	for _, d := range defs {
		if said[d.id] == nil {
			ids = append(ids, d.id)
		}
		said[d.id] = append(said[d.id], d.text)
	}
	for len(ids) > 0 {
		rows, err := x.activities(ctx, generation, ids)
		if err != nil {
			return err
		}
		var again []string
		for _, id := range ids {
			k := rows[id]
			if k == nil {
				k = &known{ID: id}
			}
			if !change(k, said[id]) {
				continue
			}
			if err := x.putActivity(ctx, generation, k); errors.Is(err, errChanged) {
				again = append(again, id)
			} else if err != nil {
				return err
			}
		}
		ids = again
	}
	return nil
}

var errChanged = errors.New("index: activity changed since it was read")

func (x *Index) putActivity(ctx context.Context, generation byte, k *known) error {
	row := item(activityKey(generation, x.Term(xapi.Activity, k.ID)), k.encode())
	if row.Check() != nil {
		slog.WarnContext(ctx, "a definition is too large for the activity catalogue, which keeps what it knew")
		return nil
	}
	cond := kv.Absent
	if k.version != 0 {
		cond = kv.IfVersion(k.version)
	}
	err := x.store.Put(ctx, row, cond)
	var changed *kv.Conflict
	if errors.As(err, &changed) {
		return errChanged
	}
	if err != nil {
		return fmt.Errorf("writing the activity catalogue: %w", err)
	}
	return nil
}

// activities reads the catalogue's rows for ids, strongly consistent.
func (x *Index) activities(ctx context.Context, generation byte, ids []string) (map[string]*known, error) {
	keys := make([]kv.Key, len(ids))
	for i, id := range ids {
		keys[i] = activityKey(generation, x.Term(xapi.Activity, id))
	}
	items, err := x.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return nil, fmt.Errorf("reading the activity catalogue: %w", err)
	}
	out := make(map[string]*known, len(items))
	for _, item := range items {
		k, err := decodeKnown(item)
		if err != nil {
			return nil, fmt.Errorf("the activity catalogue: %w", err)
		}
		out[k.ID] = k
	}
	return out, nil
}

// Definitions returns what is known of activities now, the tail of the log included; nil for those of which nothing is.
func (x *Index) Definitions(ctx context.Context, ids []string) (map[string][]byte, error) {
	cp, err := x.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := x.activities(ctx, cp.Generation, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]byte, len(ids))
	for id, k := range rows {
		out[id] = k.Definition
	}
	tail, err := x.tail(ctx, cp)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	late := slices.IndexFunc(tail, func(s *statement) bool { return s.Stored() >= cp.Through })
	if late < 0 {
		late = len(tail)
	}
	below := map[string][]byte{} // what came out of turn is older than what the rows say
	for _, d := range definitions(tail[:late]) {
		if wanted[d.id] {
			below[d.id] = xapi.MergeDefinition(below[d.id], d.text)
		}
	}
	for id, text := range below {
		out[id] = xapi.MergeDefinition(text, out[id])
	}
	for _, d := range definitions(tail[late:]) {
		if wanted[d.id] {
			out[d.id] = xapi.MergeDefinition(out[d.id], d.text)
		}
	}
	return out, nil
}
