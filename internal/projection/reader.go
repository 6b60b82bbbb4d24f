package projection

import (
	"context"
	"sync"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// Reader finds the checkpoint of the generation that answers, in one read: which generation that is it goes by for a minute, since
// the one before is kept up for a day.
type Reader struct {
	store  kv.Store
	name   string
	ledger *ledger.Ledger

	mu         sync.Mutex
	generation byte
	known      ledger.Instant // when it was read
}

// NewReader returns a reader of a projection's checkpoint.
func NewReader(store kv.Store, name string, l *ledger.Ledger) *Reader {
	return &Reader{store: store, name: name, ledger: l}
}

// Checkpoint is how far the projection has come, strongly consistent.
func (r *Reader) Checkpoint(ctx context.Context) (Checkpoint, error) {
	generation, err := r.current(ctx)
	if err != nil {
		return Checkpoint{}, err
	}
	return Read(ctx, r.store, r.name, generation)
}

func (r *Reader) current(ctx context.Context) (byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.ledger.Now()
	if r.generation != 0 && now-r.known < readersKnow {
		return r.generation, nil
	}
	g, err := ReadGenerations(ctx, r.store, r.name)
	if err != nil {
		return 0, err
	}
	r.generation, r.known = g.Current, now
	return g.Current, nil
}
