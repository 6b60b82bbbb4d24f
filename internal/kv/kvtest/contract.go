// Package kvtest holds stores to the contract of package kv, and wraps them for tests: Weak uses every weakness that the
// contract allows, Count counts what calls cost, Fail lets one of them fail.
package kvtest

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"cairn/internal/kv"
)

// Run holds a store to the contract of kv.Store. It opens one store and writes under partitions of its own.
func Run(t *testing.T, open func(t *testing.T) kv.Store) {
	store := open(t)
	for _, test := range []struct {
		name string
		run  func(*suite)
	}{
		{"a put takes place if its condition holds", (*suite).putConditions},
		{"a delete takes place if its condition holds", (*suite).deleteConditions},
		{"of racing inserts one wins", (*suite).racingInserts},
		{"no racing update is lost", (*suite).racingUpdates},
		{"insert many answers for each item", (*suite).insertMany},
		{"of racing insert manys one wins each item", (*suite).racingInsertMany},
		{"get many finds what stands", (*suite).getMany},
		{"a query keeps its bounds, order and limit", (*suite).spans},
		{"a query of more than a page goes on", (*suite).longSpan},
		{"keys and values are any bytes", (*suite).anyBytes},
		{"versions are any number but 0", (*suite).versions},
		{"bounds are kept", (*suite).bounds},
		{"a strong read sees every write before it", (*suite).strongReads},
		{"what a call returns is the caller's", (*suite).ownership},
		{"an ended context ends a call", (*suite).endedContext},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(&suite{T: t, store: store, part: binaryName()})
		})
	}
}

// suite is one test of the contract, with a partition that no other has.
type suite struct {
	*testing.T
	store kv.Store
	part  []byte
}

func binaryName() []byte {
	b := make([]byte, 12)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func (s *suite) key(sort string) kv.Key {
	return kv.Key{Table: kv.Documents, Partition: s.part, Sort: []byte(sort)}
}

func (s *suite) item(sort, value string) kv.Item {
	return kv.Item{Key: s.key(sort), Value: []byte(value), Version: kv.NewVersion()}
}

func (s *suite) put(item kv.Item) kv.Item {
	s.Helper()
	if err := s.store.Put(s.Context(), item, kv.Always); err != nil {
		s.Fatalf("put: %v", err)
	}
	return item
}

// stands checks what a strong read finds under a key; want is nil for nothing.
func (s *suite) stands(key kv.Key, want *kv.Item) {
	s.Helper()
	got, err := s.store.Get(s.Context(), key, kv.Strong)
	switch {
	case want == nil && !errors.Is(err, kv.ErrAbsent):
		s.Errorf("get of what is absent: %v, %v", got, err)
	case want != nil && err != nil:
		s.Errorf("get: %v", err)
	case want != nil && !same(got, *want):
		s.Errorf("get: %v, want %v", got, *want)
	}
}

// refused checks that err is a conflict with what stands there; want is nil for nothing. A batch need not say what stands.
func (s *suite) refused(err error, want *kv.Item, mayOmit bool) {
	s.Helper()
	var conflict *kv.Conflict
	if !errors.As(err, &conflict) {
		s.Errorf("not refused: %v", err)
		return
	}
	if mayOmit && conflict.Current == nil {
		return
	}
	if (conflict.Current == nil) != (want == nil) || want != nil && !same(*conflict.Current, *want) {
		s.Errorf("refused with %v standing there, want %v", conflict.Current, want)
	}
}

// all follows a span to its end.
func (s *suite) all(span kv.Span) (items []kv.Item, pages int) {
	s.Helper()
	for next := &span; next != nil; pages++ {
		page, err := s.store.Query(s.Context(), *next)
		if err != nil {
			s.Fatalf("query: %v", err)
		}
		if span.Limit > 0 && len(page.Items) > span.Limit {
			s.Fatalf("page of %d items, limit %d", len(page.Items), span.Limit)
		}
		items, next = append(items, page.Items...), page.Next
	}
	return items, pages
}

func same(a, b kv.Item) bool {
	return a.Table == b.Table && bytes.Equal(a.Partition, b.Partition) && bytes.Equal(a.Sort, b.Sort) &&
		bytes.Equal(a.Value, b.Value) && a.Version == b.Version
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
