package kvtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"cairn/internal/kv"
)

// Effect is how much of a call takes effect before it fails.
type Effect int

// The effects. Half is of InsertMany: its first half is inserted, and no outcome of it told; other calls take Whole.
const (
	None Effect = iota
	Half
	Whole
)

// Plan says which call fails, and how.
type Plan struct {
	Nth     int        // the first is 1
	Ops     []Op       // counted among calls of these; nil for all
	Tables  []kv.Table // counted among calls to these; nil for all
	Effect  Effect
	Slow    time.Duration // the call takes so long, works if its context lives until then, and fails otherwise
	Forever bool          // all later calls, of any kind, fail without effect: the process has died
}

// Failing is a store whose calls fail as planned, with kv.ErrUnavailable.
type Failing struct {
	store kv.Store
	plan  Plan

	mu    sync.Mutex
	seen  int
	fired bool
}

// Fail wraps a store.
func Fail(store kv.Store, plan Plan) *Failing { return &Failing{store: store, plan: plan} }

// Fired says whether the planned call has come, so that a test can go through all of them and stop.
func (f *Failing) Fired() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fired
}

var errPlanned = fmt.Errorf("%w: planned failure", kv.ErrUnavailable)

// next says whether a call fails, and after what effect.
func (f *Failing) next(op Op, tables ...kv.Table) (fails bool, effect Effect) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fired {
		return f.plan.Forever, None
	}
	concerned := func(t kv.Table) bool { return f.plan.Tables == nil || slices.Contains(f.plan.Tables, t) }
	if f.plan.Ops != nil && !slices.Contains(f.plan.Ops, op) || !slices.ContainsFunc(tables, concerned) {
		return false, None
	}
	f.seen++
	f.fired = f.seen == f.plan.Nth
	return f.fired, f.plan.Effect
}

// run makes a call that does one thing.
func (f *Failing) run(ctx context.Context, op Op, t kv.Table, call func() error) error {
	fails, effect := f.next(op, t)
	if fails && effect == None {
		return errPlanned
	}
	err := call()
	if fails && !f.plan.waits(ctx) {
		return errPlanned
	}
	return err
}

// waits passes the time of a slow call, and says whether it works in the end.
func (p Plan) waits(ctx context.Context) bool {
	if p.Slow == 0 {
		return false
	}
	select {
	case <-time.After(p.Slow):
		return true
	case <-ctx.Done():
		return false
	}
}

// Get implements kv.Reader.
func (f *Failing) Get(ctx context.Context, key kv.Key, s kv.Strength) (item kv.Item, err error) {
	err = f.run(ctx, OpGet, key.Table, func() (err error) { item, err = f.store.Get(ctx, key, s); return err })
	if err != nil {
		item = kv.Item{}
	}
	return item, err
}

// GetMany implements kv.Reader.
func (f *Failing) GetMany(ctx context.Context, keys []kv.Key, s kv.Strength) ([]kv.Item, error) {
	var tables []kv.Table
	for _, k := range keys {
		tables = append(tables, k.Table)
	}
	if fails, _ := f.next(OpGetMany, tables...); fails && !f.plan.waits(ctx) {
		return nil, errPlanned
	}
	return f.store.GetMany(ctx, keys, s)
}

// Query implements kv.Reader.
func (f *Failing) Query(ctx context.Context, span kv.Span) (page kv.Page, err error) {
	err = f.run(ctx, OpQuery, span.Table, func() (err error) { page, err = f.store.Query(ctx, span); return err })
	if err != nil {
		page = kv.Page{}
	}
	return page, err
}

// Put implements kv.Writer.
func (f *Failing) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	return f.run(ctx, OpPut, item.Table, func() error { return f.store.Put(ctx, item, cond) })
}

// Delete implements kv.Writer.
func (f *Failing) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	return f.run(ctx, OpDelete, key.Table, func() error { return f.store.Delete(ctx, key, cond) })
}

// InsertMany implements kv.Writer.
func (f *Failing) InsertMany(ctx context.Context, items []kv.Item) []error {
	var tables []kv.Table
	for _, item := range items {
		tables = append(tables, item.Table)
	}
	fails, effect := f.next(OpInsertMany, tables...)
	if !fails {
		return f.store.InsertMany(ctx, items)
	}
	outcomes := make([]error, len(items))
	switch effect {
	case Half:
		f.store.InsertMany(ctx, items[:len(items)/2])
	case Whole:
		if outcomes = f.store.InsertMany(ctx, items); f.plan.waits(ctx) {
			return outcomes
		}
	}
	for i := range outcomes {
		outcomes[i] = errPlanned
	}
	return outcomes
}
