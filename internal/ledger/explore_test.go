package ledger

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

const (
	aBit = time.Millisecond // clocks apart: who begins anew after a pause is younger than who was there
	aLot = time.Second      // clocks apart: who is older stays so
)

// explored is a case: what its parties do, and how far it is explored. Deep goes further in each direction.
type explored struct {
	name    string
	faults  int
	turns   int // 0 for any
	parties []party
	dead    bool // x is claimed by a writer that died
}

var deep = os.Getenv("EXPLORE") == "deep"

func (c explored) explorer(t *testing.T) *kvtest.Explorer {
	before := kvtest.NewMemory()
	if c.dead {
		s := &stage{store: before}
		l := s.ledger(dead(before, 2, kvtest.None), 0)
		l.clock = newClock(func() time.Time { return stagedTime.Add(-time.Second) }, 0)
		if err := l.Append(t.Context(), []Draft{said("x", "1")}, false); err == nil {
			t.Fatal("the dying writer succeeded")
		}
	}
	e := &kvtest.Explorer{
		New:    func() kvtest.World { return staged(before, c.parties) },
		Faults: c.faults, Turns: c.turns, Walks: 200,
		Pause: patience + 2*glance, Pauses: 1, // patience runs out once
		Mask: mask, Show: show,
	}
	if deep {
		e.Faults, e.Turns, e.Walks, e.Pauses = e.Faults+1, 2*e.Turns, 20_000, 2
	}
	return e
}

// TestEveryInterleaving has the real code of writers, voiders and readers meet in every way (see kvtest.Explorer). The
// environment variable EXPLORE=deep goes further and takes minutes; run it with -timeout 2h.
func TestEveryInterleaving(t *testing.T) {
	x, y, z, x2, y2, v := said("x", "1"), said("y", "1"), said("z", "1"), said("x", "2"), said("y", "2"), voiding("v", "x")
	big := func(id string) Draft { return said(id, noise(12_000)) } // two of them are two parts
	writes := func(ahead time.Duration, drafts ...Draft) party { return party{writes: drafts, ahead: ahead} }
	voids, reads := party{voids: "x", ahead: aBit}, func(ids ...string) party { return party{reads: ids} }
	again := party{writes: []Draft{x}, again: true}
	for _, c := range []explored{
		{name: "same statement", faults: 1, parties: []party{writes(0, x), writes(aBit, x)}},
		{name: "same statement, clocks apart", faults: 1, turns: 3, parties: []party{writes(0, x), writes(aLot, x)}},
		{name: "other statement", faults: 1, turns: 4, parties: []party{writes(0, x), writes(aBit, x2)}},
		{name: "opposite order", faults: 1, turns: 2, parties: []party{writes(0, x, y), writes(aBit, y, x)}},
		{name: "overlapping", faults: 1, turns: 3, parties: []party{writes(0, x, y), writes(aBit, y2, z)}},
		{name: "batch and single", faults: 1, turns: 3, parties: []party{writes(0, x, y), writes(aBit, y2)}},
		{name: "single and batch", faults: 1, turns: 3, parties: []party{writes(0, y2), writes(aBit, x, y)}},
		{name: "sent again", faults: 1, turns: 3, parties: []party{again, writes(aBit, x2)}},
		{name: "three writers", turns: 3, parties: []party{writes(0, x), writes(aBit, x), writes(2*aBit, x2)}},
		{name: "target and voider", faults: 2, parties: []party{writes(0, x), voids}},
		{name: "target and voiding statement", faults: 1, parties: []party{writes(0, x), writes(aBit, v)}},
		{name: "two of the target and voider", turns: 3, parties: []party{writes(0, x), writes(aBit, x), voids}},
		{name: "a dead claim wanted and voided", turns: 3, dead: true, parties: []party{writes(0, x2), writes(aBit, x), voids}},
		{name: "batch and reader", faults: 1, parties: []party{writes(0, x, y), reads("x", "y")}},
		{name: "parts and reader", faults: 1, turns: 2, parties: []party{writes(0, big("x"), big("y")), reads("y")}},
		{name: "two writers and reader", turns: 3, parties: []party{writes(0, x), writes(aBit, x), reads("x")}},
	} {
		t.Run(c.name, func(t *testing.T) { c.explorer(t).Run(t) })
	}
}

// noise is text that does not compress, the same each time.
func noise(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(idOf(fmt.Sprint(i)).String())
	}
	return b.String()
}

// lies is a store that tells its caller what is not so, to plant from outside what a ledger's code would do without one of its
// steps. A nil function lies about nothing.
type lies struct {
	kv.Store
	put   func(item kv.Item, cond kv.Condition) (kv.Item, kv.Condition, bool) // false: says it is done, and does nothing
	heads func(key kv.Key) []byte                                             // what stands where no head does
	claim func(c *claim)                                                      // as read
}

func (l lies) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	if l.put != nil {
		does := true
		if item, cond, does = l.put(item, cond); !does {
			return nil
		}
	}
	return l.told(l.Store.Put(ctx, item, cond))
}

func (l lies) InsertMany(ctx context.Context, items []kv.Item) []error {
	outcomes := l.Store.InsertMany(ctx, items)
	for i, err := range outcomes {
		outcomes[i] = l.told(err)
	}
	return outcomes
}

// told rewrites the claim that a refusal shows.
func (l lies) told(err error) error {
	conflict, refused := err.(*kv.Conflict)
	if l.claim == nil || !refused || conflict.Current == nil || conflict.Current.Table != kv.IDs {
		return err
	}
	c, err := decodeClaim(conflict.Current.Value, 0)
	if err != nil {
		return err
	}
	l.claim(c)
	conflict.Current.Value = c.encode()
	return conflict
}

func (l lies) GetMany(ctx context.Context, keys []kv.Key, s kv.Strength) ([]kv.Item, error) {
	items, err := l.Store.GetMany(ctx, keys, s)
	if len(items) > 0 || err != nil || l.heads == nil || keys[0].Table != kv.Log {
		return items, err
	}
	return []kv.Item{{Key: keys[0], Value: l.heads(keys[0]), Version: 1}}, nil
}

// TestExplorerFindsPlantedFaults takes one step of the protocol away at a time.
func TestExplorerFindsPlantedFaults(t *testing.T) {
	x, y, x2 := said("x", "1"), said("y", "1"), said("x", "2")
	isFence := func(i kv.Item) bool { h, err := decodeHead(i.Value); return i.Table == kv.Log && err == nil && h.fence }
	noFence := func(i kv.Item, c kv.Condition) (kv.Item, kv.Condition, bool) { return i, c, !isFence(i) }
	anyway := func(table kv.Table, which kv.Condition) func(kv.Item, kv.Condition) (kv.Item, kv.Condition, bool) {
		return func(i kv.Item, c kv.Condition) (kv.Item, kv.Condition, bool) {
			if i.Table == table && (c == kv.Absent) == (which == kv.Absent) && !isFence(i) {
				c = kv.Always
			}
			return i, c, true
		}
	}
	for _, c := range []struct {
		name, found string
		lies        lies
		parties     []party // the lies are told to all
	}{
		{"no fence before a take-over", "twice", lies{put: noFence}, []party{{writes: []Draft{x}}, {writes: []Draft{x}, ahead: aBit}}},
		{"a claim is moved whatever stands", "half a batch", lies{put: anyway(kv.IDs, kv.Always)},
			[]party{{writes: []Draft{x}}, {writes: []Draft{x}, ahead: aBit}, {writes: []Draft{x}, ahead: 2 * aBit}}},
		{"a head is put whatever stands", "twice", lies{put: anyway(kv.Log, kv.Absent)}, []party{{writes: []Draft{x}}, {writes: []Draft{x}, ahead: aBit}}},
		{"a mark is not looked at where a claim stands", "void mark", lies{claim: func(c *claim) { c.mark = Position{} }},
			[]party{{writes: []Draft{x}}, {voids: "x", ahead: aBit}}},
		{"marked claims are not fenced", "void mark", lies{put: noFence}, []party{{writes: []Draft{x}}, {voids: "x", ahead: aBit}}},
		{"a target's bit is not set", "void mark", lies{put: func(i kv.Item, c kv.Condition) (kv.Item, kv.Condition, bool) {
			return i, c, c == kv.Absent || i.Table != kv.Log
		}}, []party{{writes: []Draft{x}}, {voids: "x", ahead: aBit}}},
		{"digests are not compared", "acknowledged statement is lost", lies{claim: func(c *claim) { c.digest = x2.Digest }},
			[]party{{writes: []Draft{x}}, {writes: []Draft{x2}, ahead: aBit}}},
		{"a claim without a head is taken for a statement", "acknowledged statement is lost", lies{heads: func(kv.Key) []byte {
			return (&head{count: 1, firsts: []uint16{0}}).encode()
		}}, []party{{writes: []Draft{x}}, {writes: []Draft{x}, ahead: aBit}}},
		{"a statement that is stored elsewhere is not left out", "twice", lies{put: func(i kv.Item, c kv.Condition) (kv.Item, kv.Condition, bool) {
			if h, err := decodeHead(i.Value); i.Table == kv.Log && err == nil && !h.fence {
				h.out = nil
				i.Value = h.encode()
			}
			return i, c, true
		}}, []party{{writes: []Draft{x, y}}, {writes: []Draft{y}, ahead: aBit}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.parties {
				c.parties[i].lie = func(store kv.Store) kv.Store { l := c.lies; l.Store = store; return l }
			}
			counts, failure := explored{faults: 1, turns: 3, parties: c.parties}.explorer(t).All(t)
			if failure == nil {
				t.Fatalf("not found in %d states", counts.States)
			}
			if !strings.Contains(failure.Err.Error(), c.found) {
				t.Errorf("found %v, want %q\n%s", failure.Err, c.found, strings.Join(failure.Trace, "\n"))
			}
			t.Logf("%d states, %d schedules: %v", counts.States, counts.Schedules, failure.Err)
		})
	}
}
