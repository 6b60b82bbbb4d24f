package session_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// A visit costs one read a minute, however many pages are looked at; nothing is written but the sign-in in the trail and, once an hour, that the key was
// used.
func TestWhatAVisitCosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := kvtest.Count(kvtest.NewMemory())
		h := doorOver(t, store, nil)
		store.Reset()
		cookie, _, _ := strings.Cut(signInAt(h, "http://localhost", "127.0.0.1:1", "manager").Header().Get("Set-Cookie"), ";")
		for minute := range 10 {
			for range 20 {
				if status := look(h, &cookie); status != 200 {
					t.Fatalf("minute %d: %d", minute, status)
				}
			}
			time.Sleep(time.Minute)
		}
		if u := store.Snapshot(); u.Calls[kvtest.OpGet] != 11 || u.Calls[kvtest.OpPut] != 2 || len(u.Calls) != 2 {
			t.Errorf("signing in and 200 pages in ten minutes make the calls %v", u.Calls)
		}
	})
}

// away is a store that can be away.
type away struct {
	kv.Store
	reads bool
}

func (a *away) Get(ctx context.Context, key kv.Key, s kv.Strength) (kv.Item, error) {
	if a.reads {
		return kv.Item{}, kv.ErrUnavailable
	}
	return a.Store.Get(ctx, key, s)
}

// While the storage is away nobody is signed out, and no try is taken for a guess.
func TestWhenTheStorageIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &away{Store: kvtest.NewMemory()}
		h := doorOver(t, store, nil)
		in := signInAt(h, "http://localhost", "127.0.0.1:1", "manager")
		cookie, _, _ := strings.Cut(in.Header().Get("Set-Cookie"), ";")
		if in.Code != 303 {
			t.Fatalf("signing in: %d", in.Code)
		}
		store.reads = true
		time.Sleep(2 * time.Minute)
		if status := look(h, &cookie); status != 503 || !strings.HasPrefix(cookie, "cairn=") || cookie == "cairn=" {
			t.Errorf("a page: %d %s", status, cookie)
		}
		for range 30 {
			if w := signInAt(h, "http://localhost", "127.0.0.1:1", "manager"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
				t.Fatalf("signing in: %d %v", w.Code, w.Header())
			}
		}
		store.reads = false
		if status := look(h, &cookie); status != 200 {
			t.Errorf("a page, once it is back: %d", status)
		}
		if w := signInAt(h, "http://localhost", "127.0.0.1:1", "manager"); w.Code != 303 {
			t.Errorf("signing in, once it is back: %d", w.Code)
		}
	})
}
