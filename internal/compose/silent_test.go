package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/apigw"
	"cairn/internal/auth"
	"cairn/internal/blob"
	"cairn/internal/blob/files"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/telemetry"
)

// sentWithMarks is a request; whatever of it is a learner's or secret, or may hold anything, has a mark in it: a word that is nowhere else.
type sentWithMarks struct {
	method, path, authorization, kind, body string
	status                                  int // without faults
}

// basicZebra is key and secret-zebra, as Basic authentication writes them.
const basicZebra = "a2V5OnNlY3JldC16ZWJyYQ=="

func marked(t *testing.T, token string) []sentWithMarks {
	const key, statement = "Basic " + basicZebra, `{"id":"00000000-0000-4000-8000-%012d","actor":{"name":"Ada Zebra","mbox":"mailto:zebra@example.com"},` +
		`"verb":{"id":"http://example.com/did"},"object":{"id":"http://example.com/zebra"},"result":{"response":"zebra"}%s}`
	one, other := fmt.Sprintf(statement, 1, ""), fmt.Sprintf(statement, 1, `,"timestamp":"2001-01-01T00:00:00Z"`)
	agent := url.QueryEscape(`{"mbox":"mailto:zebra@example.com"}`)
	state := "/xapi/activities/state?activityId=http://example.com/zebra&stateId=zebra&agent=" + agent
	attached := withAttachment(7, "a file with a zebra")
	return []sentWithMarks{
		{"POST", "/xapi/statements", key, "application/json", one, 200},
		{"POST", "/xapi/statements", key, "application/json", one, 200},
		{"POST", "/xapi/statements", key, "application/json", other, 409},
		{"POST", "/xapi/statements", "Bearer " + token, "application/json", fmt.Sprintf(statement, 2, ""), 200},
		{"POST", "/xapi/statements", "Bearer zebra." + token, "application/json", fmt.Sprintf(statement, 3, ""), 401},
		{"POST", "/xapi/statements", "Zebra zebra", "application/json", one, 401},
		{"POST", "/xapi/statements", key, "application/json", `{"actor":{"mbox":"zebra"}}`, 400},
		{"POST", "/xapi/statements", key, "application/json", `{"zebra": zebra`, 400},
		{"POST", "/xapi/statements", key, "application/json", `{"zebra":"zebra","zebra":1}`, 400},
		{"POST", "/xapi/statements", key, "text/zebra", one, 400},
		{"POST", "/xapi/statements", key, attached.kind, attached.body, 200},
		{"POST", "/xapi/statements", key, "application/json", voidingOf(8, 2), 200},
		{"GET", "/xapi/statements?statementId=00000000-0000-4000-8000-000000000001", key, "", "", 200},
		{"GET", "/xapi/statements?agent=" + agent + "&activity=http://example.com/zebra", key, "", "", 200},
		{"GET", "/xapi/statements?attachments=true", key, "", "", 200},
		{"GET", "/xapi/statements?zebra=zebra", key, "", "", 400},
		{"GET", "/xapi/statements?agent=zebra", key, "", "", 400},
		{"GET", "/xapi/statements?more=zebra", key, "", "", 400},
		{"PUT", state, key, "text/plain", "a document with a zebra", 204},
		{"GET", state, key, "", "", 200},
		{"POST", state, key, "application/json", `{"zebra":1}`, 400},
		{"DELETE", state, key, "", "", 204},
		{"GET", "/xapi/agents?agent=" + agent, key, "", "", 200},
		{"GET", "/xapi/activities?activityId=http://example.com/zebra", key, "", "", 200},
		{"GET", "/xapi/zebra", key, "", "", 404},
		{"GET", "/zebra?zebra", "", "", "", 404},
		{"ZEBRA", "/xapi/statements", key, "", "", 405},
		{"GET", "/admin/keys", key, "", "", 200},
		{"GET", "/admin/keys/zebra", key, "", "", 404},
		{"POST", "/admin/keys", key, "application/json", `{"scopes":"zebra"}`, 400},
		{"POST", "/admin/keys", key, "application/json", `{"scopes":"all","label":"zebra"}`, 201},
		{"POST", "/admin/keys/key/rotation", key, "application/json", `{}`, 200},
		{"GET", "/admin/zebra", key, "", "", 404},
		{"GET", "/admin/audit?more=zebra", key, "", "", 400},
	}
}

// quiet is what was logged.
type quiet struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (q *quiet) Write(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.all.Write(b)
}

// TestNothingOfLearnersAndNoSecretIsLogged sends marks in everything that a request may hold, over both transports, undisturbed and with each of the
// first calls of each request to either port failing, before its effect and after, and finds none of them in the log, whatever its level. Each request
// has one line, which says what it was answered.
func TestNothingOfLearnersAndNoSecretIsLogged(t *testing.T) {
	embedded(t, nil) // what a process has one of
	before := slog.Default()
	defer slog.SetDefault(before)
	issuer := newTokenIssuer(t)
	token := issuer.token(t, claims{"sub": "zebra", "name": "Ada Zebra", "email": "zebra@example.com"})
	var out quiet
	telemetry.Start(&out, "test", "test", slog.LevelDebug)
	t.Cleanup(func() { telemetry.Start(&quiet{}, "", "", slog.LevelInfo) })

	requests, fired := marked(t, token), 0
	var statuses []int
	for _, f := range append([]fault{unharmed}, faults[0], faults[2], faults[6], faults[7]) {
		for nth := 1; nth <= 8; nth++ {
			for transport, send := range map[string]func(http.Handler, sentWithMarks) int{"net/http": overHTTP, "apigw": throughGateway} {
				w := newMarkedWorld(t, issuer.URL)
				for i, x := range requests {
					done := w.arm(f, nth)
					status := send(w.api, x)
					statuses = append(statuses, status)
					if done() {
						fired++
					} else if f.name == unharmed.name && status != x.status {
						t.Errorf("%s: request %d, %s %s: %d, want %d", transport, i, x.method, x.path, status, x.status)
					}
				}
				w.arm(f, nth)
				w.settle()
			}
			if f.name == unharmed.name {
				break
			}
		}
	}
	if fired < 5*len(requests) {
		t.Errorf("only %d faults came to pass", fired)
	}
	for line := range strings.Lines(out.all.String()) {
		if lower := strings.ToLower(line); strings.Contains(lower, "zebra") || strings.Contains(lower, "secret") || strings.Contains(line, token) || strings.Contains(line, basicZebra) {
			t.Errorf("in the log: %s", line)
		}
		var fields struct {
			Msg, Request, Method, Resource string
			Status                         int
			Throttled                      int
		}
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Errorf("a line that is not JSON: %s", line)
		}
		if fields.Msg != "request" {
			continue
		}
		if len(statuses) == 0 || fields.Status != statuses[0] || fields.Request == "" || fields.Method == "" || fields.Resource == "" ||
			(fields.Throttled == 1) != (fields.Status == http.StatusServiceUnavailable) {
			t.Fatalf("the line is not that of a request answered %v: %s", statuses[:min(len(statuses), 1)], line)
		}
		statuses = statuses[1:]
	}
	if len(statuses) > 0 {
		t.Errorf("%d requests have no line", len(statuses))
	}
}

// unharmed is no fault.
var unharmed = fault{"nothing fails", func(store kv.Store, blobs blob.Store, _ int) (kv.Store, blob.Store, func() bool) {
	return store, blobs, func() bool { return false }
}}

// markedWorld is the API over stores of which one call can be had fail.
type markedWorld struct {
	store  kv.Store
	blobs  blob.Store
	behind *replaced
	files  *replacedBlobs
	api    http.Handler
	settle func() // runs the projections and the upkeep
}

// replacedBlobs are objects in whose place others are put.
type replacedBlobs struct{ blob.Store }

func newMarkedWorld(t *testing.T, issuer string) *markedWorld {
	t.Helper()
	blobs, err := files.Open(t.TempDir(), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w := &markedWorld{store: kvtest.NewMemory(), blobs: blobs}
	w.behind, w.files = &replaced{w.store}, &replacedBlobs{w.blobs}
	l, err := ledger.Open(t.Context(), w.behind, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	n := auth.NewKey{ID: "key", Secret: "secret-zebra", Scopes: auth.All | auth.Admin, HomePage: "https://lrs.example.com/xapi"}
	if _, _, err := auth.New(w.store).Make(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	c := config.API{Issuers: []config.Issuer{{URL: issuer, Audiences: []string{"cairn"}}}}
	w.api = API(w.behind, w.files, l, c)
	w.settle = func() {
		Index(w.behind, l, config.Index{}).Handle(context.Background(), json.RawMessage(`{}`))                 //nolint:errcheck // it may fail
		Upkeep(w.behind, w.files, l, config.Upkeep{}, nil).Handle(context.Background(), json.RawMessage(`{}`)) //nolint:errcheck // it may fail
	}
	return w
}

// arm has the nth call from now on fail; done says whether it came.
func (w *markedWorld) arm(f fault, nth int) (done func() bool) {
	w.behind.Store, w.files.Store, done = f.wrap(w.store, w.blobs, nth)
	return done
}

func overHTTP(h http.Handler, x sentWithMarks) int {
	r := httptest.NewRequest("GET", "http://lrs.example.com"+x.path, strings.NewReader(x.body))
	r.Method = x.method
	for name, value := range x.headers() {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func throughGateway(h http.Handler, x sentWithMarks) int {
	var event events.APIGatewayV2HTTPRequest
	event.Version, event.Headers, event.Body = "2.0", x.headers(), x.body
	event.RawPath, event.RawQueryString, _ = strings.Cut(x.path, "?")
	event.RequestContext.HTTP.Method, event.RequestContext.RequestID, event.RequestContext.DomainName = x.method, "id", "lrs.example.com"
	answer, err := apigw.Handler(h)(context.Background(), event)
	if err != nil {
		return 0
	}
	return answer.StatusCode
}

func (x sentWithMarks) headers() map[string]string {
	return map[string]string{"Authorization": x.authorization, "Content-Type": x.kind, "X-Experience-API-Version": "1.0.3", "User-Agent": "zebra",
		"Origin": "https://zebra.example.com", "Accept-Language": "zebra"}
}
