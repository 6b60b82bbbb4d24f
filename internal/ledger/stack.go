package ledger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"cairn/internal/kv"
)

// readStack reads the rows that belong to the stack as a whole: its secret, and its number of shards. A new store gets both.
func (l *Ledger) readStack(ctx context.Context, shards int) error {
	secret := make([]byte, 32)
	rand.Read(secret)
	var err error
	if l.secret, err = l.settled(ctx, "secret", secret); err != nil {
		return err
	}
	count := uint8(min(max(shards, 1), maxShards))
	row, err := l.settled(ctx, "shards", shardRow{Count: count, Before: count}.encode())
	if err != nil {
		return err
	}
	l.shards.row, err = decodeShards(row)
	return err
}

// settled reads a row, or puts it there; whoever puts it first wins.
func (l *Ledger) settled(ctx context.Context, row string, first []byte) ([]byte, error) {
	key := stackKey(row)
	item, err := l.store.Get(ctx, key, kv.Strong)
	if err == nil {
		return item.Value, nil
	}
	if !errors.Is(err, kv.ErrAbsent) {
		return nil, fmt.Errorf("reading %s: %w", row, err)
	}
	var conflict *kv.Conflict
	err = l.store.Put(ctx, kv.Item{Key: key, Value: first, Version: kv.NewVersion()}, kv.Absent)
	if err == nil {
		return first, nil
	}
	if !errors.As(err, &conflict) {
		return nil, fmt.Errorf("making %s: %w", row, err)
	}
	item, err = l.store.Get(ctx, key, kv.Strong)
	return item.Value, err
}

// end is the instant behind the last entry of the log.
func (l *Ledger) end(ctx context.Context) (Instant, error) {
	end := Instant(0)
	for shard := range l.shards.row.Count {
		span := &kv.Span{Table: kv.Log, Partition: shardKey(shard), Descending: true, Limit: 1, Strength: kv.Strong}
		for span != nil {
			page, err := l.store.Query(ctx, *span)
			if err != nil {
				return 0, fmt.Errorf("reading the log's end: %w", err)
			}
			if len(page.Items) > 0 {
				ref, _ := entryOf(page.Items[0].Key)
				end = max(end, ref.Position.Instant()+EntrySpan)
				break
			}
			span = page.Next
		}
	}
	return end, nil
}
