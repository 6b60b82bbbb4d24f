package ledger

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// TestRaisedShards raises the number of shards under two processes that know nothing of it yet: no writer uses a new shard before
// every reader looks there, and in the end all are used, and read.
func TestRaisedShards(t *testing.T) {
	store, at := newStore(t), time.Now()
	now := func() time.Time { return at }
	var processes []*Ledger
	for range 2 {
		l, err := Open(t.Context(), store, Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		processes = append(processes, l)
	}
	stored := 0
	// write has both store statements, and returns how many shards were used. Everybody must see everything at once.
	write := func() int {
		t.Helper()
		used := map[uint8]bool{}
		for i := range 60 {
			name := fmt.Sprint(stored)
			stored++
			writer, reader := processes[i%2], processes[(i+1)%2]
			if err := writer.Append(t.Context(), []Draft{said(name, name)}, false); err != nil {
				t.Fatal(err)
			}
			r, err := reader.Find(t.Context(), idOf(name))
			if err != nil {
				t.Fatal(err)
			}
			used[r.Shard] = true
		}
		for i, l := range processes {
			if n := len(scanAll(t, l, everything)); n != stored {
				t.Errorf("process %d sees %d of %d statements", i, n, stored)
			}
		}
		return len(used)
	}
	write()
	if err := processes[0].RaiseShards(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, 19 * time.Second, 40 * time.Second} {
		at = at.Add(after)
		if used := write(); used > 2 {
			t.Errorf("%v later %d shards are written to, of 2 before", after, used)
		}
	}
	at = at.Add(2 * time.Second)
	if used := write(); used != 5 {
		t.Errorf("a minute after the raise %d shards of 5 are written to", used)
	}
	if err := processes[1].RaiseShards(t.Context(), 4); !errors.Is(err, ErrShards) {
		t.Errorf("lowering: %v", err)
	}
	if l, err := Open(t.Context(), store, Options{Now: now}); err != nil || len(scanAll(t, l, everything)) != stored {
		t.Errorf("a new process does not see everything: %v", err)
	}
}
