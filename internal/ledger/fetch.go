package ledger

import (
	"context"
	"fmt"

	"cairn/internal/kv"
)

// Fetch returns the statements that stand at places, strongly consistent, in one round trip. Places without a commit, left
// out, erased, or in an entry that cannot be read are not among them.
func (l *Ledger) Fetch(ctx context.Context, places []Place) (map[Place]Record, error) {
	found, damaged, err := l.fetch(ctx, places)
	for ref, reason := range damaged {
		logDamaged(ctx, ref, reason)
	}
	return found, err
}

// fetch tells which entries cannot be read, and why.
func (l *Ledger) fetch(ctx context.Context, places []Place) (map[Place]Record, map[EntryRef]error, error) {
	f := fetched{Ledger: l, heads: map[EntryRef]*head{}, parts: map[partRef][]byte{}, texts: map[partRef][][]byte{}, damaged: map[EntryRef]error{}}
	if err := f.read(ctx, l.fetchKeys(places)); err != nil {
		return nil, nil, err
	}
	// What is read together is no snapshot: a part may have been put after we looked for it, but before the head that we saw.
	if err := f.read(ctx, f.missing(places)); err != nil {
		return nil, nil, err
	}
	out := make(map[Place]Record, len(places))
	for _, p := range places {
		if r, ok := f.pick(p); ok {
			out[p] = r
		}
	}
	return out, f.damaged, nil
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

// fetched is the items of entries, as far as they were asked for.
type fetched struct {
	*Ledger
	heads   map[EntryRef]*head
	parts   map[partRef][]byte
	texts   map[partRef][][]byte // unpacked so far
	damaged map[EntryRef]error
}

// read reads heads and parts.
func (f *fetched) read(ctx context.Context, keys []kv.Key) error {
	if len(keys) == 0 {
		return nil
	}
	items, err := f.items(ctx, keys)
	if err != nil {
		return fmt.Errorf("reading statements: %w", err)
	}
	for _, item := range items {
		ref, _ := entryOf(item.Key)
		if part := partNumber(item.Key); part > 0 {
			f.parts[partRef{ref, part}] = item.Value
		} else if f.heads[ref], err = decodeHead(item.Value); err != nil {
			f.damaged[ref] = err
		}
	}
	return nil
}

// missing names, each once, the parts of committed entries that were not found.
func (f *fetched) missing(places []Place) (keys []kv.Key) {
	seen := map[partRef]bool{}
	for _, p := range places {
		ref, h := partRef{p.EntryRef, p.Part}, f.heads[p.EntryRef]
		if p.Part > 0 && h != nil && !h.fence && f.parts[ref] == nil && !seen[ref] {
			seen[ref] = true
			keys = append(keys, partKey(p.EntryRef, p.Part))
		}
	}
	return keys
}

// pick takes the statement at a place out of its part.
func (f *fetched) pick(p Place) (Record, bool) {
	h := f.heads[p.EntryRef]
	if h == nil || f.damaged[p.EntryRef] != nil || h.fence || h.out.has(p.Ordinal) || h.erased.has(p.Ordinal) {
		return Record{}, false
	}
	texts, first, err := f.part(h, partRef{p.EntryRef, p.Part})
	if err == nil && (h.partOf(p.Ordinal) != p.Part || int(p.Ordinal-first) >= len(texts)) {
		err = errPart
	}
	if err != nil {
		f.damaged[p.EntryRef] = err
		return Record{}, false
	}
	entry := Entry{EntryRef: p.EntryRef, head: h}
	return entry.record(p.Ordinal, texts[p.Ordinal-first]), true
}

// part unpacks a part, once, and returns it with the ordinal of its first statement.
func (f *fetched) part(h *head, ref partRef) (texts [][]byte, first uint16, err error) {
	packed := h.body
	if ref.part > 0 {
		if int(ref.part) > len(h.firsts) {
			return nil, 0, errPart
		}
		packed, first = f.parts[ref], h.firsts[ref.part-1]
	}
	if texts, ok := f.texts[ref]; ok {
		return texts, first, nil
	}
	texts, err = f.codec.unpack(packed)
	f.texts[ref] = texts
	return texts, first, err
}
