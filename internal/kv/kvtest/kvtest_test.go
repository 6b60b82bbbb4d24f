package kvtest_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
)

func open(t *testing.T) kv.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func item(sort, value string) kv.Item {
	key := kv.Key{Table: kv.Log, Partition: []byte("p"), Sort: []byte(sort)}
	return kv.Item{Key: key, Value: []byte(value), Version: kv.NewVersion()}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMemoryKeepsTheContract(t *testing.T) {
	kvtest.Run(t, func(*testing.T) kv.Store { return kvtest.NewMemory() })
}

func TestWeakUsesWhatTheContractAllows(t *testing.T) {
	weak := kvtest.Weak(open(t), 1)
	for i := range 5 {
		cond := kv.Always
		if i == 0 {
			cond = kv.Absent
		}
		must(t, weak.Put(t.Context(), item("k", fmt.Sprint(i)), cond))
	}
	seen := map[string]int{}
	for range 200 {
		got, err := weak.Get(t.Context(), item("k", "").Key, kv.Eventual)
		seen[fmt.Sprint(string(got.Value), err)]++
		page, err := weak.Query(t.Context(), kv.Span{Table: kv.Log, Partition: []byte("p")})
		must(t, err)
		if len(page.Items) == 0 && page.Next != nil {
			seen["empty page"]++
		}
		refused, ok := weak.InsertMany(t.Context(), []kv.Item{item("k", "")})[0].(*kv.Conflict)
		if !ok {
			t.Fatal("insert over an item was not refused")
		}
		seen[fmt.Sprint("refused and told what stands: ", refused.Current != nil)]++
	}
	for _, want := range []string{"0<nil>", "1<nil>", "2<nil>", "3<nil>", "4<nil>", fmt.Sprint(kv.ErrAbsent), "empty page",
		"refused and told what stands: true", "refused and told what stands: false"} {
		if seen[want] == 0 {
			t.Errorf("never came: %s (came: %v)", want, seen)
		}
	}
}

func TestWeakLosesAnswersAfterTheirEffect(t *testing.T) {
	store := open(t)
	weak := kvtest.Weak(store, 1)
	weak.Lost = 0.5
	lost := 0
	for i := range 100 {
		put := item(fmt.Sprint(i), "")
		if err := weak.Put(t.Context(), put, kv.Absent); errors.Is(err, kv.ErrUnavailable) {
			lost++
		}
		if _, err := store.Get(t.Context(), put.Key, kv.Strong); err != nil {
			t.Errorf("put %d: %v", i, err)
		}
	}
	if lost < 25 || lost > 75 {
		t.Errorf("%d of 100 answers were lost", lost)
	}
}

func TestCountCountsCallsAndRounds(t *testing.T) {
	counted := kvtest.Count(open(t))
	start, gate := make(chan struct{}), sync.WaitGroup{}
	slow := kvtest.Count(gated{counted, start})
	for i := range 3 {
		gate.Go(func() { slow.Put(t.Context(), item(fmt.Sprint(i), ""), kv.Absent) })
	}
	for slow.Snapshot().Calls[kvtest.OpPut] < 3 {
	}
	close(start)
	gate.Wait()
	if u := slow.Snapshot(); u.Rounds != 1 || u.Calls[kvtest.OpPut] != 3 || u.Units() != (kvtest.Units{Write: 3}) {
		t.Errorf("three puts at once: %+v", u)
	}
	_, err := slow.Get(t.Context(), item("0", "").Key, kv.Eventual)
	must(t, err)
	if u := slow.Snapshot(); u.Rounds != 2 || u.Calls[kvtest.OpGet] != 1 || u.Units() != (kvtest.Units{Read: 0.5, Write: 3}) {
		t.Errorf("and a get: %+v", u)
	}
	slow.Reset()
	if u := slow.Snapshot(); u.Rounds != 0 || len(u.Calls) != 0 || u.Units() != (kvtest.Units{}) {
		t.Errorf("after reset: %+v", u)
	}
}

func TestFailFailsThePlannedCall(t *testing.T) {
	log, control := []kv.Table{kv.Log}, []kv.Table{kv.Control}
	for _, c := range []struct {
		plan kvtest.Plan
		want string // of two puts and an insert of two items: + done, - failed without effect, ! failed after it
	}{
		{kvtest.Plan{Nth: 1}, "-+++"},
		{kvtest.Plan{Nth: 2, Effect: kvtest.Whole}, "+!++"},
		{kvtest.Plan{Nth: 3}, "++--"},
		{kvtest.Plan{Nth: 3, Effect: kvtest.Half}, "++!-"},
		{kvtest.Plan{Nth: 1, Ops: []kvtest.Op{kvtest.OpInsertMany}, Effect: kvtest.Whole}, "++!!"},
		{kvtest.Plan{Nth: 2, Tables: log, Effect: kvtest.Whole, Forever: true}, "+!--"},
		{kvtest.Plan{Nth: 1, Tables: control}, "++++"},
		{kvtest.Plan{Nth: 9}, "++++"},
	} {
		store := open(t)
		failing := kvtest.Fail(store, c.plan)
		items := []kv.Item{item("0", ""), item("1", ""), item("2", ""), item("3", "")}
		errs := []error{failing.Put(t.Context(), items[0], kv.Absent), failing.Put(t.Context(), items[1], kv.Absent)}
		errs = append(errs, failing.InsertMany(t.Context(), items[2:])...)
		got := ""
		for i, err := range errs {
			_, absent := store.Get(t.Context(), items[i].Key, kv.Strong)
			switch {
			case err == nil && absent == nil:
				got += "+"
			case errors.Is(err, kv.ErrUnavailable) && absent == nil:
				got += "!"
			case errors.Is(err, kv.ErrUnavailable):
				got += "-"
			}
		}
		if got != c.want || failing.Fired() != (c.want != "++++") {
			t.Errorf("%+v: %s, fired %v; want %s", c.plan, got, failing.Fired(), c.want)
		}
	}
}
