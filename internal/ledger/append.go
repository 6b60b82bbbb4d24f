package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/telemetry"
)

// Draft is a statement on its way into the log.
type Draft struct {
	ID     uuid.UUID
	Digest Digest
	Voids  uuid.UUID // the statement that it voids; uuid.Nil when its verb is another
	// Render appends the statement as it will be kept, once its stored time is known.
	Render func(dst []byte, stored Instant) []byte
	Size   int // bytes that Render appends, about
}

var errFenced = errors.New("ledger: fenced")

// Append stores the statements of one request as an entry, in the order sent, their ids distinct: all that are not stored yet
// become visible at once, or none. Defines says that whoever sent them may define activities. It returns nil when each of them
// is stored, now or before; *ErrConflict, ErrTooLarge or ErrBusy otherwise, or a fault of the storage. After a fault the entry
// may be stored; to append it again is always safe and ends with each statement stored once.
func (l *Ledger) Append(ctx context.Context, drafts []Draft, defines bool) error {
	if len(drafts) == 0 || len(drafts) > MaxEntry {
		return fmt.Errorf("%w: an entry holds 1 to %d statements", ErrTooLarge, MaxEntry)
	}
	for range 1 + restarts {
		places, err := l.attempt(ctx, drafts, defines)
		if errors.Is(err, errFenced) {
			telemetry.Add(ctx, telemetry.Restarts, 1)
			continue
		}
		if err != nil {
			return err
		}
		return l.voidTargets(ctx, drafts, places)
	}
	return ErrBusy
}

// attempt tries to store the entry at a new position, within the time that a writer has.
func (l *Ledger) attempt(ctx context.Context, drafts []Draft, defines bool) ([]Place, error) {
	shards, err := l.currentShards(ctx)
	if err != nil {
		return nil, err
	}
	position := l.clock.take(len(drafts))
	defer l.clock.release(position)
	timed, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()

	a := &attempt{Ledger: l, drafts: drafts, ref: EntryRef{Position: position}}
	a.ref.Shard = uint8(rand.IntN(int(shards.writers(position.Instant()))))
	a.head = head{count: len(drafts), defines: defines}
	err = a.run(timed)
	if err != nil && timed.Err() != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: %w", ErrBusy, err)
	}
	if err == nil {
		out := a.head.out.count()
		telemetry.Add(ctx, telemetry.Duplicates, out)
		telemetry.Add(ctx, telemetry.StatementsStored, len(drafts)-out)
	}
	return a.places, err
}

type attempt struct {
	*Ledger
	ref    EntryRef
	drafts []Draft
	head   head
	parts  [][]byte
	places []Place // where each statement stands, here or elsewhere
}

func (a *attempt) run(ctx context.Context) error {
	if err := a.render(); err != nil {
		return err
	}
	partsOut := make(chan error, 1)
	go func() { partsOut <- a.putParts(ctx) }()
	err := a.claimAll(ctx)
	if partsErr := <-partsOut; err == nil {
		err = partsErr
	}
	if err != nil {
		return err
	}
	if a.head.out.count() == len(a.drafts) {
		return nil
	}
	return a.commit(ctx)
}

// render fixes every statement's stored time and text, and packs them.
func (a *attempt) render() (err error) {
	texts := make([][]byte, len(a.drafts))
	size := 0
	for _, d := range a.drafts {
		size += d.Size
	}
	all := make([]byte, 0, size)
	for i, d := range a.drafts {
		start := len(all)
		all = d.Render(all, a.ref.Position.Instant()+Instant(i))
		texts[i] = all[start:len(all):len(all)]
	}
	a.parts, a.head.firsts, err = a.codec.pack(texts)
	if err != nil {
		return err
	}
	a.places = make([]Place, len(a.drafts))
	for i := range a.places {
		a.places[i] = Place{EntryRef: a.ref, Part: a.head.partOf(uint16(i)), Ordinal: uint16(i)}
	}
	return nil
}

// putParts writes the parts when there are several; a single one goes into the head. Without a head they are nobody's.
func (a *attempt) putParts(ctx context.Context) error {
	if len(a.parts) == 1 {
		a.head.body = a.parts[0]
		return nil
	}
	items := make([]kv.Item, len(a.parts))
	for i, part := range a.parts {
		items[i] = kv.Item{Key: partKey(a.ref, uint16(i+1)), Value: part, Version: kv.NewVersion()}
	}
	for _, err := range a.store.InsertMany(ctx, items) {
		var stands *kv.Conflict // only this attempt knows the position, so what stands there is the part itself
		if err != nil && !errors.As(err, &stands) {
			return fmt.Errorf("writing a part: %w", err)
		}
	}
	return nil
}

// commit puts the head where nothing stands yet. When something does, it is our own, from a try that took effect and said
// otherwise, or a fence.
func (a *attempt) commit(ctx context.Context) error {
	item := kv.Item{Key: headKey(a.ref), Value: a.head.encode(), Version: kv.NewVersion()}
	stands, err := a.putHead(ctx, item)
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	if stands != nil && stands.fence {
		return errFenced
	}
	return nil
}

// putHead puts a head where none stands, and returns the one that does, nil when the put took place.
func (l *Ledger) putHead(ctx context.Context, item kv.Item) (*head, error) {
	err := l.store.Put(ctx, item, kv.Absent)
	var conflict *kv.Conflict
	if !errors.As(err, &conflict) {
		return nil, err
	}
	current := conflict.Current
	if current == nil {
		got, err := l.store.Get(ctx, item.Key, kv.Strong)
		if err != nil {
			return nil, err
		}
		current = &got
	}
	return decodeHead(current.Value)
}
