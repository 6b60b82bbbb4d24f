package compose

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/auth"
	"cairn/internal/blob/files"
	"cairn/internal/config"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
	"cairn/internal/stream"
	"cairn/internal/verify"
	"cairn/internal/xapi"
)

// TestAnswersAreTrueWhateverHappens runs three processes with clocks apart over one store, in a bubble in which time passes at once.
// Bells are lost, doubled, late and out of order; commits land seconds after their time; workers run at once, and die; the shards are
// raised and the index is rebuilt, twice. All the while readers hold every answer, and what its header promises, against what they
// know to be acknowledged. In the end a client that polled has seen everything, and the proof finds nothing.
func TestAnswersAreTrueWhateverHappens(t *testing.T) {
	embedded(t, nil) // what a process has one of must be made outside of the bubble
	for seed := range seeds() {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) { newChaos(t, dir, seed).run() })
		})
	}
}

// seeds is two, or many when EXPLORE=deep.
func seeds() uint64 {
	if os.Getenv("EXPLORE") == "deep" {
		return 40
	}
	return 2
}

type chaos struct {
	t         *testing.T
	store     *bolt.Store
	processes []*chaosProcess
	begun     time.Time

	mu     sync.Mutex
	random *rand.Rand
	acked  map[string]bool
	late   int // bells of entries that came late
}

type chaosProcess struct {
	handler http.Handler
	ledger  *ledger.Ledger
	waker   *stream.Waker
	lrs     *lrs.LRS
}

const chaosTime = 100 * time.Second

func newChaos(t *testing.T, dir string, seed uint64) *chaos {
	db, err := bolt.Open(filepath.Join(dir, "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := files.Open(filepath.Join(dir, "blobs"), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.New(db).Make(t.Context(), auth.NewKey{ID: "key", Secret: "secret", Scopes: auth.All, HomePage: "http://localhost/xapi"}); err != nil {
		t.Fatal(err)
	}
	c := &chaos{t: t, store: db, random: rand.New(rand.NewPCG(seed, 1)), acked: map[string]bool{}, begun: time.Now()}
	for _, skew := range []time.Duration{0, -400 * time.Millisecond, 400 * time.Millisecond} {
		store := &lateStore{Store: db, c: c}
		l, err := ledger.Open(t.Context(), store, ledger.Options{Now: func() time.Time { return time.Now().Add(skew) }})
		if err != nil {
			t.Fatal(err)
		}
		p := &chaosProcess{ledger: l, handler: API(store, blobs, l, config.API{Fallback: xapi.V1}), lrs: lrs.New(l, index.New(db, l), blobs)}
		p.waker = Index(db, l, config.Index{FlushAfter: 2 * time.Second})
		c.processes = append(c.processes, p)
	}
	return c
}

func (c *chaos) chance(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.random.IntN(n)
}

func (c *chaos) process() *chaosProcess { return c.processes[c.chance(len(c.processes))] }

// lateStore now and then lets a head land late: in the time that its writer has, or long after the writer was told that it did not. Not
// between: what lands just after its time, and is found by somebody who sends it again before its bell has rung, is beyond the promise.
type lateStore struct {
	kv.Store
	c *chaos
}

func (s *lateStore) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	_, isHead := ledger.HeadOf(item.Key)
	if isFence := len(item.Value) == 1; !isHead || isFence || s.c.chance(25) != 0 {
		return s.Store.Put(ctx, item, cond)
	}
	delay := time.Duration(s.c.chance(3400)) * time.Millisecond
	if s.c.chance(2) == 0 {
		delay = time.Duration(4600+s.c.chance(4000)) * time.Millisecond
	}
	landed := make(chan error, 1)
	go func() {
		time.Sleep(delay)
		landed <- s.Store.Put(context.WithoutCancel(ctx), item, cond)
	}()
	select {
	case err := <-landed:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", kv.ErrUnavailable, ctx.Err())
	}
}

func (c *chaos) run() {
	ctx, stop := context.WithTimeout(context.WithoutCancel(c.t.Context()), chaosTime)
	defer stop()
	var all, bells sync.WaitGroup
	listening, silence := context.WithCancel(context.WithoutCancel(ctx))
	bells.Go(func() { c.store.Listen(listening, kv.Log, c.ring(&bells)) }) //nolint:errcheck // it ends with its context
	for range 4 {
		all.Go(func() { c.each(ctx, 300*time.Millisecond, c.write) })
	}
	all.Go(func() { c.each(ctx, 2*time.Second, c.read) })
	all.Go(func() { c.each(ctx, 15*time.Second, func() { c.process().waker.Tick(ctx) }) }) //nolint:errcheck // a later one goes on
	polled := map[string]bool{}
	all.Go(func() { c.poll(ctx, polled) })
	for _, after := range []time.Duration{5 * time.Second, 20 * time.Second} {
		all.Go(func() {
			time.Sleep(after)
			must(c.t, c.process().ledger.RaiseShards(ctx, 2+int(after/(10*time.Second))))
			must(c.t, c.process().waker.Runners[0].Rebuild(ctx))
		})
	}
	all.Wait()
	time.Sleep(20 * time.Second) // what is late has landed, and has rung
	silence()
	bells.Wait()
	c.settle(polled)
	must(c.t, c.store.Close())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// each does something again and again, with pauses of about the length.
func (c *chaos) each(ctx context.Context, pause time.Duration, do func()) {
	for ctx.Err() == nil {
		do()
		time.Sleep(pause/2 + time.Duration(c.chance(int(pause))))
	}
}

// ring wakes some process for each change of the log: not at all, twice, or late. But a commit that lands after its time is told of
// within half a second and until it was heard: of that one thing the bell is the only messenger.
func (c *chaos) ring(bells *sync.WaitGroup) func(context.Context, []kv.Change) error {
	return func(_ context.Context, changes []kv.Change) error {
		for _, change := range changes {
			times, slowest := []int{0, 1, 1, 1, 2}[c.chance(5)], 4000
			if ref, isHead := ledger.HeadOf(change.Key); isHead && change.At.Sub(ref.Position.Instant().Time()) >= 2*time.Second {
				times, slowest = 1+c.chance(2), 500
				c.late++
			}
			for range times {
				delay := time.Duration(c.chance(slowest)) * time.Millisecond
				bells.Go(func() {
					time.Sleep(delay)
					for c.deliver(change) != nil {
					}
				})
			}
		}
		return nil
	}
}

// deliver rings once; the worker that hears it may die before it is done.
func (c *chaos) deliver(change kv.Change) error {
	life := time.Hour
	if c.chance(10) == 0 {
		life = 0
	}
	ctx, die := context.WithTimeout(context.Background(), life)
	defer die()
	return c.process().waker.Ring(ctx, []kv.Change{change})
}

// write stores a few statements under new ids, and sends them again until they are acknowledged; but some clients give up.
func (c *chaos) write() {
	var ids, texts []string
	for range 1 + c.chance(4) {
		id := fmt.Sprintf("00000000-0000-4000-8000-%012x", c.chance(math.MaxInt32)<<16|c.chance(1<<16))
		object := fmt.Sprintf(`{"id":"http://example.com/%d"}`, c.chance(3))
		ids, texts = append(ids, id), append(texts, fmt.Sprintf(`{"id":%q,"actor":{"mbox":"mailto:a%d@example.com"},"verb":{"id":"http://example.com/did"},"object":%s,`+
			`"timestamp":"2026-01-01T00:00:00Z"}`, id, c.chance(3), object))
	}
	for {
		answer := sent("POST", "/statements", "["+join(texts)+"]").do(c.process().handler)
		if answer.Code == http.StatusOK {
			break
		}
		if answer.Code != http.StatusServiceUnavailable {
			c.t.Errorf("status %d: %s", answer.Code, answer.Body)
		}
		if answer.Code != http.StatusServiceUnavailable || c.chance(3) == 0 {
			return
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		c.acked[id] = true
	}
}

func join(texts []string) (all string) {
	for i, text := range texts {
		if i > 0 {
			all += ","
		}
		all += text
	}
	return all
}

// known is what is acknowledged at the moment.
func (c *chaos) known() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := make(map[string]bool, len(c.acked))
	for id := range c.acked {
		known[id] = true
	}
	return known
}

// read follows a list, newest first, by a filter that everything meets: what was acknowledged before is in it, each once.
func (c *chaos) read() {
	known, seen := c.known(), map[string]time.Time{}
	for next := "/statements?limit=100&verb=http://example.com/did"; next != ""; {
		next = c.page(next, func(id string, stored, _ time.Time) {
			if before, twice := seen[id]; twice {
				c.t.Errorf("%v: statement %s comes twice, stored %v and %v", time.Since(c.begun), id, before, stored)
			}
			seen[id] = stored
		})
	}
	for id := range known {
		if seen[id].IsZero() {
			c.t.Errorf("%v: statement %s was acknowledged and is not listed", time.Since(c.begun), id)
		}
	}
}

// poll asks for what was stored since the last that it saw, and notes what it saw.
func (c *chaos) poll(ctx context.Context, seen map[string]bool) {
	since := c.begun.Add(-time.Minute)
	c.each(ctx, time.Second, func() { since = c.pollOnce(since, seen) })
	time.Sleep(10 * time.Second)
	c.pollOnce(since, seen)
}

func (c *chaos) pollOnce(since time.Time, seen map[string]bool) time.Time {
	known, last := c.known(), since
	var through time.Time
	next := "/statements?ascending=true&verb=http://example.com/did&since=" + since.UTC().Format(xapi.StoredLayout)
	for next != "" {
		next = c.page(next, func(id string, stored, promised time.Time) {
			seen[id], last, through = true, stored, promised
		})
	}
	// What the header promises: all that was stored by then.
	for id := range known {
		if r, err := c.processes[0].lrs.ByID(c.t.Context(), lrs.Caller{}, [16]byte(idBytes(id)), false); err != nil {
			c.t.Errorf("statement %s was acknowledged: %v", id, err)
		} else if !seen[id] && r.Stored().Time().Before(through) {
			c.t.Errorf("statement %s is stored before %v, which the header promised, and was not seen", id, through)
		}
	}
	return last
}

func idBytes(id string) []byte {
	parsed, _ := xapi.ParseUUID(id)
	return parsed[:]
}

// page asks for a page and returns the path of the next.
func (c *chaos) page(path string, each func(id string, stored, promised time.Time)) string {
	answer := asked(path).do(c.process().handler)
	var result page
	if err := json.Unmarshal(answer.Body.Bytes(), &result); err != nil || answer.Code != http.StatusOK {
		c.t.Errorf("GET %s: status %d: %s", path, answer.Code, answer.Body)
		return ""
	}
	promised, err := time.Parse(time.RFC3339, answer.Header().Get("X-Experience-API-Consistent-Through"))
	must(c.t, err)
	for _, s := range result.Statements {
		each(s.ID, s.Stored, promised)
	}
	if result.More == "" {
		return ""
	}
	return result.More[len("/xapi"):]
}

// settle lets the projections catch up, and holds the index against the log.
func (c *chaos) settle(polled map[string]bool) {
	p := c.processes[0]
	for range 2 {
		time.Sleep(time.Minute)
		must(c.t, p.waker.Tick(c.t.Context()))
	}
	v := verify.Verifier{Store: c.store, Ledger: p.ledger, Index: index.New(c.store, p.ledger), LRS: p.lrs, Found: func(f verify.Finding) { c.t.Error(f) }}
	_, err := v.Run(c.t.Context(), 0, math.MaxInt64, nil)
	must(c.t, err)
	c.read()
	for id := range c.acked {
		if !polled[id] {
			c.t.Errorf("the client that polled never saw statement %s", id)
		}
	}
	g, err := projection.ReadGenerations(c.t.Context(), c.store, index.Name)
	must(c.t, err)
	if g.Current < 2 || g.Next != 0 {
		c.t.Errorf("generations %+v after rebuilds", g)
	}
	c.t.Logf("%d statements, %d bells of late heads; generation %d", len(c.acked), c.late, g.Current)
}
