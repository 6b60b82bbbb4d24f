package recount

import (
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
)

// check holds the tables to the log.
func (w *World) check(t *rapid.T, generation byte) {
	t.Helper()
	_, differences, err := w.Compare(t.Context(), generation)
	if err != nil {
		t.Fatal(err)
	}
	if len(differences) > 0 {
		t.Fatalf("%d differences, such as %s", len(differences), differences[0])
	}
}

// flushes are how many bytes make a range: one entry, some, all.
var flushes = []int{1, 1500, 1 << 20}

func mustBe(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOddStatements has every oddity of statements be counted, in ranges of any size, undisturbed.
func TestOddStatements(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		store := kvtest.NewMemory()
		l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true, Shards: 1})
		mustBe(t, err)
		w := NewWorld(store, l, 0)
		s := &small{draw: func(what string, n int) int { return rapid.IntRange(0, n-1).Draw(t, what) }}
		for range 1 + s.draw("entries", 12) {
			var texts [][]byte
			for range 1 + s.draw("statements", 4) {
				texts = append(texts, s.statement())
			}
			mustBe(t, Append(t.Context(), l, texts...))
			if s.one("index runs", 3) {
				mustBe(t, w.Index.Run(t.Context()))
			}
			if s.one("reports run", 2) {
				w.Reports.FlushSize = flushes[s.draw("flush", len(flushes))]
				mustBe(t, w.Reports.Run(t.Context()))
			}
		}
		mustBe(t, w.Reports.Run(t.Context()))
		w.check(t, 1)
	})
}
