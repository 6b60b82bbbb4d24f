package recount

import (
	"bufio"
	"compress/gzip"
	"os"
	"slices"
	"testing"
	"time"

	"cairn/infra/local/traffic"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

func newTestWorld(t testing.TB, flush int) *World {
	t.Helper()
	store, err := bolt.Open(t.TempDir()+"/recount.db", bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true, Shards: 2})
	if err != nil {
		t.Fatal(err)
	}
	return NewWorld(store, l, flush)
}

// videos are real statements of the video profile, n at most.
func videos(t testing.TB, n int) (texts [][]byte) {
	t.Helper()
	file, err := os.Open("../../../testdata/video-statements.ndjson.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(unzipped); len(texts) < n && lines.Scan(); {
		texts = append(texts, slices.Clone(lines.Bytes()))
	}
	return texts
}

// agree holds the tables to the log.
func agree(t testing.TB, w *World, generation byte, least int) {
	t.Helper()
	lines, differences, err := w.Compare(t.Context(), generation)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range differences {
		if i == 20 {
			t.Errorf("and %d more", len(differences)-i)
			break
		}
		t.Error(d)
	}
	t.Logf("%d lines", lines)
	if lines < least {
		t.Errorf("%d lines, want %d at least", lines, least)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTablesEqualTheRecount stores made-up traffic as providers send it, and has ranges of many sizes be made of it.
func TestTablesEqualTheRecount(t *testing.T) {
	w := newTestWorld(t, 0)
	n := 0
	for s := range traffic.Sendings(traffic.Settings{Seed: 1, Statements: 1200, Days: 12, From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}) {
		must(t, Append(t.Context(), w.Ledger, s.Statements...))
		if n++; n%17 == 0 {
			must(t, w.Index.Run(t.Context()))
		}
		if n%30 == 0 {
			w.Reports.FlushSize = 1 << (n % 18)
			must(t, w.Reports.Run(t.Context()))
		}
	}
	must(t, w.Reports.Run(t.Context()))
	agree(t, w, 1, 1000)
}

func TestTablesOfVideosEqualTheRecount(t *testing.T) {
	w := newTestWorld(t, 20_000)
	for texts := range slices.Chunk(videos(t, 300), 50) {
		must(t, Append(t.Context(), w.Ledger, texts...))
	}
	must(t, w.Reports.Run(t.Context()))
	agree(t, w, 1, 1000)
}
