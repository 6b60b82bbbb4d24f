package export

import (
	"path/filepath"
	"testing"
	"time"

	"cairn/infra/local/recount"
	"cairn/infra/local/traffic"
	"cairn/internal/blob/blobtest"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
)

// BenchmarkExport exports 20,000 made-up statements of 10 days.
func BenchmarkExport(b *testing.B) {
	w := newWorld(b, 1)
	store, err := bolt.Open(filepath.Join(b.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if w.ledger, err = ledger.Open(b.Context(), store, ledger.Options{Alone: true}); err != nil {
		b.Fatal(err)
	}
	const n = 20_000
	for s := range traffic.Sendings(traffic.Settings{Seed: 1, Statements: n, Days: 10, From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}) {
		if err := recount.Append(b.Context(), w.ledger, s.Statements...); err != nil {
			b.Fatal(err)
		}
	}
	for _, raw := range []Raw{RawNone, RawKeys} {
		b.Run(string(raw), func(b *testing.B) {
			for b.Loop() {
				x := New(store, kvtest.NewMemory(), w.ledger, blobtest.NewMemory(), Settings{Raw: raw})
				if err := x.Run(b.Context(), Event{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "statements/s")
		})
	}
}
