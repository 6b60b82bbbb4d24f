package query

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/infra/local/recount"
	"cairn/infra/local/traffic"
	"cairn/internal/blob/files"
	"cairn/internal/export"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

// The made-up traffic: weeks that begin on a Monday.
const (
	firstDay, lastDay = "2026-01-05", "2026-03-15"
	days              = 70
	made              = 4000
)

// settings make all queries ask of all traffic, as of its last day.
var settings = []string{
	"-set", "from_day=" + firstDay, "-set", "to_day=" + lastDay, "-set", "from_date=" + firstDay, "-set", "to_date=" + lastDay, "-set", "as_of=" + lastDay,
	"-set", "least_judged=1", "-set", "least_repeats=0", "-set", "most_attempts=1000", "-set", "good_for_days=30", "-set", "days_ahead=5", "-set", "hours_ahead=1",
}

// world is a log, its reports, and the folder that it is exported to.
type world struct {
	*recount.World
	folder string
	log    []recount.Stored
}

// newWorld stores traffic, some of which is voided again, and statements of a form that traffic does not have. Changed may say another statement
// instead of one, or nil to leave it out.
func newWorld(t *testing.T, changed func(text []byte) []byte) *world {
	t.Helper()
	ctx := t.Context()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	must(t, err)
	t.Cleanup(func() { store.Close() })
	l, err := ledger.Open(ctx, store, ledger.Options{Alone: true, Shards: 2})
	must(t, err)
	w := &world{World: recount.NewWorld(store, l, 0), folder: filepath.Join(t.TempDir(), "it's [an] *export*")}
	n := 0
	add := func(texts ...[]byte) {
		var kept [][]byte
		for _, text := range texts {
			if n++; n%40 == 0 {
				kept = append(kept, voiding(text))
			}
			if text = changed(text); text != nil {
				kept = append(kept, text)
			}
		}
		if len(kept) > 0 {
			must(t, recount.Append(ctx, l, kept...))
		}
	}
	for s := range traffic.Sendings(traffic.Settings{Seed: 7, Statements: made, Days: days, From: at(firstDay)}) {
		add(s.Statements...)
	}
	for i, o := range odd {
		text := fmt.Appendf(nil, `{"id":%q,"timestamp":%q,%s}`, uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "odd ", i)), o.at, o.text)
		add(text)
		if i == len(odd)-1 {
			add(voiding(text))
		}
	}
	for i, ago := range lateBy {
		add(fmt.Appendf(nil, `{"id":%q,"timestamp":%q,"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://example.com/praised"},"object":{"objectType":"Agent","mbox":"mailto:bob@example.com"}}`,
			uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "late ", i)), time.Now().Add(-ago).UTC().Format(time.RFC3339Nano)))
	}
	must(t, w.Index.Run(ctx))
	must(t, w.Reports.Run(ctx))
	w.log, err = recount.ReadLog(ctx, l)
	must(t, err)
	w.export(ctx, t)
	return w
}

func (w *world) export(ctx context.Context, t *testing.T) {
	t.Helper()
	out, err := files.Open(w.folder, files.Options{NoSync: true})
	must(t, err)
	must(t, export.New(w.Store, w.Store, w.Ledger, out, export.Settings{}).Run(ctx, export.Event{Snapshot: true}))
}

// odd statements: of Groups, about no Activity, videos whose viewings have no name, what does not fit a text file, and a silence that a duration fills.
var odd = []struct{ at, text string }{
	{"2026-02-01T10:00:00Z", `"actor":{"objectType":"Group","member":[{"mbox":"mailto:ann@Example.com"},{"mbox":"mailto:bob@example.com"},{"mbox":"mailto:ann@example.com"}]},
		"verb":{"id":"http://adlnet.gov/expapi/verbs/attended"},"object":{"id":"http://example.com/class","definition":{"type":"http://adlnet.gov/expapi/activities/meeting"}}`},
	{"2026-02-02T10:00:00Z", `"actor":{"objectType":"Group","mbox":"mailto:team@example.com"},"verb":{"id":"http://example.com/met"},"object":{"id":"http://example.com/room"}`},
	{"2026-02-03T10:00:00Z", `"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://example.com/praised"},"object":{"objectType":"Agent","mbox":"mailto:bob@example.com"}`},
	{"2026-02-04T10:00:00Z", `"actor":{"openid":"http://example.com/cleo"},"verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},"result":{"response":"a, \"b\"\nc","success":false,"duration":"PT1M"},
		"object":{"id":"http://example.com/question","definition":{"name":{"fr":"Laquelle ?"},"interactionType":"choice"}}`},
	{"2026-02-05T10:00:00Z", `"actor":{"account":{"homePage":"http://example.com","name":"dan"}},"verb":{"id":"https://w3id.org/xapi/video/verbs/paused"},"object":{"id":"http://example.com/film","definition":{"name":{"en":"A film"}}},
		"context":{"registration":"6E7D3C9A-3F0E-4B7A-9D31-6F6D8E1C2B50"},"result":{"extensions":{"https://w3id.org/xapi/video/extensions/played-segments":"0[.]12.5[,]5[.]25[,]100.25[.]100.3"}}`},
	{"2026-02-06T10:00:00Z", `"actor":{"account":{"homePage":"http://example.com","name":"dan"}},"verb":{"id":"https://w3id.org/xapi/video/verbs/paused"},"object":{"id":"http://example.com/film"},
		"result":{"extensions":{"https://w3id.org/xapi/video/extensions/played-segments":"0[.]15[,]14.5[.]25"}}`},
	{"2026-02-07T10:00:00Z", `"actor":{"mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"},"verb":{"id":"http://adlnet.gov/expapi/verbs/failed"},"object":{"id":"http://example.com/exam"},"result":{"score":{"raw":3,"max":10}}`},
	{"2026-02-08T10:00:00Z", `"actor":{"openid":"http://example.com/cleo"},"verb":{"id":"http://example.com/read"},"object":{"id":"http://example.com/desk"}`},
	{"2026-02-08T10:45:00Z", `"actor":{"openid":"http://example.com/cleo"},"verb":{"id":"http://example.com/read"},"object":{"id":"http://example.com/desk"},"result":{"duration":"PT20M"}`},
	{"2026-01-20T10:00:00Z", `"actor":{"mbox":"mailto:bob@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/passed"},"object":{"id":"http://example.com/degree","definition":{"type":"http://adlnet.gov/expapi/activities/course"}}`},
	{"2026-02-09T10:00:00Z", `"actor":{"account":{"homePage":"http://example.com","name":"dan"}},"verb":{"id":"https://w3id.org/xapi/video/verbs/paused"},"object":{"id":"http://example.com/film"},
		"result":{"extensions":{"https://w3id.org/xapi/video/extensions/played-segments":"200[.]250"}}`}, // the last one is voided
}

// lateBy is how long ago happened what is stored after the traffic.
var lateBy = []time.Duration{time.Minute, 2 * time.Hour, 30 * time.Hour, 3 * 24 * time.Hour, 8 * 24 * time.Hour}

// voiding takes back a statement, of which some have not been stored yet.
func voiding(text []byte) []byte {
	var s struct{ ID, Timestamp string }
	if err := json.Unmarshal(text, &s); err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, `{"id":%q,"timestamp":%q,"actor":{"mbox":"mailto:admin@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},"object":{"objectType":"StatementRef","id":%q}}`,
		uuid.NewSHA1(uuid.Nil, text), s.Timestamp, s.ID)
}

func at(day string) time.Time {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// row of an answer, by column.
type row map[string]any

// answers asks the folder everything at once.
func (w *world) answers(t *testing.T) map[string][]row {
	t.Helper()
	printed, complaint := ask(t, slices.Concat([]string{"-dir", w.folder, "-format", "json"}, settings, names(t, "queries"), names(t, "views"))...)
	if complaint != "" {
		t.Fatal(complaint)
	}
	var all map[string][]row
	must(t, json.Unmarshal([]byte(printed), &all))
	return all
}

// rows asks one query.
func (w *world) rows(t *testing.T, query string, settings ...string) (rows []row) {
	t.Helper()
	args := []string{"-dir", w.folder, "-format", "json"}
	for _, s := range settings {
		args = append(args, "-set", s)
	}
	printed, complaint := ask(t, append(args, query)...)
	if complaint != "" {
		t.Fatal(complaint)
	}
	must(t, json.Unmarshal([]byte(printed), &rows))
	return rows
}

// names of all queries, or views.
func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir("../../athena/" + folder)
	must(t, err)
	for _, e := range entries {
		all = append(all, strings.TrimSuffix(e.Name(), ".sql"))
	}
	return all
}
