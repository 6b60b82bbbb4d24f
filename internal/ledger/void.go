package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"cairn/internal/kv"
)

// Voiding is a statement that is voided, and the position of the entry that voids it.
type Voiding struct {
	Target uuid.UUID
	By     Position
}

// voidsAtOnce bounds how many statements are voided at a time.
const voidsAtOnce = 16

// voidTargets marks what the voiding statements of an entry void, whether they were stored now or before: a writer that died
// between its commit and its marks is healed by whoever sends the entry again, and in any case by the index.
func (l *Ledger) voidTargets(ctx context.Context, drafts []Draft, places []Place) error {
	var voidings []Voiding
	for i, d := range drafts {
		if d.Voids != uuid.Nil {
			voidings = append(voidings, Voiding{d.Voids, places[i].Position})
		}
	}
	return l.Void(ctx, voidings...)
}

// Void marks statements as voided (xAPI 1.0.3 Data 2.3.2). A target that is not there yet is born voided; one that is itself a voiding
// statement keeps the mark and is not bound by it. Voiding again changes nothing.
func (l *Ledger) Void(ctx context.Context, voidings ...Voiding) error {
	claims := make([]*claim, len(voidings))
	marking, at := errgroup.WithContext(ctx)
	marking.SetLimit(voidsAtOnce)
	for i, v := range voidings {
		marking.Go(func() (err error) {
			claims[i], err = l.mark(at, v.Target, v.By)
			return err
		})
	}
	if err := marking.Wait(); err != nil {
		return fmt.Errorf("marking: %w", err)
	}
	targets, refs := map[EntryRef][]uint16{}, map[EntryRef]bool{}
	for _, c := range claims {
		if c.placed() && !c.voiding {
			targets[c.place.EntryRef] = append(targets[c.place.EntryRef], c.place.Ordinal)
			refs[c.place.EntryRef] = true
		}
	}
	heads, err := l.heads(ctx, refs)
	if err != nil {
		return err
	}
	setting, at := errgroup.WithContext(ctx)
	setting.SetLimit(voidsAtOnce)
	for ref, ordinals := range targets {
		setting.Go(func() error { return l.voidIn(at, ref, heads[ref], ordinals) })
	}
	return setting.Wait()
}

// voidIn voids statements of one entry, of which the head has been read; nil for none.
func (l *Ledger) voidIn(ctx context.Context, ref EntryRef, h *head, ordinals []uint16) (err error) {
	if h == nil {
		if h, err = l.fence(ctx, ref); err != nil {
			return err
		}
	}
	if h.fence { // its writer comes again, and sees the marks
		return nil
	}
	return l.setVoided(ctx, ref, ordinals)
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

// setVoided sets the statements' bits in their head, so that readers see them with no further read.
func (l *Ledger) setVoided(ctx context.Context, ref EntryRef, ordinals []uint16) error {
	key := headKey(ref)
	current, err := l.item(ctx, key)
	for err == nil && current != nil {
		var h *head
		if h, err = decodeHead(current.Value); err != nil {
			break
		}
		changed := false
		for _, n := range ordinals {
			if !h.voided.has(n) {
				h.voided, changed = h.voided.with(n, h.count), true
			}
		}
		if !changed {
			return nil
		}
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
