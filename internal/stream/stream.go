// Package stream turns what rings for the log into runs of the projections: a batch of DynamoDB's stream, the embedded store's
// bell, or a tick. Nothing but latecomers is read from a ring itself; the log says the rest.
package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/telemetry"
)

// late is how long after its position an entry may be committed before it is named pending: less than the horizon is behind.
const late = 3 * time.Second

// Waker wakes projections.
type Waker struct {
	Store   kv.Store
	Ledger  *ledger.Ledger
	Runners []*projection.Runner
	// Projections are all that there are, whoever runs them: latecomers are named to each, and to one that others read before those.
	Projections []string
}

// Ring runs every projection after changes of the log. Entries that were committed after their time are first named pending
// to every projection, which may have gone past them.
func (w *Waker) Ring(ctx context.Context, changes []kv.Change) error {
	latecomers, err := w.latecomers(ctx, changes)
	if err != nil {
		return err
	}
	if len(latecomers) > 0 {
		slog.ErrorContext(ctx, "entries committed after their time", "count", len(latecomers))
		for _, name := range w.Projections {
			telemetry.Progress(ctx, name, telemetry.Latecomers, float64(len(latecomers)))
			if err := projection.AddPending(ctx, w.Store, name, "committed after its time", latecomers); err != nil {
				return fmt.Errorf("naming latecomers: %w", err)
			}
		}
	}
	return w.run(ctx, (*projection.Runner).Run)
}

// Tick runs every projection, for what the last bell left behind the horizon, and goes on with rebuilds: these may take long, and
// a bell must not wait for them.
func (w *Waker) Tick(ctx context.Context) error {
	return errors.Join(w.run(ctx, (*projection.Runner).Run), w.run(ctx, func(r *projection.Runner, ctx context.Context) error {
		_, err := r.Build(ctx, nil)
		return err
	}))
}

func (w *Waker) run(ctx context.Context, do func(*projection.Runner, context.Context) error) error {
	var failed error
	for _, r := range w.Runners {
		if err := do(r, ctx); err != nil {
			failed = errors.Join(failed, fmt.Errorf("projection %s: %w", r.Name, err))
		}
	}
	return failed
}

// latecomers are the entries among new heads that were put too long after their position. A ledger that is alone knows its
// writers, and its horizon waits for them. Fences are put late by nature, and are no entries.
func (w *Waker) latecomers(ctx context.Context, changes []kv.Change) ([]ledger.EntryRef, error) {
	var refs []ledger.EntryRef
	for _, c := range changes {
		ref, isHead := ledger.HeadOf(c.Key)
		if isHead && c.New && !w.Ledger.Alone() && c.At.Sub(ref.Position.Instant().Time()) >= late {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 {
		return nil, nil
	}
	entries, err := w.Ledger.Load(ctx, refs)
	if err != nil {
		return nil, err
	}
	committed := make([]ledger.EntryRef, len(entries))
	for i, e := range entries {
		committed[i] = e.EntryRef
	}
	return committed, nil
}
