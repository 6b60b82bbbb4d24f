package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"cairn/internal/kv"
)

// Limits are how much a key may do, in all processes together; 0 is no limit.
type Limits struct {
	RequestsPerMinute int64 `json:"requestsPerMinute,omitempty"`
	StatementsPerDay  int64 `json:"statementsPerDay,omitempty"` // sent for storing, in a day of UTC
}

// Measure is what is counted against a limit.
type Measure string

// The measures.
const (
	Requests   Measure = "requests"
	Statements Measure = "statements"
)

func (l Limits) of(m Measure) (limit int64, window time.Duration) {
	if m == Requests {
		return l.RequestsPerMinute, time.Minute
	}
	return l.StatementsPerDay, 24 * time.Hour
}

// Limited refuses what would exceed a limit; after RetryAfter it is counted anew. Zero is for what exceeds it by itself: to come again is in vain.
type Limited struct {
	Measure    Measure
	Limit      int64
	RetryAfter time.Duration
}

func (e *Limited) Error() string {
	every := map[Measure]string{Requests: "a minute", Statements: "a day"}[e.Measure]
	if e.RetryAfter == 0 {
		return fmt.Sprintf("this key may send %d %s %s, and that is fewer than these", e.Limit, e.Measure, every)
	}
	return fmt.Sprintf("this key may send %d %s %s, and that is used up", e.Limit, e.Measure, every)
}

// Spend counts n against a limit of a principal, and returns *Limited, and counts nothing, when that exceeds it. Nothing is asked of the store
// for what is not limited, nor for most of what is: a process takes leases from the common count and spends them by itself. The first in a window
// is a quarter of what it used in the one before, each other as large as what it has used so far, none more than a twentieth of the limit.
// So a limit is never exceeded, and whatever the number of processes, more than a third of it is used before anything is refused. Clocks
// may be apart by a few seconds.
func (k *Keys) Spend(ctx context.Context, p Principal, m Measure, n int64) error {
	limit, window := p.limits.of(m)
	if limit == 0 || n == 0 {
		return nil
	}
	if n > limit {
		return &Limited{Measure: m, Limit: limit}
	}
	return k.meter.lease(p.Key, m).spend(ctx, limit, window, n)
}

// Every key of ours in the table control besides: one row a key and measure, for its newest window.
//
//	control  "meter" | key id, 0, measure     count
//
// count is what of a limit is leased in a window.
type count struct {
	Window time.Time `json:"window"` // its start
	Leased int64     `json:"leased"`
}

// meter keeps this process's leases.
type meter struct {
	store kv.Store

	mu     sync.Mutex
	leases map[string]*lease
}

func newMeter(store kv.Store) *meter { return &meter{store: store, leases: map[string]*lease{}} }

func (m *meter) lease(key string, measure Measure) *lease {
	name := key + "\x00" + string(measure)
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.leases[name]
	if l == nil {
		if len(m.leases) >= keepMost {
			clear(m.leases) // what was left of them is lost, and nothing more
		}
		l = &lease{store: m.store, measure: measure, turn: make(chan struct{}, 1),
			key: kv.Key{Table: kv.Control, Partition: []byte("meter"), Sort: []byte(name)}}
		m.leases[name] = l
	}
	return l
}

// lease is what this process may spend of one limit without asking.
type lease struct {
	store   kv.Store
	key     kv.Key
	measure Measure
	turn    chan struct{} // one request at a time; who waits may give up

	left, used int64 // in the window
	before     int64 // used in the window before
	row        count // as it was last seen
	version    uint64
}

// apart is how far clocks may be: a window that begins later than that is a wrong clock's.
const apart = 5 * time.Second

// longestPause is how often the pause between two tries doubles from a millisecond.
const longestPause = 7

func (l *lease) spend(ctx context.Context, limit int64, window time.Duration, n int64) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for a limit's count: %w", ctx.Err())
	}
	now := time.Now().UTC()
	start := now.Truncate(window)
	l.enter(count{Window: start}, window)
	for tries := 0; l.left < n; tries++ {
		if n-l.left > limit-l.row.Leased {
			return &Limited{l.measure, limit, start.Add(window).Sub(now)}
		}
		if err := l.extend(ctx, limit, window, n, now); err != nil {
			return err
		}
		if l.left < n { // another process was faster: not all must come again at once
			pause(ctx, rand.N(time.Millisecond<<min(tries, longestPause)))
		}
	}
	l.left, l.used = l.left-n, l.used+n
	return nil
}

// enter begins a later window, if that is one.
func (l *lease) enter(row count, window time.Duration) {
	if !l.row.Window.Before(row.Window) {
		return
	}
	l.before = 0
	if row.Window.Sub(l.row.Window) == window {
		l.before = l.used
	}
	l.row, l.left, l.used = row, 0, 0
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// extend leases enough for n, and more by what this process has used. When the row has moved on it is only looked at.
func (l *lease) extend(ctx context.Context, limit int64, window time.Duration, n int64, now time.Time) error {
	use := l.used
	if use == 0 {
		use = l.before / 4
	}
	more := min(max(n-l.left, min(use, limit/20)), limit-l.row.Leased)
	next := count{l.row.Window, l.row.Leased + more}
	value, err := json.Marshal(next)
	if err != nil {
		return err
	}
	item, cond := kv.Item{Key: l.key, Value: value, Version: kv.NewVersion()}, kv.Absent
	if l.version != 0 {
		cond = kv.IfVersion(l.version)
	}
	err = l.store.Put(ctx, item, cond)
	var moved *kv.Conflict
	switch {
	case errors.As(err, &moved):
		return l.look(moved.Current, window, now)
	case err != nil:
		return fmt.Errorf("counting against a limit: %w", err)
	}
	l.row, l.version, l.left = next, item.Version, l.left+more
	return nil
}

// look takes over what stands in the row. A window that is over counts for nothing. One that has not begun here is another process's clock,
// and is gone by, unless that clock is wrong: then it must not lock anybody out.
func (l *lease) look(current *kv.Item, window time.Duration, now time.Time) error {
	if current == nil {
		l.row.Leased, l.version = 0, 0
		return nil
	}
	var row count
	if err := json.Unmarshal(current.Value, &row); err != nil {
		return fmt.Errorf("the count of a limit cannot be read: %w", err)
	}
	l.version = current.Version
	switch {
	case row.Window.Before(l.row.Window), row.Window.After(now.Add(apart)):
		l.row.Leased = 0
	case row.Window.After(l.row.Window):
		l.enter(row, window)
	default:
		l.row.Leased = row.Leased
	}
	return nil
}
