package projection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// Checkpoint is the one row of a projection's generation: how far it has applied the log, and what it is at. Readers of a projection
// read it first, and the log itself for what it does not cover: its tail.
type Checkpoint struct {
	// Generation is the first byte of the projection's keys, as of the row's.
	Generation byte `json:"-"`
	// Through: every statement stored before it is applied, but for those of pending entries.
	Through ledger.Instant `json:"through"`
	// Number counts the ranges that were fixed. It is the one in work's, or the last one's.
	Number uint64 `json:"number,omitempty"`
	// Work is the range being applied; nil for none.
	Work *Work `json:"work,omitempty"`
	// Pending entries came late, or could not be applied. They may be applied already.
	Pending []Pending `json:"pending,omitempty"`
	// Lease is until when a worker is at it. Nothing rests on it but economy.
	Lease ledger.Instant `json:"lease,omitempty"`

	version uint64
}

// Work is a range, from the checkpoint to To, with the list of its entries. The list is fixed before anything is applied, so
// that whoever applies the range again applies the same.
type Work struct {
	To      ledger.Instant `json:"to"`
	Entries refs           `json:"entries"`
	// Late are the pending entries that are applied with it.
	Late refs `json:"late,omitempty"`
}

// Pending is an entry that is applied out of turn.
type Pending struct {
	Entry  refs   `json:"entry"`
	Reason string `json:"reason"`
}

// maxPending is the number of pending entries at which a checkpoint stays where it is.
const maxPending = 100

// refs is a list of entries, packed: 17 bytes each, since a range may hold thousands.
type refs []ledger.EntryRef

// MarshalJSON writes shard and position of each, as one base64 string.
func (r refs) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 17*len(r))
	for _, ref := range r {
		b = append(append(b, ref.Shard), ref.Position[:]...)
	}
	return json.Marshal(b)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *refs) UnmarshalJSON(text []byte) error {
	var b []byte
	if err := json.Unmarshal(text, &b); err != nil {
		return err
	}
	if len(b)%17 != 0 {
		return errors.New("projection: a list of entries is cut")
	}
	for ; len(b) > 0; b = b[17:] {
		*r = append(*r, ledger.EntryRef{Shard: b[0], Position: ledger.Position(b[1:17])})
	}
	return nil
}

func checkpointKey(name string, generation byte) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("checkpoint"), Sort: append([]byte(name), 0, generation)}
}

// Read returns the checkpoint of a projection's generation, strongly consistent. One that never ran stands at the beginning.
func Read(ctx context.Context, store kv.Store, name string, generation byte) (Checkpoint, error) {
	cp := Checkpoint{Generation: generation}
	item, err := store.Get(ctx, checkpointKey(name, generation), kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return cp, nil
	}
	if err != nil {
		return cp, fmt.Errorf("reading the checkpoint of %s: %w", name, err)
	}
	if err := json.Unmarshal(item.Value, &cp); err != nil {
		return cp, fmt.Errorf("the checkpoint of %s cannot be read: %w", name, err)
	}
	cp.version = item.Version
	return cp, nil
}

// errMoved: somebody else changed the checkpoint since it was read.
var errMoved = errors.New("projection: checkpoint moved by another worker")

// write replaces the checkpoint on condition that it is as read.
func write(ctx context.Context, store kv.Store, name string, cp *Checkpoint) error {
	value, err := json.Marshal(cp)
	if err != nil {
		return err
	}
	item := kv.Item{Key: checkpointKey(name, cp.Generation), Value: value, Version: kv.NewVersion()}
	if err := replace(ctx, store, item, cp.version); err != nil {
		return err
	}
	cp.version = item.Version
	return nil
}

// replace writes a row of control on condition that it has a version, 0 for none, and returns errMoved when it has another.
func replace(ctx context.Context, store kv.Store, item kv.Item, version uint64) error {
	cond := kv.Absent
	if version != 0 {
		cond = kv.IfVersion(version)
	}
	err := store.Put(ctx, item, cond)
	var changed *kv.Conflict
	if errors.As(err, &changed) {
		return errMoved
	}
	if err != nil {
		return fmt.Errorf("writing a row of a projection: %w", err)
	}
	return nil
}

// AddPending names entries that committed after their time, so that every generation that lives, and its readers, look at them. One
// that begins to live meanwhile reads them from the log. An entry that the checkpoint has not passed is named too: a worker may have listed
// the next range before it was committed, and only a changed row keeps that list from being fixed.
func AddPending(ctx context.Context, store kv.Store, name, reason string, late []ledger.EntryRef) error {
	g, err := ReadGenerations(ctx, store, name)
	if err != nil {
		return err
	}
	for _, generation := range g.Live() {
		if err := addPending(ctx, store, name, generation, reason, late); err != nil {
			return err
		}
	}
	return nil
}

func addPending(ctx context.Context, store kv.Store, name string, generation byte, reason string, late []ledger.EntryRef) error {
	for {
		cp, err := Read(ctx, store, name, generation)
		if err != nil {
			return err
		}
		changed := false
		for _, ref := range late {
			changed = cp.addPending(ref, reason) || changed
		}
		if !changed {
			return nil
		}
		if err := write(ctx, store, name, &cp); !errors.Is(err, errMoved) {
			return err
		}
	}
}

func (cp *Checkpoint) addPending(ref ledger.EntryRef, reason string) bool {
	for _, p := range cp.Pending {
		if p.Entry[0] == ref {
			return false
		}
	}
	cp.Pending = append(cp.Pending, Pending{Entry: refs{ref}, Reason: reason})
	return true
}

// PendingEntries lists the pending entries.
func (cp *Checkpoint) PendingEntries() []ledger.EntryRef {
	out := make([]ledger.EntryRef, len(cp.Pending))
	for i, p := range cp.Pending {
		out[i] = p.Entry[0]
	}
	return out
}
