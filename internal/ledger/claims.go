package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"cairn/internal/kv"
)

// The younger of two writers gives the older this long to commit before it fences it, looking every now and then.
const (
	patience = 120 * time.Millisecond
	glance   = 15 * time.Millisecond
)

// claimAll claims the id of every draft. Where another claim stands, it is settled: the statement is left out, because it is
// stored already, or the claim is taken over, because its writer never committed and now never will.
func (a *attempt) claimAll(ctx context.Context) error {
	items := make([]kv.Item, len(a.drafts))
	for i := range a.drafts {
		items[i] = a.claimItem(i, Position{})
	}
	contested := map[int]*claim{}
	for i, err := range a.store.InsertMany(ctx, items) {
		var stands *kv.Conflict
		switch {
		case err == nil:
		case !errors.As(err, &stands):
			return fmt.Errorf("claiming: %w", err)
		case stands.Current == nil:
			contested[i] = nil
		default:
			if err := a.contest(contested, i, stands.Current); err != nil {
				return err
			}
		}
	}
	for len(contested) > 0 {
		if err := a.settle(ctx, contested); err != nil {
			return err
		}
	}
	return nil
}

func (a *attempt) claimItem(i int, mark Position) kv.Item {
	c := claim{place: a.places[i], digest: a.drafts[i].Digest, voiding: a.voiding(i), mark: mark}
	return kv.Item{Key: claimKey(a.drafts[i].ID), Value: c.encode(), Version: kv.NewVersion()}
}

// contest notes a claim that stands where ours should; one that is our own, from a try that said it had failed, is none.
func (a *attempt) contest(contested map[int]*claim, i int, item *kv.Item) error {
	c, err := decodeClaim(item.Value, item.Version)
	if err != nil {
		return err
	}
	if c.place == a.places[i] {
		a.take(contested, i, c.mark)
		return nil
	}
	contested[i] = c
	return nil
}

// take ends the contest for an id: the claim is ours, and so is the void mark that came before the statement.
func (a *attempt) take(contested map[int]*claim, i int, mark Position) {
	if !mark.Zero() && !a.voiding(i) {
		a.head.voided = a.head.voided.with(uint16(i), a.head.count)
	}
	delete(contested, i)
}

func (a *attempt) voiding(i int) bool { return a.drafts[i].Voids != [16]byte{} }

// settle goes once over the contested ids: reads the claims it does not have, and their heads, and decides what can be.
func (a *attempt) settle(ctx context.Context, contested map[int]*claim) error {
	if err := a.readClaims(ctx, contested); err != nil {
		return err
	}
	heads, err := a.readHeads(ctx, contested)
	if err != nil {
		return err
	}
	var nobodys []int                                       // claims to take over
	for _, i := range slices.Sorted(maps.Keys(contested)) { // in order, so that a failure can be played again
		c := contested[i]
		if c == nil {
			continue // gone again since; asked for anew
		}
		h := heads[c.place.EntryRef]
		if c.placed() && h == nil {
			if h, err = a.fenceOther(ctx, c.place.EntryRef); err != nil {
				return err
			}
			heads[c.place.EntryRef] = h
		}
		switch {
		case !c.placed() || h.fence:
			nobodys = append(nobodys, i)
		case c.digest != a.drafts[i].Digest:
			return &ErrConflict{Ordinal: i}
		default: // it is stored already
			a.head.out = a.head.out.with(uint16(i), a.head.count)
			a.places[i] = c.place
			delete(contested, i)
		}
	}
	return a.takeOver(ctx, contested, nobodys)
}

// takenAtOnce is how many claims are taken over at a time. One by one, a large batch whose first writer died would not be done within a writer's time, and
// whoever tries next would have to begin anew.
const takenAtOnce = 64

// takeOver replaces claims, each on condition that it is as it was read, its mark included, and keeps the mark.
func (a *attempt) takeOver(ctx context.Context, contested map[int]*claim, nobodys []int) error {
	outcomes := make([]error, len(nobodys))
	var puts errgroup.Group
	puts.SetLimit(takenAtOnce)
	for n, i := range nobodys {
		c := contested[i]
		puts.Go(func() error {
			outcomes[n] = a.store.Put(ctx, a.claimItem(i, c.mark), kv.IfVersion(c.version))
			return nil
		})
	}
	puts.Wait() //nolint:errcheck // each outcome counts
	for n, i := range nobodys {
		if err := a.taken(contested, i, outcomes[n]); err != nil {
			return err
		}
	}
	return nil
}

// taken is what became of taking a claim over.
func (a *attempt) taken(contested map[int]*claim, i int, err error) error {
	c := contested[i]
	var changed *kv.Conflict
	switch {
	case err == nil:
		a.take(contested, i, c.mark)
		return nil
	case !errors.As(err, &changed):
		return fmt.Errorf("taking over a claim: %w", err)
	case changed.Current == nil:
		contested[i] = nil
		return nil
	}
	return a.contest(contested, i, changed.Current)
}

// readClaims fills in the claims that a refusal did not carry.
func (a *attempt) readClaims(ctx context.Context, contested map[int]*claim) error {
	var keys []kv.Key
	ordinals := map[string]int{}
	for i, c := range contested {
		if c == nil {
			keys = append(keys, claimKey(a.drafts[i].ID))
			ordinals[string(a.drafts[i].ID[:])] = i
		}
	}
	if len(keys) == 0 {
		return nil
	}
	items, err := a.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return fmt.Errorf("reading claims: %w", err)
	}
	for _, item := range items {
		if err := a.contest(contested, ordinals[string(item.Partition)], &item); err != nil {
			return err
		}
	}
	return nil
}

// readHeads reads the heads of the entries that hold contested claims.
func (a *attempt) readHeads(ctx context.Context, contested map[int]*claim) (map[EntryRef]*head, error) {
	refs := map[EntryRef]bool{}
	for _, c := range contested {
		if c != nil && c.placed() {
			refs[c.place.EntryRef] = true
		}
	}
	return a.heads(ctx, refs)
}

// fenceOther sees to it that the writer of a position that holds no head has either committed or never will, and returns the
// head that then stands there. The older position fences at once, the younger waits a moment, so that two never chase each
// other; a writer past its time is not waited for.
func (a *attempt) fenceOther(ctx context.Context, other EntryRef) (*head, error) {
	younger := string(other.Position[:]) < string(a.ref.Position[:])
	alive := a.ref.Position.Instant()-other.Position.Instant() < Instant(settleTime/time.Microsecond)
	if younger && alive {
		for until := time.Now().Add(patience); time.Now().Before(until); {
			if err := pause(ctx, glance); err != nil {
				return nil, err
			}
			heads, err := a.heads(ctx, map[EntryRef]bool{other: true})
			if err != nil || heads[other] != nil {
				return heads[other], err
			}
		}
	}
	return a.fence(ctx, other)
}

// fence puts a head that says aborted where none stands, and returns what then stands there.
func (l *Ledger) fence(ctx context.Context, ref EntryRef) (*head, error) {
	fence := &head{fence: true}
	stands, err := l.putHead(ctx, kv.Item{Key: headKey(ref), Value: fence.encode(), Version: kv.NewVersion()})
	if err != nil {
		return nil, fmt.Errorf("fencing: %w", err)
	}
	if stands == nil {
		stands = fence
	}
	return stands, nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
