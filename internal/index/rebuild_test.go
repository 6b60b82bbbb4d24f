package index

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// TestRebuildFromAnEmptiedIndex loses every row of the index, and rebuilds it from the log, in slices of a range each: 200 random
// queries answer as before, and so does the catalogue.
func TestRebuildFromAnEmptiedIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "world.db")
	w := newWorldAt(t, path, 42)
	for range 150 {
		w.append()
	}
	w.run()
	w.run() // the pending entries too
	var queries []Query
	var before [][]ledger.Place
	for range 200 {
		q := w.randomQuery()
		queries, before = append(queries, q), append(before, w.follow(q, func() {}))
	}

	w.close()
	empty(t, path, kv.Index, kv.Reports)
	w.reopen(path)
	if got := w.follow(queries[0], func() {}); len(before[0]) > 0 && len(got) > 0 {
		t.Fatalf("the emptied index still answers with %d statements", len(got))
	}
	r := w.runner(w.store)
	if err := r.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	statements := 0
	done, err := r.Build(t.Context(), func(_ ledger.Instant, n int) { statements += n })
	if err != nil || !done {
		t.Fatalf("the rebuild is done: %v, %v", done, err)
	}
	if all := len(w.all()); statements != all {
		t.Errorf("the rebuild applied %d statements, the log holds %d", statements, all)
	}
	w.pass(time.Minute)
	for i, q := range queries {
		if got := w.follow(q, func() {}); !slices.Equal(got, before[i]) {
			t.Errorf("query %d answers with %d statements, with %d before\n%+v", i, len(got), len(before[i]), q)
		}
	}
	g, err := projection.ReadGenerations(t.Context(), w.store, Name)
	if err != nil || g.Current != 2 || g.Previous != 1 || g.Next != 0 {
		t.Errorf("generations %+v, %v", g, err)
	}
}

// empty removes all rows of tables.
func empty(t *testing.T, path string, tables ...kv.Table) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range tables {
		if err := db.Update(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(table)) }); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) close() {
	w.t.Helper()
	if err := w.store.(*bolt.Store).Close(); err != nil {
		w.t.Fatal(err)
	}
}
