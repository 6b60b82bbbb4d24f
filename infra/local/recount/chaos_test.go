package recount

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/report"
)

// TestTablesEqualTheRecountWhateverHappens stores odd statements at random, some late and named pending at last, some
// voided before they come or by a writer who died before his marks; meanwhile the index lags, and workers of the tables, two at
// once, fail and die between any two calls, before or after their effect; and the tables are rebuilt. When all is quiet, each generation of the
// tables says what the log says.
func TestTablesEqualTheRecountWhateverHappens(t *testing.T) {
	t.Parallel()
	seeds := uint64(40)
	if os.Getenv("EXPLORE") == "deep" {
		seeds = 10_000
	}
	for seed := range seeds {
		c := newChaos(t, seed, nil)
		if differences := c.run(); len(differences) > 0 {
			t.Fatalf("seed %d: %d differences, such as %s\nsteps:\n%s\nend", seed, len(differences), differences[0], strings.Join(c.told, "\n"))
		}
	}
}

type chaos struct {
	*small
	t      *testing.T
	store  *kvtest.Memory
	clock  atomic.Int64 // seconds
	writer *ledger.Ledger
	slow   *ledger.Ledger          // of a writer whose clock is behind: what it commits is late
	late   []ledger.EntryRef       // nobody has heard of
	lie    func(kv.Store) kv.Store // what a worker of the tables is told
	depth  int
	told   []string
}

func (c *chaos) now() time.Time { return time.Unix(c.clock.Load(), 0) }

// must may be called by any goroutine.
func (c *chaos) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Error(err)
	}
}

func (c *chaos) tell(format string, args ...any) {
	c.told = append(c.told, strings.Repeat("  ", c.depth)+fmt.Sprintf(format, args...))
}

func newChaos(t *testing.T, seed uint64, lie func(kv.Store) kv.Store) *chaos {
	random := rand.New(rand.NewPCG(seed, 0))
	var one sync.Mutex
	draw := func(_ string, n int) int {
		one.Lock()
		defer one.Unlock()
		return random.IntN(n)
	}
	c := &chaos{small: &small{draw: draw}, t: t, store: kvtest.NewMemory(), lie: lie}
	c.clock.Store(1_767_400_000) // of the days that statements are made up for: some are of a day and more later
	var err error
	c.slow, err = ledger.Open(t.Context(), c.store, ledger.Options{Alone: true, Shards: 2, Now: func() time.Time { return c.now().Add(-time.Minute) }})
	must(t, err)
	c.clock.Add(1)
	c.writer, err = ledger.Open(t.Context(), c.store, ledger.Options{Alone: true, Now: c.now})
	must(t, err)
	return c
}

func (c *chaos) run() []Difference {
	for range 5 + c.draw("steps", 36) {
		c.step()
	}
	return c.settle()
}

func (c *chaos) step() {
	c.clock.Add(1)
	switch step := c.draw("step", 12); {
	case step <= 4:
		c.append()
	case step <= 6:
		c.ring()
	case step <= 8:
		c.work(index.Name)
	case step == 9 && c.one("rebuild", 3):
		c.tell("a rebuild begins")
		c.must(c.world(c.store).Reports.Rebuild(c.t.Context()))
	default:
		c.work(report.ProjectionName)
	}
}

// append stores up to three statements.
func (c *chaos) append() {
	var texts [][]byte
	for range 1 + c.draw("statements", 3) {
		texts = append(texts, c.statement())
	}
	drafts, err := Drafts(texts...)
	c.must(err)
	dies := c.one("dies before the marks", 3)
	if dies {
		for i := range drafts {
			drafts[i].Voids = uuid.Nil
		}
	}
	l, late := c.writer, c.one("late", 4)
	c.tell("append, late %v, dies before the marks %v: %s", late, dies, bytes.Join(texts, []byte("\n")))
	if late {
		l = c.slow
	}
	c.must(l.Append(c.t.Context(), drafts, true))
	if late {
		r, err := c.writer.Find(c.t.Context(), drafts[0].ID)
		c.must(err)
		c.late = append(c.late, r.EntryRef)
	}
}

// ring is the bell of a latecomer, heard by the function of one projection or the other: it names it to both, the index first. Who dies in between is
// rung again.
func (c *chaos) ring() {
	c.tell("latecomers ring")
	c.must(projection.AddPending(c.t.Context(), c.store, index.Name, "late", c.late))
	if c.one("dies", 4) {
		return
	}
	c.must(projection.AddPending(c.t.Context(), c.store, report.ProjectionName, "late", c.late))
	if c.one("rings once", 2) {
		c.late = nil
	}
}

// work has a worker run, disturbed or not.
func (c *chaos) work(name string) {
	store := kv.Store(c.store)
	if c.depth == 0 && c.one("two at once", 2) {
		store = &meanwhile{Store: store, nth: 1 + c.draw("at", 40), do: c.meanwhile}
	}
	if c.one("fails", 2) {
		store = kvtest.Fail(store, kvtest.Plan{
			Nth: 1 + c.draw("call", 60), Forever: c.one("dies", 2),
			Effect: []kvtest.Effect{kvtest.None, kvtest.Half, kvtest.Whole}[c.draw("effect", 3)],
		})
	}
	w := c.world(store)
	r := w.Index
	if name == report.ProjectionName {
		r = w.Reports
	}
	r.FlushSize = flushes[c.draw("flush", len(flushes))]
	do := r.Run
	if name == report.ProjectionName && c.one("builds", 3) {
		do = func(ctx context.Context) error { _, err := r.Build(ctx, nil); return err }
	}
	c.tell("%s runs, by %d bytes", name, r.FlushSize)
	err := do(c.t.Context())
	if err != nil && !errors.Is(err, kv.ErrUnavailable) {
		c.must(err)
	}
	c.tell("%s ran: %v", name, err)
}

// meanwhile is what others do while a worker is between two calls.
func (c *chaos) meanwhile() {
	c.depth++
	for range 1 + c.draw("meanwhile", 3) {
		c.step()
	}
	c.depth--
}

// world is a process that looks at no lease, since nothing rests on them.
func (c *chaos) world(store kv.Store) *World {
	at := &seat{c.store}
	l, err := ledger.Open(c.t.Context(), at, ledger.Options{Alone: true, Now: c.now})
	c.must(err)
	at.Store = leaseless{store}
	if c.lie != nil {
		at.Store = c.lie(at.Store)
	}
	return NewWorld(at, l, 0)
}

// settle has all bells be heard and all projections catch up, and holds each generation against the log.
func (c *chaos) settle() (all []Difference) {
	c.clock.Add(60 * 60)
	c.append() // a rebuild that a death has left ends with something new
	for _, name := range []string{index.Name, report.ProjectionName} {
		c.must(projection.AddPending(c.t.Context(), c.store, name, "late", c.late))
	}
	w := c.world(c.store)
	// Who takes up a range that stands looks at what is pending in the next run.
	for _, run := range []func(context.Context) error{w.Reports.Run, w.Reports.Run, w.Index.Run, w.Reports.Rebuild} {
		c.must(run(c.t.Context()))
	}
	done, err := w.Reports.Build(c.t.Context(), nil)
	c.must(err)
	g, err := projection.ReadGenerations(c.t.Context(), c.store, report.ProjectionName)
	c.must(err)
	if live := g.Live(); !done || len(live) != 2 {
		c.t.Fatalf("generations %v, rebuilt %v", live, done)
	}
	for _, generation := range g.Live() {
		_, differences, err := w.Compare(c.t.Context(), generation)
		c.must(err)
		c.tell("generation %d: %v", generation, differences)
		all = append(all, differences...)
	}
	return all
}

// seat lets a ledger be opened in peace before its calls fail.
type seat struct{ kv.Store }

// meanwhile is a store before whose nth call others do something.
type meanwhile struct {
	kv.Store
	mu  sync.Mutex
	nth int
	do  func()
}

func (m *meanwhile) call() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.nth--; m.nth == 0 {
		m.do()
	}
}

func (m *meanwhile) Get(ctx context.Context, key kv.Key, s kv.Strength) (kv.Item, error) {
	m.call()
	return m.Store.Get(ctx, key, s)
}

func (m *meanwhile) GetMany(ctx context.Context, keys []kv.Key, s kv.Strength) ([]kv.Item, error) {
	m.call()
	return m.Store.GetMany(ctx, keys, s)
}

func (m *meanwhile) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	m.call()
	return m.Store.Query(ctx, span)
}

func (m *meanwhile) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	m.call()
	return m.Store.Put(ctx, item, cond)
}

func (m *meanwhile) InsertMany(ctx context.Context, items []kv.Item) []error {
	m.call()
	return m.Store.InsertMany(ctx, items)
}

// leaseless is a store in which no checkpoint has a lease.
type leaseless struct{ kv.Store }

func (l leaseless) Get(ctx context.Context, key kv.Key, s kv.Strength) (kv.Item, error) {
	item, err := l.Store.Get(ctx, key, s)
	if err == nil && key.Table == kv.Control && string(key.Partition) == "checkpoint" {
		item.Value, err = changed(item.Value, func(cp *projection.Checkpoint) { cp.Lease = 0 })
	}
	return item, err
}

// changed is a checkpoint row's value with a change.
func changed(value []byte, change func(*projection.Checkpoint)) ([]byte, error) {
	var cp projection.Checkpoint
	if err := json.Unmarshal(slices.Clone(value), &cp); err != nil {
		return nil, err
	}
	change(&cp)
	return json.Marshal(cp)
}
