package kvtest

import (
	"context"
	"errors"
	"maps"
	"sync"

	"cairn/internal/kv"
)

// Op names a method of kv.Store.
type Op string

// The methods of kv.Store.
const (
	OpGet        Op = "Get"
	OpGetMany    Op = "GetMany"
	OpQuery      Op = "Query"
	OpPut        Op = "Put"
	OpInsertMany Op = "InsertMany"
	OpDelete     Op = "Delete"
)

// Units are capacity units as DynamoDB bills them.
type Units struct{ Read, Write float64 }

// Usage is what calls came to.
type Usage struct {
	Calls  map[Op]int
	Tables map[kv.Table]Units
	// Items is how many were read: asked for by their keys, whether or not they are there, or given by a query.
	Items int
	// Rounds is the number of round trips in sequence: the longest chain of calls each of which began after the one before
	// it had ended.
	Rounds int
}

// Units is the sum over the tables.
func (u Usage) Units() (sum Units) {
	for _, t := range u.Tables {
		sum.Read += t.Read
		sum.Write += t.Write
	}
	return sum
}

// Counter counts the calls to a store, and the capacity units they would take in DynamoDB, worked out from item sizes. It
// wraps a store that was empty: what a write replaces is charged by what the counter has seen.
type Counter struct {
	store kv.Store

	mu    sync.Mutex
	usage Usage
	sizes map[string]int
}

// Count wraps a store.
func Count(store kv.Store) *Counter {
	c := &Counter{store: store, sizes: map[string]int{}}
	c.Reset()
	return c
}

// Reset begins to count anew.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.usage = Usage{Calls: map[Op]int{}, Tables: map[kv.Table]Units{}}
}

// Snapshot is what was counted since the last Reset.
func (c *Counter) Snapshot() Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.usage
	u.Calls, u.Tables = maps.Clone(u.Calls), maps.Clone(u.Tables)
	return u
}

// Get implements kv.Reader.
func (c *Counter) Get(ctx context.Context, key kv.Key, s kv.Strength) (kv.Item, error) {
	round := c.begin(OpGet)
	item, err := c.store.Get(ctx, key, s)
	c.end(round, func() {
		c.usage.Items++
		c.read(key.Table, size(item), s)
	})
	return item, err
}

// GetMany implements kv.Reader.
func (c *Counter) GetMany(ctx context.Context, keys []kv.Key, s kv.Strength) ([]kv.Item, error) {
	round := c.begin(OpGetMany)
	items, err := c.store.GetMany(ctx, keys, s)
	c.end(round, func() {
		c.usage.Items += len(keys)
		found := map[string]int{}
		for _, item := range items {
			found[name(item.Key)] = size(item)
		}
		for _, key := range keys {
			c.read(key.Table, found[name(key)], s)
		}
	})
	return items, err
}

// Query implements kv.Reader.
func (c *Counter) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	round := c.begin(OpQuery)
	page, err := c.store.Query(ctx, span)
	c.end(round, func() {
		c.usage.Items += len(page.Items)
		sum := 0
		for _, item := range page.Items {
			sum += size(item)
		}
		c.read(span.Table, sum, span.Strength)
	})
	return page, err
}

// Put implements kv.Writer.
func (c *Counter) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	round := c.begin(OpPut)
	err := c.store.Put(ctx, item, cond)
	c.end(round, func() { c.write(item.Key, size(item), err) })
	return err
}

// InsertMany implements kv.Writer.
func (c *Counter) InsertMany(ctx context.Context, items []kv.Item) []error {
	round := c.begin(OpInsertMany)
	outcomes := c.store.InsertMany(ctx, items)
	c.end(round, func() {
		for i, err := range outcomes {
			c.write(items[i].Key, size(items[i]), err)
		}
	})
	return outcomes
}

// Delete implements kv.Writer.
func (c *Counter) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	round := c.begin(OpDelete)
	err := c.store.Delete(ctx, key, cond)
	c.end(round, func() { c.write(key, 0, err) })
	return err
}

// begin counts a call and returns the round it belongs to.
func (c *Counter) begin(op Op) (round int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.usage.Calls[op]++
	return c.usage.Rounds + 1
}

func (c *Counter) end(round int, charge func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.usage.Rounds = max(c.usage.Rounds, round)
	charge()
}

// overhead is what the dynamo adapter's items have beside keys and value: four names of a byte, and the version.
const overhead = 4 + 8

func size(item kv.Item) int {
	if item.Version == 0 {
		return 0
	}
	return item.Size() + overhead
}

func (c *Counter) read(t kv.Table, bytes int, s kv.Strength) {
	units := float64(max(1, (bytes+4095)/4096))
	if s == kv.Eventual {
		units /= 2
	}
	u := c.usage.Tables[t]
	u.Read += units
	c.usage.Tables[t] = u
}

// write charges the larger of what stands and what is put in its place, whether or not a condition refuses it.
func (c *Counter) write(key kv.Key, bytes int, err error) {
	at := name(key)
	var conflict *kv.Conflict
	if errors.As(err, &conflict) && conflict.Current != nil {
		c.sizes[at] = size(*conflict.Current)
	}
	u := c.usage.Tables[key.Table]
	u.Write += float64(max(1, (max(c.sizes[at], bytes)+1023)/1024))
	c.usage.Tables[key.Table] = u
	if err == nil {
		c.sizes[at] = bytes
	}
}
