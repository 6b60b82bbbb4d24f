package ledger

import (
	"context"
	"fmt"
	"slices"

	"cairn/internal/kv"
)

// Record is a statement as the log holds it.
type Record struct {
	Place
	Text    []byte // the statement as it is returned: compact JSON, every default filled in
	Voided  bool
	Defines bool // its activity definitions count
}

// Entry is a committed entry as read from the log.
type Entry struct {
	EntryRef
	Size int   // bytes of its items
	Err  error // why it cannot be read; it stands there, and nothing is known of it
	head *head
	// parts by number, from 1; nil when the body stands in the head
	parts [][]byte
}

// Records unpacks the entry's statements that are stored here: what was left out or erased is not among them.
func (l *Ledger) Records(e *Entry) ([]Record, error) {
	records, err := l.all(e)
	return slices.DeleteFunc(records, func(r Record) bool { return e.head.out.has(r.Ordinal) }), err
}

// LeftOut unpacks the statements that the entry was sent with and that are stored elsewhere.
func (l *Ledger) LeftOut(e *Entry) ([]Record, error) {
	records, err := l.all(e)
	return slices.DeleteFunc(records, func(r Record) bool { return !e.head.out.has(r.Ordinal) }), err
}

func (l *Ledger) all(e *Entry) ([]Record, error) {
	if e.Err != nil {
		return nil, e.Err
	}
	bodies := e.parts
	if bodies == nil {
		bodies = [][]byte{e.head.body}
	}
	out := make([]Record, 0, e.head.count)
	for i, packed := range bodies {
		texts, err := l.codec.unpack(packed)
		if err != nil {
			return nil, err
		}
		for n, text := range texts {
			ordinal := e.head.firsts[i] + uint16(n)
			if !e.head.erased.has(ordinal) {
				out = append(out, e.record(ordinal, text))
			}
		}
	}
	return out, nil
}

func (e *Entry) record(ordinal uint16, text []byte) Record {
	place := Place{EntryRef: e.EntryRef, Part: e.head.partOf(ordinal), Ordinal: ordinal}
	return Record{Place: place, Text: text, Voided: e.head.voided.has(ordinal), Defines: e.head.defines}
}

// spans says whether a statement of the entry may have a stored time in from <= stored < to.
func (e *Entry) spans(from, to Instant) bool {
	first, count := e.Position.Instant(), EntrySpan
	if e.Err == nil {
		count = Instant(e.head.count)
	}
	return first < to && first+count > from
}

// Load reads entries, strongly consistent; those that hold no commit are left out.
func (l *Ledger) Load(ctx context.Context, refs []EntryRef) ([]*Entry, error) {
	wanted := map[EntryRef]bool{}
	for _, ref := range refs {
		wanted[ref] = true
	}
	items, err := l.headItems(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var out []*Entry
	for _, ref := range refs {
		item, ok := items[ref]
		if !ok || !wanted[ref] {
			continue
		}
		delete(wanted, ref)
		e := newEntry(ref, item.Value)
		if err := l.fill(ctx, e); err != nil {
			return nil, err
		}
		if e.Err != nil || !e.head.fence {
			out = append(out, e)
		}
	}
	return out, nil
}

// newEntry is the entry of a head, as yet without its parts.
func newEntry(ref EntryRef, value []byte) *Entry {
	e := &Entry{EntryRef: ref}
	e.head, e.Err = decodeHead(value)
	if e.Err == nil {
		e.Size = len(e.head.body)
	}
	return e
}

// fill reads the parts of an entry that has several and came without them.
func (l *Ledger) fill(ctx context.Context, e *Entry) error {
	if e.Err != nil || len(e.head.firsts) <= 1 || len(e.parts) > 0 {
		return nil
	}
	keys := make([]kv.Key, len(e.head.firsts))
	for i := range keys {
		keys[i] = partKey(e.EntryRef, uint16(i+1))
	}
	items, err := l.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return fmt.Errorf("reading parts: %w", err)
	}
	if len(items) != len(keys) {
		e.Err = errPart
		return nil
	}
	e.parts = make([][]byte, len(keys))
	for _, item := range items {
		e.parts[partNumber(item.Key)-1] = item.Value
		e.Size += len(item.Value)
	}
	return nil
}

// heads reads the heads that stand at positions, fences among them.
func (l *Ledger) heads(ctx context.Context, refs map[EntryRef]bool) (map[EntryRef]*head, error) {
	items, err := l.headItems(ctx, refs)
	if err != nil {
		return nil, err
	}
	out := make(map[EntryRef]*head, len(items))
	for ref, item := range items {
		if out[ref], err = decodeHead(item.Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (l *Ledger) headItems(ctx context.Context, refs map[EntryRef]bool) (map[EntryRef]kv.Item, error) {
	out := make(map[EntryRef]kv.Item, len(refs))
	if len(refs) == 0 {
		return out, nil
	}
	keys := make([]kv.Key, 0, len(refs))
	for ref := range refs {
		keys = append(keys, headKey(ref))
	}
	items, err := l.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return nil, fmt.Errorf("reading heads: %w", err)
	}
	for _, item := range items {
		ref, _ := entryOf(item.Key)
		out[ref] = item
	}
	return out, nil
}
