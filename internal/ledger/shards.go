package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"cairn/internal/kv"
)

// The number of shards is a row in control. Readers follow it at once, writers a minute after it was raised: by then every process
// that still goes by an older number has read the row again, so nobody writes where somebody does not look.
const (
	shardsKnown = Instant(20 * time.Second / time.Microsecond) // how long a process goes by the row as it read it
	shardsPause = Instant(time.Minute / time.Microsecond)      // how long writers go on with the number before
	maxShards   = 64
)

// ErrShards: the number of shards is to be lowered, or set beyond reason.
var ErrShards = fmt.Errorf("ledger: the number of shards can only be raised, to %d at most", maxShards)

// shardRow is the row. Writers go by Before until the pause after Raised is over.
type shardRow struct {
	Count  uint8   `json:"count"`
	Before uint8   `json:"before"`
	Raised Instant `json:"raised"`
}

func (r shardRow) writers(now Instant) uint8 {
	if now < r.Raised+shardsPause {
		return r.Before
	}
	return r.Count
}

func (r shardRow) encode() []byte {
	text, _ := json.Marshal(r) // three numbers
	return text
}

func decodeShards(text []byte) (r shardRow, err error) {
	if json.Unmarshal(text, &r) != nil || r.Count < 1 || r.Count > maxShards || r.Before < 1 || r.Before > r.Count {
		return r, errors.New("ledger: the row of the shard count cannot be read")
	}
	return r, nil
}

// shards is the row as this process knows it.
type shards struct {
	mu   sync.Mutex
	row  shardRow
	read Instant
}

// currentShards is the row, read again when what is known of it is too old to go by.
func (l *Ledger) currentShards(ctx context.Context) (shardRow, error) {
	l.shards.mu.Lock()
	defer l.shards.mu.Unlock()
	now := l.clock.now()
	if now-l.shards.read < shardsKnown {
		return l.shards.row, nil
	}
	row, _, err := l.readShards(ctx)
	if err != nil {
		return shardRow{}, err
	}
	l.shards.row, l.shards.read = row, now
	return l.shards.row, nil
}

// ShardCount is the number of the log's shards, and when it was raised last; 0 for never.
type ShardCount struct {
	Count  int
	Raised Instant
}

// Shards is the number of shards as it stands, strongly consistent.
func (l *Ledger) Shards(ctx context.Context) (ShardCount, error) {
	row, _, err := l.readShards(ctx)
	return ShardCount{int(row.Count), row.Raised}, err
}

func (l *Ledger) readShards(ctx context.Context) (row shardRow, version uint64, err error) {
	item, err := l.store.Get(ctx, stackKey("shards"), kv.Strong)
	if err != nil {
		return row, 0, fmt.Errorf("reading the shard count: %w", err)
	}
	row, err = decodeShards(item.Value)
	return row, item.Version, err
}

// RaiseShards sets the number of shards of a running stack. It returns ErrShards for a number that is lower than today's.
func (l *Ledger) RaiseShards(ctx context.Context, count int) error {
	for {
		row, version, err := l.readShards(ctx)
		if err != nil {
			return err
		}
		if count < int(row.Count) || count > maxShards {
			return ErrShards
		}
		now := l.clock.now()
		raised := shardRow{Count: uint8(count), Before: row.writers(now), Raised: now}
		item := kv.Item{Key: stackKey("shards"), Value: raised.encode(), Version: kv.NewVersion()}
		err = l.store.Put(ctx, item, kv.IfVersion(version))
		var changed *kv.Conflict
		if errors.As(err, &changed) {
			continue
		}
		if err != nil {
			return fmt.Errorf("raising the shard count: %w", err)
		}
		return nil
	}
}
