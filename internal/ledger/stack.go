package ledger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"cairn/internal/kv"
)

// openStack reads what belongs to the stack as a whole: its secret, its number of shards, and where the log ends. All is asked for at
// once, the ends of as many shards as a new stack has: a function that starts waits for one round trip.
func (l *Ledger) openStack(ctx context.Context, shards int) (end Instant, err error) {
	count := uint8(min(max(shards, 1), maxShards))
	var ends [maxShards]Instant
	reads, at := errgroup.WithContext(ctx)
	reads.Go(func() error { return l.readStack(at, count) })
	readEnds := func(reads *errgroup.Group, ctx context.Context, from, to uint8) {
		for shard := from; shard < to; shard++ {
			reads.Go(func() (err error) {
				ends[shard], err = l.end(ctx, shard)
				return err
			})
		}
	}
	readEnds(reads, at, 0, count)
	if err := reads.Wait(); err != nil {
		return 0, err
	}
	more, at := errgroup.WithContext(ctx)
	readEnds(more, at, count, l.shards.row.Count)
	err = more.Wait()
	for _, e := range ends {
		end = max(end, e)
	}
	return end, err
}

// readStack reads the stack's rows in control; a new store gets them.
func (l *Ledger) readStack(ctx context.Context, shards uint8) error {
	secret := make([]byte, 32)
	rand.Read(secret)
	first := map[string][]byte{"secret": secret, "shards": shardRow{Count: shards, Before: shards}.encode()}
	rows, err := l.store.GetMany(ctx, []kv.Key{stackKey("secret"), stackKey("shards")}, kv.Strong)
	if err != nil {
		return fmt.Errorf("reading the stack's rows: %w", err)
	}
	found := map[string][]byte{}
	for _, item := range rows {
		found[string(item.Sort)] = item.Value
	}
	for row, value := range first {
		if found[row] == nil {
			if found[row], err = l.settle(ctx, row, value); err != nil {
				return err
			}
		}
	}
	l.secret = found["secret"]
	l.shards.row, err = decodeShards(found["shards"])
	return err
}

// settle puts a row of the stack, and returns the one that stands there then: whoever puts it first wins.
func (l *Ledger) settle(ctx context.Context, row string, value []byte) ([]byte, error) {
	key := stackKey(row)
	err := l.store.Put(ctx, kv.Item{Key: key, Value: value, Version: kv.NewVersion()}, kv.Absent)
	if err == nil {
		return value, nil
	}
	if !errors.As(err, new(*kv.Conflict)) {
		return nil, fmt.Errorf("making the stack's %s: %w", row, err)
	}
	item, err := l.store.Get(ctx, key, kv.Strong)
	return item.Value, err
}

// end is the instant behind the last entry of a shard.
func (l *Ledger) end(ctx context.Context, shard uint8) (Instant, error) {
	span := &kv.Span{Table: kv.Log, Partition: shardKey(shard), Descending: true, Limit: 1, Strength: kv.Strong}
	for span != nil {
		page, err := l.store.Query(ctx, *span)
		if err != nil {
			return 0, fmt.Errorf("reading the log's end: %w", err)
		}
		if len(page.Items) > 0 {
			ref, _ := entryOf(page.Items[0].Key)
			return ref.Position.Instant() + EntrySpan, nil
		}
		span = page.Next
	}
	return 0, nil
}
