package ledger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"cairn/internal/kv"
)

// openStack reads what belongs to the stack as a whole: its secret and its number of shards, in one read; and, for a ledger that is alone,
// where the log ends. One of several processes need not know: the others go on writing, each by its own clock, and what a clock may be
// apart the horizon allows for.
func (l *Ledger) openStack(ctx context.Context, shards int) (end Instant, err error) {
	if err := l.readStack(ctx, uint8(min(max(shards, 1), maxShards))); err != nil || !l.alone {
		return 0, err
	}
	for shard := range l.shards.row.Count {
		e, err := l.end(ctx, shard)
		if err != nil {
			return 0, err
		}
		end = max(end, e)
	}
	return end, nil
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
