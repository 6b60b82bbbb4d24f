package kvtest

import (
	"cairn/internal/kv"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
)

var seed = maphash.MakeSeed()

func sum(parts ...uint64) uint64 {
	b := make([]byte, 0, 64)
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	return maphash.Bytes(seed, b)
}

// state is a sum over everything on which the rest of the schedule depends.
func (s *schedule) state() uint64 {
	var content uint64
	for _, written := range s.written {
		content ^= written
	}
	state := sum(content, uint64(s.left), uint64(s.ticks))
	if s.e.Turns > 0 && s.last != nil {
		state = sum(state, uint64(s.turns), s.last.number)
	}
	for _, a := range s.actors {
		state = sum(state, a.past())
	}
	late := make([]uint64, 0, len(s.late))
	for _, l := range s.late {
		late = append(late, sum(l.by, uint64(l.item)))
	}
	slices.Sort(late)
	return sum(append(late, state)...)
}

// actor is an Actor at work.
type actor struct {
	Actor
	number  uint64
	calls   []*call
	writes  uint64 // since it began anew: they name its versions
	begun   uint64
	dead    bool
	end     Outcome
	history uint64 // sum of all its results
}

// past is what an actor has learnt, and once it is gone, only what it left: nobody can tell a death from a fault by it.
func (a *actor) past() uint64 {
	switch {
	case a.dead, a.end.Ended && errors.Is(a.end.Err, kv.ErrUnavailable):
		return 1
	case a.end.Ended && a.end.Err == nil:
		return 2
	case a.end.Ended:
		return maphash.String(seed, a.end.Err.Error())
	}
	return sum(a.history, a.begun, a.writes)
}

func (e *Explorer) sumOf(i kv.Item, by uint64) uint64 {
	if e.Mask != nil {
		i = e.Mask(i)
	}
	if i.Version == 0 {
		by = 0
	}
	return sum(by, maphash.String(seed, string(i.Table)), maphash.Bytes(seed, i.Partition), maphash.Bytes(seed, i.Sort), maphash.Bytes(seed, i.Value))
}

func (e *Explorer) show(i kv.Item) string {
	if e.Show != nil {
		return e.Show(i)
	}
	return fmt.Sprintf("%s %x %x %x", i.Table, i.Partition, i.Sort, i.Value)
}

func (s *schedule) ends() (out []Outcome) {
	for _, a := range s.actors {
		out = append(out, a.end)
	}
	return out
}

func (s *schedule) check() error { return s.world.Check(s.ends()) }

func (s *schedule) heal(ctx context.Context) error {
	if s.world.Heal == nil {
		return nil
	}
	if err := s.world.Heal(ctx, s.ends()); err != nil {
		return fmt.Errorf("healing: %w", err)
	}
	return s.check()
}
