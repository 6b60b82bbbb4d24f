package documents_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cairn/internal/blob"
	"cairn/internal/blob/files"
	"cairn/internal/documents"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
)

const (
	octets = "application/octet-stream"
	asJSON = "application/json"
	// inline and large are sizes of bodies that stand in an item, and in a blob.
	inline = 64 << 10
	large  = inline + 1
)

var secret = []byte("the secret of a test")

var anyone = documents.Precondition{}

// world is documents over real stores, with a clock that a test turns.
type world struct {
	testing.TB
	*documents.Documents
	*clock
	kv    kv.Store
	blobs blob.Store
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blobs, err := files.Open(filepath.Join(dir, "blobs"), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, kv: store, blobs: blobs, clock: &clock{now: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}}
	return w.over(store, blobs)
}

// over is the same world, seen through other stores.
func (w *world) over(store kv.Store, blobs blob.Store) *world {
	return &world{TB: w.TB, clock: w.clock, kv: w.kv, blobs: w.blobs, Documents: documents.New(store, blobs, secret, w.time)}
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// state is a resource of its own for each name.
func state(name string) documents.Resource {
	parts := []string{"http://example.com/activities/" + name, "mbox:mailto:ada@example.com"}
	return documents.Resource{Kind: "state", Parts: parts}
}

func doc(contentType string, body []byte) documents.Document {
	return documents.Document{ContentType: contentType, Body: body}
}

func (w *world) put(res documents.Resource, id, contentType string, body []byte) {
	w.Helper()
	if err := w.Put(w.Context(), res, id, doc(contentType, body), anyone); err != nil {
		w.Fatalf("put %.20q: %v", id, err)
	}
}

func (w *world) merge(res documents.Resource, id, body string) {
	w.Helper()
	if err := w.Merge(w.Context(), res, id, doc(asJSON, []byte(body)), anyone); err != nil {
		w.Fatalf("merge %.20q: %v", id, err)
	}
}

func (w *world) get(res documents.Resource, id string) documents.Document {
	w.Helper()
	d, err := w.Get(w.Context(), res, id)
	if err != nil {
		w.Fatalf("get %.20q: %v", id, err)
	}
	return d
}

func (w *world) holds(res documents.Resource, id, contentType string, body []byte) {
	w.Helper()
	d := w.get(res, id)
	if d.ContentType != contentType || !bytes.Equal(d.Body, body) {
		w.Errorf("%.20q holds %s %.60q (%d bytes), want %s %.60q (%d bytes)",
			id, d.ContentType, d.Body, len(d.Body), contentType, body, len(body))
	}
}

func (w *world) lacks(res documents.Resource, id string) {
	w.Helper()
	if _, err := w.Get(w.Context(), res, id); !errors.Is(err, documents.ErrAbsent) {
		w.Errorf("%.20q should be absent, got %v", id, err)
	}
}

func (w *world) list(res documents.Resource, since time.Time) ([]string, time.Time) {
	w.Helper()
	ids, latest, err := w.List(w.Context(), res, since)
	if err != nil {
		w.Fatal(err)
	}
	return ids, latest
}

// bodies is the number of blobs that lie in the world.
func (w *world) bodies() int {
	w.Helper()
	keys, err := w.blobs.List(context.Background(), "", "", 1000)
	if err != nil {
		w.Fatal(err)
	}
	return len(keys)
}

// every is all bytes in order, again and again, size of them.
func every(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}
