package kvtest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing/synctest"
	"time"

	"cairn/internal/kv"
)

// schedule is one run of a world: what its actors wait for, and what was chosen.
type schedule struct {
	e     *Explorer
	world World
	wide  bool // any order of items, time as a choice
	left  int  // faults
	over  chan struct{}
	trace func(string) // nil: not wanted

	mu      sync.Mutex // actors write under it, and the explorer while they run
	actors  []*actor
	late    []lateWrite
	written map[place]uint64 // sums of what stands, for those written in this schedule
	ticks   int              // pauses that have passed
	cut     bool             // one more would have to
	last    *actor
	turns   int // away from an actor that could have gone on
}

// lateWrite is a write whose caller was told that it failed, and that has yet to take effect.
type lateWrite struct {
	by   uint64
	call *call
	item int
}

func (s *schedule) start(ctx context.Context) *sync.WaitGroup {
	var all sync.WaitGroup
	for i, a := range s.world.Actors {
		me := &actor{Actor: a, number: uint64(i + 1)}
		s.actors = append(s.actors, me)
	}
	for _, me := range s.actors {
		all.Go(func() {
			err := me.Do(ctx, handle{s, me})
			s.mu.Lock()
			defer s.mu.Unlock()
			me.end = Outcome{Ended: true, Err: err}
		})
	}
	return &all
}

func (s *schedule) gone(a *actor) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return a.dead
}

func (s *schedule) arrive(a *actor, c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.calls = append(a.calls, c)
}

// leave takes back a call whose context ended; dead says that nobody is there any more to take it.
func (s *schedule) leave(a *actor, c *call) (dead bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.calls = slices.DeleteFunc(a.calls, func(o *call) bool { return o == c })
	return a.dead
}

// rest lets everything run until all actors wait for calls. In a narrow schedule pauses pass by themselves: an actor that has
// woken stands before a call, and every order of that call and the others' is still to come, so nothing is lost but orders
// of positions that are begun meanwhile, for which there are cases with clocks apart.
func (s *schedule) rest() {
	synctest.Wait()
	for !s.wide && s.pausing() {
		if s.cut = s.ticks == s.e.Pauses; s.cut {
			return
		}
		s.pass()
	}
	for _, a := range s.actors {
		if len(a.calls) > 1 {
			slices.SortFunc(a.calls, func(a, b *call) int { return cmp.Compare(a.String(), b.String()) })
		}
	}
}

func (s *schedule) pass() {
	time.Sleep(s.e.Pause)
	synctest.Wait()
	s.ticks++
}

func (s *schedule) pausing() bool {
	s.mu.Lock() // those that wake later have seen what we read
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.actors, func(a *actor) bool { return !a.dead && !a.end.Ended && len(a.calls) == 0 })
}

// do makes an option happen.
func (s *schedule) do(o option) {
	if s.trace != nil {
		s.trace(s.told(o))
	}
	if o.kind.fault() {
		s.left--
	}
	switch o.kind {
	case dies:
		s.mu.Lock()
		o.actor.dead = true
		s.mu.Unlock()
	case passes:
		s.pass()
	case lands:
		l := s.late[o.item]
		s.late = slices.Delete(slices.Clone(s.late), o.item, o.item+1)
		s.perform(l.by, l.call, l.item)
	default:
		s.grant(o)
	}
}

// grant lets one item of a call have its outcome, and the call return when it was the last.
func (s *schedule) grant(o option) {
	a, c := o.actor, o.call
	if s.last != nil && s.last != a && len(s.last.calls) > 0 && !s.last.dead {
		s.turns++
	}
	s.last = a
	var result uint64
	switch by := a.next(c); o.kind {
	case works, conflictsBarely:
		result, c.errs[o.item] = s.perform(by, c, o.item)
	case loses:
		s.perform(by, c, o.item)
		c.errs[o.item] = errChosen
	case delays:
		s.late = append(slices.Clone(s.late), lateWrite{by, c, o.item})
		fallthrough
	case fails:
		c.errs[o.item] = errChosen
	}
	if o.kind == conflictsBarely {
		c.errs[o.item], result = &kv.Conflict{}, 0
	}
	a.history = sum(a.history, uint64(slices.Index(a.calls, c)), uint64(o.item), uint64(o.kind), result)
	c.open = slices.DeleteFunc(c.open, func(i int) bool { return i == o.item })
	if c.op == OpGetMany && c.errs[o.item] != nil {
		c.open = nil
	}
	if len(c.open) == 0 {
		a.calls = slices.DeleteFunc(a.calls, func(other *call) bool { return other == c })
		close(c.answer)
	}
}

func (a *actor) next(c *call) uint64 {
	if c.writes() {
		a.writes++
	}
	return sum(a.number, a.begun, a.writes)
}

// perform does an item of a call to the store; result stands for what its caller learns.
func (s *schedule) perform(by uint64, c *call, i int) (result uint64, err error) {
	found, err := c.perform(s.world.Store, i)
	var conflict *kv.Conflict
	switch {
	case errors.As(err, &conflict) && conflict.Current != nil:
		return s.written[placeOf(conflict.Current.Key)] + 1, err
	case err != nil:
		return 1, err
	case found != nil:
		c.found = append(c.found, *found)
		return s.written[placeOf(found.Key)] + 1, nil
	case c.op == OpQuery:
		for _, item := range c.page.Items {
			result = sum(result, s.written[placeOf(item.Key)])
		}
	case c.op == OpDelete:
		delete(s.written, placeOf(c.what[i].Key))
	case c.writes():
		s.written[placeOf(c.what[i].Key)] = s.e.sumOf(c.what[i], by)
	}
	return result, nil
}
