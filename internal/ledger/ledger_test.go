package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
)

func newStore(t testing.TB) kv.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "log.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func openLedger(t testing.TB, store kv.Store) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), store, Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// said is a draft of a statement that says something; its id and digest follow from the words.
func said(id, words string) Draft {
	sum := sha256.Sum256([]byte(words))
	return Draft{ID: idOf(id), Digest: Digest(sum[:16]), Render: func(dst []byte, stored Instant) []byte {
		return fmt.Appendf(dst, `{"id":%q,"said":%q,"stored":%d}`, idOf(id), words, stored)
	}}
}

// voiding is a draft of a statement that voids another.
func voiding(id, target string) Draft {
	d := said(id, "void "+target)
	d.Voids = idOf(target)
	return d
}

func idOf(name string) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte(name)) }

func scanAll(t testing.TB, l *Ledger, span Span) (out []Record) {
	t.Helper()
	scan := l.Scan(span, 0)
	for {
		r, ok, err := scan.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return out
		}
		out = append(out, r)
	}
}

var everything = Span{To: math.MaxInt64}

func TestAppendThenFindAndScan(t *testing.T) {
	l := openLedger(t, newStore(t))
	var drafts []Draft
	for i := range 300 { // several parts
		drafts = append(drafts, said(fmt.Sprint(i), fmt.Sprint(i, strings.Repeat(uuid.NewString(), 5))))
	}
	if err := l.Append(t.Context(), drafts, true); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(t.Context(), []Draft{said("alone", "alone")}, false); err != nil {
		t.Fatal(err)
	}
	drafts = append(drafts, said("alone", "alone"))
	records := scanAll(t, l, everything)
	if len(records) != len(drafts) {
		t.Fatalf("scanned %d statements, want %d", len(records), len(drafts))
	}
	for i, d := range drafts {
		r, err := l.Find(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if want := string(d.Render(nil, r.Stored())); string(r.Text) != want || string(records[i].Text) != want {
			t.Errorf("statement %d: found %s, scanned %s, want %s", i, r.Text, records[i].Text, want)
		}
		if r.Defines != (i < 300) {
			t.Errorf("statement %d: defines %v", i, r.Defines)
		}
	}
	if _, err := l.Find(t.Context(), idOf("nobody")); !errors.Is(err, ErrAbsent) {
		t.Errorf("finding what was never stored: %v", err)
	}
}

func TestScanRespectsBoundsAndDirection(t *testing.T) {
	l := openLedger(t, newStore(t))
	for i := range 40 {
		drafts := []Draft{said(fmt.Sprint(i, "a"), "a"), said(fmt.Sprint(i, "b"), "b"), said(fmt.Sprint(i, "c"), "c")}
		if err := l.Append(t.Context(), drafts, false); err != nil {
			t.Fatal(err)
		}
	}
	all := scanAll(t, l, everything)
	if !slices.IsSortedFunc(all, func(a, b Record) int { return a.Compare(b.Place) }) {
		t.Fatal("an ascending scan is not in the order of places")
	}
	down := scanAll(t, l, Span{To: math.MaxInt64, Descending: true})
	slices.Reverse(down)
	if !slices.EqualFunc(all, down, func(a, b Record) bool { return a.Place == b.Place }) {
		t.Error("a descending scan is not the ascending one reversed")
	}
	for _, bounds := range [][2]int{{0, 5}, {7, 7}, {10, 11}, {50, 119}} {
		span := Span{From: all[bounds[0]].Stored(), To: all[bounds[1]].Stored()}
		for _, span.Descending = range []bool{false, true} {
			if got := scanAll(t, l, span); len(got) != bounds[1]-bounds[0] {
				t.Errorf("between statements %v, descending %v: %d statements", bounds, span.Descending, len(got))
			}
		}
	}
}

func TestSameStatementIsStoredOnceAndAnotherIsRefused(t *testing.T) {
	l := openLedger(t, newStore(t))
	first := []Draft{said("x", "1"), said("y", "1")}
	for range 3 {
		if err := l.Append(t.Context(), first, false); err != nil {
			t.Fatal(err)
		}
	}
	err := l.Append(t.Context(), []Draft{said("z", "1"), said("y", "2")}, false)
	var conflict *ErrConflict
	if !errors.As(err, &conflict) || conflict.Ordinal != 1 {
		t.Fatalf("another statement under a stored id: %v", err)
	}
	if _, err := l.Find(t.Context(), idOf("z")); !errors.Is(err, ErrAbsent) {
		t.Errorf("a batch that was refused left a statement: %v", err)
	}
	if err := l.Append(t.Context(), []Draft{said("z", "3"), said("y", "1")}, false); err != nil {
		t.Fatalf("an id of a refused batch is not free: %v", err)
	}
	if got := len(scanAll(t, l, everything)); got != 3 {
		t.Errorf("the log holds %d statements, want 3", got)
	}
}

func TestVoiding(t *testing.T) {
	for name, order := range map[string][][]Draft{
		"target first": {{said("x", "1")}, {voiding("v", "x")}},
		"target last":  {{voiding("v", "x")}, {said("x", "1")}},
		"one batch":    {{said("x", "1"), voiding("v", "x")}},
		"twice":        {{voiding("v", "x")}, {said("x", "1")}, {voiding("w", "x")}},
		"sent again":   {{said("x", "1")}, {voiding("v", "x")}, {voiding("v", "x")}, {said("x", "1")}},
	} {
		t.Run(name, func(t *testing.T) {
			l := openLedger(t, newStore(t))
			for _, drafts := range order {
				if err := l.Append(t.Context(), drafts, false); err != nil {
					t.Fatal(err)
				}
			}
			if r, err := l.Find(t.Context(), idOf("x")); err != nil || !r.Voided {
				t.Errorf("the target: voided %v, %v", r.Voided, err)
			}
			if r, err := l.Find(t.Context(), idOf("v")); err != nil || r.Voided {
				t.Errorf("the voiding statement: voided %v, %v", r.Voided, err)
			}
		})
	}
	t.Run("a voiding statement cannot be voided", func(t *testing.T) {
		l := openLedger(t, newStore(t))
		for _, d := range []Draft{voiding("w", "v"), voiding("v", "x"), voiding("w2", "v")} {
			if err := l.Append(t.Context(), []Draft{d}, false); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := l.Find(t.Context(), idOf("v")); err != nil || r.Voided {
			t.Errorf("voided %v, %v", r.Voided, err)
		}
	})
}

// dead is a store whose n-th call fails, and all after it, as for a process that dies there.
func dead(store kv.Store, n int, effect kvtest.Effect) *kvtest.Failing {
	return kvtest.Fail(store, kvtest.Plan{Nth: n, Effect: effect, Forever: true})
}

// TestEveryFaultOfAnAppendHeals has each storage call of an append fail, before or after its effect, in passing or for good,
// and then the same entry sent again by a healthy process: each statement is there once, and voided where it should be.
func TestEveryFaultOfAnAppendHeals(t *testing.T) {
	big := make([]Draft, 120)
	for i := range big {
		big[i] = said(fmt.Sprint("big", i), strings.Repeat(uuid.NewString(), 12))
	}
	cases := map[string]struct {
		before, drafts []Draft
		voided         string
	}{
		"one":                   {drafts: []Draft{said("x", "1")}},
		"one again":             {before: []Draft{said("x", "1")}, drafts: []Draft{said("x", "1")}},
		"batch":                 {drafts: []Draft{said("x", "1"), said("y", "1"), said("z", "1")}},
		"batch with one stored": {before: []Draft{said("y", "1")}, drafts: []Draft{said("x", "1"), said("y", "1"), said("z", "1")}},
		"several parts":         {drafts: big},
		"voiding":               {before: []Draft{said("x", "1")}, drafts: []Draft{voiding("v", "x")}, voided: "x"},
		"voiding what comes":    {drafts: []Draft{voiding("v", "x"), said("x", "1")}, voided: "x"},
	}
	for name, c := range cases {
		for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Half, kvtest.Whole} {
			for _, forever := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/effect %d/forever %v", name, effect, forever), func(t *testing.T) {
					for n := 1; ; n++ {
						store := newStore(t)
						healthy := openLedger(t, store)
						if c.before != nil {
							if err := healthy.Append(t.Context(), c.before, false); err != nil {
								t.Fatal(err)
							}
						}
						failing := kvtest.Fail(store, kvtest.Plan{Nth: n, Effect: effect, Forever: forever})
						faulty := *healthy
						faulty.store = failing
						err := faulty.Append(t.Context(), c.drafts, false)
						if !failing.Fired() {
							if err != nil {
								t.Fatal(err)
							}
							if n == 1 {
								t.Fatal("no call of the append was made to fail")
							}
							return
						}
						if err := healthy.Append(t.Context(), c.drafts, false); err != nil {
							t.Fatalf("call %d failed (%v); sent again: %v", n, err, err)
						}
						checkStoredOnce(t, healthy, append(c.before[:len(c.before):len(c.before)], c.drafts...), c.voided)
					}
				})
			}
		}
	}
}

func checkStoredOnce(t *testing.T, l *Ledger, drafts []Draft, voided string) {
	t.Helper()
	count := map[string]int{}
	for _, r := range scanAll(t, l, everything) {
		text := string(r.Text)
		count[text[:strings.Index(text, `,"stored"`)]]++
		if r.Voided != (voided != "" && strings.Contains(text, idOf(voided).String())) {
			t.Errorf("%s: voided %v", text, r.Voided)
		}
	}
	wanted := map[uuid.UUID]bool{}
	for _, d := range drafts {
		wanted[d.ID] = true
		if _, err := l.Find(t.Context(), d.ID); err != nil {
			t.Errorf("finding %s: %v", d.ID, err)
		}
	}
	if len(count) != len(wanted) {
		t.Errorf("the log holds %d statements, want %d", len(count), len(wanted))
	}
	for text, n := range count {
		if n != 1 {
			t.Errorf("%s stands in the log %d times", text, n)
		}
	}
}

// TestDeadWriterIsFenced has a writer die with all its claims taken: whoever wants one of the ids gets it, and a commit of the
// dead one that arrives later is refused.
func TestDeadWriterIsFenced(t *testing.T) {
	store := newStore(t)
	healthy := openLedger(t, store)
	dying := *healthy
	failing := dead(store, 2, kvtest.None) // the head
	dying.store = failing
	if err := dying.Append(t.Context(), []Draft{said("x", "1"), said("y", "1")}, false); err == nil {
		t.Fatal("the dying writer succeeded")
	}
	if err := healthy.Append(t.Context(), []Draft{said("x", "2")}, false); err != nil {
		t.Fatalf("an id that a dead writer claimed cannot be had: %v", err)
	}
	if err := healthy.Append(t.Context(), []Draft{said("y", "1")}, false); err != nil {
		t.Fatal(err)
	}
	if got := len(scanAll(t, healthy, everything)); got != 2 {
		t.Errorf("the log holds %d statements, want 2", got)
	}
}

func TestWritersOfTheSameIdsAgree(t *testing.T) {
	store := newStore(t)
	l := openLedger(t, store)
	const writers, rounds = 8, 15
	for round := range rounds {
		var wg sync.WaitGroup
		var mu sync.Mutex
		stored := map[string]bool{}
		for w := range writers {
			wg.Go(func() {
				words := fmt.Sprint(w % 2)
				drafts := []Draft{said(fmt.Sprint("a", round), words), said(fmt.Sprint("b", round), words)}
				if w%3 == 0 {
					slices.Reverse(drafts)
				}
				err := l.Append(t.Context(), drafts, false)
				var conflict *ErrConflict
				if err != nil && !errors.As(err, &conflict) && !errors.Is(err, ErrBusy) {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					stored[words] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(stored) > 1 {
			t.Errorf("round %d: two different statements were both said to be stored", round)
		}
	}
	seen := map[string]bool{}
	for _, r := range scanAll(t, l, everything) {
		id := string(r.Text[:45])
		if seen[id] {
			t.Errorf("%s stands in the log twice", id)
		}
		seen[id] = true
	}
}

func TestEntriesCoverTheLogInRanges(t *testing.T) {
	l := openLedger(t, newStore(t))
	want := 0
	for i := range 50 {
		var drafts []Draft
		for j := range i%7 + 1 {
			drafts = append(drafts, said(fmt.Sprint(i, j), uuid.NewString()))
			want++
		}
		if err := l.Append(t.Context(), drafts, false); err != nil {
			t.Fatal(err)
		}
	}
	seen := readInRanges(t, l, l.Horizon()+1, 1000)
	if len(seen) != want {
		t.Errorf("ranges held %d statements, want %d", len(seen), want)
	}
}

func TestClockNeverFalls(t *testing.T) {
	wall := time.UnixMicro(1_000_000)
	c := newClock(func() time.Time { return wall }, 0)
	last := Instant(0)
	for i := range 100 {
		if i%10 == 5 {
			wall = wall.Add(-time.Second)
		}
		now := c.now()
		p := c.take(i + 1)
		if now < last || p.Instant() <= now {
			t.Fatalf("step %d: now %d after %d, position at %d", i, now, last, p.Instant())
		}
		if oldest := c.oldest(); oldest > p.Instant() {
			t.Fatalf("the horizon %d is past the position %d in flight", oldest, p.Instant())
		}
		c.release(p)
		last = p.Instant() + Instant(i+1)
	}
}

func TestOpenStartsBehindTheLog(t *testing.T) {
	store := newStore(t)
	future, err := Open(t.Context(), store, Options{Alone: true, Now: func() time.Time { return time.Now().Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	if err := future.Append(t.Context(), []Draft{said("x", "1")}, false); err != nil {
		t.Fatal(err)
	}
	l := openLedger(t, store)
	if err := l.Append(t.Context(), []Draft{said("y", "1")}, false); err != nil {
		t.Fatal(err)
	}
	records := scanAll(t, l, everything)
	if len(records) != 2 || !strings.Contains(string(records[1].Text), idOf("y").String()) {
		t.Error("a clock that had fallen back stored a statement before an earlier one")
	}
}
