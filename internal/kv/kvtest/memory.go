package kvtest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"cairn/internal/kv"
)

// Memory is a store in memory, for tests that begin anew thousands of times. It keeps the whole contract, as Run shows.
type Memory struct {
	mu    sync.Mutex
	items map[place]kv.Item
}

// pageItems is how many items a page has at most: few, so that pages go on in tests too.
const pageItems = 16

// place is a key that can be compared.
type place struct {
	table           kv.Table
	partition, sort string
}

func placeOf(k kv.Key) place { return place{k.Table, string(k.Partition), string(k.Sort)} }

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{items: map[place]kv.Item{}} }

// Clone is a store that holds the same now, and goes its own way.
func (m *Memory) Clone() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{items: maps.Clone(m.items)}
}

// Items lists what stands in a table, by key.
func (m *Memory) Items(t kv.Table) []kv.Item {
	return m.sorted(func(i kv.Item) bool { return i.Table == t })
}

func (m *Memory) sorted(which func(kv.Item) bool) (out []kv.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, item := range m.items {
		if which(item) {
			out = append(out, cloned(item))
		}
	}
	slices.SortFunc(out, func(a, b kv.Item) int { return compareKeys(a.Key, b.Key) })
	return out
}

func compareKeys(a, b kv.Key) int {
	return cmp.Or(cmp.Compare(a.Table, b.Table), bytes.Compare(a.Partition, b.Partition), bytes.Compare(a.Sort, b.Sort))
}

func cloned(i kv.Item) kv.Item {
	i.Partition, i.Sort, i.Value = bytes.Clone(i.Partition), bytes.Clone(i.Sort), bytes.Clone(i.Value)
	return i
}

func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", kv.ErrUnavailable, err)
	}
	return nil
}

// Get implements kv.Reader.
func (m *Memory) Get(ctx context.Context, key kv.Key, _ kv.Strength) (kv.Item, error) {
	if err := cmp.Or(ended(ctx), key.Check()); err != nil {
		return kv.Item{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	item, stands := m.items[placeOf(key)]
	if !stands {
		return kv.Item{}, kv.ErrAbsent
	}
	return cloned(item), nil
}

// GetMany implements kv.Reader.
func (m *Memory) GetMany(ctx context.Context, keys []kv.Key, s kv.Strength) (out []kv.Item, err error) {
	for _, key := range keys {
		item, err := m.Get(ctx, key, s)
		if err == nil {
			out = append(out, item)
		} else if err != kv.ErrAbsent {
			return nil, err
		}
	}
	return out, nil
}

// Query implements kv.Reader.
func (m *Memory) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	if err := cmp.Or(ended(ctx), kv.Key{Partition: span.Partition, Sort: []byte{0}}.Check()); err != nil {
		return kv.Page{}, err
	}
	items := m.sorted(func(i kv.Item) bool {
		return i.Table == span.Table && bytes.Equal(i.Partition, span.Partition) && inside(i.Sort, span)
	})
	if span.Descending {
		slices.Reverse(items)
	}
	limit := pageItems
	if span.Limit > 0 {
		limit = min(limit, span.Limit)
	}
	if len(items) <= limit {
		return kv.Page{Items: items}, nil
	}
	return kv.Page{Items: items[:limit], Next: span.Behind(items[limit-1].Sort)}, nil
}

// Put implements kv.Writer.
func (m *Memory) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	if err := cmp.Or(ended(ctx), item.Check()); err != nil {
		return err
	}
	return m.replace(item.Key, cond, func(at place) { m.items[at] = cloned(item) })
}

// InsertMany implements kv.Writer.
func (m *Memory) InsertMany(ctx context.Context, items []kv.Item) []error {
	outcomes := make([]error, len(items))
	for i, item := range items {
		outcomes[i] = m.Put(ctx, item, kv.Absent)
	}
	return outcomes
}

// Delete implements kv.Writer.
func (m *Memory) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	if err := cmp.Or(ended(ctx), key.Check()); err != nil {
		return err
	}
	return m.replace(key, cond, func(at place) { delete(m.items, at) })
}

func (m *Memory) replace(key kv.Key, cond kv.Condition, change func(place)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := placeOf(key)
	var current *kv.Item
	if item, ok := m.items[at]; ok {
		current = new(cloned(item))
	}
	if !cond.Holds(current) {
		return &kv.Conflict{Current: current}
	}
	change(at)
	return nil
}
