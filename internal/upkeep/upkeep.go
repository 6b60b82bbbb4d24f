// Package upkeep is what a stack needs that is left running for years: each day what was stored is held against the index, for what
// lost rings left; what operators ask for is verified; the log's shards are raised. All of it goes on from tick to tick, in slices, with how far it has
// come in one row, so that a function with a few minutes to live can do it, and another go on.
package upkeep

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
)

// Keeper keeps one stack up. Several may tick at once: one does the work, and the rows that it moves are guarded besides.
type Keeper struct {
	Store  kv.Store
	Ledger *ledger.Ledger
	Index  *index.Index
	LRS    *lrs.LRS
	// Projections are all that the stack keeps up.
	Projections []string
	// Kept are those of them that a rebuild leaves as they are.
	Kept []string
	// Shards is how many shards the log is to have at least; 0 leaves it.
	Shards int
	// SliceSize is how many bytes of the log are verified at a time; 0 for verify's own.
	SliceSize int
	// Queues tells what waits in the stack's queues; nil where there are none.
	Queues Queues
}

// Queues tells how many messages wait in each of a stack's queues, by name. The number may be a minute old.
type Queues interface {
	Depths(ctx context.Context) (map[string]int, error)
}

// queuesTime is how long the queues are asked at most: the rest of a tick is worth more.
const queuesTime = 10 * time.Second

// answerTime is what is left of a tick's time when it stops: enough to say so.
const answerTime = 5 * time.Second

// Tick does what is to be done, for as long as the context has time. It is called every few minutes.
func (k *Keeper) Tick(ctx context.Context) error {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-answerTime))
		defer cancel()
	}
	return errors.Join(k.raiseShards(ctx), k.noteQueues(ctx), k.verify(ctx))
}

// Rebuild begins to build every projection but those that are kept anew from the log, unless that is under way; whoever ticks it goes on with it.
func (k *Keeper) Rebuild(ctx context.Context) error {
	for _, name := range k.Projections {
		if slices.Contains(k.Kept, name) {
			continue
		}
		if err := (&projection.Runner{Name: name, Store: k.Store, Ledger: k.Ledger}).Rebuild(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) raiseShards(ctx context.Context) error {
	if k.Shards == 0 {
		return nil
	}
	now, err := k.Ledger.Shards(ctx)
	if err != nil || now.Count == k.Shards {
		return err
	}
	err = k.Ledger.RaiseShards(ctx, k.Shards)
	if errors.Is(err, ledger.ErrShards) {
		slog.WarnContext(ctx, "the log's shards can only be raised", "are", now.Count, "asked", k.Shards)
		return nil
	}
	if err == nil {
		slog.InfoContext(ctx, "the log's shards are raised", "were", now.Count, "are", k.Shards)
	}
	return err
}

func (k *Keeper) noteQueues(ctx context.Context) error {
	if k.Queues == nil {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, queuesTime)
	defer cancel()
	depths, err := k.Queues.Depths(asking)
	if err != nil {
		return err
	}
	return write(ctx, k.Store, queuesKey, QueueDepths{At: k.now(), Messages: depths}, kv.Always)
}
