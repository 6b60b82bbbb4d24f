package compose

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"testing"
	"time"
)

// TestPollingClientMissesNothing has a client poll with the last stored time that it saw, while 16 writers write: in the end it
// has seen every statement, once.
func TestPollingClientMissesNothing(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		poll(t, []*process{embedded(t, nil)}, 60, 10*time.Second)
	})
	t.Run("DynamoDB, clocks apart", func(t *testing.T) {
		poll(t, onDynamoDB(t, 0, -500*time.Millisecond, 500*time.Millisecond, 250*time.Millisecond), 8, 40*time.Second)
	})
}

func poll(t *testing.T, processes []*process, each int, patience time.Duration) {
	const writers = 16
	var writing sync.WaitGroup
	var mu sync.Mutex
	stored := map[string]bool{}
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				ids, err := processes[(w+i)%len(processes)].post([]string{"a", "b", "c"}[:1+rand.IntN(3)]...)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, id := range ids {
					stored[id] = true
				}
				mu.Unlock()
			}
		})
	}
	written := make(chan struct{})
	go func() { writing.Wait(); close(written) }()

	seen := map[string]bool{}
	since := time.Now().Add(-time.Minute)
	for deadline := time.Now().Add(patience + time.Minute); ; {
		reader := processes[rand.IntN(len(processes))]
		result := reader.page(t, "/xapi/statements?limit=20&ascending=true&since="+url.QueryEscape(since.Format(time.RFC3339Nano)))
		for _, s := range result.Statements {
			if seen[s.ID] {
				t.Fatalf("statement %s came twice", s.ID)
			}
			seen[s.ID] = true
			since = s.Stored
		}
		select {
		case <-written:
			mu.Lock()
			all := len(stored)
			mu.Unlock()
			if len(seen) == all {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("saw %d of %d statements", len(seen), all)
			}
		default:
		}
	}
}

// TestFollowedListHoldsEachStatementOnce follows lists page by page while others write: what was acknowledged before the first
// request comes once, and nothing twice.
func TestFollowedListHoldsEachStatementOnce(t *testing.T) {
	lists := map[string]string{
		"newest first":          "/xapi/statements?limit=7",
		"oldest first":          "/xapi/statements?limit=7&ascending=true",
		"by verb":               "/xapi/statements?limit=7&verb=http://example.com/did",
		"by verb, oldest first": "/xapi/statements?limit=7&ascending=true&verb=http://example.com/did",
		"by activity and verb":  "/xapi/statements?limit=7&related_activities=true&activity=http://example.com/thing&verb=http://example.com/did",
	}
	for store, open := range map[string]func(*testing.T) []*process{
		"embedded": func(t *testing.T) []*process { return []*process{embedded(t, nil)} },
		"DynamoDB": func(t *testing.T) []*process { return onDynamoDB(t, 0, 300*time.Millisecond, -300*time.Millisecond) },
	} {
		t.Run(store, func(t *testing.T) {
			processes := open(t)
			stop := make(chan struct{})
			var writing sync.WaitGroup
			before := map[string]bool{}
			for i := range 40 {
				ids, err := processes[i%len(processes)].post("a", "b")
				if err != nil {
					t.Fatal(err)
				}
				for _, id := range ids {
					before[id] = true
				}
			}
			for w := range 3 {
				writing.Go(func() {
					for i := 0; ; i++ {
						select {
						case <-stop:
							return
						case <-time.After(10 * time.Millisecond):
						}
						if _, err := processes[(w+i)%len(processes)].post(fmt.Sprint("w", w)); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			var following sync.WaitGroup
			for name, first := range lists {
				following.Go(func() { follow(t, name, processes, first, before) })
			}
			following.Wait()
			close(stop)
			writing.Wait()
		})
	}
}

func follow(t *testing.T, name string, processes []*process, first string, before map[string]bool) {
	seen := map[string]bool{}
	for next, i := first, 0; next != ""; i++ {
		result := processes[i%len(processes)].page(t, next)
		for _, s := range result.Statements {
			if seen[s.ID] {
				t.Errorf("%s: statement %s came twice", name, s.ID)
			}
			seen[s.ID] = true
		}
		next = result.More
		if i == 300 {
			t.Errorf("%s: the list does not end", name)
			return
		}
	}
	for id := range before {
		if !seen[id] {
			t.Errorf("%s: statement %s, acknowledged before the first request, did not come", name, id)
		}
	}
}
