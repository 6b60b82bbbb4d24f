package index

import (
	"bufio"
	"compress/gzip"
	"math"
	"os"
	"testing"

	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// videoDrafts reads real statements of the video profile.
func videoDrafts(t testing.TB, n int) (drafts []ledger.Draft) {
	t.Helper()
	file, err := os.Open("../../testdata/video-statements.ndjson.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	authority := []byte(`{"objectType":"Agent","account":{"homePage":"https://lrs.example.org/xapi","name":"4f1c2a9e8b7d6c5a4f1c2a9e8b7d6c5a"}}`)
	for lines := bufio.NewScanner(unzipped); len(drafts) < n && lines.Scan(); {
		statements, _, err := xapi.Decode(append([]byte(nil), lines.Bytes()...), xapi.V1)
		if err != nil {
			t.Fatal(err)
		}
		id, _ := statements[0].ID()
		drafts = append(drafts, ledger.Draft{ID: id, Render: func(dst []byte, stored ledger.Instant) []byte {
			return statements[0].AppendStored(dst, xapi.Stamp{ID: id, Stored: stored.Time(), Authority: authority, Version: xapi.V1})
		}})
	}
	return drafts
}

func countedLedger(t testing.TB) (*kvtest.Counter, *ledger.Ledger) {
	t.Helper()
	store, err := bolt.Open(t.TempDir()+"/cost.db", bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	counter := kvtest.Count(store)
	l, err := ledger.Open(t.Context(), counter, ledger.Options{Alone: true, Shards: 4})
	if err != nil {
		t.Fatal(err)
	}
	return counter, l
}

// TestWriteUnitsOfTheIndex holds the cost of index rows, per statement, to what the design allows, for statements that were sent
// one by one and are flushed together.
func TestWriteUnitsOfTheIndex(t *testing.T) {
	for _, c := range []struct {
		flush int
		most  float64
	}{{1, 7}, {50, 1.8}, {500, 1.0}} {
		counter, l := countedLedger(t)
		for _, d := range videoDrafts(t, c.flush) {
			if err := l.Append(t.Context(), []ledger.Draft{d}, true); err != nil {
				t.Fatal(err)
			}
		}
		counter.Reset()
		r := &projection.Runner{Name: Name, Projection: New(counter, l), Store: counter, Ledger: l, FlushSize: math.MaxInt}
		if err := r.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		used := counter.Snapshot()
		each := used.Tables[kv.Index].Write / float64(c.flush)
		t.Logf("flush of %d: %.2f write units of index rows a statement; calls %v; all tables %v", c.flush, each, used.Calls, used.Tables)
		if each > c.most {
			t.Errorf("flush of %d: %.2f write units a statement, at most %.1f", c.flush, each, c.most)
		}
	}
}

// TestPageCostDoesNotGrow asks the same first page of a filter of few and of many statements. What it reads of the log beside
// depends on how fast the last entries followed each other, and is not counted.
func TestPageCostDoesNotGrow(t *testing.T) {
	counter, l := countedLedger(t)
	x := New(counter, l)
	r := &projection.Runner{Name: Name, Projection: x, Store: counter, Ledger: l}
	drafts := videoDrafts(t, 1000)
	var read [2]float64
	for i, part := range [][]ledger.Draft{drafts[:100], drafts[100:]} {
		for len(part) > 0 {
			n := min(20, len(part))
			if err := l.Append(t.Context(), part[:n], true); err != nil {
				t.Fatal(err)
			}
			if err := r.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			part = part[n:]
		}
		counter.Reset()
		q := Query{To: math.MaxInt64, Descending: true, Limit: 10, Bytes: math.MaxInt,
			Filters: []Filter{x.NewFilter(xapi.RelatedActivity, "https://w3id.org/xapi/video")}}
		page, err := x.Search(t.Context(), q)
		if err != nil || len(page.Records) != 10 {
			t.Fatalf("%d statements, %v", len(page.Records), err)
		}
		used := counter.Snapshot()
		t.Logf("first page of %d statements: %v units, calls %v", []int{100, 1000}[i], used.Tables, used.Calls)
		read[i] = used.Tables[kv.Index].Read
	}
	if read[1] > read[0]*1.5 {
		t.Errorf("a page of many statements costs %.1f read units, of few %.1f", read[1], read[0])
	}
}
