package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// world is a log with an index that is projected now and then, beside all that was ever stored in it.
type world struct {
	t      testing.TB
	store  kv.Store
	ledger *ledger.Ledger
	slow   *ledger.Ledger // of a writer whose clock is far behind: what it commits is late
	index  *Index
	random *rand.Rand
	ids    []uuid.UUID
}

func newWorld(t testing.TB, seed uint64) *world {
	return newWorldAt(t, filepath.Join(t.TempDir(), "world.db"), seed)
}

func newWorldAt(t testing.TB, path string, seed uint64) *world {
	t.Helper()
	w := &world{t: t, random: rand.New(rand.NewPCG(seed, 0))}
	w.reopen(path)
	for i := range 60 { // ids that references may name before their statement comes
		w.ids = append(w.ids, uuid.NewSHA1(uuid.Nil, fmt.Append(nil, seed, i)))
	}
	return w
}

// reopen opens the store at path, as a process does when it starts.
func (w *world) reopen(path string) {
	w.t.Helper()
	store, err := bolt.Open(path, bolt.Options{NoSync: true})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { store.Close() })
	w.store = store
	w.ledger, w.slow = w.open(0), w.open(-time.Minute)
	w.index = New(store, w.ledger)
	if w.random.IntN(2) == 0 {
		w.index.readBudget = 2 * int64(1500+w.random.IntN(2000)) // pages end early, some empty
	}
}

func (w *world) open(behind time.Duration) *ledger.Ledger {
	l, err := ledger.Open(w.t.Context(), w.store, ledger.Options{Alone: true, Now: func() time.Time { return time.Now().Add(behind) }})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) runner(store kv.Store) *projection.Runner {
	return &projection.Runner{Name: Name, Projection: New(store, w.ledger), Store: store, Ledger: w.ledger, FlushSize: 1 + w.random.IntN(4000)}
}

func (w *world) run() {
	w.t.Helper()
	if err := w.runner(w.store).Run(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// append stores up to four random statements; some are of an earlier position than the index has reached.
func (w *world) append() {
	w.t.Helper()
	l := w.ledger
	late := w.random.IntN(12) == 0
	if late {
		l = w.slow
	}
	var drafts []ledger.Draft
	used := map[uuid.UUID]bool{}
	for range 1 + w.random.IntN(4) {
		id := w.ids[w.random.IntN(len(w.ids))]
		if used[id] {
			continue
		}
		used[id] = true
		drafts = append(drafts, w.draft(id))
	}
	err := l.Append(w.t.Context(), drafts, true)
	var conflict *ledger.ErrConflict
	if errors.As(err, &conflict) {
		return
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if late {
		r, err := w.ledger.Find(w.t.Context(), drafts[0].ID)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := projection.AddPending(w.t.Context(), w.store, Name, "late", []ledger.EntryRef{r.EntryRef}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) draft(id uuid.UUID) ledger.Draft {
	agent := func() string { return fmt.Sprintf(`{"mbox":"mailto:a%d@example.com"}`, w.random.IntN(4)) }
	activity := func() string {
		return fmt.Sprintf(`{"objectType":"Activity","id":"http://example.com/%d"}`, w.random.IntN(4))
	}
	verb, object := fmt.Sprintf("http://example.com/v%d", w.random.IntN(3)), activity()
	switch w.random.IntN(5) {
	case 0:
		object = fmt.Sprintf(`{"objectType":"StatementRef","id":%q}`, w.ids[w.random.IntN(len(w.ids))])
		if w.random.IntN(3) == 0 {
			verb = "http://adlnet.gov/expapi/verbs/voided"
		}
	case 1:
		object = `{"objectType":"Agent","mbox":"mailto:a1@example.com"}`
	}
	text := fmt.Sprintf(`{"id":%q,"actor":%s,"verb":{"id":%q},"object":%s,"context":{"registration":%q,"instructor":%s,"contextActivities":{"parent":[%s]}}}`,
		id, agent(), verb, object, uuid.NewSHA1(uuid.Nil, []byte{byte(w.random.IntN(3))}), agent(), activity())
	return draftOf(w.t, id, text)
}

// draftOf is the draft of a statement.
func draftOf(t testing.TB, id uuid.UUID, text string) ledger.Draft {
	t.Helper()
	statements, _, err := xapi.Decode([]byte(text), xapi.V1)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	voids, _ := statements[0].Voids()
	return ledger.Draft{ID: id, Voids: voids, Digest: ledger.Digest(uuid.NewSHA1(uuid.Nil, []byte(text))),
		Render: func(dst []byte, stored ledger.Instant) []byte {
			return statements[0].AppendStored(dst, xapi.Stamp{ID: id, Stored: stored.Time(), Version: xapi.V1})
		}}
}

// all reads the log, as the plain truth that answers are held against.
func (w *world) all() (out []*statement) {
	w.t.Helper()
	scan := w.ledger.Scan(ledger.Span{To: math.MaxInt64}, 0)
	for {
		r, ok, err := scan.Next(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !ok {
			return out
		}
		s, err := w.index.read(r)
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, s)
	}
}

// expected is the places that a query must give, by looking at every statement.
func (w *world) expected(q Query) (out []ledger.Place) {
	byID := map[uuid.UUID]*statement{}
	all := w.all()
	for _, s := range all {
		byID[s.id] = s
	}
	for _, s := range all {
		if s.Voided || s.Stored() < q.From || s.Stored() >= q.To {
			continue
		}
		seen := map[uuid.UUID]bool{}
		for target := s; target != nil && !seen[target.id]; target = byID[target.refers] {
			seen[target.id] = true
			if target.has(q.Filters) {
				out = append(out, s.Place)
				break
			}
		}
	}
	if q.Descending {
		slices.Reverse(out)
	}
	return out
}

func (w *world) randomQuery() Query {
	q := Query{To: math.MaxInt64, Descending: w.random.IntN(2) == 0, Limit: 1 + w.random.IntN(7), Bytes: math.MaxInt}
	add := func(kind xapi.Kind, value string) { q.Filters = append(q.Filters, w.index.NewFilter(kind, value)) }
	for len(q.Filters) == 0 {
		if w.random.IntN(3) == 0 {
			add(xapi.Registration, uuid.NewSHA1(uuid.Nil, []byte{byte(w.random.IntN(3))}).String())
		}
		if w.random.IntN(3) == 0 {
			add([]xapi.Kind{xapi.Agent, xapi.RelatedAgent}[w.random.IntN(2)], fmt.Sprintf("mbox:mailto:a%d@example.com", w.random.IntN(4)))
		}
		if w.random.IntN(3) == 0 {
			add([]xapi.Kind{xapi.Activity, xapi.RelatedActivity}[w.random.IntN(2)], fmt.Sprintf("http://example.com/%d", w.random.IntN(4)))
		}
		if w.random.IntN(3) == 0 {
			add(xapi.Verb, fmt.Sprintf("http://example.com/v%d", w.random.IntN(3)))
		}
	}
	if all := w.all(); len(all) > 0 && w.random.IntN(3) == 0 {
		q.From = all[w.random.IntN(len(all))].Stored() + ledger.Instant(w.random.IntN(2))
	}
	if all := w.all(); len(all) > 0 && w.random.IntN(3) == 0 {
		q.To = all[w.random.IntN(len(all))].Stored() + ledger.Instant(w.random.IntN(2))
	}
	return q
}

// follow reads a list to its end; between pages, others may do something.
func (w *world) follow(q Query, between func()) (out []ledger.Place) {
	w.t.Helper()
	for range 10_000 {
		page, err := w.index.Search(w.t.Context(), q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range page.Records {
			out = append(out, r.Place)
		}
		if page.More.Position.Zero() {
			return out
		}
		q.After = page.More
		between()
	}
	w.t.Fatal("a list never ends")
	return nil
}

// TestEveryAnswerIsWhatTheLogSays stores statements in random order, with references before and after their targets, voids,
// latecomers, and a projection that runs and is rebuilt at random, also with calls that fail, and holds every answer against the log.
func TestEveryAnswerIsWhatTheLogSays(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, seed)
			for step := range 60 {
				switch w.random.IntN(6) {
				case 0:
					w.run()
				case 1:
					w.runWithFault()
				case 2:
					w.rebuild()
				case 3:
					q := w.randomQuery()
					want := w.expected(q)
					if got := w.follow(q, func() {}); !slices.Equal(got, want) {
						t.Fatalf("step %d: %d statements, want %d\nquery %+v\ngot  %v\nwant %v", step, len(got), len(want), q, got, want)
					}
				default:
					w.append()
				}
			}
		})
	}
}

// runWithFault has one call of a run fail, before, half way through, or after its effect; what it left is for the next run.
func (w *world) runWithFault() {
	plan := kvtest.Plan{Nth: 1 + w.random.IntN(12), Effect: kvtest.Effect(w.random.IntN(3)), Forever: w.random.IntN(2) == 0}
	failing := kvtest.Fail(w.store, plan)
	runner := w.runner(failing)
	run := runner.Run
	if w.random.IntN(2) == 0 {
		run = func(ctx context.Context) error { _, err := runner.Build(ctx, nil); return err }
	}
	run(context.WithoutCancel(w.t.Context())) //nolint:errcheck // it fails, or the plan never came to pass
	if plan.Forever {
		w.pass(time.Minute) // the lease of a dead worker ends
	}
}

func (w *world) pass(d time.Duration) {
	w.ledger.Advance(w.ledger.Now() + ledger.Instant(d/time.Microsecond))
}

// rebuild begins to build the next generation of the index, or goes on with it; now and then so much time passes that readers see
// the switch, or that the generation before is given up.
func (w *world) rebuild() {
	w.t.Helper()
	r := w.runner(w.store)
	if err := r.Rebuild(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if w.random.IntN(2) == 0 {
		if _, err := r.Build(w.t.Context(), nil); err != nil {
			w.t.Fatal(err)
		}
	}
	if w.random.IntN(3) == 0 {
		w.pass([]time.Duration{time.Minute, 25 * time.Hour}[w.random.IntN(2)])
	}
}

// TestListsDoNotMoveUnderTheirReader follows lists page by page while the index is projected: what was there before the first
// request comes once.
func TestListsDoNotMoveUnderTheirReader(t *testing.T) {
	for seed := range uint64(15) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, 1000+seed)
			for range 25 {
				w.append()
			}
			for range 6 {
				q := w.randomQuery()
				q.Limit = 1 + w.random.IntN(3)
				want := w.expected(q)
				if got := w.follow(q, w.run); !slices.Equal(got, want) {
					t.Fatalf("%d statements, want %d\nquery %+v", len(got), len(want), q)
				}
				for range 4 {
					w.append()
				}
			}
		})
	}
}
