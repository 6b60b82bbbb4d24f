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
	for i, d := range differences {
		if i < 20 {
			t.Error(d)
		}
	}
	if len(differences) > 0 {
		t.Fatalf("%d differences", len(differences))
	}
}

func mustBe(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOddStatements has every oddity of statements be counted, in ranges of any size, undisturbed.
func TestOddStatements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store := kvtest.NewMemory()
		l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true, Shards: 1})
		mustBe(t, err)
		w := NewWorld(store, l, 0)
		s := &small{T: t}
		for range rapid.IntRange(1, 12).Draw(t, "entries") {
			var texts [][]byte
			for range rapid.IntRange(1, 4).Draw(t, "statements") {
				texts = append(texts, s.statement())
			}
			mustBe(t, Append(t.Context(), l, texts...))
			if s.one("index runs", 3) {
				mustBe(t, w.Index.Run(t.Context()))
			}
			if s.one("reports run", 2) {
				w.Reports.FlushSize = rapid.SampledFrom([]int{1, 1500, 1 << 20}).Draw(t, "flush")
				mustBe(t, w.Reports.Run(t.Context()))
			}
		}
		mustBe(t, w.Reports.Run(t.Context()))
		w.check(t, 1)
	})
}
