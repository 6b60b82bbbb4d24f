package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"cairn/internal/kv"
)

// Find returns the statement with an id, voided or not, strongly consistent: its claim, then head and part in one call. A
// claim whose position holds no head is not yet a statement: ErrAbsent.
func (l *Ledger) Find(ctx context.Context, id uuid.UUID) (Record, error) {
	claims, err := l.Claims(ctx, []uuid.UUID{id})
	place := claims[id].Place
	if err = cmp.Or(err, claims[id].Err); err != nil || place.Position.Zero() {
		return Record{}, cmp.Or(err, ErrAbsent)
	}
	found, damaged, err := l.fetch(ctx, []Place{place})
	if err = cmp.Or(err, damaged[place.EntryRef]); err != nil {
		return Record{}, err
	}
	record, ok := found[place]
	if !ok {
		return Record{}, ErrAbsent
	}
	return record, nil
}

// FindMany returns the statements that are stored under ids.
func (l *Ledger) FindMany(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Record, error) {
	claims, err := l.Claims(ctx, ids)
	if err != nil {
		return nil, err
	}
	places := make([]Place, 0, len(claims))
	for _, c := range claims {
		if !c.Position.Zero() {
			places = append(places, c.Place)
		}
	}
	records, err := l.Fetch(ctx, places)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]Record, len(records))
	for id, c := range claims {
		if r, ok := records[c.Place]; ok {
			out[id] = r
		}
	}
	return out, nil
}

// Claim is what stands under a statement's id.
type Claim struct {
	Place         // zero when it holds a void mark alone
	Digest Digest // of the statement as it was sent
	Voids  bool   // the statement voids another
	Marked bool   // another statement voids it
	Err    error  // why it cannot be read; nothing else is known of it then
}

// Claims returns the claims on ids, strongly consistent; ids that nobody claimed are left out. A claim at whose place no head stands
// is not a statement.
func (l *Ledger) Claims(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Claim, error) {
	keys := make([]kv.Key, len(ids))
	for i, id := range ids {
		keys[i] = claimKey(id)
	}
	items, err := l.items(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("reading claims: %w", err)
	}
	out := make(map[uuid.UUID]Claim, len(items))
	for _, item := range items {
		claim, id := Claim{}, uuid.UUID(item.Partition)
		if c, err := decodeClaim(item.Value, item.Version); err != nil {
			claim.Err = err
		} else {
			claim = Claim{Place: c.place, Digest: c.digest, Voids: c.voiding, Marked: c.marked()}
		}
		out[id] = claim
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
