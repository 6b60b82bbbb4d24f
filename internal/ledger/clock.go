package ledger

import (
	"sync"
	"time"
)

// clock gives a process all its times. It never falls: a position is above every instant it gave out before, and rises by at
// least the length of the entry before, so that no two statements of a process share a stored time.
type clock struct {
	wall func() time.Time

	mu       sync.Mutex
	last     Instant
	inFlight map[Position]struct{}
}

func newClock(wall func() time.Time, from Instant) *clock {
	return &clock{wall: wall, last: from, inFlight: map[Position]struct{}{}}
}

func (c *clock) advance(to Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last, to)
}

func (c *clock) now() Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tick()
}

func (c *clock) tick() Instant {
	c.last = max(c.last, At(c.wall()))
	return c.last
}

// take returns a position for an entry of n statements; it is in flight until it is released.
func (c *clock) take(n int) Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last+1, At(c.wall()))
	p := newPosition(c.last)
	c.last += Instant(n)
	c.inFlight[p] = struct{}{}
	return p
}

func (c *clock) release(p Position) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.inFlight, p)
}

// oldest is the oldest position in flight, or now.
func (c *clock) oldest() Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.tick()
	for p := range c.inFlight {
		at = min(at, p.Instant())
	}
	return at
}
