package export

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cairn/internal/blob"
	"cairn/internal/blob/blobtest"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/table"
)

// published are the rows of each day.
func (w *world) published() map[string]string {
	all := map[string][]string{}
	for kind, rows := range map[string][]string{
		"statements": published(w, &table.StatementKind), "answers": published(w, &table.AnswerKind), "segments": published(w, &table.VideoSegmentKind),
	} {
		for _, row := range rows {
			_, occurred, _ := strings.Cut(row, `"Occurred":`)
			at, _, _ := strings.Cut(occurred, ",")
			var micros int64
			fmt.Sscan(at, &micros)
			day := kind + " " + table.DayOf(micros).String()
			all[day] = append(all[day], row)
		}
	}
	days := map[string]string{}
	for day, rows := range all {
		days[day] = strings.Join(rows, "\n")
	}
	return days
}

// callsApart is how far apart the calls are that are failed.
var callsApart = 1

// A run that ends at any call of either storage, before or after its effect, leaves each day as it was or as it will be; the next run brings all.
func TestACrashAtEachStep(t *testing.T) {
	for _, of := range []struct {
		name string
		wrap func(w *world, nth int) (kv.Store, blob.Versions, func() bool)
	}{
		{"an object fails", func(w *world, nth int) (kv.Store, blob.Versions, func() bool) {
			f := blobtest.Fail(w.out, nth, false)
			return w.store, f, f.Fired
		}},
		{"an object takes effect and fails", func(w *world, nth int) (kv.Store, blob.Versions, func() bool) {
			f := blobtest.Fail(w.out, nth, true)
			return w.store, f, f.Fired
		}},
		{"a row fails", func(w *world, nth int) (kv.Store, blob.Versions, func() bool) {
			f := kvtest.Fail(w.store, kvtest.Plan{Nth: nth})
			return f, w.out, f.Fired
		}},
		{"a row takes effect and fails", func(w *world, nth int) (kv.Store, blob.Versions, func() bool) {
			f := kvtest.Fail(w.store, kvtest.Plan{Nth: nth, Effect: kvtest.Whole})
			return f, w.out, f.Fired
		}},
	} {
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			base := newWorld(t, 3)
			base.days = 1
			base.append(4)
			base.run(t.Context(), base.exporter(base.store, base.out))
			base.append(3)
			before := base.published()
			for nth, fired := 1, true; fired && !t.Failed(); nth += callsApart {
				w := base.clone()
				store, out, done := of.wrap(w, nth)
				l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true, Now: w.now})
				if err == nil {
					x := New(store, store, l, out, Settings{KeepFor: time.Hour, SnapshotAfter: time.Hour})
					x.fileRows, x.runner.FlushSize = 2, 1000
					err = x.Run(t.Context(), Event{})
				}
				if fired = done(); err != nil && !fired {
					t.Fatal(err)
				}
				between := w.published()
				w.afterwards()
				after := w.published()
				for day, rows := range between {
					if rows != before[day] && rows != after[day] {
						t.Errorf("at call %d %s has neither what it had nor what it will", nth, day)
					}
				}
				for day := range before {
					if _, there := between[day]; !there {
						t.Errorf("at call %d %s is gone", nth, day)
					}
				}
				w.agrees(fmt.Sprint("after call ", nth))
			}
		})
	}
}

// Two that run at once, and again and again, while statements come: no reader ever misses a row that was there, or sees one twice.
func TestTwoAtOnce(t *testing.T) {
	w := newWorld(t, 7)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var runs atomic.Int32
	for range 2 {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := w.exporter(w.store, w.out).Run(ctx, Event{}); err != nil && ctx.Err() == nil {
					t.Errorf("a run: %v", err)
				}
				runs.Add(1)
			}
		})
	}
	all.Go(func() {
		seen := map[string]bool{}
		for ctx.Err() == nil {
			now := map[string]int{}
			for _, row := range published(w, &table.StatementKind) {
				id, _, _ := strings.Cut(row, `,"Stored"`)
				now[id]++
			}
			for id := range seen {
				if now[id] == 0 {
					t.Errorf("%s was there, and is gone", id)
				}
			}
			for id, n := range now {
				if n > 1 {
					t.Errorf("%s is there %d times", id, n)
				}
			}
			for id := range maps.Keys(now) {
				seen[id] = true
			}
		}
	})
	for range 40 {
		w.append(1 + w.random.IntN(5))
		time.Sleep(5 * time.Millisecond)
	}
	for before := runs.Load(); runs.Load() < before+4; {
		time.Sleep(time.Millisecond)
	}
	stop()
	all.Wait()
	w.afterwards()
	w.agrees("at the end")
}

// counted counts the files that are written.
type counted struct {
	blob.Versions
	files []string
}

func (c *counted) PutIfAbsent(ctx context.Context, key string, body []byte) error {
	c.files = append(c.files, key)
	return c.Versions.PutIfAbsent(ctx, key, body)
}

// Where time is left for one file a run, each run goes on from where the last ended, and nothing is written twice.
func TestADayInSlices(t *testing.T) {
	w := newWorld(t, 5)
	w.append(60)
	out := &counted{Versions: w.out}
	runs := 0
	for ; ; runs++ {
		x := w.exporter(w.store, out)
		x.runner.FlushSize = 1 << 20
		left := 2 // one to begin a day, one to go on with it
		x.inTime = func(context.Context) bool {
			left--
			return left > 0
		}
		w.run(t.Context(), x)
		if keys, err := w.out.List(t.Context(), stagedFolder, "", 1); err != nil || len(keys) == 0 {
			break
		}
	}
	w.agrees("at the end")
	rows := w.logged()
	var want int
	for _, n := range []int{filesOf(&table.StatementKind, rows.Statements), filesOf(&table.AnswerKind, rows.Answers), filesOf(&table.VideoSegmentKind, rows.VideoSegments)} {
		want += n
	}
	written := slices.DeleteFunc(out.files, func(key string) bool { return strings.HasPrefix(key, stagedFolder) })
	if len(written) != want || runs < want/2 {
		t.Errorf("%d files were written in %d runs, want %d", len(written), runs, want)
	}
	if _, err := w.out.Get(t.Context(), "jobs/statements"); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("a job that is done still stands: %v", err)
	}
}

// filesOf is how many files of seven rows the days of some rows are.
func filesOf[R any](kind *table.Kind[R], rows []R) (n int) {
	days := map[table.Day]int{}
	for i := range rows {
		days[kind.Day(&rows[i])]++
	}
	for _, rows := range days {
		n += (rows + 6) / 7
	}
	return n
}
