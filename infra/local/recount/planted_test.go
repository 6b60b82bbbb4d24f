package recount

import (
	"context"
	"encoding/binary"
	"slices"
	"testing"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/projection"
)

// TestRecountFindsPlantedFaults takes away one of the rules that keep the tables exact at a time, by telling workers of the tables what
// is not so.
func TestRecountFindsPlantedFaults(t *testing.T) {
	for _, c := range []struct {
		name string
		lie  func(kv.Item) kv.Item
	}{
		{"kept deltas are forgotten", ofRows('p', func(value []byte) []byte { return append(untilDelta(value), (&fold.Tally{}).Encode()...) })},
		{"a range's list of entries is made anew", func(item kv.Item) kv.Item {
			if item.Table == kv.Control && string(item.Partition) == "checkpoint" {
				item.Value, _ = changed(item.Value, func(cp *projection.Checkpoint) { cp.Work = nil })
			}
			return item
		}},
		{"the guard on figures is not looked at", ofRows('r', func(value []byte) []byte {
			_, size := binary.Uvarint(value)
			return append([]byte{0}, value[size:]...)
		})},
		{"a late fact is folded in as if in turn", ofRows('p', stateBut(func(s *fold.State) { s.Newest = fold.Order{} }))},
		{"attempts are forgotten", ofRows('p', stateBut(func(s *fold.State) { s.Course.Recent = nil }))},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(1000) {
				differences := newChaos(t, seed, func(s kv.Store) kv.Store { return lies{s, c.lie} }).run()
				if len(differences) > 0 {
					t.Logf("found with seed %d: %s", seed, differences[0])
					return
				}
			}
			t.Error("not found")
		})
	}
}

// ofRows lies about rows of the tables of a kind (see report's keys).
func ofRows(kind byte, lie func([]byte) []byte) func(kv.Item) kv.Item {
	return func(item kv.Item) kv.Item {
		if item.Table == kv.Reports && item.Version != 0 && item.Partition[1] == kind {
			item.Value = lie(slices.Clone(item.Value))
		}
		return item
	}
}

// untilDelta is what stands on a row of progress before the delta: the number of a range, the state's length, the state.
func untilDelta(value []byte) []byte {
	_, n := binary.Uvarint(value)
	size, m := binary.Uvarint(value[n:])
	return value[:n+m+int(size)]
}

// stateBut lies about the state on a row of progress.
func stateBut(lie func(*fold.State)) func([]byte) []byte {
	return func(value []byte) []byte {
		before := untilDelta(value)
		_, n := binary.Uvarint(value)
		_, m := binary.Uvarint(value[n:])
		state, err := fold.Decode(before[n+m:])
		if err != nil {
			panic(err)
		}
		lie(state)
		encoded := state.Encode()
		lied := append(binary.AppendUvarint(slices.Clone(value[:n]), uint64(len(encoded))), encoded...)
		return append(lied, value[len(before):]...)
	}
}

// lies is a store that tells of items what is not so.
type lies struct {
	kv.Store
	lie func(kv.Item) kv.Item
}

func (l lies) Get(ctx context.Context, key kv.Key, s kv.Strength) (kv.Item, error) {
	item, err := l.Store.Get(ctx, key, s)
	return l.lie(item), err
}

func (l lies) GetMany(ctx context.Context, keys []kv.Key, s kv.Strength) ([]kv.Item, error) {
	items, err := l.Store.GetMany(ctx, keys, s)
	for i := range items {
		items[i] = l.lie(items[i])
	}
	return items, err
}
