package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

func TestContract(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store { return openTemp(t, Options{NoSync: true}) })
}

func TestContractWhenWeak(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			kvtest.Run(t, func(t *testing.T) kv.Store { return kvtest.Weak(openTemp(t, Options{NoSync: true}), seed) })
		})
	}
}

func TestBell(t *testing.T) {
	kvtest.RunBell(t, func(t *testing.T) kvtest.StoreWithBell { return openTemp(t, Options{NoSync: true}) })
}

func TestReopenFindsWhatWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "cairn.db")
	item := itemAt("k", []byte("value"))
	for i := range 2 {
		s, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := s.Put(t.Context(), item, kv.Absent); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Get(t.Context(), item.Key, kv.Strong)
		if err != nil || got.Version != item.Version || !bytes.Equal(got.Value, item.Value) {
			t.Errorf("opening %d finds %v, %v", i, got, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenSaysThatTheFileIsInUse(t *testing.T) {
	s := openTemp(t, Options{})
	began := time.Now()
	if _, err := Open(s.db.Path(), Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("second open: %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("said so after %v", took)
	}
}

func TestConcurrentWritersShareASync(t *testing.T) {
	s := openTemp(t, Options{})
	const writers, each = 32, 8
	before := lastCommit(t, s)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := s.Put(t.Context(), itemAt(fmt.Sprint(w, ".", i), nil), kv.Absent); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if commits := lastCommit(t, s) - before; commits > writers*each/2 {
		t.Errorf("%d writes took %d commits", writers*each, commits)
	}
}

func lastCommit(t *testing.T, s *Store) (id int) {
	err := s.db.View(func(tx *bbolt.Tx) error { id = tx.ID(); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWritesFailWholeWhenTheFileCannotGrow(t *testing.T) {
	s, err := open(filepath.Join(t.TempDir(), "cairn.db"), &bbolt.Options{MaxSize: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	large := itemAt("large", make([]byte, 300<<10))
	var kept int
	for err = error(nil); err == nil && kept < 100; kept++ {
		large.Sort = fmt.Appendf(nil, "%03d", kept)
		err = s.Put(t.Context(), large, kv.Absent)
	}
	if !errors.Is(err, kv.ErrUnavailable) {
		t.Fatalf("put %d into a full file: %v", kept, err)
	}
	if _, err := s.Get(t.Context(), large.Key, kv.Strong); !errors.Is(err, kv.ErrAbsent) {
		t.Errorf("the write that failed is there: %v", err)
	}
	page, err := s.Query(t.Context(), kv.Span{Table: kv.Log, Partition: large.Partition})
	if err != nil || len(page.Items) != kept-1 {
		t.Errorf("%d items of %d stand: %v", len(page.Items), kept-1, err)
	}
}

func TestClosedStoreRefuses(t *testing.T) {
	s := openTemp(t, Options{NoSync: true})
	ended := make(chan error, 1)
	go func() { ended <- s.Listen(t.Context(), kv.Log, nil) }()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	item := itemAt("k", nil)
	_, get := s.Get(t.Context(), item.Key, kv.Strong)
	for i, err := range []error{<-ended, get, s.Put(t.Context(), item, kv.Always), s.InsertMany(t.Context(), []kv.Item{item})[0]} {
		if !errors.Is(err, kv.ErrUnavailable) {
			t.Errorf("call %d after close: %v", i, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
}

func itemAt(sort string, value []byte) kv.Item {
	key := kv.Key{Table: kv.Log, Partition: []byte{0}, Sort: []byte(sort)}
	return kv.Item{Key: key, Value: value, Version: kv.NewVersion()}
}

func openTemp(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "cairn.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
