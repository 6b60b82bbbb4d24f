package kvtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cairn/internal/kv"
)

// handle is the store as one actor sees it: each call waits until the schedule grants it.
type handle struct {
	s  *schedule
	by *actor
}

// BeginAnew says that the actor which was given this store goes on from here as if it knew nothing but a number, so that
// schedules that lead here in different ways are one. Other stores are left alone.
func BeginAnew(store kv.Store, with uint64) {
	h, ok := store.(handle)
	if !ok {
		return
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.by.history, h.by.writes, h.by.begun = 0, 0, with
}

// call is a call that waits. One of many items or keys is granted item by item, as the contract has it.
type call struct {
	op   Op
	what []kv.Item // what it writes, or under which keys it reads
	cond kv.Condition
	span kv.Span

	open   []int // of what: not done yet
	found  []kv.Item
	page   kv.Page
	errs   []error
	answer chan struct{}
}

// String names the call, but not what it writes.
func (c *call) String() string {
	var b strings.Builder
	fmt.Fprint(&b, c.op)
	for _, item := range c.what {
		fmt.Fprintf(&b, " %s %x %x", item.Table, item.Partition, item.Sort)
	}
	return b.String()
}

func (c *call) writes() bool { return c.op == OpPut || c.op == OpInsertMany || c.op == OpDelete }

// finish ends the call with an error for all that is open.
func (c *call) finish(err error) {
	for _, i := range c.open {
		c.errs[i] = err
	}
	c.open = nil
}

// first is the error of a call that has but one.
func (c *call) first() error { return cmp.Or(c.errs...) }

var (
	errOver   = fmt.Errorf("%w: the schedule is over", kv.ErrUnavailable)
	errChosen = fmt.Errorf("%w: a failure that the explorer chose", kv.ErrUnavailable)
)

// wait hands the call to the schedule and returns when it is done. A call of a dead actor never is, until the schedule is over.
func (h handle) wait(ctx context.Context, c *call) *call {
	c.answer, c.errs = make(chan struct{}), make([]error, len(c.what))
	for i := range c.what {
		c.open = append(c.open, i)
	}
	if len(c.open) == 0 {
		return c
	}
	if err := ended(ctx); err != nil && !h.s.gone(h.by) {
		c.finish(err)
		return c
	}
	h.s.arrive(h.by, c)
	select {
	case <-c.answer:
		return c
	case <-ctx.Done():
	case <-h.s.over:
	}
	if h.s.leave(h.by, c) {
		<-h.s.over
		c.finish(errOver)
		return c
	}
	c.finish(cmp.Or(ended(ctx), errOver))
	return c
}

// Get implements kv.Reader.
func (h handle) Get(ctx context.Context, key kv.Key, _ kv.Strength) (kv.Item, error) {
	c := h.wait(ctx, &call{op: OpGet, what: []kv.Item{{Key: key}}})
	switch {
	case c.first() != nil:
		return kv.Item{}, c.first()
	case len(c.found) == 0:
		return kv.Item{}, kv.ErrAbsent
	}
	return c.found[0], nil
}

// GetMany implements kv.Reader. Keys are read one by one, the last first: then parts are read before their head, and what is
// read together is as far apart as can be.
func (h handle) GetMany(ctx context.Context, keys []kv.Key, _ kv.Strength) ([]kv.Item, error) {
	c := &call{op: OpGetMany}
	for _, key := range keys {
		c.what = append(c.what, kv.Item{Key: key})
	}
	slices.SortFunc(c.what, func(a, b kv.Item) int { return compareKeys(b.Key, a.Key) })
	h.wait(ctx, c)
	if err := c.first(); err != nil {
		return nil, err
	}
	return c.found, nil
}

// Query implements kv.Reader.
func (h handle) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	at := kv.Key{Table: span.Table, Partition: span.Partition, Sort: span.From}
	c := h.wait(ctx, &call{op: OpQuery, span: span, what: []kv.Item{{Key: at}}})
	return c.page, c.first()
}

// Put implements kv.Writer.
func (h handle) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	return h.wait(ctx, &call{op: OpPut, what: []kv.Item{item}, cond: cond}).first()
}

// Delete implements kv.Writer.
func (h handle) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	return h.wait(ctx, &call{op: OpDelete, what: []kv.Item{{Key: key}}, cond: cond}).first()
}

// InsertMany implements kv.Writer. Items are put one by one.
func (h handle) InsertMany(ctx context.Context, items []kv.Item) []error {
	c := &call{op: OpInsertMany, cond: kv.Absent, what: slices.Clone(items)}
	h.wait(ctx, c)
	return c.errs
}

// perform does the call, or one item of it, to the store, and tells what came of it.
func (c *call) perform(m *Memory, i int) (found *kv.Item, err error) {
	ctx := context.Background()
	switch c.op {
	case OpGet, OpGetMany:
		item, err := m.Get(ctx, c.what[i].Key, kv.Strong)
		if err != nil {
			return nil, nil
		}
		return &item, nil
	case OpQuery:
		c.page, err = m.Query(ctx, c.span)
		return nil, err
	case OpDelete:
		return nil, m.Delete(ctx, c.what[i].Key, c.cond)
	}
	return nil, m.Put(ctx, c.what[i], c.cond)
}

// holds says whether a write would take effect now.
func (c *call) holds(m *Memory, i int) bool {
	item, err := m.Get(context.Background(), c.what[i].Key, kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return c.cond.Holds(nil)
	}
	return c.cond.Holds(&item)
}
