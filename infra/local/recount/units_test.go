package recount

import (
	"testing"

	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

// TestWriteUnits holds what the index and the reporting tables write for a statement to where it stands. In this file most statements have a learner of
// their own, who costs a number and a row; the design's bounds are for a file in which each has many (make bench-reports).
func TestWriteUnits(t *testing.T) {
	t.Parallel()
	statements, err := Registered(videos(t, 1000))
	must(t, err)
	for _, c := range []struct {
		flush, statements int
		most              float64
	}{{1, 200, 14.5}, {4, 400, 9}, {50, 1000, 4.5}} {
		store, err := bolt.Open(t.TempDir()+"/units.db", bolt.Options{NoSync: true})
		must(t, err)
		meter := NewMeter(store)
		l, err := ledger.Open(t.Context(), meter, ledger.Options{Alone: true, Shards: 4})
		must(t, err)
		cost, err := MeasureWrites(t.Context(), NewWorld(meter, l, 0), meter, statements[:c.statements], c.flush)
		must(t, err)
		must(t, store.Close())
		t.Log(cost)
		if cost.Total > c.most {
			t.Errorf("flushes of %d: %.2f write units a statement, at most %.2f", c.flush, cost.Total, c.most)
		}
	}
}
