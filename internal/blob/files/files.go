// Package files keeps blobs as the files of one folder, for one process. A key is a path below the folder.
package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cairn/internal/blob"
)

// newFolder is where bodies are written before they get their name; no key has a "+".
const newFolder = "+new"

// leftAfter is the age at which a file in newFolder is taken for what a crash left.
const leftAfter = time.Hour

// Options of a store.
type Options struct {
	// NoSync leaves it to the operating system when writes reach the disk: for tests and for stores in memory.
	NoSync bool
}

// Store is the blobs in a folder. It is safe for concurrent use, and has nothing to close.
type Store struct {
	dir       string
	noSync    bool
	replacing sync.Mutex
}

// Open opens the folder, makes it when it is absent, and removes what a crash left half written.
func Open(dir string, o Options) (*Store, error) {
	dir = filepath.Clean(dir)
	s := &Store{dir: dir, noSync: o.NoSync}
	unnamed := filepath.Join(dir, newFolder)
	if err := os.MkdirAll(unnamed, 0o700); err != nil {
		return nil, fault(err)
	}
	left, err := os.ReadDir(unnamed)
	if err != nil {
		return nil, fault(err)
	}
	for _, f := range left {
		if info, err := f.Info(); err == nil && time.Since(info.ModTime()) > leftAfter {
			os.Remove(filepath.Join(unnamed, f.Name()))
		}
	}
	return s, nil
}

// PutIfAbsent implements blob.Store.
func (s *Store) PutIfAbsent(ctx context.Context, key string, body []byte) error {
	if err := begin(ctx, key); err != nil {
		return err
	}
	return s.place(key, body, func(unnamed, path string) error {
		// A link, unlike a rename, fails where something stands. What stands there may be another put's that has yet to sync.
		if err := os.Link(unnamed, path); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
}

// place puts a body on disk, has it named, and has the name reach the disk.
func (s *Store) place(key string, body []byte, name func(unnamed, path string) error) error {
	unnamed, err := s.write(body)
	if err != nil {
		return fault(err)
	}
	defer os.Remove(unnamed)
	path := s.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault(err)
	}
	if err := name(unnamed, path); err != nil {
		return fault(err)
	}
	return s.syncAbove(path)
}

// Get implements blob.Store.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	if err := begin(ctx, key); err != nil {
		return nil, err
	}
	body, err := os.ReadFile(s.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, blob.ErrAbsent
	}
	if err != nil {
		return nil, fault(err)
	}
	return body, nil
}

// Delete implements blob.Store.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := begin(ctx, key); err != nil {
		return err
	}
	err := os.Remove(s.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault(err)
	}
	return s.syncAbove(s.path(key))
}

func (s *Store) path(key string) string { return filepath.Join(s.dir, filepath.FromSlash(key)) }

// write puts a body on disk under no key yet, and returns its path.
func (s *Store) write(body []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, newFolder), "*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(body)
	if err == nil && !s.noSync {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// syncAbove syncs every folder above path up to the store's own, since each may be new.
func (s *Store) syncAbove(path string) error {
	for !s.noSync && path != s.dir {
		path = filepath.Dir(path)
		d, err := os.Open(path)
		if err != nil {
			return fault(err)
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return fault(err)
		}
	}
	return nil
}

func begin(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return fault(err)
	}
	return blob.CheckKey(key)
}

func fault(err error) error { return fmt.Errorf("blob/files: %w: %w", blob.ErrUnavailable, err) }
