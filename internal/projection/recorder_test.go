package projection

import (
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"context"
	"encoding/binary"
	"errors"
	"strings"
)

const recorded = "recorded"

// recorder is a projection as simple as one can be: a row for each statement of a range, under the range's end as the index has
// it, and one for each that comes late. A statement that says "bad" cannot be applied in its turn.
type recorder struct {
	store    kv.Store
	careless bool // does not look at what became of its rows
}

func (r recorder) Apply(ctx context.Context, _ byte, in Range) error {
	var rows []kv.Item
	for i, record := range in.Records {
		if strings.Contains(string(record.Text), "bad") {
			return &EntryError{Entry: record.EntryRef, Err: errors.New("bad")}
		}
		key := append(instantKey(in.To), byte(i))
		rows = append(rows, row("first", key, append(instantKey(in.From), record.Text...)))
	}
	for _, record := range in.Late {
		rows = append(rows, row("late", instantKey(record.Stored()), append(instantKey(0), record.Text...)))
	}
	return r.insert(ctx, rows)
}

func (r recorder) insert(ctx context.Context, rows []kv.Item) error {
	for _, err := range r.store.InsertMany(ctx, rows) {
		var stands *kv.Conflict
		if err != nil && !errors.As(err, &stands) && !r.careless {
			return err
		}
	}
	return nil
}

func instantKey(at ledger.Instant) []byte { return binary.BigEndian.AppendUint64(nil, uint64(at)) }

func row(list string, key, value []byte) kv.Item {
	return kv.Item{Key: kv.Key{Table: kv.Index, Partition: []byte(list), Sort: key}, Value: value, Version: kv.NewVersion()}
}
