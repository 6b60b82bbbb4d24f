package httpapi_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cairn/infra/local/partstest"
	"cairn/internal/auth"
	"cairn/internal/blob"
	"cairn/internal/blob/files"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

// world is a new Cairn behind a real HTTP server.
type world struct {
	url    string
	keys   *auth.Keys
	ledger *ledger.Ledger
	clock  *clock
	// settle brings the index up to the horizon, where the bell does not.
	settle func(t testing.TB)
}

// clock stands still until it is moved, so that what a script shows is the same each time.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now().Truncate(time.Microsecond)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// onOneMachine is bbolt and files; the bell drives the index.
func onOneMachine(t *testing.T, now func() time.Time) *world {
	t.Helper()
	dir := t.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blobs, err := files.Open(filepath.Join(dir, "blobs"), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, store, blobs, ledger.Options{Alone: true, Now: now})
	w.settle = func(testing.TB) {}
	ctx, stop := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	listening.Go(func() { store.Listen(ctx, kv.Log, compose.Index(store, w.ledger, config.Index{}).Ring) })
	t.Cleanup(func() { stop(); listening.Wait() })
	return w
}

// onAWS is DynamoDB Local, with tables of its own, and a bucket of an S3 server.
func onAWS(t *testing.T, blobs blob.Store, now func() time.Time) *world {
	t.Helper()
	store, _ := partstest.Store(t)
	w := newWorld(t, store, blobs, ledger.Options{Now: now})
	index := compose.Index(store, w.ledger, config.Index{})
	w.settle = func(t testing.TB) {
		if err := index.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func newWorld(t *testing.T, store kv.Store, blobs blob.Store, o ledger.Options) *world {
	t.Helper()
	l, err := ledger.Open(t.Context(), store, o)
	if err != nil {
		t.Fatal(err)
	}
	api := compose.API(store, blobs, l, config.API{Origins: []string{"https://course.example.com"}})
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	w := &world{url: server.URL, keys: auth.New(store), ledger: l}
	w.key(t, "all", "all")
	return w
}

// key makes a key whose secret is "secret".
func (w *world) key(t testing.TB, name, scopes string) {
	t.Helper()
	parsed, err := auth.ParseScopes(scopes)
	if err != nil {
		t.Fatal(err)
	}
	n := auth.NewKey{ID: name, Secret: "secret", Scopes: parsed, Label: name, HomePage: "https://lrs.example.com/xapi"}
	if _, _, err := w.keys.Make(t.Context(), n); err != nil {
		t.Fatal(err)
	}
}

func basic(name string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":secret"))
}

// client sends exactly what it is given, and does not wait for ever for an answer without an end.
var client = &http.Client{
	Timeout:   30 * time.Second,
	Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
}
