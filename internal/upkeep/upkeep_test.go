package upkeep_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// latecomer stores a statement behind the index's back: at a position that its checkpoint has passed, and without a ring.
func latecomer(t *testing.T, s *stack, p *process) {
	t.Helper()
	p.send(100)
	time.Sleep(time.Minute)
	p.index()
	s.process(s.store, -50*time.Second).send(100)
	if n := p.listed(); n != 1 {
		t.Fatalf("%d statements are listed, before the other was looked for", n)
	}
}

func expectMended(t *testing.T, p *process) {
	t.Helper()
	status := p.status().Projections[0]
	if status.Pending != 1 || status.Reasons["the index had lost it"] != 1 {
		t.Fatalf("pending: %+v", status)
	}
	p.index()
	if n, status := p.listed(), p.status().Projections[0]; n != 2 || status.Pending != 0 {
		t.Errorf("%d of 2 statements are listed, %d are pending", n, status.Pending)
	}
}

// What rang in vain is found within a day, and applied.
func TestEachDayWhatLostBellsLeftIsMended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.tick()
		latecomer(t, s, p)
		for range 22 {
			time.Sleep(time.Hour)
			p.tick()
		}
		if v := p.status().Verifications; v.Last != nil {
			t.Fatalf("within the first day %+v is verified", v.Last)
		}
		time.Sleep(2 * time.Hour)
		p.tick()
		v := p.status().Verifications
		if v.Last == nil || v.Last.Statements != 2 || v.Last.Findings == 0 || len(v.Last.Newest) != v.Last.Findings || v.Last.Newest[0].Kind != "posting" || !v.Last.Mend {
			t.Fatalf("verified: %+v", v.Last)
		}
		expectMended(t, p)
		time.Sleep(24 * time.Hour)
		p.tick()
		if next := p.status().Verifications.Last; next.Findings != 0 || next.From.Before(v.Daily.Add(-time.Hour)) || next.Asked.Equal(v.Last.Asked) {
			t.Errorf("a day later %+v is verified", next)
		}
	})
}

// A batch of rings that failed again and again comes by way of the queue: what it was about is looked at by the next tick.
func TestLostRingsAreReplayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.tick()
		latecomer(t, s, p)
		rang := time.Now()
		time.Sleep(2 * time.Hour)
		lost := fmt.Sprintf(`{"requestContext":{"condition":"RetryAttemptsExhausted"},"DDBStreamBatchInfo":{"shardId":"s","batchSize":1,"approximateArrivalOfFirstRecord":%q}}`, rang.Format(time.RFC3339))
		event, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{
			{MessageId: "good", Body: lost}, {MessageId: "none", Body: "hello"}, {MessageId: "other", Body: `{"DDBStreamBatchInfo":{}}`}}})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := p.keeper.Handle(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(answer)
		if string(text) != `{"batchItemFailures":[{"itemIdentifier":"none"},{"itemIdentifier":"other"}]}` {
			t.Errorf("the answer is %s", text)
		}
		if answer, err := p.keeper.Handle(t.Context(), json.RawMessage(`{"source":"aws.events"}`)); answer != nil || err != nil {
			t.Errorf("a tick is answered %v, %v", answer, err)
		}
		expectMended(t, p)
	})
}

// slowly is a store on which every call takes a while.
type slowly struct {
	kv.Store
	each time.Duration
}

func (s slowly) wait(ctx context.Context) error {
	select {
	case <-time.After(s.each):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", kv.ErrUnavailable, ctx.Err())
	}
}

func (s slowly) Get(ctx context.Context, key kv.Key, strength kv.Strength) (kv.Item, error) {
	if err := s.wait(ctx); err != nil {
		return kv.Item{}, err
	}
	return s.Store.Get(ctx, key, strength)
}

func (s slowly) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	if err := s.wait(ctx); err != nil {
		return kv.Page{}, err
	}
	return s.Store.Query(ctx, span)
}

// A tick ends with time left to answer, whichever call its time ends in, and the next goes on where it was.
func TestAVerificationGoesOnFromTickToTick(t *testing.T) {
	const left = 5 * time.Second
	for has := 35 * time.Second; has < 50*time.Second; has += time.Second {
		synctest.Test(t, func(t *testing.T) {
			s := newStack(t)
			p := s.process(s.store, 0)
			for range 12 {
				p.send(1000)
				time.Sleep(time.Second)
			}
			time.Sleep(time.Minute)
			p.index()
			slow := s.process(slowly{s.store, time.Second}, 0)
			if err := slow.keeper.AskVerification(t.Context(), time.Time{}, time.Time{}, false); err != nil {
				t.Fatal(err)
			}
			ticks, last := 0, -1
			for p.status().Verifications.Last == nil {
				if ticks++; ticks > 50 {
					t.Fatal("it does not end")
				}
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), has)
				if err := slow.keeper.Tick(ctx); err != nil {
					t.Errorf("a tick that has %v: %v", has, err)
				}
				if took := time.Since(began); took > has-left {
					t.Errorf("a tick that has %v takes %v", has, took)
				}
				cancel()
				if running := p.status().Verifications.Running; running != nil {
					if running.Statements == last {
						t.Fatalf("it does not get on: %+v", running)
					}
					last = running.Statements
				}
				time.Sleep(5 * time.Minute)
			}
			if v := p.status().Verifications.Last; v.Statements != 12 || v.Findings != 0 || ticks < 2 {
				t.Errorf("after %d ticks: %+v", ticks, v)
			}
		})
	}
}

// A tick that gets nothing done says so: storage that hangs must not look like work that goes on.
func TestATickThatGetsNowhereFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.send(10)
		if err := p.keeper.AskVerification(t.Context(), time.Time{}, time.Time{}, false); err != nil {
			t.Fatal(err)
		}
		hangs := s.process(slowly{s.store, time.Hour}, 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := hangs.keeper.Tick(ctx); !errors.Is(err, kv.ErrUnavailable) {
			t.Errorf("on storage that hangs a tick answers %v", err)
		}
	})
}

// Whatever call fails, before its effect or after, or whenever the process dies: the ticks that follow end with the same.
func TestAVerificationUnderFaults(t *testing.T) {
	var stored *kvtest.Memory
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		for range 5 {
			p.send(1000)
		}
		time.Sleep(30 * time.Second)
		p.index()
		s.process(s.store, -time.Minute).send(100)
		stored = s.store.(*kvtest.Memory)
	})
	for _, plan := range []kvtest.Plan{{Effect: kvtest.None}, {Effect: kvtest.Whole}, {Effect: kvtest.None, Forever: true}, {Effect: kvtest.Whole, Forever: true}} {
		for fired := true; fired; {
			plan.Nth++
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Minute) // to where the other bubble ended, and on
				s := &stack{t, stored.Clone(), dir}
				p := s.process(s.store, 0)
				if err := p.keeper.AskVerification(t.Context(), time.Time{}, time.Time{}, true); err != nil {
					t.Fatal(err)
				}
				failing := kvtest.Fail(s.store, kvtest.Plan{Nth: plan.Nth + 1, Effect: plan.Effect, Forever: plan.Forever}) // the first opens the ledger
				broken := s.process(failing, 0)
				broken.keeper.Tick(t.Context()) //nolint:errcheck // it is what comes after that counts
				fired = failing.Fired()
				time.Sleep(5 * time.Minute) // past the lease
				p.tick()
				v := p.status().Verifications.Last
				if v == nil || v.Statements != 6 {
					t.Fatalf("call %d, %+v: %+v", plan.Nth, plan, v)
				}
				p.index()
				if n := p.listed(); n != 6 {
					t.Errorf("call %d, %+v: %d of 6 statements are listed", plan.Nth, plan, n)
				}
			})
		}
		if plan.Nth < 10 {
			t.Errorf("a verification makes %d calls: not what is meant to be tested", plan.Nth)
		}
	}
}

// Two keepers at once look at each statement, and count it once.
func TestTwoKeepersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.stock(8)
		p.index()
		if err := p.keeper.AskVerification(t.Context(), time.Time{}, time.Time{}, true); err != nil {
			t.Fatal(err)
		}
		slow, slower := s.process(slowly{s.store, 20 * time.Second}, 0), s.process(slowly{s.store, 70 * time.Second}, 0) // whose lease ends
		var both sync.WaitGroup
		for _, k := range []*process{slow, slower, slow} {
			both.Go(func() {
				for range 3 {
					if err := k.keeper.Tick(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		if v := p.status().Verifications; v.Last == nil || v.Last.Statements != 8 || v.Running != nil {
			t.Errorf("%+v", v.Last)
		}
	})
}

func TestAVerificationIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.stock(8)
		if err := p.keeper.AskVerification(t.Context(), time.Time{}, time.Time{}, true); err != nil {
			t.Fatal(err)
		}
		slow := s.process(slowly{s.store, 10 * time.Second}, 0)
		done := make(chan error)
		go func() { done <- slow.keeper.Tick(t.Context()) }()
		for running := false; !running; time.Sleep(time.Second) {
			v := p.status().Verifications.Running
			running = v != nil && v.Statements > 0
		}
		if err := p.keeper.StopVerification(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if v := p.status().Verifications; v.Running != nil || v.Last == nil || !v.Last.Stopped || v.Last.Statements == 8 {
			t.Errorf("%+v", v)
		}
	})
}

// What a daily look had not come to when it was stopped, the next one looks at; and stopped it stays until then.
func TestADailyLookThatWasStoppedLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.tick()
		time.Sleep(2 * time.Hour)
		p.stock(8)
		p.index()
		s.process(s.store, -10*time.Second).send(100) // no ring tells of it
		time.Sleep(23 * time.Hour)
		slow := s.process(slowly{s.store, 10 * time.Second}, 0)
		done := make(chan error)
		go func() { done <- slow.keeper.Tick(t.Context()) }()
		for running := false; !running; time.Sleep(time.Second) {
			v := p.status().Verifications.Running
			running = v != nil && v.Statements > 0
		}
		if err := p.keeper.StopVerification(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		p.tick()
		if v := p.status().Verifications; v.Running != nil || v.Last == nil || !v.Last.Stopped || v.Last.Findings != 0 {
			t.Fatalf("stopped: %+v", v)
		}
		time.Sleep(24 * time.Hour)
		p.tick()
		p.index()
		if n := p.listed(); n != 9 {
			t.Errorf("%d of 9 statements are listed after the next look", n)
		}
	})
}

func TestShardsAreRaisedToTheSetting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		for _, x := range []struct{ setting, are int }{{0, 2}, {2, 2}, {4, 4}, {3, 4}, {1000, 4}} {
			p.keeper.Shards = x.setting
			p.tick()
			if n := p.status().Shards.Count; n != x.are {
				t.Errorf("set to %d, the log has %d shards, want %d", x.setting, n, x.are)
			}
		}
		raised := p.status().Shards.Raised
		time.Sleep(time.Hour)
		p.keeper.Shards = 4
		p.tick()
		if again := p.status().Shards.Raised; raised.IsZero() || !again.Equal(raised) {
			t.Errorf("raised %v, and without need at %v", raised, again)
		}
		sent := map[any]bool{}
		for range 20 {
			sent[p.send(10)] = true
		}
		if n := p.listed(); n != len(sent) {
			t.Errorf("%d of %d statements are listed", n, len(sent))
		}
	})
}

type queues map[string]int

func (q queues) Depths(context.Context) (map[string]int, error) {
	if q == nil {
		return nil, errors.New("no queues")
	}
	return q, nil
}

func TestTheQueuesDepthsAreTold(t *testing.T) {
	s := newStack(t)
	p := s.process(s.store, 0)
	if p.tick(); p.status().Queues != nil {
		t.Errorf("on one machine: %+v", p.status().Queues)
	}
	p.keeper.Queues = queues{"lostRings": 7}
	if p.tick(); p.status().Queues == nil || p.status().Queues.Messages["lostRings"] != 7 || time.Since(p.status().Queues.At) > time.Minute {
		t.Errorf("%+v", p.status().Queues)
	}
	p.keeper.Queues = queues(nil)
	if err := p.keeper.Tick(t.Context()); err == nil {
		t.Error("queues that cannot be asked are no fault")
	}
}

// A lag is of what waits, not of how long ago something was stored.
func TestTheLagIsOfWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		lag := func() time.Duration {
			return time.Duration(p.status().Projections[0].LagSeconds * float64(time.Second)).Round(time.Second)
		}
		if lag() != 0 {
			t.Errorf("a new stack lags %v behind", lag())
		}
		p.send(10)
		time.Sleep(time.Minute)
		p.send(10)
		if lag() != 55*time.Second {
			t.Errorf("what is a minute old lags %v behind the horizon", lag())
		}
		time.Sleep(time.Hour)
		p.index()
		time.Sleep(time.Hour)
		if lag() != 0 {
			t.Errorf("when all is applied the lag is %v", lag())
		}
	})
}

func TestWhatAStatusCosts(t *testing.T) {
	s := newStack(t)
	counted := kvtest.Count(s.store)
	p := s.process(counted, 0)
	p.tick()
	p.index()
	counted.Reset()
	p.status()
	used := counted.Snapshot()
	total := 0
	for _, n := range used.Calls {
		total += n
	}
	if total > 6 {
		t.Errorf("a status makes %d calls: %v", total, used.Calls)
	}
}

func TestARebuildLeavesWhatIsKept(t *testing.T) {
	p := newStack(t).process(kvtest.NewMemory(), 0)
	p.keeper.Projections, p.keeper.Kept = []string{"rows", "files"}, []string{"files"}
	if err := p.keeper.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := p.keeper.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Projections[0].Rebuild == nil || s.Projections[1].Rebuild != nil {
		t.Errorf("after a rebuild the projections are %+v", s.Projections)
	}
}

// What an operator asked for may take days: the daily look goes before it, and it goes on behind.
func TestTheDailyLookGoesBeforeALongVerification(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.tick()
		p.stock(12)
		p.index()
		if err := p.keeper.AskVerification(t.Context(), time.Time{}, time.Time{}, false); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		s.process(slowly{s.store, time.Second}, 0).keeper.Tick(ctx) //nolint:errcheck // it is cut off
		asked := p.status().Verifications.Running
		if asked == nil || asked.Statements == 0 {
			t.Fatalf("it has not begun: %+v", asked)
		}
		if err := p.keeper.Replay(t.Context(), time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		var order []bool
		for range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
			s.process(slowly{s.store, time.Second}, 0).keeper.Tick(ctx) //nolint:errcheck // it is cut off
			cancel()
			if v := p.status().Verifications.Last; v != nil && (len(order) == 0 || order[len(order)-1] != v.Mend) {
				order = append(order, v.Mend)
			}
			time.Sleep(5 * time.Minute)
		}
		if v := p.status().Verifications; len(order) != 2 || !order[0] || v.Last.Statements != 12 || !v.Last.Asked.Equal(asked.Asked) {
			t.Errorf("finished are, mending or not, %v; the last is %+v", order, v.Last)
		}
	})
}

// A clock that was far ahead once costs a longer look, and no span.
func TestAClockThatWasAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t)
		p := s.process(s.store, 0)
		p.tick()
		latecomer(t, s, p)
		ahead := s.process(s.store, 60*24*time.Hour)
		ahead.tick()
		time.Sleep(time.Hour)
		p.tick()
		expectMended(t, p)
	})
}
