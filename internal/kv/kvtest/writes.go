package kvtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"cairn/internal/kv"
)

type conditionCase struct {
	name    string
	present bool
	cond    func(current uint64) kv.Condition
	holds   bool
}

var conditionCases = []conditionCase{
	{"absent, always", false, func(uint64) kv.Condition { return kv.Always }, true},
	{"absent, if absent", false, func(uint64) kv.Condition { return kv.Absent }, true},
	{"absent, if version", false, func(uint64) kv.Condition { return kv.IfVersion(7) }, false},
	{"present, always", true, func(uint64) kv.Condition { return kv.Always }, true},
	{"present, if absent", true, func(uint64) kv.Condition { return kv.Absent }, false},
	{"present, if its version", true, kv.IfVersion, true},
	{"present, if another version", true, func(v uint64) kv.Condition { return kv.IfVersion(v ^ 2) }, false},
}

func (s *suite) putConditions() {
	for _, c := range conditionCases {
		before, cond := s.prepare(c)
		item := s.item(c.name, "after")
		err := s.store.Put(s.Context(), item, cond)
		if !c.holds {
			s.refused(err, before, false)
			s.stands(item.Key, before)
			continue
		}
		if err != nil {
			s.Errorf("%s: %v", c.name, err)
		}
		s.stands(item.Key, &item)
	}
}

func (s *suite) deleteConditions() {
	for _, c := range conditionCases {
		before, cond := s.prepare(c)
		err := s.store.Delete(s.Context(), s.key(c.name), cond)
		if !c.holds {
			s.refused(err, before, false)
			s.stands(s.key(c.name), before)
			continue
		}
		if err != nil {
			s.Errorf("%s: %v", c.name, err)
		}
		s.stands(s.key(c.name), nil)
	}
}

func (s *suite) prepare(c conditionCase) (before *kv.Item, cond kv.Condition) {
	if !c.present {
		return nil, c.cond(0)
	}
	item := s.put(s.item(c.name, "before"))
	return &item, c.cond(item.Version)
}

// racers is how many goroutines race for one key.
const racers = 12

func race(run func(n int)) {
	var wg sync.WaitGroup
	for n := range racers {
		wg.Go(func() { run(n) })
	}
	wg.Wait()
}

func (s *suite) racingInserts() {
	var items [racers]kv.Item
	var errs [racers]error
	race(func(n int) {
		items[n] = s.item("one", fmt.Sprint(n))
		errs[n] = s.store.Put(s.Context(), items[n], kv.Absent)
	})
	var winner *kv.Item
	for n, err := range errs {
		if err == nil && winner != nil {
			s.Fatal("two inserts of one key won")
		}
		if err == nil {
			winner = &items[n]
		}
	}
	if winner == nil {
		s.Fatal("no insert won")
	}
	s.stands(winner.Key, winner)
	for _, err := range errs {
		if err != nil {
			s.refused(err, winner, false)
		}
	}
}

func (s *suite) racingUpdates() {
	const each = 3
	s.put(s.item("sum", string(make([]byte, 4))))
	race(func(int) {
		for range each {
			if err := s.addOne(s.Context()); err != nil {
				s.Error(err)
			}
		}
	})
	got, err := s.store.Get(s.Context(), s.key("sum"), kv.Strong)
	if err != nil {
		s.Fatal(err)
	}
	if sum := binary.BigEndian.Uint32(got.Value); sum != each*racers {
		s.Errorf("sum is %d after %d updates", sum, each*racers)
	}
}

func (s *suite) addOne(ctx context.Context) error {
	current, err := s.store.Get(ctx, s.key("sum"), kv.Strong)
	for err == nil {
		sum := binary.BigEndian.Uint32(current.Value)
		next := s.item("sum", string(binary.BigEndian.AppendUint32(nil, sum+1)))
		err = s.store.Put(ctx, next, kv.IfVersion(current.Version))
		var conflict *kv.Conflict
		if !errors.As(err, &conflict) {
			return err
		}
		current, err = *conflict.Current, nil
	}
	return err
}

func (s *suite) insertMany() {
	if outcomes := s.store.InsertMany(s.Context(), nil); len(outcomes) != 0 {
		s.Errorf("outcomes of nothing: %v", outcomes)
	}
	for _, n := range []int{1, 2, 25, 60} {
		items, before := make([]kv.Item, n), make([]*kv.Item, n)
		for i := range items {
			items[i] = s.item(fmt.Sprintf("%d of %d", i, n), "after")
			items[i].Table = kv.Tables[i%len(kv.Tables)]
			if i%7 == n%7 {
				standing := items[i]
				standing.Value, standing.Version = []byte("before"), kv.NewVersion()
				before[i] = new(s.put(standing))
			}
		}
		s.checkInserted(items, before, s.store.InsertMany(s.Context(), items))
	}
}

func (s *suite) checkInserted(items []kv.Item, before []*kv.Item, outcomes []error) {
	s.Helper()
	if len(outcomes) != len(items) {
		s.Fatalf("%d outcomes for %d items", len(outcomes), len(items))
	}
	for i, item := range items {
		if before[i] != nil {
			s.refused(outcomes[i], before[i], true)
			s.stands(item.Key, before[i])
			continue
		}
		if outcomes[i] != nil {
			s.Errorf("item %d of %d: %v", i, len(items), outcomes[i])
		}
		s.stands(item.Key, &item)
	}
}

func (s *suite) racingInsertMany() {
	const n = 30
	var tries [racers][]kv.Item
	var outcomes [racers][]error
	race(func(r int) {
		for i := range n {
			tries[r] = append(tries[r], s.item(fmt.Sprint(i), fmt.Sprint(r)))
		}
		outcomes[r] = s.store.InsertMany(s.Context(), tries[r])
	})
	for i := range n {
		winners := 0
		for r := range racers {
			if err := outcomes[r][i]; err == nil {
				winners++
				s.stands(tries[r][i].Key, &tries[r][i])
			} else if conflict := (*kv.Conflict)(nil); !errors.As(err, &conflict) {
				s.Errorf("item %d: %v", i, err)
			}
		}
		if winners != 1 {
			s.Errorf("%d inserts of item %d won", winners, i)
		}
	}
}
