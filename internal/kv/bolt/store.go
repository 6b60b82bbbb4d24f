// Package bolt keeps Cairn's tables in one file of one process: kv.Store and kv.Bell over bbolt. Every read is strong.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"cairn/internal/kv"
)

// ErrInUse: another process has the file open.
var ErrInUse = errors.New("kv/bolt: in use by another process")

// errClosed is what calls get during and after Close.
var errClosed = fmt.Errorf("kv/bolt: %w: the store is closed", kv.ErrUnavailable)

// lockTime is how long Open waits for another process to let go of the file.
const lockTime = time.Second

// Options of a store.
type Options struct {
	// NoSync leaves it to the operating system when writes reach the disk: for tests and for stores in memory.
	NoSync bool
}

// Store is the tables in a file. It is safe for concurrent use.
type Store struct {
	db      *bbolt.DB
	queue   chan *request
	closing chan struct{}
	closed  chan struct{} // the committer has ended
	once    sync.Once
	bell    bell
}

// Open opens the file at path, and makes it and its folder when they are absent. A file that another process has open gives
// ErrInUse after a second.
func Open(path string, o Options) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("kv/bolt: %w", err)
	}
	return open(path, &bbolt.Options{Timeout: lockTime, NoSync: o.NoSync, FreelistType: bbolt.FreelistMapType})
}

func open(path string, o *bbolt.Options) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, o)
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("%w: %s", ErrInUse, path)
	}
	if err != nil {
		return nil, fmt.Errorf("kv/bolt: %w", err)
	}
	s := &Store{db: db, queue: make(chan *request), closing: make(chan struct{}), closed: make(chan struct{})}
	if err := errors.Join(db.Update(makeTables), syncFolder(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("kv/bolt: %w", err), db.Close())
	}
	go s.commitLoop()
	return s, nil
}

// Close waits for the writes that have begun, refuses further ones, and lets go of the file.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.closing) })
	<-s.closed
	return s.db.Close()
}

func makeTables(tx *bbolt.Tx) error {
	for _, t := range kv.Tables {
		if _, err := tx.CreateBucketIfNotExists([]byte(t)); err != nil {
			return err
		}
	}
	return nil
}

// syncFolder makes the file's name durable, without which its synced contents could be lost.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func table(tx *bbolt.Tx, t kv.Table) (*bbolt.Bucket, error) {
	if b := tx.Bucket([]byte(t)); b != nil {
		return b, nil
	}
	return nil, fmt.Errorf("kv/bolt: no table %q", t)
}

// ended is the error of a call whose context ended.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("kv/bolt: %w: %w", kv.ErrUnavailable, err)
	}
	return nil
}
