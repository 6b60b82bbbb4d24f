package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cairn/internal/kv"
)

// StoreWithBell is what RunBell holds to the contract of kv.Bell.
type StoreWithBell interface {
	kv.Store
	kv.Bell
}

// hearTime is how long a test waits for a ring.
const hearTime = 20 * time.Second

// RunBell holds a bell to the contract of kv.Bell. It listens to the log, to which others may write too.
func RunBell(t *testing.T, open func(t *testing.T) StoreWithBell) {
	store := open(t)
	for _, test := range []struct {
		name string
		run  func(*bellSuite)
	}{
		{"rings for each put, insert and delete", (*bellSuite).eachWrite},
		{"rings again after an error", (*bellSuite).again},
		{"rings for what is written during a ring", (*bellSuite).during},
		{"rings for every listener", (*bellSuite).everyone},
		{"ends with its context", (*bellSuite).ends},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(&bellSuite{suite: suite{T: t, store: store, part: binaryName()}, bell: store})
		})
	}
}

type bellSuite struct {
	suite
	bell kv.Bell
}

// ear is a listener, and what it has heard of the suite's partition.
type ear struct {
	mu    sync.Mutex
	heard map[string]kv.Change // by sort key
	all   int
	news  chan struct{}
	hook  func() error // called at each ring, after it was noted; what it returns, the ring does
	ended chan error
	stop  func()
}

// listen returns when the bell is sure to ring: it has rung for a probe.
func (s *bellSuite) listen(hook func() error) *ear {
	s.Helper()
	ctx, stop := context.WithCancel(context.Background())
	e := &ear{heard: map[string]kv.Change{}, news: make(chan struct{}, 1), ended: make(chan error, 1), stop: stop}
	go func() {
		e.ended <- s.bell.Listen(ctx, kv.Log, func(_ context.Context, c []kv.Change) error { return e.ring(s.part, c) })
	}()
	s.Cleanup(stop)
	for probe := 0; !e.wait(100*time.Millisecond, func() bool { return e.all > 0 }); probe++ {
		if probe == 100 {
			s.Fatal("the bell never rang")
		}
		s.put(s.logItem(fmt.Sprint("probe ", probe)))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hook = hook
	return e
}

func (e *ear) ring(part []byte, changes []kv.Change) error {
	e.mu.Lock()
	hook := e.hook
	for _, c := range changes {
		e.all++
		if bytes.Equal(c.Key.Partition, part) {
			e.heard[string(c.Key.Sort)] = c
		}
	}
	e.mu.Unlock()
	select {
	case e.news <- struct{}{}:
	default:
	}
	if hook != nil {
		return hook()
	}
	return nil
}

// wait waits until enough was heard.
func (e *ear) wait(d time.Duration, enough func() bool) bool {
	late := time.After(d)
	for {
		e.mu.Lock()
		ok := enough()
		e.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-e.news:
		case <-late:
			return false
		}
	}
}

// hears checks that each key rings.
func (s *bellSuite) hears(e *ear, sorts ...string) {
	s.Helper()
	for _, sort := range sorts {
		if !e.wait(hearTime, func() bool { _, ok := e.heard[sort]; return ok }) {
			s.Errorf("no ring for %q", sort)
		}
	}
}

func (e *ear) change(sort string) kv.Change {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard[sort]
}

func (e *ear) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.heard)
}

func (s *bellSuite) logItem(sort string) kv.Item {
	item := s.item(sort, "value")
	item.Table = kv.Log
	return item
}

func (s *bellSuite) eachWrite() {
	e := s.listen(nil)
	elsewhere := s.item("elsewhere", "")
	s.put(elsewhere)
	many := []kv.Item{s.logItem("\x00\xff many"), s.logItem("b")}
	s.put(s.logItem("put"))
	for i, err := range s.store.InsertMany(s.Context(), many) {
		if err != nil {
			s.Fatalf("insert %d: %v", i, err)
		}
	}
	s.hears(e, "put", "\x00\xff many", "b")
	s.checkChange(e.change("put"), "put")
	if c := e.change("elsewhere"); c.ID != "" {
		s.Errorf("rang for another table: %+v", c)
	}

	if c := e.change("put"); !c.New {
		s.Errorf("a ring for an item that was not there before does not say so: %+v", c)
	}

	e.forget()
	s.put(s.logItem("put"))
	s.hears(e, "put")
	if c := e.change("put"); c.New {
		s.Errorf("a ring for an item that was there before says that it is new: %+v", c)
	}
	if err := s.store.Delete(s.Context(), many[1].Key, kv.Always); err != nil {
		s.Fatal(err)
	}
	s.hears(e, "b")
}

func (s *bellSuite) checkChange(c kv.Change, sort string) {
	s.Helper()
	if c.Key.Table != kv.Log || string(c.Key.Sort) != sort || c.ID == "" {
		s.Errorf("change %+v", c)
	}
	if age := time.Since(c.At); age < -time.Second || age > hearTime+time.Minute {
		s.Errorf("recorded %v ago", age)
	}
}

func (s *bellSuite) again() {
	failures := 2
	e := s.listen(func() error {
		if failures == 0 {
			return nil
		}
		failures--
		return errors.New("not now")
	})
	e.mu.Lock()
	before := e.all
	e.mu.Unlock()
	s.put(s.logItem("refused"))
	if !e.wait(hearTime, func() bool { return e.all >= before+3 }) {
		s.Error("did not ring until it was taken")
	}
	s.hears(e, "refused")
}

func (s *bellSuite) during() {
	busy, free := make(chan struct{}, 100), make(chan struct{})
	e := s.listen(func() error {
		busy <- struct{}{}
		<-free
		return nil
	})
	s.put(s.logItem("first"))
	<-busy
	s.put(s.logItem("second"))
	s.put(s.logItem("third"))
	close(free)
	s.hears(e, "first", "second", "third")
}

func (s *bellSuite) everyone() {
	one, other := s.listen(nil), s.listen(nil)
	s.put(s.logItem("both"))
	s.hears(one, "both")
	s.hears(other, "both")
}

func (s *bellSuite) ends() {
	e := s.listen(nil)
	e.stop()
	select {
	case err := <-e.ended:
		if !errors.Is(err, context.Canceled) {
			s.Errorf("listen ended with %v", err)
		}
	case <-time.After(hearTime):
		s.Error("listen did not end")
	}
}
