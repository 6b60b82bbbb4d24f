package kvtest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"cairn/internal/kv"
)

// WeakStore is a store at its weakest: eventual reads show any older state, pages are tiny or empty, what has no order comes
// in any, refusals in a batch do not say what stands, and, when Lost is set, that share of the writes takes effect and answers
// an error. It wraps a store that was empty: older states are those it has seen.
type WeakStore struct {
	// Lost is the share of writes, from 0 to 1, whose answer is lost after their effect.
	Lost float64

	store kv.Store
	mu    sync.Mutex
	rand  *rand.Rand
	past  map[string][]kv.Item // by table, partition and sort: what stood there; Version 0 for nothing
}

// Weak wraps a store. Equal seeds make equal choices, as far as calls come in the same order.
func Weak(store kv.Store, seed uint64) *WeakStore {
	return &WeakStore{store: store, rand: rand.New(rand.NewPCG(seed, 1)), past: map[string][]kv.Item{}}
}

// Get implements kv.Reader.
func (w *WeakStore) Get(ctx context.Context, key kv.Key, strength kv.Strength) (kv.Item, error) {
	item, err := w.store.Get(ctx, key, strength)
	if strength == kv.Strong || ctx.Err() != nil {
		return item, err
	}
	if old, ok := w.older(key); ok && old.Version != 0 {
		return old, nil
	} else if ok {
		return kv.Item{}, kv.ErrAbsent
	}
	return item, err
}

// GetMany implements kv.Reader.
func (w *WeakStore) GetMany(ctx context.Context, keys []kv.Key, strength kv.Strength) ([]kv.Item, error) {
	seen := map[string]bool{}
	for _, k := range keys {
		if seen[name(k)] {
			panic("kvtest: GetMany of a key twice: " + name(k))
		}
		seen[name(k)] = true
	}
	items, err := w.store.GetMany(ctx, keys, strength)
	if err == nil && strength == kv.Eventual {
		items = w.rewind(items, keys)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items, err
}

// Query implements kv.Reader.
func (w *WeakStore) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	limit := w.dice(4)
	if span.Limit > 0 {
		limit = min(limit, span.Limit)
	}
	if limit == 0 && ctx.Err() == nil && w.dice(2) == 0 {
		return kv.Page{Next: &span}, nil
	}
	asked := span
	asked.Limit = max(limit, 1)
	page, err := w.store.Query(ctx, asked)
	if page.Next != nil {
		page.Next.Limit = span.Limit
	}
	if err == nil && span.Strength == kv.Eventual {
		page = w.rewindPage(span, page)
	}
	return page, err
}

// Put implements kv.Writer.
func (w *WeakStore) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	err := w.store.Put(ctx, item, cond)
	if err == nil {
		w.remember(item, cond)
	}
	return w.lose(err)
}

// InsertMany implements kv.Writer.
func (w *WeakStore) InsertMany(ctx context.Context, items []kv.Item) []error {
	shuffled := make([]kv.Item, len(items))
	order := w.order(len(items))
	for i, at := range order {
		shuffled[i] = items[at]
	}
	outcomes := make([]error, len(items))
	for i, err := range w.store.InsertMany(ctx, shuffled) {
		if _, refused := err.(*kv.Conflict); refused && w.dice(2) == 0 {
			err = &kv.Conflict{}
		}
		if err == nil {
			w.remember(shuffled[i], kv.Absent)
		}
		outcomes[order[i]] = w.lose(err)
	}
	return outcomes
}

// Delete implements kv.Writer.
func (w *WeakStore) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	err := w.store.Delete(ctx, key, cond)
	if err == nil {
		w.remember(kv.Item{Key: key}, cond)
	}
	return w.lose(err)
}

func (w *WeakStore) dice(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rand.IntN(n)
}

func (w *WeakStore) order(n int) []int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rand.Perm(n)
}

func (w *WeakStore) lose(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil && w.rand.Float64() < w.Lost {
		return fmt.Errorf("%w: the answer was lost", kv.ErrUnavailable)
	}
	return err
}

// remember adds a state to what a key's eventual reads may show. Nothing stood where an item was put on condition of that.
func (w *WeakStore) remember(item kv.Item, cond kv.Condition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := name(item.Key)
	if len(w.past[at]) == 0 && cond == kv.Absent {
		w.past[at] = append(w.past[at], kv.Item{Key: item.Key})
	}
	item.Value = bytes.Clone(item.Value)
	w.past[at] = append(w.past[at], item)
}

func (w *WeakStore) older(key kv.Key) (kv.Item, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	states := w.past[name(key)]
	if len(states) == 0 {
		return kv.Item{}, false
	}
	item := states[w.rand.IntN(len(states))]
	item.Value = bytes.Clone(item.Value)
	return item, true
}

// rewind replaces what stands under keys by some older state of each.
func (w *WeakStore) rewind(items []kv.Item, keys []kv.Key) (old []kv.Item) {
	now := map[string]kv.Item{}
	for _, item := range items {
		now[name(item.Key)] = item
	}
	for _, key := range keys {
		item, ok := w.older(key)
		if !ok {
			item = now[name(key)]
		}
		if item.Version != 0 {
			old = append(old, item)
		}
	}
	return old
}

// rewindPage rewinds every key that ever stood in the part of the span that the page covers.
func (w *WeakStore) rewindPage(span kv.Span, page kv.Page) kv.Page {
	part := span
	if page.Next != nil {
		part.From, part.To = page.Next.To, span.To
		if !span.Descending {
			part.From, part.To = span.From, page.Next.From
		}
	}
	page.Items = w.rewind(page.Items, w.everIn(part))
	slices.SortFunc(page.Items, func(a, b kv.Item) int { return bytes.Compare(a.Sort, b.Sort) })
	if span.Descending {
		slices.Reverse(page.Items)
	}
	if span.Limit > 0 && len(page.Items) > span.Limit {
		page.Items = page.Items[:span.Limit]
		page.Next = span.Behind(page.Items[span.Limit-1].Sort)
	}
	return page
}

func (w *WeakStore) everIn(span kv.Span) (keys []kv.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, states := range w.past {
		k := states[0].Key
		if k.Table == span.Table && bytes.Equal(k.Partition, span.Partition) && inside(k.Sort, span) {
			keys = append(keys, k)
		}
	}
	return keys
}

func inside(sort []byte, span kv.Span) bool {
	return bytes.Compare(sort, span.From) >= 0 && (span.To == nil || bytes.Compare(sort, span.To) < 0)
}

func name(k kv.Key) string {
	return fmt.Sprintf("%s %x %x", k.Table, k.Partition, k.Sort)
}
