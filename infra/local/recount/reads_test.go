package recount

import (
	"testing"

	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

// TestAnswersReadAFixedNumberOfItems: ten times the statements about the same learners, days and activities cost a question no request and no
// item more.
func TestAnswersReadAFixedNumberOfItems(t *testing.T) {
	reads := func(n int) []Reads {
		store, err := bolt.Open(t.TempDir()+"/reads.db", bolt.Options{NoSync: true})
		must(t, err)
		t.Cleanup(func() { store.Close() })
		meter := NewMeter(store)
		l, err := ledger.Open(t.Context(), meter, ledger.Options{Alone: true, Shards: 2})
		must(t, err)
		all, err := ReadsOf(t.Context(), NewWorld(meter, l, 0), meter, n)
		must(t, err)
		return all
	}
	few, many := reads(EvenLeast), reads(10*EvenLeast)
	for i, r := range many {
		t.Logf("%v; at a tenth of the statements %.1f", r, few[i].Units)
	}
	for _, more := range MoreReads(few, many) {
		t.Error(more)
	}
}
