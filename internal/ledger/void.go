package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"cairn/internal/kv"
)

// voidTargets marks what the voiding statements of an entry void, whether they were stored now or before: a writer that died
// between its commit and its marks is healed by whoever sends the entry again, and in any case by the index.
func (l *Ledger) voidTargets(ctx context.Context, drafts []Draft, places []Place) error {
	for i, d := range drafts {
		if d.Voids == uuid.Nil {
			continue
		}
		if err := l.Void(ctx, d.Voids, places[i].Position); err != nil {
			return err
		}
	}
	return nil
}

// Void marks a statement as voided by the entry at a position (xAPI 1.0.3 Data 2.3.2). A target that is not there yet is born
// voided; one that is itself a voiding statement keeps the mark and is not bound by it. Voiding again changes nothing.
func (l *Ledger) Void(ctx context.Context, target uuid.UUID, by Position) error {
	c, err := l.mark(ctx, target, by)
	if err != nil {
		return fmt.Errorf("marking: %w", err)
	}
	if !c.placed() || c.voiding {
		return nil
	}
	heads, err := l.heads(ctx, map[EntryRef]bool{c.place.EntryRef: true})
	if err != nil {
		return err
	}
	h := heads[c.place.EntryRef]
	if h == nil {
		if h, err = l.fence(ctx, c.place.EntryRef); err != nil {
			return err
		}
	}
	if h.fence { // its writer comes again, and sees the mark
		return nil
	}
	return l.setVoided(ctx, c.place)
}

// mark writes the mark on the target's claim, or a claim that holds the mark alone; the earliest mark stays. It returns the claim.
func (l *Ledger) mark(ctx context.Context, target uuid.UUID, by Position) (*claim, error) {
	key := claimKey(target)
	current, err := l.item(ctx, key)
	for {
		if err != nil {
			return nil, err
		}
		c, cond := &claim{}, kv.Absent
		if current != nil {
			if c, err = decodeClaim(current.Value, current.Version); err != nil {
				return nil, err
			}
			cond = kv.IfVersion(c.version)
		}
		if c.marked() && string(c.mark[:]) <= string(by[:]) {
			return c, nil
		}
		c.mark = by
		current, err = l.replace(ctx, kv.Item{Key: key, Value: c.encode(), Version: kv.NewVersion()}, cond)
		if current == nil && err == nil {
			return c, nil
		}
	}
}

// setVoided sets the statement's bit in its head, so that readers see it with no further read.
func (l *Ledger) setVoided(ctx context.Context, place Place) error {
	key := headKey(place.EntryRef)
	current, err := l.item(ctx, key)
	for err == nil && current != nil {
		var h *head
		if h, err = decodeHead(current.Value); err != nil {
			break
		}
		if h.voided.has(place.Ordinal) {
			return nil
		}
		h.voided = h.voided.with(place.Ordinal, h.count)
		current, err = l.replace(ctx, kv.Item{Key: key, Value: h.encode(), Version: kv.NewVersion()}, kv.IfVersion(current.Version))
	}
	if err != nil {
		return fmt.Errorf("voiding: %w", err)
	}
	return nil
}

// item reads what stands under a key; nil for nothing.
func (l *Ledger) item(ctx context.Context, key kv.Key) (*kv.Item, error) {
	item, err := l.store.Get(ctx, key, kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &item, nil
}

// replace writes an item on a condition; when it is not met, it returns what stands there instead.
func (l *Ledger) replace(ctx context.Context, item kv.Item, cond kv.Condition) (*kv.Item, error) {
	err := l.store.Put(ctx, item, cond)
	var changed *kv.Conflict
	if !errors.As(err, &changed) {
		return nil, err
	}
	if changed.Current != nil {
		return changed.Current, nil
	}
	current, err := l.item(ctx, item.Key)
	if current == nil && err == nil {
		err = errors.New("ledger: a row that is never deleted is gone")
	}
	return current, err
}
