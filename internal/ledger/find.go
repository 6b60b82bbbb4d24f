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
