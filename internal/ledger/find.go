package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"cairn/internal/kv"
)

// Find returns the statement with an id, voided or not, strongly consistent: its claim, then head and part in one call. A
// claim whose position holds no head is not yet a statement: ErrAbsent.
func (l *Ledger) Find(ctx context.Context, id uuid.UUID) (Record, error) {
	found, err := l.FindMany(ctx, []uuid.UUID{id})
	if err != nil {
		return Record{}, err
	}
	record, ok := found[id]
	if !ok {
		return Record{}, ErrAbsent
	}
	return record, nil
}

// FindMany returns the statements that are stored under ids.
func (l *Ledger) FindMany(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Record, error) {
	keys := make([]kv.Key, len(ids))
	for i, id := range ids {
		keys[i] = claimKey(id)
	}
	claims, err := l.items(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("reading claims: %w", err)
	}
	byPlace := map[Place]uuid.UUID{}
	places := make([]Place, 0, len(ids))
	for _, item := range claims {
		c, err := decodeClaim(item.Value, item.Version)
		if err != nil {
			return nil, err
		}
		if c.placed() {
			byPlace[c.place] = uuid.UUID(item.Partition)
			places = append(places, c.place)
		}
	}
	records, err := l.Fetch(ctx, places)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]Record, len(records))
	for place, record := range records {
		out[byPlace[place]] = record
	}
	return out, nil
}

// items reads one item with a get, several with one call.
func (l *Ledger) items(ctx context.Context, keys []kv.Key) ([]kv.Item, error) {
	if len(keys) != 1 {
		return l.store.GetMany(ctx, keys, kv.Strong)
	}
	item, err := l.store.Get(ctx, keys[0], kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return nil, nil
	}
	return []kv.Item{item}, err
}

// Fetch returns the statements that stand at places, strongly consistent, in one round trip. Places without a commit, left
// out or erased are not among them.
func (l *Ledger) Fetch(ctx context.Context, places []Place) (map[Place]Record, error) {
	heads, parts := map[EntryRef]*head{}, map[partRef][]byte{}
	if err := l.fetch(ctx, l.fetchKeys(places), heads, parts); err != nil {
		return nil, err
	}
	// What is read together is no snapshot: a part may have been put after we looked for it, but before the head that we saw.
	if err := l.fetch(ctx, missing(places, heads, parts), heads, parts); err != nil {
		return nil, err
	}
	return l.pick(places, heads, parts)
}

// fetch reads heads and parts into maps.
func (l *Ledger) fetch(ctx context.Context, keys []kv.Key, heads map[EntryRef]*head, parts map[partRef][]byte) error {
	if len(keys) == 0 {
		return nil
	}
	items, err := l.items(ctx, keys)
	if err != nil {
		return fmt.Errorf("reading statements: %w", err)
	}
	for _, item := range items {
		ref, _ := entryOf(item.Key)
		if part := partNumber(item.Key); part > 0 {
			parts[partRef{ref, part}] = item.Value
		} else if heads[ref], err = decodeHead(item.Value); err != nil {
			return err
		}
	}
	return nil
}

// missing names, each once, the parts of committed entries that were not found.
func missing(places []Place, heads map[EntryRef]*head, parts map[partRef][]byte) (keys []kv.Key) {
	seen := map[partRef]bool{}
	for _, p := range places {
		ref, h := partRef{p.EntryRef, p.Part}, heads[p.EntryRef]
		if p.Part > 0 && h != nil && !h.fence && parts[ref] == nil && !seen[ref] {
			seen[ref] = true
			keys = append(keys, partKey(p.EntryRef, p.Part))
		}
	}
	return keys
}

type partRef struct {
	EntryRef
	part uint16
}

// fetchKeys names the heads and parts that hold places, each once.
func (l *Ledger) fetchKeys(places []Place) []kv.Key {
	seen := map[partRef]bool{}
	var keys []kv.Key
	add := func(ref partRef, key kv.Key) {
		if !seen[ref] {
			seen[ref] = true
			keys = append(keys, key)
		}
	}
	for _, p := range places {
		add(partRef{p.EntryRef, 0}, headKey(p.EntryRef))
		if p.Part > 0 {
			add(partRef{p.EntryRef, p.Part}, partKey(p.EntryRef, p.Part))
		}
	}
	return keys
}

// pick unpacks each part once and takes the statements at places out of it.
func (l *Ledger) pick(places []Place, heads map[EntryRef]*head, parts map[partRef][]byte) (map[Place]Record, error) {
	unpacked := map[partRef][][]byte{}
	out := make(map[Place]Record, len(places))
	for _, p := range places {
		h := heads[p.EntryRef]
		if h == nil || h.fence || h.out.has(p.Ordinal) || h.erased.has(p.Ordinal) {
			continue
		}
		ref, packed, first := partRef{p.EntryRef, p.Part}, h.body, uint16(0)
		if p.Part > 0 {
			packed = parts[ref]
		}
		if int(p.Part) > len(h.firsts) || h.partOf(p.Ordinal) != p.Part {
			return nil, errPart
		}
		if p.Part > 0 {
			first = h.firsts[p.Part-1]
		}
		texts, ok := unpacked[ref]
		if !ok {
			var err error
			if texts, err = l.codec.unpack(packed); err != nil {
				return nil, err
			}
			unpacked[ref] = texts
		}
		if int(p.Ordinal-first) >= len(texts) {
			return nil, errPart
		}
		entry := Entry{EntryRef: p.EntryRef, head: h}
		out[p] = entry.record(p.Ordinal, texts[p.Ordinal-first])
	}
	return out, nil
}
