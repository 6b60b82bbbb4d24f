package projection

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
)

// stagedTime is when the log of a case begins; its entries are a second apart.
var stagedTime = time.Unix(1_000_000_000, 0)

// newScene has a log of entries, each of the statements that its text names, one letter each. The clock of its workers stands at the
// end, so that ranges do not depend on when they are fixed.
func newScene(t *testing.T, entries []string, workers ...worker) *scene {
	t.Helper()
	sc := &scene{before: kvtest.NewMemory(), now: stagedTime.Add(time.Duration(len(entries)) * time.Second), workers: workers, logs: map[int][]ledger.Record{}}
	for i, said := range entries {
		sc.append(t, said, stagedTime.Add(time.Duration(i)*time.Second))
	}
	return sc
}

func (sc *scene) append(t *testing.T, said string, at time.Time) {
	t.Helper()
	l, err := ledger.Open(t.Context(), sc.before, ledger.Options{Alone: true, Shards: 1, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	var drafts []ledger.Draft
	for _, words := range strings.Fields(said) {
		drafts = append(drafts, ledger.Draft{ID: uuid.NewSHA1(uuid.Nil, []byte(words)), Render: func(dst []byte, stored ledger.Instant) []byte {
			return fmt.Appendf(dst, `{"said":%q,"stored":%d}`, words, stored)
		}})
	}
	if err := l.Append(t.Context(), drafts, false); err != nil {
		t.Fatal(err)
	}
}

// withLate takes the first entry out of the log: it will be committed late.
func (sc *scene) withLate(t *testing.T) *scene {
	t.Helper()
	item := sc.before.Items(kv.Log)[0]
	if err := sc.before.Delete(t.Context(), item.Key, kv.Always); err != nil {
		t.Fatal(err)
	}
	sc.late = []kv.Item{item}
	return sc
}

// undisturbed has the rows be held to those that one worker leaves whom nobody disturbs.
func (sc *scene) undisturbed(t *testing.T) *scene {
	t.Helper()
	s := &stage{scene: sc, store: sc.before.Clone()}
	if err := s.run(t.Context(), s.store, worker{}); err != nil {
		t.Fatal(err)
	}
	if sc.rows = rowsOf(s.store); len(sc.rows) == 0 {
		t.Fatal("an undisturbed run leaves no rows")
	}
	return sc
}

func (sc *scene) explorer(faults, turns int) *kvtest.Explorer {
	e := &kvtest.Explorer{New: sc.world, Faults: faults, Turns: turns, Walks: 100, Pause: time.Second, Show: show}
	if os.Getenv("EXPLORE") == "deep" {
		e.Faults, e.Turns, e.Walks = e.Faults+1, 2*e.Turns, 10_000
	}
	return e
}

// TestEveryInterleaving has two workers at one range, with every call failing and deaths at any step (see kvtest.Explorer).
func TestEveryInterleaving(t *testing.T) {
	behind, leased := worker{ahead: -1500 * time.Millisecond}, worker{leases: true}
	quiet(t)
	for name, e := range map[string]*kvtest.Explorer{
		"two workers":              newScene(t, []string{"a b"}, worker{}, worker{}).undisturbed(t).explorer(1, 2),
		"two workers with a lease": newScene(t, []string{"a b", "c"}, leased, leased).undisturbed(t).explorer(1, 3),
		"clocks apart":             newScene(t, []string{"a", "b"}, worker{}, behind).explorer(1, 2),
		"a latecomer":              newScene(t, []string{"z", "a"}, worker{}).withLate(t).explorer(1, 3),
		"two and a latecomer":      newScene(t, []string{"z", "a"}, worker{}, worker{}).withLate(t).explorer(0, 2),
		"an entry that fails":      newScene(t, []string{"a", "bad"}, worker{}, worker{}).explorer(1, 2),
	} {
		t.Run(name, e.Run)
	}
}

// show writes a checkpoint or a row for a reader.
func show(i kv.Item) string {
	if i.Table == kv.Index {
		return fmt.Sprintf("row %s %x: %s", i.Partition, i.Sort, i.Value[min(8, len(i.Value)):])
	}
	return fmt.Sprintf("%s %s %s", i.Table, i.Partition, i.Value)
}

// quiet drops what is logged about entries that an exploration has fail thousands of times.
func quiet(t *testing.T) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(before) })
}

// lies is a store that tells its caller what is not so.
type lies struct {
	kv.Store
}

// Put puts a checkpoint whatever stands there.
func (l lies) Put(ctx context.Context, item kv.Item, _ kv.Condition) error {
	return l.Store.Put(ctx, item, kv.Always)
}

// TestExplorerFindsPlantedFaults takes away one of the rules that keep a projection exact at a time.
func TestExplorerFindsPlantedFaults(t *testing.T) {
	quiet(t)
	anyway := worker{lie: func(s kv.Store) kv.Store { return lies{s} }}
	listless := worker{lie: func(s kv.Store) kv.Store { return rewritten{s, func(cp *Checkpoint) { cp.Work = nil }} }}
	behind := listless
	behind.ahead = -1500 * time.Millisecond
	careless := worker{careless: true}
	for _, c := range []struct {
		name, found string
		scene       *scene
	}{
		{"a checkpoint is put whatever stands", "the checkpoint fell", newScene(t, []string{"a", "b"}, anyway, anyway)},
		{"a latecomer is named over", "neither applied nor in the tail", newScene(t, []string{"z", "a"}, anyway).withLate(t)},
		{"a range is fixed anew", "two ranges", newScene(t, []string{"a b", "c"}, listless, behind)},
		{"rows that failed are not looked at", "neither applied nor in the tail", newScene(t, []string{"a b"}, careless)},
	} {
		t.Run(c.name, func(t *testing.T) {
			counts, failure := c.scene.explorer(1, 3).All(t)
			if failure == nil {
				t.Fatalf("not found in %d states", counts.States)
			}
			if !strings.Contains(failure.Err.Error(), c.found) {
				t.Errorf("found %v, want %q\n%s", failure.Err, c.found, strings.Join(failure.Trace, "\n"))
			}
			t.Logf("%d states, %d schedules: %v", counts.States, counts.Schedules, failure.Err)
		})
	}
}
