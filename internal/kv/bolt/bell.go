package bolt

import (
	"context"
	"strconv"
	"sync"
	"time"

	"cairn/internal/kv"
)

const (
	ringBatch = 1000                   // changes a ring tells of at most
	ringPause = 100 * time.Millisecond // before a ring that failed is tried again
)

// bell keeps what each listener has yet to hear. The committer never waits for a listener: what piles up is one change a key.
type bell struct {
	mu        sync.Mutex
	rings     uint64
	listeners map[*listener]struct{}
}

type listener struct {
	table   kv.Table
	waiting map[string]kv.Change // by raw key
	wake    chan struct{}
}

// Listen implements kv.Bell. It returns when ctx ends, with its error, or when the store is closed.
func (s *Store) Listen(ctx context.Context, table kv.Table, ring func(context.Context, []kv.Change) error) error {
	l := &listener{table: table, waiting: map[string]kv.Change{}, wake: make(chan struct{}, 1)}
	s.bell.add(l)
	defer s.bell.remove(l)
	for {
		changes := s.bell.take(l)
		if len(changes) == 0 {
			select {
			case <-l.wake:
				continue
			case <-ctx.Done():
				return ctx.Err()
			case <-s.closing:
				return errClosed
			}
		}
		for ring(ctx, changes) != nil {
			select {
			case <-time.After(ringPause):
			case <-ctx.Done():
				return ctx.Err()
			case <-s.closing:
				return errClosed
			}
		}
	}
}

func (b *bell) add(l *listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = map[*listener]struct{}{}
	}
	b.listeners[l] = struct{}{}
}

func (b *bell) remove(l *listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.listeners, l)
}

// ring notes changes for those who listen to their tables. Of several changes of a key one ring is left, the last, which is
// new if any was.
func (b *bell) ring(changed []kv.Change, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.listeners {
		for _, c := range changed {
			if c.Key.Table != l.table {
				continue
			}
			b.rings++
			raw := string(rawKey(c.Key))
			c.ID, c.At, c.New = strconv.FormatUint(b.rings, 10), at, c.New || l.waiting[raw].New
			l.waiting[raw] = c
			select {
			case l.wake <- struct{}{}:
			default:
			}
		}
	}
}

func (b *bell) take(l *listener) (changes []kv.Change) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for raw, c := range l.waiting {
		if len(changes) == ringBatch {
			break
		}
		changes = append(changes, c)
		delete(l.waiting, raw)
	}
	return changes
}
