package documents_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cairn/internal/blob"
	"cairn/internal/blob/blobtest"
	"cairn/internal/documents"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// contested refuses every write: somebody else is always faster.
type contested struct{ kv.Store }

func (contested) Put(context.Context, kv.Item, kv.Condition) error { return &kv.Conflict{} }

type request func(context.Context, *documents.Documents, documents.Resource) error

func putOf(body string) request {
	return func(ctx context.Context, d *documents.Documents, res documents.Resource) error {
		return d.Put(ctx, res, "id", doc(asJSON, []byte(body)), anyone)
	}
}

func mergeOf(body string) request {
	return func(ctx context.Context, d *documents.Documents, res documents.Resource) error {
		return d.Merge(ctx, res, "id", doc(asJSON, []byte(body)), anyone)
	}
}

// requests are those that change a document which holds before, and what they leave when they are done.
var requests = []struct {
	name          string
	before, after string
	do            request
}{
	{"put", big("a"), big("b"), putOf(big("b"))},
	{"put of a small one", big("a"), `{"s":1}`, putOf(`{"s":1}`)},
	{"put of a new one", "", big("b"), putOf(big("b"))},
	{"merge", big("a"), strings.TrimSuffix(big("a"), "}") + `,"s":1}`, mergeOf(`{"s":1}`)},
	{"delete", big("a"), "", func(ctx context.Context, d *documents.Documents, res documents.Resource) error {
		return d.Delete(ctx, res, "id", anyone)
	}},
	{"delete all", big("a"), "", func(ctx context.Context, d *documents.Documents, res documents.Resource) error {
		return d.DeleteAll(ctx, res)
	}},
}

// big is an object whose text is too large for an item.
func big(name string) string { return fmt.Sprintf(`{"%s":"%0*d"}`, name, large, 0) }

// Any call to the storage may fail, before its effect or after it. The document is then as it was or as it should become, whole
// in either case; and when the request is made again it is as it should become.
func TestEveryCallMayFail(t *testing.T) {
	for _, request := range requests {
		for nth, fired := 1, true; fired; nth++ {
			fired = false
			for _, effect := range []bool{false, true} {
				for _, part := range []string{"kv", "blob"} {
					name := fmt.Sprintf("%s: call %d to %s, effect %v", request.name, nth, part, effect)
					w, res := newWorld(t), state("faults")
					if request.before != "" {
						w.put(res, "id", asJSON, []byte(request.before))
					}
					broken, hasFired := w.broken(part, nth, effect)
					err := request.do(t.Context(), broken, res)
					fired = hasFired() || fired
					w.isOneOf(name, res, request.after, request.before, err)
					if err := request.do(t.Context(), w.Documents, res); err != nil {
						t.Errorf("%s, and again: %v", name, err)
					}
					w.isOneOf(name+", and again", res, request.after, request.after, nil)
				}
			}
		}
	}
}

// broken is a world's documents with one call to one of the stores failing.
func (w *world) broken(part string, nth int, effect bool) (broken *documents.Documents, fired func() bool) {
	if part == "blob" {
		blobs := blobtest.Fail(w.blobs, nth, effect)
		return w.over(w.kv, blobs).Documents, blobs.Fired
	}
	plan := kvtest.Plan{Nth: nth}
	if effect {
		plan.Effect = kvtest.Whole
	}
	store := kvtest.Fail(w.kv, plan)
	return w.over(store, w.blobs).Documents, store.Fired
}

// isOneOf fails unless the document is what it should be after a success, or, after an error, what it was.
func (w *world) isOneOf(name string, res documents.Resource, after, before string, err error) {
	w.Helper()
	if err != nil && !errors.Is(err, kv.ErrUnavailable) && !errors.Is(err, blob.ErrUnavailable) {
		w.Errorf("%s: %v", name, err)
	}
	d, readErr := w.Get(w.Context(), res, "id")
	if readErr != nil && !errors.Is(readErr, documents.ErrAbsent) {
		w.Errorf("%s: reading: %v", name, readErr)
	}
	if got := string(d.Body); got != after && (err == nil || got != before) {
		w.Errorf("%s: answered %v and left %.40q (%d bytes)", name, err, got, len(got))
	}
}

// A put whose answer alone was lost is known by its version, though its precondition no longer holds.
func TestAnOwnWriteIsKnown(t *testing.T) {
	for _, request := range []func(*world, documents.Resource) error{
		func(w *world, res documents.Resource) error {
			return w.Put(t.Context(), res, "id", doc(asJSON, []byte(`{"a":1}`)), documents.Precondition{IfNoneMatch: []string{"*"}})
		},
		func(w *world, res documents.Resource) error {
			return w.Merge(t.Context(), res, "id", doc(asJSON, []byte(`{"a":1}`)), anyone)
		},
	} {
		w, res := newWorld(t), state("own")
		lost := kvtest.Fail(w.kv, kvtest.Plan{Nth: 1, Ops: []kvtest.Op{kvtest.OpPut}, Effect: kvtest.Whole})
		if err := request(w.over(lost, w.blobs), res); err != nil || !lost.Fired() {
			t.Errorf("got %v", err)
		}
		w.holds(res, "id", asJSON, []byte(`{"a":1}`))
	}
	w, res := newWorld(t), state("own")
	w.put(res, "id", octets, every(large))
	lost := kvtest.Fail(w.kv, kvtest.Plan{Nth: 1, Ops: []kvtest.Op{kvtest.OpDelete}, Effect: kvtest.Whole})
	if err := w.over(lost, w.blobs).Delete(t.Context(), res, "id", anyone); err != nil || !lost.Fired() || w.bodies() != 0 {
		t.Errorf("got %v, and %d blobs are left", err, w.bodies())
	}
}

// A body that is gone though its item stands is a fault, told at once, not a reason to look for ever.
func TestALostBody(t *testing.T) {
	w, res := newWorld(t), state("lost")
	w.put(res, "id", asJSON, []byte(big("a")))
	keys, err := w.blobs.List(t.Context(), "", "", 10)
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if err := w.blobs.Delete(t.Context(), keys[0]); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := w.Get(ctx, res, "id"); err == nil || errors.Is(err, documents.ErrAbsent) || ctx.Err() != nil {
		t.Errorf("get: %v", err)
	}
	if err := w.Merge(ctx, res, "id", doc(asJSON, []byte(`{}`)), anyone); err == nil || ctx.Err() != nil {
		t.Errorf("merge: %v", err)
	}
	w.put(res, "id", asJSON, []byte(`{}`)) // and a put mends it
	w.holds(res, "id", asJSON, []byte(`{}`))
}
