package documents_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cairn/internal/documents"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// together runs n writers that start at once, and waits for them.
func together(n int, write func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() { <-start; write(i) })
	}
	close(start)
	all.Wait()
}

// Fifty devices post to one document at once: the merge of all stands there in the end, whether it lies in an item or a blob.
func TestNoPostIsLost(t *testing.T) {
	for _, padding := range []int{1, large} {
		w, res := newWorld(t), state("race")
		w.merge(res, "id", `{"padding":"`+strings.Repeat("x", padding)+`"}`)
		const writers = 50
		together(writers, func(i int) {
			post := doc(asJSON, fmt.Appendf(nil, `{"writer %d":%d}`, i, i))
			if err := w.Merge(t.Context(), res, "id", post, anyone); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
		var all map[string]any
		if err := json.Unmarshal(w.get(res, "id").Body, &all); err != nil || len(all) != writers+1 {
			t.Errorf("of %d posts %d stand there, %v", writers, len(all)-1, err)
		}
		if n, want := w.bodies(), padding/large; n != want {
			t.Errorf("%d blobs lie about, want %d", n, want)
		}
	}
}

func TestNoPostIsLostWhenAnswersAre(t *testing.T) {
	w, res := newWorld(t), state("race")
	weak := kvtest.Weak(w.kv, 1)
	weak.Lost = 0.3
	w = w.over(weak, w.blobs)
	together(20, func(i int) {
		post := doc(asJSON, fmt.Appendf(nil, `{"writer %d":%d}`, i, i))
		// Where a lost answer cannot be made up for, because another writer came in between, the client posts again.
		for range 100 {
			err := w.Merge(t.Context(), res, "id", post, anyone)
			if err == nil {
				return
			}
		}
		t.Errorf("writer %d never got through", i)
	})
	var all map[string]any
	if err := json.Unmarshal(w.get(res, "id").Body, &all); err != nil || len(all) != 20 {
		t.Errorf("%d posts stand there, %v", len(all), err)
	}
}

// Of many that replace what they have read, or make what was not there, one succeeds.
func TestOneOfManyReplaces(t *testing.T) {
	w, res := newWorld(t), state("race")
	for name, cond := range map[string]func() documents.Precondition{
		"new": func() documents.Precondition { return documents.Precondition{IfNoneMatch: []string{"*"}} },
		"old": func() documents.Precondition {
			w.put(res, "old", octets, nil)
			return documents.Precondition{IfMatch: []string{w.get(res, "old").ETag}}
		},
	} {
		cond := cond()
		var won atomic.Int32
		together(20, func(i int) {
			err := w.Put(t.Context(), res, name, doc(octets, every(large+i)), cond)
			switch {
			case err == nil:
				won.Add(1)
				w.holds(res, name, octets, every(large+i))
			case !errors.Is(err, documents.ErrPreconditionFailed):
				t.Errorf("%s: %v", name, err)
			}
		})
		if won.Load() != 1 {
			t.Errorf("%s: %d writers succeeded", name, won.Load())
		}
	}
	if n := w.bodies(); n != 2 {
		t.Errorf("%d blobs lie about, want those of two documents", n)
	}
}

// between is a store in which something happens once between a writer's read and its write.
type between struct {
	kv.Store
	once   sync.Once
	happen func()
}

func (b *between) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	b.once.Do(b.happen)
	return b.Store.Put(ctx, item, cond)
}

func (b *between) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	b.once.Do(b.happen)
	return b.Store.Delete(ctx, key, cond)
}

// A precondition that held when it was looked at, and does not when it matters, fails (xAPI 1.0.3 Communication 3.1).
func TestPreconditionsHoldAtTheWrite(t *testing.T) {
	for name, write := range map[string]func(*world, documents.Precondition) error{
		"put": func(w *world, cond documents.Precondition) error {
			return w.Put(t.Context(), state("between"), "id", doc(octets, nil), cond)
		},
		"merge": func(w *world, cond documents.Precondition) error {
			return w.Merge(t.Context(), state("between"), "id", doc(asJSON, []byte(`{}`)), cond)
		},
		"delete": func(w *world, cond documents.Precondition) error {
			return w.Delete(t.Context(), state("between"), "id", cond)
		},
	} {
		w, res := newWorld(t), state("between")
		w.put(res, "id", asJSON, []byte(`{"mine":1}`))
		tag := w.get(res, "id").ETag
		store := &between{Store: w.kv, happen: func() { w.put(res, "id", asJSON, []byte(`{"theirs":1}`)) }}
		err := write(w.over(store, w.blobs), documents.Precondition{IfMatch: []string{tag}})
		if !errors.Is(err, documents.ErrPreconditionFailed) {
			t.Errorf("%s: %v", name, err)
		}
		w.holds(res, "id", asJSON, []byte(`{"theirs":1}`))
	}
}

// A reader always gets a whole document, though its body is taken away by a writer while it reads.
func TestReadersBesideAWriter(t *testing.T) {
	w, res := newWorld(t), state("read")
	w.put(res, "id", octets, every(large))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if d, err := w.Get(t.Context(), res, "id"); err != nil || len(d.Body) < large {
					t.Errorf("read %d bytes, %v", len(d.Body), err)
				}
			}
		})
	}
	for i := range 40 {
		w.put(res, "id", octets, every(large+i))
	}
	stop()
	readers.Wait()
}

// Deleting everything beside a writer leaves the document as that writer alone made it, or nothing: never what stood before.
func TestDeleteAllBesideAMerge(t *testing.T) {
	w := newWorld(t)
	for i := range 30 {
		res := state(fmt.Sprint("delete ", i))
		w.merge(res, "id", `{"old":1}`)
		together(2, func(i int) {
			var err error
			if i == 0 {
				err = w.DeleteAll(t.Context(), res)
			} else {
				err = w.Merge(t.Context(), res, "id", doc(asJSON, []byte(`{"new":1}`)), anyone)
			}
			if err != nil {
				t.Error(err)
			}
		})
		if d, err := w.Get(t.Context(), res, "id"); err == nil && string(d.Body) != `{"new":1}` {
			t.Errorf("left %s", d.Body)
		}
	}
}

func TestAWriterGivesUpWithItsContext(t *testing.T) {
	w, res := newWorld(t), state("context")
	w.put(res, "id", asJSON, []byte(`{}`))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	busy := w.over(contested{w.kv}, w.blobs)
	err := busy.Merge(ctx, res, "id", doc(asJSON, []byte(`{"a":1}`)), anyone)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	w.holds(res, "id", asJSON, []byte(`{}`))
}
