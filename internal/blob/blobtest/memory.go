package blobtest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"cairn/internal/blob"
)

// Memory is a store in memory, for tests that begin anew hundreds of times. It keeps the whole contract, as Run shows.
type Memory struct {
	mu      sync.Mutex
	objects map[string]object
	version int
}

type object struct {
	body    []byte
	version int
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{objects: map[string]object{}} }

// do does something while nobody else does.
func (m *Memory) do(ctx context.Context, keys []string, do func() error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", blob.ErrUnavailable, err)
	}
	for _, key := range keys {
		if err := blob.CheckKey(key); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return do()
}

func (m *Memory) put(key string, body []byte) {
	m.version++
	m.objects[key] = object{bytes.Clone(body), m.version}
}

// PutIfAbsent implements blob.Store.
func (m *Memory) PutIfAbsent(ctx context.Context, key string, body []byte) error {
	return m.do(ctx, []string{key}, func() error {
		if _, stands := m.objects[key]; !stands {
			m.put(key, body)
		}
		return nil
	})
}

// Get implements blob.Store.
func (m *Memory) Get(ctx context.Context, key string) (body []byte, err error) {
	body, _, err = m.Read(ctx, key)
	return body, err
}

// List implements blob.Store.
func (m *Memory) List(ctx context.Context, prefix, after string, limit int) (keys []string, err error) {
	err = m.do(ctx, nil, func() error {
		for _, key := range slices.Sorted(maps.Keys(m.objects)) {
			if strings.HasPrefix(key, prefix) && key > after && len(keys) < limit {
				keys = append(keys, key)
			}
		}
		return nil
	})
	return keys, err
}

// Delete implements blob.Store.
func (m *Memory) Delete(ctx context.Context, key string) error {
	return m.do(ctx, []string{key}, func() error {
		delete(m.objects, key)
		return nil
	})
}

// Read implements blob.Versions.
func (m *Memory) Read(ctx context.Context, key string) (body []byte, version string, err error) {
	err = m.do(ctx, []string{key}, func() error {
		o, stands := m.objects[key]
		if !stands {
			return blob.ErrAbsent
		}
		body, version = bytes.Clone(o.body), strconv.Itoa(o.version)
		return nil
	})
	return body, version, err
}

// Replace implements blob.Versions.
func (m *Memory) Replace(ctx context.Context, key string, body []byte, version string) error {
	return m.do(ctx, []string{key}, func() error {
		stands := ""
		if o, there := m.objects[key]; there {
			stands = strconv.Itoa(o.version)
		}
		if stands != version {
			return blob.ErrChanged
		}
		m.put(key, body)
		return nil
	})
}

// Clone is a store that holds the same now, and goes its own way.
func (m *Memory) Clone() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{objects: maps.Clone(m.objects), version: m.version}
}
