package index

import (
	"slices"
	"testing"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// TestAnEntryThatCannotBeAppliedIsMendedLater damages an entry before the index comes to it. It is named pending, with a reason, and
// all others are listed; once it is mended, the next run lists it too, and the index says what the log says.
func TestAnEntryThatCannotBeAppliedIsMendedLater(t *testing.T) {
	w := newWorld(t, 7)
	for range 30 {
		w.append()
	}
	page, err := w.store.Query(t.Context(), kv.Span{Table: kv.Log, Partition: []byte{0}, Strength: kv.Strong})
	if err != nil {
		t.Fatal(err)
	}
	whole := page.Items[len(page.Items)/2]
	damaged := whole
	damaged.Value = []byte("?")
	put := func(item kv.Item) {
		t.Helper()
		item.Version = kv.NewVersion()
		if err := w.store.Put(t.Context(), item, kv.Always); err != nil {
			t.Fatal(err)
		}
	}
	put(damaged)
	w.run()
	checkpoint := func() projection.Checkpoint {
		t.Helper()
		cp, err := projection.Read(t.Context(), w.store, Name, 1)
		if err != nil {
			t.Fatal(err)
		}
		return cp
	}
	if cp := checkpoint(); !slices.ContainsFunc(cp.Pending, func(p projection.Pending) bool {
		return string(p.Entry[0].Position[:]) == string(whole.Sort[:16]) && p.Reason != ""
	}) {
		t.Fatalf("the damaged entry is not pending: %+v", cp.Pending)
	}
	hold := func() {
		t.Helper()
		for range 50 {
			q := w.randomQuery()
			if got, want := w.follow(q, func() {}), w.expected(q); !slices.Equal(got, want) {
				t.Errorf("%d statements, want %d\nquery %+v", len(got), len(want), q)
			}
		}
	}
	hold() // the log says nothing of the damaged entry either
	put(whole)
	hold() // from the tail
	w.run()
	if cp := checkpoint(); len(cp.Pending) != 0 {
		t.Errorf("still pending: %+v", cp.Pending)
	}
	hold()
	faults, err := w.index.Check(t.Context(), 0, w.ledger.Now(), recordsOf(w.all()))
	if err != nil || len(faults) > 0 {
		t.Errorf("the index does not say what the log says: %v, %v", faults, err)
	}
}

func recordsOf(statements []*statement) (out []ledger.Record) {
	for _, s := range statements {
		out = append(out, s.Record)
	}
	return out
}
