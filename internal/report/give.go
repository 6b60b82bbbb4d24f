package report

import (
	"context"
	"encoding/binary"
	"errors"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// give takes numbers from the counter, and writes each beside its name. Whoever is first with a name decides its number.
func (n *names) give(ctx context.Context, generation byte, kind nameKind, list []name, out map[name]fold.Number) error {
	next, err := n.take(ctx, generation, kind, len(list))
	if err != nil {
		return err
	}
	var rows, lookups []kv.Item
	var given []name
	for _, x := range list {
		number := next
		if most, limited := mostNames[kind]; limited && int(next) >= most {
			number = fold.Other // which is written down too: another worker may have the last number, and both must call the name the same
		} else {
			next++
			if kind != learnerName { // first, so that no number stands for a name that cannot be told
				rows = append(rows, itemOf(nameKey(generation, kind, number), []byte(x.value)))
			}
		}
		lookups = append(lookups, n.lookupItem(generation, x, number))
		given, out[x] = append(given, x), number
	}
	for _, err := range n.insert(ctx, rows) {
		if err != nil && !stands(err) {
			return err
		}
	}
	return n.assign(ctx, lookups, given, out)
}

// assign writes the lookup rows of names. Where another worker was first, what it wrote holds.
func (n *names) assign(ctx context.Context, lookups []kv.Item, given []name, out map[name]fold.Number) error {
	for i, err := range n.insert(ctx, lookups) {
		switch {
		case err == nil:
		case !stands(err):
			return err
		default:
			item, err := n.store.Get(ctx, lookups[i].Key, kv.Strong)
			if err != nil {
				return err
			}
			number, _, err := readUvarint(item.Value)
			if err != nil {
				return err
			}
			out[given[i]] = fold.Number(number)
		}
	}
	return nil
}

func (n *names) lookupItem(generation byte, x name, number fold.Number) kv.Item {
	return itemOf(lookupKey(generation, x.kind, n.term(x)), binary.AppendUvarint(nil, uint64(number)))
}

func (n *names) insert(ctx context.Context, items []kv.Item) []error {
	if len(items) == 0 {
		return nil
	}
	return n.store.InsertMany(ctx, items)
}

func stands(err error) bool {
	var conflict *kv.Conflict
	return errors.As(err, &conflict)
}

// take takes some numbers from the counter of a kind, and returns the first.
func (n *names) take(ctx context.Context, generation byte, kind nameKind, count int) (fold.Number, error) {
	if kind != learnerName {
		return n.takeNew(ctx, generation, kind, count)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.memory(generation)
	if int(n.taken.end-n.taken.next) < count {
		most := max(count, min(n.taken.given, mostAhead))
		next, err := n.takeNew(ctx, generation, kind, most)
		if err != nil {
			return 0, err
		}
		if next != n.taken.end { // else what is left of the lease goes on
			n.taken.next = next
		}
		n.taken.end = next + fold.Number(most)
	}
	n.taken.next += fold.Number(count)
	n.taken.given += count
	return n.taken.next - fold.Number(count), nil
}

func (n *names) takeNew(ctx context.Context, generation byte, kind nameKind, count int) (fold.Number, error) {
	key := nameKey(generation, kind, fold.None)
	for {
		next, cond := uint64(fold.First), kv.Absent
		item, err := n.store.Get(ctx, key, kv.Strong)
		if err == nil {
			cond = kv.IfVersion(item.Version)
			next, _, err = readUvarint(item.Value)
		}
		if err != nil && !errors.Is(err, kv.ErrAbsent) {
			return 0, err
		}
		if most, limited := mostNames[kind]; limited && int(next) >= most {
			return fold.Number(next), nil
		}
		err = n.store.Put(ctx, itemOf(key, binary.AppendUvarint(nil, next+uint64(count))), cond)
		var changed *kv.Conflict
		if !errors.As(err, &changed) {
			return fold.Number(next), err
		}
	}
}
