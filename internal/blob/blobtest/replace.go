package blobtest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"cairn/internal/blob"
)

func (s *suite) read(key string) (body, version string) {
	s.Helper()
	b, version, err := s.store.Read(s.Context(), key)
	if err != nil {
		s.Fatalf("read %s: %v", key, err)
	}
	return string(b), version
}

func (s *suite) replaces() {
	key, ctx := s.prefix+"k/manifest", s.Context()
	if _, _, err := s.store.Read(ctx, key); !errors.Is(err, blob.ErrAbsent) {
		s.Errorf("read of what is absent: %v", err)
	}
	if err := s.store.Replace(ctx, key, []byte("x"), "no-version-of-any"); !errors.Is(err, blob.ErrChanged) {
		s.Errorf("replacing what is absent: %v", err)
	}
	s.absent(key)
	if err := s.store.Replace(ctx, key, []byte("first"), ""); err != nil {
		s.Fatal(err)
	}
	_, first := s.read(key)
	if err := s.store.Replace(ctx, key, []byte("again"), ""); !errors.Is(err, blob.ErrChanged) {
		s.Errorf("making what stands: %v", err)
	}
	if err := s.store.Replace(ctx, key, []byte("second"), first); err != nil {
		s.Fatal(err)
	}
	body, second := s.read(key)
	if err := s.store.Replace(ctx, key, []byte("third"), first); body != "second" || first == second || !errors.Is(err, blob.ErrChanged) {
		s.Errorf("after %q as %q came %q as %q; replacing the first again: %v", "first", first, body, second, err)
	}
	s.stands(key, []byte("second"))
}

func (s *suite) racingReplacements() {
	key := s.prefix + "k"
	if err := s.store.Replace(s.Context(), key, []byte("0"), ""); err != nil {
		s.Fatal(err)
	}
	const racers = 8
	var wg sync.WaitGroup
	var mu sync.Mutex
	var held []string
	_, version := s.read(key)
	for n := range racers {
		body := bytes.Repeat([]byte(fmt.Sprint(n+1)), 10_000)
		wg.Go(func() {
			err := s.store.Replace(s.Context(), key, body, version)
			if err != nil && !errors.Is(err, blob.ErrChanged) {
				s.Errorf("racer %d: %v", n, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				held = append(held, string(body))
			}
		})
	}
	wg.Wait()
	if body, _ := s.read(key); len(held) > 1 || len(held) == 1 && held[0] != body {
		s.Errorf("%d of %d replacements held; what stands has %d bytes", len(held), racers, len(body))
	}
}
