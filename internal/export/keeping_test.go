package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/infra/local/recount"
	"cairn/internal/blob"
	"cairn/internal/projection"
	"cairn/internal/roster"
	"cairn/internal/table"
)

// files are the files of a table, whether or not a manifest names them.
func (w *world) files(t table.Table) []string {
	w.t.Helper()
	keys, err := w.out.List(w.t.Context(), t.Name+"/", "", 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	return keys
}

// A file that was replaced stays for as long as a query may be reading it, and then it goes; what manifests name stays.
func TestReplacedFilesGoLater(t *testing.T) {
	w := newWorld(t, 2)
	w.append(10)
	w.run(t.Context(), w.exporter(w.store, w.out))
	w.append(10)
	x := w.exporter(w.store, w.out)
	if err := x.Run(t.Context(), Event{Snapshot: true}); err != nil {
		t.Fatal(err)
	}
	before := len(w.files(table.Statements))
	w.ahead.Add(int64(2 * time.Hour))
	if err := x.Run(t.Context(), Event{}); err != nil { // the snapshot is old too
		t.Fatal(err)
	}
	after := len(w.files(table.Statements))
	if named := w.named(table.Statements); after != named || before <= after {
		t.Errorf("of %d files %d stay, and %d are named", before, after, named)
	}
	w.agrees("after that")
}

func (w *world) named(t table.Table) (n int) {
	w.t.Helper()
	x := w.exporter(w.store, w.out)
	all, err := x.partitions(w.t.Context(), t)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range all {
		files, _, err := x.files(w.t.Context(), p)
		if err != nil {
			w.t.Fatal(err)
		}
		n += len(files)
	}
	return n
}

// What was lost of the files comes back when its span is asked for, and what stands there stays once.
func TestASpanIsReadAgain(t *testing.T) {
	w := newWorld(t, 4)
	w.append(20)
	x := w.exporter(w.store, w.out)
	w.run(t.Context(), x)
	for i, key := range w.manifests() {
		if i%2 == 0 {
			if err := w.out.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		}
	}
	event := `{"from":"2026-01-01T00:00:00Z","to":"2100-01-01T00:00:00Z"}`
	if err := x.Handle(t.Context(), []byte(event)); err != nil {
		t.Fatal(err)
	}
	w.agrees("after the span")
}

func (w *world) manifests() []string {
	w.t.Helper()
	keys, err := w.out.List(w.t.Context(), manifests+"statements/", "", 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	return keys
}

// A snapshot for which the time does not suffice is gone on with, nobody sees it before it is whole, and then it says what one says that was made at once.
func TestASnapshotInSlices(t *testing.T) {
	w := newWorld(t, 6)
	w.append(40)
	counting := recount.NewWorld(w.store, w.ledger, 0)
	for _, r := range []*projection.Runner{counting.Index, counting.Reports} {
		if err := r.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	atOnce := newWorld(t, 6)
	if err := New(w.store, atOnce.store, w.ledger, atOnce.out, Settings{}).Run(t.Context(), Event{}); err != nil {
		t.Fatal(err)
	}
	runs := 0
	for ; w.named(table.Progress) == 0; runs++ {
		if n := w.named(table.Daily) + w.named(table.Identities) + w.named(table.Attempts); n > 0 {
			t.Errorf("after %d runs %d files can be seen", runs, n)
		}
		w.run(t.Context(), w.hurried(2))
	}
	if runs < 3 {
		t.Errorf("it took %d runs", runs)
	}
	same(w, "progress", snapshotted[table.Progressed](w, table.Progress), snapshotted[table.Progressed](atOnce, table.Progress))
	same(w, "attempts", snapshotted[table.Attempt](w, table.Attempts), snapshotted[table.Attempt](atOnce, table.Attempts))
	same(w, "daily", snapshotted[table.DayFigures](w, table.Daily), snapshotted[table.DayFigures](atOnce, table.Daily))
	same(w, "identities", snapshotted[table.Identity](w, table.Identities), snapshotted[table.Identity](atOnce, table.Identities))
	if n := len(snapshotted[table.Progressed](w, table.Progress)); n == 0 || n == len(snapshotted[table.Identity](w, table.Identities)) {
		t.Errorf("%d rows of progress", n)
	}
	if _, err := w.out.Get(t.Context(), snapshotKey); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("a job that is done still stands: %v", err)
	}
}

// hurried is a process that has time for so many files of two rows.
func (w *world) hurried(files int) *Exporter {
	x := w.exporter(w.store, w.out)
	x.fileRows = 2
	x.inTime = func(context.Context) bool { files--; return files >= 0 }
	return x
}

// snapshotted are the rows of a table that has no days: a line each.
func snapshotted[R any](w *world, t table.Table) (all []string) {
	w.t.Helper()
	x := w.exporter(w.store, w.out)
	files, _, err := x.files(w.t.Context(), partition(t.Name))
	if err != nil {
		w.t.Fatal(err)
	}
	err = each(&chain[R]{ctx: w.t.Context(), x: x, left: files}, func(row *R) error {
		line, err := json.Marshal(row)
		all = append(all, string(line))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// What was read of learners is kept when the time ends before a file is full: else a stack of many would begin with the same ones again each time.
func TestASnapshotKeepsWhatItHasRead(t *testing.T) {
	w := newWorld(t, 8)
	var texts [][]byte
	for n := range 2*learnersAtOnce + 50 {
		texts = append(texts, fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:l%d@example.com"},"verb":{"id":"a:v"},"object":{"id":"a:o"},"timestamp":"2026-01-05T08:00:00Z"}`, w.id(n), n))
	}
	if err := recount.Append(t.Context(), w.ledger, texts...); err != nil {
		t.Fatal(err)
	}
	counting := recount.NewWorld(w.store, w.ledger, 0)
	for _, r := range []*projection.Runner{counting.Index, counting.Reports} {
		if err := r.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	runs := 0
	for ; w.named(table.Progress) == 0; runs++ {
		if runs == 10 {
			t.Fatal("it does not get on")
		}
		ends, x := 1, New(w.store, w.store, w.ledger, w.out, Settings{})
		x.inTime = func(context.Context) bool { ends--; return ends >= 0 } // ends while the first file is filled
		if err := x.snapshot(t.Context()); err != nil && !errors.Is(err, errLater) {
			t.Fatal(err)
		}
	}
	if n := len(snapshotted[table.Identity](w, table.Identities)); n != len(texts) || runs < 3 {
		t.Errorf("%d learners in %d runs, want %d", n, runs, len(texts))
	}
}

// Statements may be large: then fewer of them are in memory together.
func TestASpanOfLargeStatementsIsReadInParts(t *testing.T) {
	w := newWorld(t, 9)
	large := strings.Repeat("a", 3000)
	for n := range 8 {
		text := fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:a@example.com"},"verb":{"id":"a:v"},"object":{"id":"a:o"},"result":{"response":%q},"timestamp":"2026-01-05T08:00:00Z"}`, w.id(n), large)
		if err := recount.Append(t.Context(), w.ledger, text); err != nil {
			t.Fatal(err)
		}
	}
	x := w.exporter(w.store, w.out)
	x.againBytes = 16_000
	if err := x.again(t.Context(), time.Time{}, w.now()); err != nil {
		t.Fatal(err)
	}
	if staged, err := w.out.List(t.Context(), stagedFolder+"statements/", "", 10); err != nil || len(staged) != 2 {
		t.Errorf("%d parts, want 2: %v", len(staged), err)
	}
}

// Who asks for a span wrongly is told so, and not that all went well.
func TestASpanHasTwoEnds(t *testing.T) {
	w := newWorld(t, 10)
	for _, event := range []string{`{"from":"2026-01-01T00:00:00Z"}`, `{"from":"2026-02-01T00:00:00Z","to":"2026-01-01T00:00:00Z"}`, `{"from":"January"}`} {
		if err := w.exporter(w.store, w.out).Handle(t.Context(), []byte(event)); err == nil {
			t.Errorf("%s is taken", event)
		}
	}
}

// A file that is damaged or gone stops an export until somebody looks after it: he is told which.
func TestABadFileIsNamed(t *testing.T) {
	w := newWorld(t, 11)
	w.append(20)
	w.run(t.Context(), w.exporter(w.store, w.out))
	bad := w.files(table.Statements)[0]
	damage := func() error { return w.out.Replace(t.Context(), bad, []byte("PAR1"), "") }
	for _, do := range []func() error{func() error { return w.out.Delete(t.Context(), bad) }, damage} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		w.append(20)
		if err := w.exporter(w.store, w.out).Run(t.Context(), Event{}); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("of %s is said: %v", bad, err)
		}
	}
}

// Whoever was said to be one person after he was counted as two is two learners in reports until these are built anew, and so with keys of two:
// else each of his courses would be there twice, and joins would multiply them.
func TestNobodyIsInAProgressTwice(t *testing.T) {
	w := newWorld(t, 12)
	for n, who := range []string{"a", "b"} {
		text := fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:%s@example.com"},"verb":{"id":"a:v"},"object":{"id":"a:o"},"timestamp":"2026-01-05T08:00:00Z"}`, w.id(n), who)
		if err := recount.Append(t.Context(), w.ledger, text); err != nil {
			t.Fatal(err)
		}
	}
	counting := recount.NewWorld(w.store, w.ledger, 0)
	for _, r := range []*projection.Runner{counting.Index, counting.Reports} {
		if err := r.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := roster.New(w.store, w.ledger.Secret()).PutPerson(t.Context(), []string{"mbox:mailto:a@example.com", "mbox:mailto:b@example.com"}); err != nil {
		t.Fatal(err)
	}
	if err := w.exporter(w.store, w.out).Run(t.Context(), Event{Snapshot: true}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, line := range snapshotted[table.Progressed](w, table.Progress) {
		var p table.Progressed
		json.Unmarshal([]byte(line), &p)
		of := p.Learner + p.Course + p.Module
		if seen[of] {
			t.Errorf("twice: %s", line)
		}
		seen[of] = true
	}
}
