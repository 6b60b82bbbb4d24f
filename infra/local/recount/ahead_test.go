package recount

import (
	"fmt"
	"testing"
	"time"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
)

// TestATimestampFarAheadMakesNothingLate has a device say once that it is the year 2090. A day later what its learner does is in turn again: no statement
// of his is read anew for it, as none is where nobody said so.
func TestATimestampFarAheadMakesNothingLate(t *testing.T) {
	t.Parallel()
	reads := func(first string) float64 {
		now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
		store := kvtest.Count(kvtest.NewMemory())
		l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true, Shards: 1, Now: func() time.Time { return now }})
		must(t, err)
		w := NewWorld(store, l, 0)
		for i := range 40 {
			timestamp := now.Format(time.RFC3339)
			if i == 20 {
				timestamp = first
			}
			must(t, Append(t.Context(), l, fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},`+
				`"object":{"id":"http://example.com/course"},"timestamp":%q}`, id(i), timestamp)))
			if now = now.Add(time.Minute); i == 20 {
				now = now.Add(25 * time.Hour)
				store.Reset()
			}
			must(t, w.Index.Run(t.Context()))
			must(t, w.Reports.Run(t.Context()))
		}
		read := store.Snapshot().Tables[kv.Log].Read
		agree(t, w, 1, 10)
		return read
	}
	inTurn, ahead := reads("2026-01-05T09:20:00Z"), reads("2090-01-01T00:00:00Z")
	if t.Logf("%v read units of the log, %v", inTurn, ahead); ahead > inTurn {
		t.Errorf("%v read units of the log, %v where one timestamp is far ahead", inTurn, ahead)
	}
}
