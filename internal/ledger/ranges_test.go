package ledger

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestOverlappingEntriesAreInTheirRanges has two processes write to one shard at once, an entry of thousands and a small one within its
// span: whatever the size of the ranges that are read, each statement lies in one.
func TestOverlappingEntriesAreInTheirRanges(t *testing.T) {
	store, begin := newStore(t), time.Unix(1_700_000_000, 0)
	open := func(at time.Time) *Ledger {
		l, err := Open(t.Context(), store, Options{Shards: 1, Now: func() time.Time { return at }})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	large, small, reader := open(begin), open(begin.Add(time.Millisecond)), open(begin.Add(time.Minute))
	drafts := func(name string, n int) (out []Draft) {
		for i := range n {
			out = append(out, said(fmt.Sprint(name, i), name+uuid.NewString()+uuid.NewString()))
		}
		return out
	}
	const many, few = 3000, 10
	for l, d := range map[*Ledger][]Draft{large: drafts("large", many), small: drafts("small", few)} {
		if err := l.Append(t.Context(), d, false); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []int{1, 1000, 64 << 10, 1 << 20} {
		seen := readInRanges(t, reader, reader.Horizon(), size)
		if len(seen) != many+few {
			t.Errorf("size %d: %d of %d statements lie in a range", size, len(seen), many+few)
		}
	}
}

// readInRanges reads the log up to an instant, range by range, as a projection does, and returns where statements lie: each in one range.
func readInRanges(t *testing.T, l *Ledger, to Instant, size int) map[Place]bool {
	t.Helper()
	seen := map[Place]bool{}
	for from := Instant(0); from < to; {
		entries, through, err := l.Entries(t.Context(), from, to, size)
		if err != nil {
			t.Fatal(err)
		}
		if through <= from {
			t.Fatalf("a range from %d ends at %d", from, through)
		}
		for _, e := range entries {
			records, err := l.Records(e)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range records {
				if r.Stored() < from || r.Stored() >= through {
					continue
				}
				if seen[r.Place] {
					t.Errorf("%v lies in two ranges", r.Place)
				}
				seen[r.Place] = true
			}
		}
		from = through
	}
	return seen
}
