package export

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/infra/local/recount"
	"cairn/internal/blob"
	"cairn/internal/blob/blobtest"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/table"
)

// world is a log, and what was exported of it.
type world struct {
	t      testing.TB
	store  kv.Store
	ledger *ledger.Ledger
	out    blob.Versions
	random *rand.Rand
	made   int
	days   int          // on which statements happen
	ahead  atomic.Int64 // of the wall clock
}

func newWorld(t testing.TB, seed uint64) *world {
	t.Helper()
	store := kvtest.NewMemory()
	w := &world{t: t, store: store, out: blobtest.NewMemory(), random: rand.New(rand.NewPCG(seed, 1)), days: 4}
	var err error
	if w.ledger, err = ledger.Open(t.Context(), store, ledger.Options{Alone: true, Now: w.now}); err != nil {
		t.Fatal(err)
	}
	return w
}

// clone is a world that is as this one now, and goes its own way.
func (w *world) clone() *world {
	w.t.Helper()
	c := &world{t: w.t, store: w.store.(*kvtest.Memory).Clone(), out: w.out.(*blobtest.Memory).Clone()}
	var err error
	if c.ledger, err = ledger.Open(w.t.Context(), c.store, ledger.Options{Alone: true, Now: c.now}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// afterwards runs when the lease of whoever died has ended.
func (w *world) afterwards() {
	w.ahead.Add(int64(time.Minute))
	w.run(w.t.Context(), w.exporter(w.store, w.out))
}

// exporter is a process that exports, in small pieces.
func (w *world) exporter(store kv.Store, out blob.Versions) *Exporter {
	x := New(store, store, w.ledger, out, Settings{KeepFor: time.Hour, SnapshotAfter: time.Hour})
	x.fileRows, x.runner.FlushSize = 7, 3000
	return x
}

func (w *world) id(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)) }

// append stores statements as one request, each about another day, question or video; some void one before, or one to come.
func (w *world) append(n int) {
	w.t.Helper()
	var texts [][]byte
	for range n {
		texts = append(texts, w.statement())
	}
	if err := recount.Append(w.t.Context(), w.ledger, texts...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) statement() []byte {
	own := w.made
	w.made++
	if w.random.IntN(8) == 0 && own > 0 {
		target := w.random.IntN(own + 3)
		return fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:admin@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},
			"object":{"objectType":"StatementRef","id":%q}}`, w.id(own), w.id(target))
	}
	actor := fmt.Sprintf(`{"mbox":"mailto:learner%d@example.com","name":"Learner"}`, w.random.IntN(3))
	if w.random.IntN(6) == 0 {
		actor = `{"objectType":"Group","member":[` + actor + `,{"mbox":"mailto:learner9@example.com"}]}`
	}
	day := w.random.IntN(w.days)
	what := [...]string{
		`"verb":{"id":"http://adlnet.gov/expapi/verbs/experienced"},"object":{"id":"http://example.com/page"}`,
		`"verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},"object":{"id":"http://example.com/question","definition":{"interactionType":"choice"}},
			"result":{"response":"b","success":true,"duration":"PT8S"}`,
		`"verb":{"id":"https://w3id.org/xapi/video/verbs/paused"},"object":{"id":"http://example.com/video","definition":{"type":"https://w3id.org/xapi/video/activity-type/video"}},
			"result":{"extensions":{"https://w3id.org/xapi/video/extensions/played-segments":"0[.]12.5[,]20[.]30"}},"context":{"extensions":{"https://w3id.org/xapi/video/extensions/length":60}}`,
	}[w.random.IntN(3)]
	return fmt.Appendf(nil, `{"id":%q,"actor":%s,%s,"timestamp":"2026-01-%02dT08:%02d:00Z"}`, w.id(own), actor, what, day+1, w.random.IntN(60))
}

// published are the rows that manifests list: a line each, by what it says.
func published[R any](w *world, kind *table.Kind[R]) []string {
	w.t.Helper()
	var all []string
	manifests, err := w.out.List(w.t.Context(), "manifests/"+kind.Name+"/", "", 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range manifests {
		body, err := w.out.Get(w.t.Context(), m)
		if err != nil {
			w.t.Fatal(err)
		}
		var before R
		first := true
		for key := range strings.Lines(string(body)) {
			file, err := w.out.Get(w.t.Context(), strings.TrimSuffix(key, "\n"))
			if err != nil {
				w.t.Fatalf("a manifest names %s: %v", key, err)
			}
			rows, err := table.Read[R](file)
			if err != nil {
				w.t.Fatal(err)
			}
			for {
				row, err := rows.Next()
				if err != nil {
					w.t.Fatal(err)
				}
				if row == nil {
					break
				}
				if day := kind.Day(row).String(); !strings.Contains(key, "/dt="+day+"/") || !first && kind.Compare(&before, row) >= 0 {
					w.t.Errorf("a row of %s stands in %s, or out of order", day, key)
				}
				before, first = *row, false
				line, err := json.Marshal(row)
				if err != nil {
					w.t.Fatal(err)
				}
				all = append(all, string(line))
			}
		}
	}
	slices.Sort(all)
	return all
}

// logged are the rows that the log's statements become, worked out the plain way.
func (w *world) logged() *table.Rows {
	w.t.Helper()
	x := w.exporter(w.store, w.out)
	var all []ledger.Record
	scan := w.ledger.Scan(ledger.Span{To: w.ledger.Now()}, 0)
	for {
		r, ok, err := scan.Next(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !ok {
			break
		}
		all = append(all, r)
	}
	s := x.runner.Projection.(*stager)
	read, err := s.read(w.t.Context(), all)
	if err != nil {
		w.t.Fatal(err)
	}
	once := map[uuid.UUID]said{}
	for _, r := range read {
		id, _ := r.ID()
		once[id] = r
	}
	rows, err := s.rows(w.t.Context(), slices.Collect(maps.Values(once)))
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

func lines[R any](w *world, rows []R) []string {
	all := make([]string, len(rows))
	for i := range rows {
		line, err := json.Marshal(rows[i])
		if err != nil {
			w.t.Fatal(err)
		}
		all[i] = string(line)
	}
	slices.Sort(all)
	return all
}

// agrees holds what is published against the log.
func (w *world) agrees(when string) {
	w.t.Helper()
	want := w.logged()
	same(w, when+": statements", published(w, &table.StatementKind), lines(w, want.Statements))
	same(w, when+": answers", published(w, &table.AnswerKind), lines(w, want.Answers))
	same(w, when+": segments", published(w, &table.VideoSegmentKind), lines(w, want.VideoSegments))
}

func same(w *world, what string, got, want []string) {
	w.t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			w.t.Errorf("%s: there is %s", what, line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			w.t.Errorf("%s: missing is %s", what, line)
		}
	}
	w.t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
}

func (w *world) run(ctx context.Context, x *Exporter) {
	w.t.Helper()
	if err := x.Run(ctx, Event{}); err != nil {
		w.t.Fatal(err)
	}
}
