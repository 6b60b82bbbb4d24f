package reportapi_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"cairn/internal/auth"
	"cairn/internal/kv/bolt"
	"cairn/internal/report"
	"cairn/internal/reportapi"
)

// world is the API over the fixture, with its description beside it: what is answered is held against that.
type world struct {
	record *fixture
	api    http.Handler
	paths  routers.Router
}

// door lets in by keys alone.
type door struct{ *auth.Gate }

func (d door) Admit(_ http.ResponseWriter, r *http.Request) (auth.Principal, error) {
	return d.Gate.Admit(r.Context(), r.Header.Get("Authorization"))
}

// today is when everything is asked.
var today = time.Date(2026, 3, 31, 23, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	keys := auth.New(store)
	for name, scopes := range map[string]auth.Scopes{"boss": auth.Admin, "manager": auth.ReportsRead, "course": auth.All} {
		if _, _, err := keys.Make(t.Context(), auth.NewKey{ID: name, Secret: "secret", Scopes: scopes, HomePage: "https://lrs.example.com/xapi"}); err != nil {
			t.Fatal(err)
		}
	}
	w := &world{record: &fixture{}}
	w.api = reportapi.New(door{auth.NewGate(keys, nil)}, w.record, func() time.Time { return today })
	described := httptest.NewRecorder()
	w.api.ServeHTTP(described, httptest.NewRequest("GET", "/reports/openapi.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(described.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.paths, err = gorillamux.NewRouter(doc); err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.PlainBodyDecoder)
	return w
}

// ask sends a request as the key of a name, holds the answer against the description, and returns it. What is accepted must have been
// asked as described.
func (w *world) ask(t *testing.T, as, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "https://lrs.example.com"+path, nil)
	r.SetBasicAuth(as, "secret")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	w.api.ServeHTTP(answer, r)
	if method == http.MethodHead {
		return answer
	}
	route, parameters, err := w.paths.FindRoute(r)
	if err != nil {
		if answer.Code != http.StatusNotFound && answer.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s %s: %d, and the description has it not: %v", method, path, answer.Code, err)
		}
		return answer
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil && answer.Code < 300 {
		t.Errorf("%s %s: %d, though it is not asked as described: %v", method, path, answer.Code, err)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{RequestValidationInput: input,
		Status: answer.Code, Header: answer.Header(), Body: io.NopCloser(bytes.NewReader(answer.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true}})
	if err != nil {
		t.Errorf("%s %s: %d is not answered as described: %v\n%.300s", method, path, answer.Code, err, answer.Body)
	}
	return answer
}

// tables are those of every path that has some.
var tables = map[string][]string{
	"/reports/overview":                   {"days"},
	"/reports/activities":                 {"activities"},
	"/reports/activity?id=" + video:       {"days", "funnel", "questions", "verbs", "platforms", "modalities", "video"},
	"/reports/learners":                   {"learners"},
	"/reports/learner?key=k1":             {"progress", "days"},
	"/reports/learner?identity=" + adaBox: {"progress", "days"},
	"/reports/sessions?key=k1&course=c":   {"events"},
}

// lists are those to choose from, which no filter narrows.
var lists = map[string]struct{ json, csv, file string }{
	"/reports/groups": {`{"groups":[{"id":"ward-3","label":"=Ward 3","team":false},{"id":"team:account:https://example.com night","label":"Night shift","team":true}]}`,
		"id,label,team\r\nward-3,'=Ward 3,false\r\nteam:account:https://example.com night,Night shift,true\r\n", "groups-groups.csv"},
	"/reports/platforms": {`{"platforms":["@home","phone"]}`, "platform\r\n'@home\r\nphone\r\n", "platforms-platforms.csv"},
}

func TestListsToChooseFrom(t *testing.T) {
	w := newWorld(t)
	for path, want := range lists {
		if answer := w.ask(t, "manager", "GET", path); answer.Code != 200 || answer.Body.String() != want.json || answer.Header().Get("ETag") == "" {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
		answer := w.ask(t, "manager", "GET", path+"?format=csv")
		if answer.Code != 200 || answer.Body.String() != want.csv || answer.Header().Get("Content-Disposition") != `attachment; filename="`+want.file+`"` {
			t.Errorf("%s: %d %v %s", path, answer.Code, answer.Header(), answer.Body)
		}
	}
}

const adaBox = "mbox:mailto:ada@example.com"

func with(path, more string) string {
	if strings.Contains(path, "?") {
		return path + "&" + more
	}
	return path + "?" + more
}

func TestAnswersAsJSON(t *testing.T) {
	w := newWorld(t)
	for path := range tables {
		answer := w.ask(t, "manager", "GET", with(path, "from=2026-03-01&to=2026-03-02&platform=phone&modality=mobile&group=nurses"))
		var scope report.Scope
		if err := json.Unmarshal(answer.Body.Bytes(), &scope); err != nil || answer.Code != 200 {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
		from, _ := report.ParseDay("2026-03-01")
		if want := (report.Scope{AsOf: asOf, From: from, To: from + 1, Platform: "phone", Modality: "mobile", Group: "nurses"}); scope != want {
			t.Errorf("%s: asked of %+v", path, scope)
		}
		if h := answer.Header(); h.Get("Content-Type") != "application/json" || h.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %v", path, h)
		}
		if head := w.ask(t, "boss", "HEAD", path); head.Code != 200 || head.Header().Get("ETag") == "" {
			t.Errorf("HEAD %s: %d", path, head.Code)
		}
	}
}

// Each table has a row of names, and as many cells in each row; a number stays one, and a text that a spreadsheet would take for a formula does not.
func TestAnswersAsCSV(t *testing.T) {
	w := newWorld(t)
	all := ""
	for path, names := range tables {
		for i, name := range names {
			answer := w.ask(t, "manager", "GET", with(path, "from=2026-03-01&to=2026-03-02&format=csv&table="+name))
			rows, err := csv.NewReader(answer.Body).ReadAll()
			if err != nil || answer.Code != 200 || len(rows) < 1 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/csv") {
				t.Errorf("%s, %s: %d %v", path, name, answer.Code, err)
			}
			for _, row := range rows {
				all += strings.Join(row, "|") + "\n"
			}
			resource, _, _ := strings.Cut(path, "?")
			file := strings.TrimPrefix(resource, "/reports/") + "-" + name + "-2026-03-01-2026-03-02.csv"
			if got := answer.Header().Get("Content-Disposition"); got != `attachment; filename="`+file+`"` {
				t.Errorf("%s, %s: saved as %s", path, name, got)
			}
			if i == 0 {
				usual := w.ask(t, "manager", "GET", path, "Accept", "text/csv, */*;q=0.1")
				if first, err := csv.NewReader(usual.Body).Read(); err != nil || !slices.Equal(first, rows[0]) {
					t.Errorf("%s: the table that nobody named begins %q", path, first)
				}
			}
		}
	}
	for _, line := range []string{
		"2026-03-01|2|40|3|600|2|1|1|1|2|72.5|7.5|0|0|0|0|0|0|1|0|1|0\n2026-03-02|0|0|0|0|0|0|0|0|0|||0|0|0|0|0|0|0|0|0|0\n",
		course + "|First aid|http://adlnet.gov/expapi/activities/course|2|40|",
		video + "|'=SUM(A1)||2|1|60\n",
		"q1||choice|" + video + "|3|2|1|0|-0.25\n", "q2||other||0|0|0|0|\n",
		"'@home|2|40|",
		"0|30|3|2\n",
		"k1|'+Ada|mbox:mailto:ada@example.com|2026-03-31T12:00:00Z|1|1|0|300|20|1|80\n", "|0|0|0|0|0|0|\n",
		course + "|First aid|||passed|2026-03-31T12:00:00Z|2026-03-31T12:00:00Z|2026-03-31T12:00:00Z|300|2||80||\n",
		course + "|First aid|" + video + "|'=SUM(A1)|begun|2026-03-31T12:00:00Z|2026-03-31T12:00:00Z||60||0|||0.5\n",
		"2026-03-31T12:00:00Z|0|2026-03-31T12:00:00Z|http://example.com/did|" + video + "|'=SUM(A1)||\n",
		"2026-03-31T12:00:00Z|1|2026-03-31T12:01:00Z|http://example.com/answered|q1||false|80\n",
	} {
		if !strings.Contains(all, line) {
			t.Errorf("no table has %q:\n%s", line, all)
		}
	}
	if french := w.ask(t, "manager", "GET", "/reports/activities?format=csv", "Accept-Language", "fr, en;q=0.5"); !strings.Contains(french.Body.String(), "Premiers secours") {
		t.Errorf("in French: %s", french.Body)
	}
}

func TestWhichFormat(t *testing.T) {
	w := newWorld(t)
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", "text/html, */*;q=0.8": "application/json", "text/csv": "text/csv", "Text/CSV;q=0.9, application/json": "application/json",
		"text/*, application/json;q=0.5": "text/csv", "text/csv;q=0": "application/json", "text/csv;q=none": "application/json", "application/json;q=0.1, text/csv;q=0.2": "text/csv",
	} {
		if got := w.ask(t, "manager", "GET", "/reports/overview", "Accept", accept).Header().Get("Content-Type"); !strings.HasPrefix(got, want) {
			t.Errorf("Accept %q: %s", accept, got)
		}
	}
}

func TestPagesGoOn(t *testing.T) {
	w := newWorld(t)
	answer := w.ask(t, "manager", "GET", "/reports/activities?limit=7&sort=statements&format=csv")
	link, _, found := strings.Cut(strings.TrimPrefix(answer.Header().Get("Link"), "<"), `>; rel="next"`)
	if want := `activities "statements" {Next: Limit:7}`; !found || w.record.asked != want {
		t.Fatalf("%v; asked was %s", answer.Header(), w.record.asked)
	}
	last := w.ask(t, "manager", "GET", link)
	if want := `activities "statements" {Next:there+is more Limit:7}`; w.record.asked != want || last.Header().Get("Link") != "" {
		t.Errorf("%s leads to %s, and on: %v", link, w.record.asked, last.Header())
	}
}

// Whoever has an answer already gets none; another answer is another.
func TestWhatDidNotChangeIsNotSent(t *testing.T) {
	w := newWorld(t)
	tag := w.ask(t, "manager", "GET", "/reports/overview").Header().Get("ETag")
	for header, want := range map[string]int{tag: 304, `"other", ` + tag: 304, strings.TrimPrefix(tag, "W/"): 304, "*": 304, `"other"`: 200, "": 200} {
		answer := w.ask(t, "manager", "GET", "/reports/overview", "If-None-Match", header)
		if answer.Code != want || answer.Header().Get("ETag") != tag || want == 304 && answer.Body.Len() > 0 {
			t.Errorf("If-None-Match %s: %d", header, answer.Code)
		}
	}
	for _, path := range []string{"/reports/overview?platform=phone", "/reports/overview?format=csv", "/reports/overview?to=2026-03-30"} {
		if answer := w.ask(t, "manager", "GET", path, "If-None-Match", tag); answer.Code != 200 {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
}

func TestTheSpan(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string][2]string{
		"": {"2026-03-02", "2026-03-31"}, "?to=2026-01-30": {"2026-01-01", "2026-01-30"}, "?from=2026-03-31": {"2026-03-31", "2026-03-31"},
		"?from=2025-02-25&to=2026-03-31": {"2025-02-25", "2026-03-31"},
	} {
		var scope struct{ From, To string }
		answer := w.ask(t, "manager", "GET", "/reports/overview"+query)
		if json.Unmarshal(answer.Body.Bytes(), &scope); scope.From != want[0] || scope.To != want[1] {
			t.Errorf("%q is %v", query, scope)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, x := range []struct {
		as, method, path string
		status           int
		says             string
	}{
		{"manager", "GET", "/reports/overview?days=3", 400, "no such parameter"},
		{"manager", "GET", "/reports/overview?id=x", 400, "no such parameter"},
		{"manager", "GET", "/reports/overview?from=2026-01-01&from=2026-01-02", 400, "more than once"},
		{"manager", "GET", "/reports/overview?from=yesterday", 400, "from is not a day"},
		{"manager", "GET", "/reports/overview?to=2026-02-30", 400, "to is not a day"},
		{"manager", "GET", "/reports/overview?from=2026-01-02&to=2026-01-01", 400, "from is after to"},
		{"manager", "GET", "/reports/overview?from=2025-02-24", 400, "at most 400 days, and this one has 401"},
		{"manager", "GET", "/reports/overview?format=xml", 400, "neither json nor csv"},
		{"manager", "GET", "/reports/overview?table=days", 400, "format=csv"},
		{"manager", "GET", "/reports/overview?format=csv&table=verbs", 400, "no such table: there are days"},
		{"manager", "GET", "/reports/activities?limit=101", 400, "from 1 to 100"},
		{"manager", "GET", "/reports/activities?limit=0", 400, "from 1 to 100"},
		{"manager", "GET", "/reports/activities?sort=name", 400, "sort"},
		{"manager", "GET", "/reports/activity", 400, "id says"},
		{"manager", "GET", "/reports/activity?id=unknown", 404, "no such activity"},
		{"manager", "GET", "/reports/learners?state=failing", 400, "course"},
		{"manager", "GET", "/reports/learners?course=c&state=asleep", 400, "state"},
		{"manager", "GET", "/reports/learners?course=wrong", 400, `"error":"that is no course"`},
		{"manager", "GET", "/reports/learner", 400, "either"},
		{"manager", "GET", "/reports/learner?key=k1&identity=x", 400, "either"},
		{"manager", "GET", "/reports/learner?key=k9", 404, "learner"},
		{"manager", "GET", "/reports/learner?identity=mbox:mailto:nobody@example.com", 404, "learner"},
		{"manager", "GET", "/reports/groups?from=2026-01-01", 400, "no such parameter"},
		{"manager", "GET", "/reports/platforms?group=ward-3", 400, "no such parameter"},
		{"course", "GET", "/reports/groups", 403, "may not"},
		{"manager", "GET", "/reports/sessions?key=k1", 400, "in which course"},
		{"manager", "GET", "/reports/sessions?course=c", 400, "which learner"},
		{"manager", "GET", "/reports/sessions?key=k9&course=c", 404, "learner"},
		{"manager", "GET", "/reports/secrets", 404, "no such resource"},
		{"manager", "POST", "/reports/overview", 405, "no such method"},
		{"course", "GET", "/reports/overview", 403, "may not"},
		{"course", "GET", "/reports/activity?id=unknown", 403, "may not"},
		{"nobody", "GET", "/reports/overview", 401, "needed"},
	} {
		answer := w.ask(t, x.as, x.method, x.path)
		if answer.Code != x.status || !strings.Contains(answer.Body.String(), x.says) {
			t.Errorf("%s %s by %s: %d %s, want %d and %q", x.method, x.path, x.as, answer.Code, answer.Body, x.status, x.says)
		}
	}
}

func TestQueriesAreHandedOn(t *testing.T) {
	w := newWorld(t)
	w.ask(t, "manager", "GET", "/reports/learners?course="+url.QueryEscape(course)+"&state=inactive&limit=100&next=x")
	if want := `learners "` + course + `" "inactive" {Next:x Limit:100}`; w.record.asked != want {
		t.Errorf("asked was %s", w.record.asked)
	}
	w.ask(t, "manager", "GET", "/reports/sessions?key=k1&course="+url.QueryEscape(course))
	if want := `sessions "k1" "` + course + `"`; w.record.asked != want {
		t.Errorf("asked was %s", w.record.asked)
	}
}
