package ledger

import (
	"errors"
	"fmt"
	"testing"

	"cairn/internal/kv"
)

// TestADamagedEntryHidesNoOther damages a head and a body: by its id the statement is a fault, and every list and range goes on without it.
func TestADamagedEntryHidesNoOther(t *testing.T) {
	for name, damaged := range map[string][]byte{"head": []byte("?"), "body": {headEntry, 0, 1, 1, 'x'}} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			l := openLedger(t, store)
			var all []Record
			for i := range 9 {
				id := fmt.Sprint(i)
				if err := l.Append(t.Context(), []Draft{said(id, id)}, false); err != nil {
					t.Fatal(err)
				}
				r, err := l.Find(t.Context(), idOf(id))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, r)
			}
			ref := all[4].EntryRef
			if err := store.Put(t.Context(), kv.Item{Key: headKey(ref), Value: damaged, Version: kv.NewVersion()}, kv.Always); err != nil {
				t.Fatal(err)
			}
			if _, err := l.Find(t.Context(), idOf("4")); err == nil || errors.Is(err, ErrAbsent) {
				t.Errorf("finding what is damaged: %v", err)
			}
			for _, descending := range []bool{false, true} {
				if got := scanAll(t, l, Span{To: everything.To, Descending: descending}); len(got) != 8 {
					t.Errorf("a scan gives %d of 8 statements", len(got))
				}
			}
			if found, err := l.Fetch(t.Context(), []Place{all[3].Place, all[4].Place}); err != nil || len(found) != 1 {
				t.Errorf("%d of 1 statement fetched, %v", len(found), err)
			}
			entries, _, err := l.Entries(t.Context(), 0, l.Horizon(), 1<<20)
			if err != nil || len(entries) != 9 {
				t.Fatalf("%d of 9 entries, %v", len(entries), err)
			}
			for _, e := range entries {
				if _, err := l.Records(e); (err != nil) != (e.EntryRef == ref) {
					t.Errorf("entry %v: %v", e.EntryRef, err)
				}
			}
		})
	}
}
