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
	"sync/atomic"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/apigw"
	"cairn/internal/auth"
	"cairn/internal/blob/files"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/telemetry"
)

// sentWithMarks is a request; whatever of it is a learner's or secret, or may hold anything, has a mark in it.
type sentWithMarks struct {
	method, path, authorization, kind, body string
	status                                  int // without faults
}

func marked(t *testing.T, token string) []sentWithMarks {
	const key, statement = "Basic " + "a2V5OnNlY3JldC1tYXJr", `{"id":"00000000-0000-4000-8000-%012d","actor":{"name":"Ada Mark","mbox":"mailto:mark@example.com"},` +
		`"verb":{"id":"http://example.com/did"},"object":{"id":"http://example.com/mark"},"result":{"response":"mark"}%s}`
	one, other := fmt.Sprintf(statement, 1, ""), fmt.Sprintf(statement, 1, `,"timestamp":"2001-01-01T00:00:00Z"`)
	agent := url.QueryEscape(`{"mbox":"mailto:mark@example.com"}`)
	state := "/xapi/activities/state?activityId=http://example.com/mark&stateId=mark&agent=" + agent
	attached := withAttachment(7, "a file with a mark")
	return []sentWithMarks{
		{"POST", "/xapi/statements", key, "application/json", one, 200},
		{"POST", "/xapi/statements", key, "application/json", one, 200},
		{"POST", "/xapi/statements", key, "application/json", other, 409},
		{"POST", "/xapi/statements", "Bearer " + token, "application/json", fmt.Sprintf(statement, 2, ""), 200},
		{"POST", "/xapi/statements", "Bearer mark." + token, "application/json", fmt.Sprintf(statement, 3, ""), 401},
		{"POST", "/xapi/statements", "Mark mark", "application/json", one, 401},
		{"POST", "/xapi/statements", key, "application/json", `{"actor":{"mbox":"mark"}}`, 400},
		{"POST", "/xapi/statements", key, "application/json", `{"mark": mark`, 400},
		{"POST", "/xapi/statements", key, "application/json", `{"mark":"mark","mark":1}`, 400},
		{"POST", "/xapi/statements", key, "text/mark", one, 400},
		{"POST", "/xapi/statements", key, attached.kind, attached.body, 200},
		{"POST", "/xapi/statements", key, "application/json", voidingOf(8, 2), 200},
		{"GET", "/xapi/statements?statementId=00000000-0000-4000-8000-000000000001", key, "", "", 200},
		{"GET", "/xapi/statements?agent=" + agent + "&activity=http://example.com/mark", key, "", "", 200},
		{"GET", "/xapi/statements?attachments=true", key, "", "", 200},
		{"GET", "/xapi/statements?mark=mark", key, "", "", 400},
		{"GET", "/xapi/statements?agent=mark", key, "", "", 400},
		{"GET", "/xapi/statements?more=mark", key, "", "", 400},
		{"PUT", state, key, "text/plain", "a document with a mark", 204},
		{"GET", state, key, "", "", 200},
		{"POST", state, key, "application/json", `{"mark":1}`, 400},
		{"DELETE", state, key, "", "", 204},
		{"GET", "/xapi/agents?agent=" + agent, key, "", "", 200},
		{"GET", "/xapi/activities?activityId=http://example.com/mark", key, "", "", 200},
		{"GET", "/xapi/mark", key, "", "", 404},
		{"GET", "/mark?mark", "", "", "", 404},
		{"MARK", "/xapi/statements", key, "", "", 405},
		{"GET", "/admin/keys", key, "", "", 200},
		{"GET", "/admin/keys/mark", key, "", "", 404},
		{"POST", "/admin/keys", key, "application/json", `{"scopes":"mark"}`, 400},
		{"POST", "/admin/keys", key, "application/json", `{"scopes":"all","label":"mark"}`, 201},
		{"POST", "/admin/keys/key/rotation", key, "application/json", `{}`, 200},
		{"GET", "/admin/mark", key, "", "", 404},
		{"GET", "/admin/audit?more=mark", key, "", "", 400},
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
// first calls to storage failing, and finds none of them in the log, whatever its level.
func TestNothingOfLearnersAndNoSecretIsLogged(t *testing.T) {
	embedded(t, nil) // what a process has one of
	before := slog.Default()
	defer slog.SetDefault(before)
	issuer := newTokenIssuer(t)
	token := issuer.token(t, claims{"sub": "mark", "azp": "course", "name": "Ada Mark", "email": "mark@example.com"})
	var out quiet
	telemetry.Start(&out, "test", "test", slog.LevelDebug)
	t.Cleanup(func() { telemetry.Start(&quiet{}, "", "", slog.LevelInfo) })

	requests, lines := marked(t, token), 0
	for _, nth := range []int{0, 1, 3, 5, 8} {
		for transport, send := range map[string]func(http.Handler, sentWithMarks) int{"net/http": overHTTP, "apigw": throughGateway} {
			memory := kvtest.NewMemory()
			h, settle := markedAPI(t, memory, nth, issuer.URL)
			for i, x := range requests {
				status := send(h, x)
				lines++
				if nth == 0 && status != x.status {
					t.Errorf("%s: request %d, %s %s: %d, want %d", transport, i, x.method, x.path, status, x.status)
				}
			}
			settle()
		}
	}
	text := out.all.String()
	if n := strings.Count(text, `"msg":"request"`); n != lines {
		t.Errorf("%d requests have %d lines", lines, n)
	}
	for line := range strings.Lines(text) {
		if lower := strings.ToLower(line); strings.Contains(lower, "mark") || strings.Contains(lower, "secret") || strings.Contains(line, token) {
			t.Errorf("in the log: %s", line)
		}
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil || fields["request"] == nil && fields["msg"] == "request" {
			t.Errorf("a line that is not as it should be: %s", line)
		}
	}
}

// markedAPI is the API over a store of which one call fails; settle runs its projections and its upkeep.
func markedAPI(t *testing.T, memory *kvtest.Memory, nth int, issuer string) (h http.Handler, settle func()) {
	t.Helper()
	blobs, err := files.Open(t.TempDir(), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), memory, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	var store kv.Store = memory
	if nth > 0 {
		store = &everyNth{Store: memory, n: int64(nth)}
	}
	n := auth.NewKey{ID: "key", Secret: "secret-mark", Scopes: auth.All | auth.Admin, HomePage: "https://lrs.example.com/xapi"}
	if _, _, err := auth.New(memory).Make(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	c := config.API{Issuers: []config.Issuer{{URL: issuer, Audiences: []string{"cairn"}}}}
	return API(store, blobs, l, c), func() {
		Index(store, l, config.Index{}).Handle(context.Background(), json.RawMessage(`{}`))               //nolint:errcheck // it may fail
		Upkeep(store, blobs, l, config.Upkeep{}, nil).Handle(context.Background(), json.RawMessage(`{}`)) //nolint:errcheck // it may fail
	}
}

// everyNth is a store of which every so many calls fail.
type everyNth struct {
	kv.Store
	n    int64
	seen atomic.Int64
}

func (s *everyNth) fails() error {
	if s.seen.Add(1)%s.n == 0 {
		return fmt.Errorf("%w: planned", kv.ErrUnavailable)
	}
	return nil
}

func (s *everyNth) Get(ctx context.Context, key kv.Key, strength kv.Strength) (kv.Item, error) {
	if err := s.fails(); err != nil {
		return kv.Item{}, err
	}
	return s.Store.Get(ctx, key, strength)
}

func (s *everyNth) Query(ctx context.Context, span kv.Span) (kv.Page, error) {
	if err := s.fails(); err != nil {
		return kv.Page{}, err
	}
	return s.Store.Query(ctx, span)
}

func (s *everyNth) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	if err := s.fails(); err != nil {
		return err
	}
	return s.Store.Put(ctx, item, cond)
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
	return map[string]string{"Authorization": x.authorization, "Content-Type": x.kind, "X-Experience-API-Version": "1.0.3", "User-Agent": "mark",
		"Origin": "https://mark.example.com", "Accept-Language": "mark"}
}
