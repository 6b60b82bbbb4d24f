package auth_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/auth"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// limited makes a key with limits, and returns whose it is.
func limited(t *testing.T, store kv.Store, id string, l auth.Limits) auth.Principal {
	t.Helper()
	keys := auth.New(store)
	makeKey(t, keys, auth.NewKey{ID: id, Secret: "secret", Limits: l})
	p, err := auth.NewGate(auth.New(store), nil).Admit(t.Context(), header(id, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Many processes, whose requests come in any order, never exceed a limit together, and leave less than half of it unused where none was used before.
func TestALimitAcrossProcesses(t *testing.T) {
	store, serial := kvtest.NewMemory(), 0
	rapid.Check(t, func(r *rapid.T) {
		serial++
		limit := rapid.Int64Range(1, 2000).Draw(r, "limit")
		n := rapid.Int64Range(1, max(limit/8, 1)).Draw(r, "n")
		p := limited(t, store, strconv.Itoa(serial), auth.Limits{StatementsPerDay: limit})
		processes := make([]*auth.Keys, rapid.IntRange(1, 12).Draw(r, "processes"))
		for i := range processes {
			processes[i] = auth.New(store)
		}
		admitted := int64(0)
		for range 3 * limit / n {
			k := processes[rapid.IntRange(0, len(processes)-1).Draw(r, "who")]
			err := k.Spend(t.Context(), p, auth.Statements, n)
			var refused *auth.Limited
			switch {
			case err == nil:
				admitted += n
			case !errors.As(err, &refused):
				r.Fatal(err)
			case 2*admitted+n <= limit:
				r.Fatalf("%d of %d are admitted, and %d more are not", admitted, limit, n)
			}
			if admitted > limit {
				r.Fatalf("%d are admitted, of %d", admitted, limit)
			}
		}
	})
}

func TestALimitIsCountedAnewAndTellsWhen(t *testing.T) {
	inTime(t, func(t *testing.T, store kv.Store) {
		n := auth.NewKey{ID: "key", Secret: "secret", Limits: auth.Limits{RequestsPerMinute: 3}}
		makeKey(t, auth.New(store), n)
		gate := auth.NewGate(auth.New(store), nil)
		time.Sleep(12 * time.Second) // the bubble's time begins with a minute
		for range 2 {
			for range 3 {
				if _, err := gate.Admit(t.Context(), header("key", "secret")); err != nil {
					t.Fatal(err)
				}
			}
			var refused *auth.Limited
			if _, err := gate.Admit(t.Context(), header("key", "secret")); !errors.As(err, &refused) || refused.RetryAfter.Round(time.Second) != 48*time.Second || refused.Limit != 3 {
				t.Fatalf("%+v", err)
			}
			if _, err := auth.NewGate(auth.New(store), nil).Admit(t.Context(), header("key", "secret")); !errors.As(err, &refused) {
				t.Fatalf("by another process: %+v", err)
			}
			time.Sleep(time.Minute)
		}
	})
}

// What is limited costs far fewer calls than requests, and what is not, none.
func TestWhatALimitCosts(t *testing.T) {
	memory := kvtest.NewMemory()
	p := limited(t, memory, "key", auth.Limits{RequestsPerMinute: 100_000, StatementsPerDay: 1000})
	store := kvtest.Count(memory)
	processes := []*auth.Keys{auth.New(store), auth.New(store), auth.New(store), auth.New(store)}
	admitted := 0
	for i := range 2000 {
		if processes[i%len(processes)].Spend(t.Context(), p, auth.Statements, 1) == nil {
			admitted++
		}
	}
	if n := store.Snapshot().Calls[kvtest.OpPut]; admitted < 500 || n > 200 {
		t.Errorf("%d are admitted of 2000, of which 1000 may be, for %d calls", admitted, n)
	}
	t.Logf("%d of 1000 admitted over 4 processes, %d calls", admitted, store.Snapshot().Calls[kvtest.OpPut])
	store.Reset()
	for range 1000 {
		if err := processes[0].Spend(t.Context(), p, auth.Statements, 1); err == nil {
			t.Fatal("more is admitted, when the limit is used up")
		}
	}
	unlimited := limited(t, memory, "unlimited", auth.Limits{})
	for range 1000 {
		if err := processes[0].Spend(t.Context(), unlimited, auth.Statements, 1); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(store.Snapshot().Calls); n > 0 {
		t.Errorf("what is refused, or not limited, has %v", store.Snapshot().Calls)
	}
}

// A fault is no refusal, and counts no more than it may.
func TestALimitUnderFaults(t *testing.T) {
	for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
		for nth := 1; nth < 8; nth++ {
			memory := kvtest.NewMemory()
			p := limited(t, memory, "key", auth.Limits{StatementsPerDay: 100})
			keys := auth.New(kvtest.Fail(memory, kvtest.Plan{Nth: nth, Effect: effect}))
			admitted, faults := 0, 0
			for range 200 {
				var refused *auth.Limited
				switch err := keys.Spend(t.Context(), p, auth.Statements, 1); {
				case err == nil:
					admitted++
				case errors.Is(err, kv.ErrUnavailable):
					faults++
				case !errors.As(err, &refused):
					t.Fatal(err)
				}
			}
			if admitted > 100 || admitted < 80 || faults != 1 {
				t.Errorf("call %d fails: %d are admitted of 100, with %d faults", nth, admitted, faults)
			}
		}
	}
}

// A count from a clock that is far ahead locks nobody out until then.
func TestACountFromTheFuture(t *testing.T) {
	memory := kvtest.NewMemory()
	p := limited(t, memory, "key", auth.Limits{StatementsPerDay: 10})
	ahead := kv.Item{Key: kv.Key{Table: kv.Control, Partition: []byte("meter"), Sort: []byte("key\x00statements")}, Version: kv.NewVersion(),
		Value: []byte(`{"window":"2999-01-01T00:00:00Z","leased":10}`)}
	if err := memory.Put(t.Context(), ahead, kv.Always); err != nil {
		t.Fatal(err)
	}
	keys := auth.New(memory)
	for range 10 {
		if err := keys.Spend(t.Context(), p, auth.Statements, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := keys.Spend(t.Context(), p, auth.Statements, 1); !errors.As(err, new(*auth.Limited)) {
		t.Errorf("more than the limit: %v", err)
	}
}

// In the second of two windows processes begin with more, and leave less than two thirds unused all the same.
func TestALimitInItsSecondWindow(t *testing.T) {
	inTime(t, func(t *testing.T, _ kv.Store) {
		memory := kvtest.NewMemory()
		store := kvtest.Count(memory)
		const limit = 3000
		p := limited(t, memory, "key", auth.Limits{RequestsPerMinute: limit})
		processes := make([]*auth.Keys, 10)
		for i := range processes {
			processes[i] = auth.New(store)
		}
		var calls [2]int
		for window := range calls {
			store.Reset()
			admitted := 0
			for i := range 2 * limit {
				if processes[i*i%len(processes)].Spend(t.Context(), p, auth.Requests, 1) == nil {
					admitted++
				}
			}
			calls[window] = store.Snapshot().Calls[kvtest.OpPut]
			if admitted > limit || admitted < limit/3 {
				t.Errorf("window %d: %d are admitted of %d", window, admitted, limit)
			}
			time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
		}
		if calls[1] >= calls[0] {
			t.Errorf("knowing the window before saves nothing: %v calls", calls)
		}
	})
}

// What exceeds a limit by itself is not told to come again.
func TestMoreThanALimitAtOnce(t *testing.T) {
	memory := kvtest.NewMemory()
	p := limited(t, memory, "key", auth.Limits{StatementsPerDay: 10})
	var refused *auth.Limited
	if err := auth.New(memory).Spend(t.Context(), p, auth.Statements, 11); !errors.As(err, &refused) || refused.RetryAfter != 0 {
		t.Errorf("%v", err)
	}
}

// contended is a store whose row another process writes, time and again, before this one.
type contended struct {
	kv.Store
	left int
}

func (s *contended) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	if s.left > 0 {
		s.left--
		other := item
		other.Version, other.Value = kv.NewVersion(), []byte(`{"window":"2000-01-01T00:00:00Z","leased":1}`)
		if err := s.Store.Put(ctx, other, kv.Always); err != nil {
			return err
		}
	}
	return s.Store.Put(ctx, item, cond)
}

// Whoever loses against others a hundred times comes again all the same.
func TestALimitThatManyCountAt(t *testing.T) {
	inTime(t, func(t *testing.T, _ kv.Store) {
		memory := kvtest.NewMemory()
		p := limited(t, memory, "key", auth.Limits{StatementsPerDay: 10})
		if err := auth.New(&contended{memory, 100}).Spend(t.Context(), p, auth.Statements, 1); err != nil {
			t.Error(err)
		}
	})
}
