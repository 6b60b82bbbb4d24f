// Package blobtest holds stores to the contract of package blob.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"cairn/internal/blob"
)

// Run holds a store to the contract of blob.Versions. It opens one store and writes under prefixes of its own.
func Run(t *testing.T, open func(t *testing.T) blob.Versions) {
	store := open(t)
	for _, test := range []struct {
		name string
		run  func(*suite)
	}{
		{"a put is read back", (*suite).putAndGet},
		{"a second put changes nothing", (*suite).secondPut},
		{"of racing puts one stands whole", (*suite).racingPuts},
		{"what was deleted is absent", (*suite).deletes},
		{"a list is in order and in pages", (*suite).lists},
		{"what is replaced is as it was read", (*suite).replaces},
		{"of racing replacements one holds", (*suite).racingReplacements},
		{"what is no key is refused", (*suite).badKeys},
		{"an ended context ends a call", (*suite).endedContext},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(&suite{T: t, store: store, prefix: fmt.Sprintf("suite-%016x/", rand.Uint64())})
		})
	}
}

// suite is one test of the contract, with a prefix that no other has.
type suite struct {
	*testing.T
	store  blob.Versions
	prefix string
}

func (s *suite) put(key string, body []byte) {
	s.Helper()
	if err := s.store.PutIfAbsent(s.Context(), key, body); err != nil {
		s.Fatalf("put %s: %v", key, err)
	}
}

func (s *suite) stands(key string, want []byte) {
	s.Helper()
	if got, err := s.store.Get(s.Context(), key); err != nil || !bytes.Equal(got, want) {
		s.Errorf("get %s: %d bytes, %v; want %d bytes", key, len(got), err, len(want))
	}
}

func (s *suite) absent(key string) {
	s.Helper()
	if got, err := s.store.Get(s.Context(), key); !errors.Is(err, blob.ErrAbsent) {
		s.Errorf("get %s: %d bytes, %v", key, len(got), err)
	}
}

func (s *suite) putAndGet() {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for i, body := range [][]byte{nil, {0}, every, []byte("\r\n--boundary\r\n"), bytes.Repeat(every, 20_000)} {
		for _, name := range []string{"plain", "deep/er/still", "UPPER_lower-0.9", "a=b", "..a/.b", "a.."} {
			key := fmt.Sprint(s.prefix, i, "/", name)
			s.absent(key)
			s.put(key, body)
			s.stands(key, body)
		}
	}
	long := s.prefix + strings.Repeat("s", blob.MaxSegment) + "/"
	long += strings.Repeat("k", blob.MaxKey-len(long))
	s.put(long, every)
	s.stands(long, every)
}

func (s *suite) secondPut() {
	key := s.prefix + "k"
	s.put(key, []byte("first"))
	s.put(key, []byte("second, longer"))
	s.stands(key, []byte("first"))
}

func (s *suite) racingPuts() {
	const racers = 8
	key := s.prefix + "new/folder/k"
	body := func(n int) []byte { return bytes.Repeat([]byte{byte('a' + n)}, 50_000+n) }
	var wg sync.WaitGroup
	for n := range racers {
		wg.Go(func() {
			s.put(key, body(n))
			got, err := s.store.Get(s.Context(), key)
			if err != nil || len(got) < 50_000 || !bytes.Equal(got, body(len(got)-50_000)) {
				s.Errorf("racer %d reads %d bytes, %v", n, len(got), err)
			}
		})
	}
	wg.Wait()
}

func (s *suite) deletes() {
	key := s.prefix + "k"
	if err := s.store.Delete(s.Context(), key); err != nil {
		s.Errorf("delete of what is absent: %v", err)
	}
	s.put(key, []byte("first"))
	if err := s.store.Delete(s.Context(), key); err != nil {
		s.Fatal(err)
	}
	s.absent(key)
	if keys := s.list(s.prefix, "", 10); len(keys) != 0 {
		s.Errorf("list of what was deleted: %v", keys)
	}
	s.put(key, []byte("second"))
	s.stands(key, []byte("second"))
}

func (s *suite) list(prefix, after string, limit int) []string {
	s.Helper()
	keys, err := s.store.List(s.Context(), prefix, after, limit)
	if err != nil {
		s.Fatalf("list %q after %q: %v", prefix, after, err)
	}
	return keys
}

func (s *suite) lists() {
	names := []string{"a", "a-b", "a.b", "aa", "B", "b/c/1", "b/c/2", "b/c-d", "b/d", "b-c", "z/z/z", "_", "0"}
	for i, name := range names {
		names[i] = s.prefix + name
		s.put(names[i], []byte(name))
	}
	slices.Sort(names)
	prefixes := []string{"", "a", "a-", "b", "b/", "b/c", "b/c/", "b/c/1", "z/z", "none", "b/c/1/none"}
	for _, prefix := range prefixes {
		for _, after := range append([]string{"", "~"}, names...) {
			for _, limit := range []int{0, 1, 4, 1000} {
				s.checkList(names, s.prefix+prefix, after, limit)
			}
		}
	}
}

// checkList compares a list with the one worked out the plain way.
func (s *suite) checkList(names []string, prefix, after string, limit int) {
	s.Helper()
	var want []string
	for _, name := range names {
		if strings.HasPrefix(name, prefix) && name > after && len(want) < limit {
			want = append(want, name)
		}
	}
	if got := s.list(prefix, after, limit); !slices.Equal(got, want) {
		s.Errorf("list %q after %q, limit %d: %q, want %q", prefix, after, limit, got, want)
	}
}

func (s *suite) badKeys() {
	keys := []string{"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a b", "a\x00", "é", "a\\b", "a+b"}
	keys = append(keys, strings.Repeat("a", blob.MaxSegment+1), strings.Repeat("a/", blob.MaxKey/2)+"a")
	for _, key := range keys {
		_, get := s.store.Get(s.Context(), key)
		_, _, read := s.store.Read(s.Context(), key)
		replace := s.store.Replace(s.Context(), key, nil, "")
		for _, err := range []error{s.store.PutIfAbsent(s.Context(), key, nil), get, s.store.Delete(s.Context(), key), read, replace} {
			if !errors.Is(err, blob.ErrKey) {
				s.Errorf("key %q: %v", key, err)
			}
		}
	}
}

func (s *suite) endedContext() {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	_, get := s.store.Get(ctx, s.prefix+"k")
	_, list := s.store.List(ctx, s.prefix, "", 1)
	_, _, read := s.store.Read(ctx, s.prefix+"k")
	for i, err := range []error{get, list, read, s.store.Replace(ctx, s.prefix+"k", nil, ""), s.store.PutIfAbsent(ctx, s.prefix+"k", nil), s.store.Delete(ctx, s.prefix+"k")} {
		if !errors.Is(err, context.Canceled) || !errors.Is(err, blob.ErrUnavailable) {
			s.Errorf("call %d under an ended context: %v", i, err)
		}
	}
}
