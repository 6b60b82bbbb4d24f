package dashboard

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/apigw"
	"cairn/internal/auth"
	"cairn/internal/auth/oidc/oidctest"
	"cairn/internal/config"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/session"
	"cairn/internal/telemetry"
)

var scopes = strings.Fields("all all/read statements/write statements/read statements/read/mine state profile define reports/read admin")

// newConsole is the console function over a new store, with a key for each scope.
func newConsole(t *testing.T, c config.Console) http.Handler {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scopes {
		scope, err := auth.ParseScopes(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := auth.New(store).Make(t.Context(), auth.NewKey{ID: name, Secret: "secret-zebra", Scopes: scope, HomePage: "https://lrs.example.com/xapi"}); err != nil {
			t.Fatal(err)
		}
	}
	h, err := New(store, l, c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// sent is a request.
type sent struct {
	method, target, body string
	headers              map[string]string
	status               int // that it is answered with
}

func overHTTP(h http.Handler, x sent) *httptest.ResponseRecorder {
	r := httptest.NewRequest(x.method, "https://lrs.example.com"+x.target, strings.NewReader(x.body))
	for name, value := range x.headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func throughGateway(h http.Handler, x sent) *httptest.ResponseRecorder {
	var event events.APIGatewayV2HTTPRequest
	event.Version, event.Headers, event.Body = "2.0", map[string]string{"x-forwarded-proto": "https"}, x.body
	for name, value := range x.headers {
		event.Headers[strings.ToLower(name)] = value
	}
	event.RawPath, event.RawQueryString, _ = strings.Cut(x.target, "?")
	event.RequestContext.HTTP.Method, event.RequestContext.RequestID, event.RequestContext.DomainName = x.method, "id", "lrs.example.com"
	event.RequestContext.HTTP.SourceIP = "192.0.2.1"
	answer, err := apigw.Handler(h)(context.Background(), event)
	w := httptest.NewRecorder()
	if err != nil {
		w.Code = 0
		return w
	}
	w.Code = answer.StatusCode
	for _, cookie := range answer.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.Body.WriteString(answer.Body)
	return w
}

func by(key string) map[string]string {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(key, "secret-zebra")
	return map[string]string{"Authorization": r.Header.Get("Authorization")}
}

func formOf(key, secret string) (string, map[string]string) {
	return url.Values{"key": {key}, "secret": {secret}, "to": {"/console/?zebra"}}.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
}

// Each scope by itself: who may see reports may sign in, and who may not may not.
func TestWhoMaySeeReports(t *testing.T) {
	h := newConsole(t, config.Console{})
	for _, scope := range scopes {
		may := scope == "reports/read" || scope == "admin"
		for _, path := range []string{"/reports/overview", "/reports/learner?key=x"} {
			if status := overHTTP(h, sent{method: "GET", target: path, headers: by(scope)}).Code; (status == http.StatusForbidden) == may || status == http.StatusUnauthorized {
				t.Errorf("%s by %s: %d", path, scope, status)
			}
		}
		body, headers := formOf(scope, "secret-zebra")
		if status := overHTTP(h, sent{method: "POST", target: "/console/signin", body: body, headers: headers}).Code; (status == http.StatusSeeOther) != may {
			t.Errorf("signing in by %s: %d", scope, status)
		}
	}
}

// Whatever was wrong with a sign-in, the form has words of its own for it, in each language.
func TestTheFormSaysWhatWasWrong(t *testing.T) {
	said := map[string]session.Problem{}
	for _, lang := range []string{"en", "fr"} {
		for _, problem := range []session.Problem{session.WrongSecret, session.NoReports, session.TooOften, session.NotNow, session.BeginAgain, session.ProviderSays} {
			w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "https://lrs.example.com/console/signin", nil)
			r.Header.Set("Accept-Language", lang)
			form(w, r, http.StatusForbidden, session.Form{Action: "/console/signin", To: "/console/", Problem: problem})
			_, after, _ := strings.Cut(w.Body.String(), `role="alert">`)
			text, _, _ := strings.Cut(after, "<")
			if before, ok := said[text]; ok || text == "" || w.Code != http.StatusForbidden {
				t.Errorf("%s in %s: %d %q, as of %s", problem, lang, w.Code, text, before)
			}
			said[text] = problem
		}
	}
}

// Answers over 1 KB travel compressed to who takes them so; shorter ones, and to others, do not.
func TestAnswersAreCompressed(t *testing.T) {
	h := newConsole(t, config.Console{})
	headers := by("reports/read")
	headers["Accept-Encoding"] = "gzip"
	large := overHTTP(h, sent{method: "GET", target: "/reports/overview", headers: headers})
	read, err := gzip.NewReader(large.Body)
	if err != nil || large.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(large.Header()["Vary"], ","), "Accept-Encoding") {
		t.Fatalf("%v %v", large.Header(), err)
	}
	if text, err := io.ReadAll(read); err != nil || !json.Valid(text) {
		t.Errorf("compressed is %s, %v", text, err)
	}
	headers["If-None-Match"] = large.Header().Get("ETag")
	if again := overHTTP(h, sent{method: "GET", target: "/reports/overview", headers: headers}); again.Code != http.StatusNotModified {
		t.Errorf("once more: %d", again.Code)
	}
	delete(headers, "Accept-Encoding")
	delete(headers, "If-None-Match")
	if plain := overHTTP(h, sent{method: "GET", target: "/reports/overview", headers: headers}); plain.Header().Get("Content-Encoding") != "" || !json.Valid(plain.Body.Bytes()) {
		t.Errorf("to who does not take it: %v", plain.Header())
	}
	headers["Accept-Encoding"] = "gzip"
	if small := overHTTP(h, sent{method: "GET", target: "/reports/learner?key=x", headers: headers}); small.Header().Get("Content-Encoding") != "" {
		t.Errorf("a short one: %v", small.Header())
	}
}

// TestAnOpenOverviewSpendsNothing has a key that may make five requests a minute: the overview, left open, asks as often as it likes.
func TestAnOpenOverviewSpendsNothing(t *testing.T) {
	store := kvtest.NewMemory()
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = auth.New(store).Make(t.Context(), auth.NewKey{ID: "screen", Secret: "secret-zebra", Scopes: auth.ReportsRead, HomePage: "https://lrs.example.com/xapi", Limits: auth.Limits{RequestsPerMinute: 5}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(store, l, config.Console{})
	if err != nil {
		t.Fatal(err)
	}
	body, headers := formOf("screen", "secret-zebra")
	cookie, _, _ := strings.Cut(overHTTP(h, sent{method: "POST", target: "/console/signin", body: body, headers: headers}).Header().Get("Set-Cookie"), ";")
	get := func(path string) *httptest.ResponseRecorder {
		return overHTTP(h, sent{method: "GET", target: path, headers: map[string]string{"Cookie": cookie}})
	}
	page := get("/console/")
	_, from, found := strings.Cut(page.Body.String(), `data-from="`)
	if page.Code != 200 || !found {
		t.Fatalf("the overview: %d", page.Code)
	}
	from, _, _ = strings.Cut(from, `"`)
	for range 20 {
		if answer := get(from); answer.Code != 200 {
			t.Fatalf("%s: %d %s", from, answer.Code, answer.Body)
		}
	}
	for i := 0; get("/console/").Code == 200; i++ {
		if i > 5 {
			t.Fatal("pages are not counted")
		}
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

// TestNothingOfLearnersAndNoSecretIsLogged sends marks in everything that a request may hold, over both transports, and finds none of them in the log.
// Each request has one line, which says what it was answered.
func TestNothingOfLearnersAndNoSecretIsLogged(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	issuer := oidctest.New(t)
	var out quiet
	telemetry.Start(&out, "test", "test", slog.LevelDebug)
	t.Cleanup(func() { telemetry.Start(&quiet{}, "", "", slog.LevelInfo) })
	c := config.Console{Issuers: []config.Issuer{{URL: issuer.URL, Audiences: []string{oidctest.Client}}}, SignIn: config.Client{Issuer: issuer.URL, ID: oidctest.Client, Secret: "zebra"}}

	form, kind := formOf("admin", "secret-zebra")
	wrong, _ := formOf("zebra", "zebra")
	for transport, send := range map[string]func(http.Handler, sent) *httptest.ResponseRecorder{"net/http": overHTTP, "apigw": throughGateway} {
		h := newConsole(t, c)
		cookie, _, _ := strings.Cut(send(h, sent{method: "POST", target: "/console/signin", body: form, headers: kind}).Header().Get("Set-Cookie"), ";")
		flow, _, _ := strings.Cut(send(h, sent{method: "GET", target: "/console/signin/provider?to=/console/zebra"}).Header().Get("Set-Cookie"), ";")
		if !strings.HasPrefix(cookie, "__Host-cairn=") || !strings.HasPrefix(flow, "__Host-cairn-signin=") {
			t.Fatalf("%s: %s, %s", transport, cookie, flow)
		}
		in := map[string]string{"Cookie": cookie}
		for _, x := range []sent{
			{"GET", "/console/", "", in, 200},
			{"GET", "/console/zebra?zebra=zebra", "", in, 404},
			{"POST", "/console/zebra", "zebra", in, 403},
			{"GET", "/console/signin?to=zebra", "", nil, 200},
			{"POST", "/console/signin", wrong, kind, 401},
			{"GET", "/console/callback?code=zebra&state=zebra", "", map[string]string{"Cookie": flow}, 400},
			{"GET", "/console/callback?error=zebra", "", nil, 400},
			{"GET", "/reports/overview?platform=zebra&modality=zebra", "", in, 400},
			{"GET", "/reports/overview?platform=zebra", "", in, 200},
			{"GET", "/reports/overview?group=zebra", "", in, 400},
			{"GET", "/reports/overview?zebra=zebra", "", in, 400},
			{"GET", "/reports/learner?identity=mbox:mailto:zebra@example.com", "", in, 404},
			{"GET", "/reports/learner?key=zebra", "", in, 404},
			{"GET", "/reports/zebra", "", in, 404},
			{"GET", "/reports/overview", "", map[string]string{"Cookie": "__Host-cairn=zebra"}, 401},
			{"GET", "/reports/overview", "", map[string]string{"Authorization": "Bearer zebra"}, 401},
			{"GET", "/zebra", "", nil, 404},
		} {
			if w := send(h, x); w.Code != x.status {
				t.Errorf("%s: %s %s: %d %s, want %d", transport, x.method, x.target, w.Code, w.Body, x.status)
			}
		}
		for _, secret := range []string{cookie, flow} {
			_, value, _ := strings.Cut(secret, "=")
			if strings.Contains(out.all.String(), value) {
				t.Errorf("a cookie is in the log")
			}
		}
	}
	lines := 0
	for line := range strings.Lines(out.all.String()) {
		if strings.Contains(strings.ToLower(line), "zebra") {
			t.Errorf("in the log: %s", line)
		}
		var fields struct {
			Msg, Request, Method, Resource string
			Status                         int
		}
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Errorf("a line that is not JSON: %s", line)
		}
		if fields.Msg == "request" {
			lines++
			if fields.Request == "" || fields.Method == "" || fields.Status == 0 || fields.Resource == "" {
				t.Errorf("a line without a request's id, method, status or resource: %s", line)
			}
		}
	}
	if lines != 2*19 {
		t.Errorf("%d lines for %d requests", lines, 2*19)
	}
}

// One address serves both: each path goes to whom it belongs, as it was sent.
// The pages, the form and the reports all forbid what none of them does.
func TestEveryAnswerIsGuarded(t *testing.T) {
	h := newConsole(t, config.Console{})
	form, kind := formOf("admin", "secret-zebra")
	cookie, _, _ := strings.Cut(overHTTP(h, sent{method: "POST", target: "/console/signin", body: form, headers: kind}).Header().Get("Set-Cookie"), ";")
	for _, path := range []string{"/console/", "/console/nowhere", "/console/live", "/console/signin", "/reports/overview"} {
		answer := overHTTP(h, sent{method: "GET", target: path, headers: map[string]string{"Cookie": cookie}})
		policy := answer.Header()["Content-Security-Policy"]
		if len(policy) != 1 || !strings.Contains(policy[0], "default-src 'self'") || !strings.Contains(policy[0], "object-src 'none'") || strings.Contains(policy[0], "unsafe") {
			t.Errorf("%s, %d: the policy is %q", path, answer.Code, policy)
		}
		if answer.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be taken for what it is not", path)
		}
	}
}

func TestBeside(t *testing.T) {
	whose := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, name+" "+r.URL.Path) })
	}
	h := Beside(whose("api"), whose("dashboard"))
	for path, want := range map[string]string{
		"/console": "dashboard /console", "/console/": "dashboard /console/", "/reports/overview": "dashboard /reports/overview", "/reports": "dashboard /reports",
		"/xapi/statements": "api /xapi/statements", "/xapi//statements": "api /xapi//statements", "/": "api /", "/consoles": "api /consoles", "/admin/keys": "api /admin/keys",
	} {
		if got := overHTTP(h, sent{method: "GET", target: path}).Body.String(); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
