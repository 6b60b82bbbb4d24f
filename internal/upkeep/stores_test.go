package upkeep_test

import (
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cairn/infra/local/partstest"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
)

// onEachStore runs a test on both stores. Time passes there as it does, so what must be long ago is done by processes whose clocks are behind.
func onEachStore(t *testing.T, test func(t *testing.T, s *stack)) {
	t.Run("embedded", func(t *testing.T) {
		store, err := bolt.Open(filepath.Join(t.TempDir(), "cairn.db"), bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		test(t, &stack{t, store, t.TempDir()})
	})
	t.Run("DynamoDB", func(t *testing.T) {
		store, _ := partstest.Store(t)
		test(t, &stack{t, store, t.TempDir()})
	})
}

// lose stores two statements by processes of which the clocks are about at; the index has gone past the second and heard no ring for it. It asks
// for both to be verified.
func (s *stack) lose(at time.Duration) {
	s.t.Helper()
	now := s.process(s.store, at)
	s.process(s.store, at-30*time.Second).send(1000)
	now.index()
	s.process(s.store, at-time.Minute).send(1000)
	if err := now.keeper.AskVerification(s.t.Context(), time.Now().Add(at-2*time.Minute), time.Time{}, true); err != nil {
		s.t.Fatal(err)
	}
}

// expectFound looks, by a process whose clock is at, whether both that were lost last were looked at once, and all are listed.
func (s *stack) expectFound(at time.Duration, where any, sent int) {
	s.t.Helper()
	p := s.process(s.store, at)
	p.tick()
	if v := p.status().Verifications; v.Running != nil || v.Wanted != nil || v.Last == nil || v.Last.Statements != 2 {
		s.t.Fatalf("%v: running %+v, last %+v", where, v.Running, v.Last)
	}
	p.index()
	if n := p.listed(); n != sent {
		s.t.Fatalf("%v: %d of %d statements are listed", where, n, sent)
	}
	if status := p.status().Projections[0]; status.Pending != 0 {
		s.t.Errorf("%v: %+v", where, status)
	}
}

// Whatever call of a tick fails after its effect, or is the last before the process dies: the ticks that follow end with the same, on either store.
func TestWhatFailsIsGoneOnWithOnEachStore(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *stack) {
		const step = 6 * time.Minute // past each lease
		at, sent := time.Duration(0), 0
		for _, plan := range []kvtest.Plan{{Effect: kvtest.None, Forever: true}, {Effect: kvtest.Whole}} {
			for fired := true; fired; {
				plan.Nth++
				at, sent = at+step, sent+2
				s.lose(at)
				failing := kvtest.Fail(s.store, kvtest.Plan{Nth: plan.Nth + 1, Effect: plan.Effect, Forever: plan.Forever}) // the first opens the ledger
				s.process(failing, at).keeper.Tick(t.Context())                                                             //nolint:errcheck // it is what comes after that counts
				fired = failing.Fired()
				s.expectFound(at+step/2, plan, sent)
			}
			if plan.Nth < 10 {
				t.Errorf("a tick makes %d calls: not what is meant to be tested", plan.Nth)
			}
		}
	})
}

// Keepers whose clocks are further apart than a lease lasts are at the same row at once: each statement is counted once.
func TestKeepersAtOnceOnEachStore(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *stack) {
		at := time.Duration(0)
		for round := range 5 {
			at += 20 * time.Minute
			s.lose(at)
			var keepers sync.WaitGroup
			for n := range 3 {
				p := s.process(s.store, at+time.Duration(n)*3*time.Minute)
				keepers.Go(func() {
					if err := p.keeper.Tick(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			keepers.Wait()
			s.expectFound(at+10*time.Minute, round, 2*(round+1))
		}
	})
}

// A tick raises the shards while two processes write: nothing that they store is out of sight at any time, and in the end they use all of them.
func TestShardsAreRaisedWhileWritersWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p, one, other := s.process(s.store, 0), s.process(s.store, time.Second/2), s.process(s.store, -time.Second/2)
		p.keeper.Shards = 5
		for sent := 2; sent <= 360; sent += 2 {
			one.send(10)
			other.send(10)
			if n := p.listed(); n != sent {
				t.Fatalf("%d of %d statements are listed", n, sent)
			}
			if sent == 60 {
				p.tick()
			}
			time.Sleep(time.Second)
		}
		shards := map[string]bool{}
		for _, item := range s.store.(*kvtest.Memory).Items(kv.Log) {
			shards[string(item.Partition)] = true
		}
		if len(shards) != 5 {
			t.Errorf("the log stands in %d of 5 shards", len(shards))
		}
	})
}
