package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cairn/infra/local/partstest"
)

func onBoth(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("one machine", func(t *testing.T) { test(t, onOneMachine(t, time.Now)) })
	t.Run("AWS", func(t *testing.T) { test(t, onAWS(t, partstest.Blobs(t), time.Now)) })
}

// Fifty devices post to one state document at once, each a property of its own: none is lost (xAPI 1.0.3 Communication 2.2).
func TestWritersOfOneDocument(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const writers = 50
		path := "/xapi/activities/state?activityId=http://example.com/c&stateId=s&agent=%7B%22mbox%22:%22mailto:a@example.com%22%7D"
		var group sync.WaitGroup
		for n := range writers {
			group.Go(func() {
				body := strings.NewReader(fmt.Sprintf(`{"device %d":%d}`, n, n))
				if status, answer := w.post(t, path, "application/json", body); status != http.StatusNoContent {
					t.Errorf("device %d: %d %s", n, status, answer)
				}
			})
		}
		group.Wait()
		var stands map[string]int
		if err := json.Unmarshal([]byte(w.get(t, path).text), &stands); err != nil {
			t.Fatal(err)
		}
		for n := range writers {
			if got, ok := stands[fmt.Sprintf("device %d", n)]; !ok || got != n {
				t.Errorf("what device %d posted is lost", n)
			}
		}
	})
}

// listing is what a list showed, and through when it said that it is consistent.
type listing struct {
	through time.Time
	ids     map[string]time.Time // when each was stored
}

// While others store, a list shows everything that was stored before the instant that it names in the header
// X-Experience-API-Consistent-Through (xAPI 1.0.3 Communication 2.1.3).
func TestConsistentThroughIsTrue(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 20 {
					if status, answer := w.post(t, "/xapi/statements", "application/json", strings.NewReader(statement)); status != 200 {
						t.Errorf("%d %s", status, answer)
					}
				}
			})
		}
		var stored atomic.Bool
		go func() { group.Wait(); stored.Store(true) }()
		var lists []listing
		for n := 0; !stored.Load(); n++ {
			filters := []string{"", "verb=http://example.com/did", "activity=http://example.com/x"}
			lists = append(lists, w.list(t, filters[n%len(filters)]))
		}
		final := w.list(t, "").ids
		if len(final) != 160 {
			t.Fatalf("%d statements are stored", len(final))
		}
		for n, list := range lists {
			for id, stored := range final {
				if _, shown := list.ids[id]; !shown && stored.Before(list.through) {
					t.Fatalf("list %d, consistent through %s, lacks %s of %s", n, list.through, id, stored)
				}
			}
		}
	})
}

type got struct {
	header http.Header
	text   string
}

func (w *world) get(t testing.TB, path string) got {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, text := w.do(t, r)
	if response.StatusCode != 200 {
		t.Fatalf("%s: %d %s", path, response.StatusCode, text)
	}
	return got{response.Header, text}
}

// list reads a list that has one page.
func (w *world) list(t testing.TB, filter string) listing {
	t.Helper()
	page := w.get(t, "/xapi/statements?"+strings.TrimPrefix(filter+"&limit=0", "&"))
	through, err := time.Parse(time.RFC3339Nano, page.header.Get("X-Experience-API-Consistent-Through"))
	if err != nil {
		t.Fatal(err)
	}
	var result struct {
		More       string
		Statements []struct {
			ID     string
			Stored time.Time
		}
	}
	if err := json.Unmarshal([]byte(page.text), &result); err != nil || result.More != "" {
		t.Fatalf("no whole page: %v, more %q", err, result.More)
	}
	ids := map[string]time.Time{}
	for _, s := range result.Statements {
		ids[s.ID] = s.Stored
	}
	return listing{through, ids}
}
