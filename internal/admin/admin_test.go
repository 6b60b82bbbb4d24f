package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"cairn/internal/admin"
	"cairn/internal/audit"
	"cairn/internal/auth"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
	"cairn/internal/roster"
	"cairn/internal/upkeep"
)

// world is the API on a new store, with its description beside it: what is answered is held against that.
type world struct {
	store  kv.Store
	ledger *ledger.Ledger
	keys   *auth.Keys
	api    http.Handler
	paths  routers.Router

	keeper *upkeep.Keeper
}

func newWorld(t *testing.T) *world {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w := worldOf(t, store)
	for name, scopes := range map[string]auth.Scopes{"boss": auth.Admin, "course": auth.All} {
		n := auth.NewKey{ID: name, Secret: "secret", Scopes: scopes, HomePage: "https://lrs.example.com/xapi"}
		if _, _, err := w.keys.Make(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func worldOf(t *testing.T, store kv.Store) *world {
	keys := auth.New(store)
	w := &world{store: store, keys: keys}
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	w.ledger = l
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.PlainBodyDecoder)
	w.keeper = &upkeep.Keeper{Store: store, Ledger: l, Index: index.New(store, l), Projections: []string{index.Name}}
	w.api = admin.New(auth.NewGate(keys, nil), &admin.Office{Keys: keys, Trail: audit.New(store, time.Now), Roster: roster.New(store, l.Secret()), Keeper: w.keeper})
	described := httptest.NewRecorder()
	w.api.ServeHTTP(described, httptest.NewRequest("GET", "/admin/openapi.json", nil))
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
	return w
}

// ask sends a request as the key of a name, holds the answer against the description, and returns it. What is accepted must have been
// asked as described.
func (w *world) ask(t *testing.T, as, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	newRequest := func() *http.Request {
		r := httptest.NewRequest(method, "https://lrs.example.com"+path, strings.NewReader(body))
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		r.SetBasicAuth(as, "secret")
		return r
	}
	answer := httptest.NewRecorder()
	w.api.ServeHTTP(answer, newRequest())
	r := newRequest()
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
		t.Errorf("%s %s: %d is not answered as described: %v", method, path, answer.Code, err)
	}
	return answer
}

// get asks, expects a status, and reads the answer.
func (w *world) get(t *testing.T, method, path, body string, status int, into any) {
	t.Helper()
	answer := w.ask(t, "boss", method, path, body)
	if answer.Code != status {
		t.Fatalf("%s %s %s: %d %s", method, path, body, answer.Code, answer.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
		t.Fatalf("%s %s: %s: %v", method, path, answer.Body, err)
	}
}

// admits says whether a key and its secret are admitted, by another process of the stack that never saw them.
func (w *world) admits(t *testing.T, id, secret string) bool {
	t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	r.SetBasicAuth(id, secret)
	_, err := auth.NewGate(auth.New(w.store), nil).Admit(t.Context(), r.Header.Get("Authorization"))
	return err == nil
}

type key struct {
	ID, State, Label, Scopes string
	Authority                struct {
		Account struct{ HomePage, Name string }
	}
	Expires, Revoked time.Time
	Limits           auth.Limits
}

func TestAKeyFromItsMakingToItsEnd(t *testing.T) {
	w := newWorld(t)
	var made, rotated admin.Made
	w.get(t, "POST", "/admin/keys", `{"label":"Course","scopes":"statements/write","limits":{"requestsPerMinute":60}}`, 201, &made)
	if !w.admits(t, made.ID, made.Secret) {
		t.Error("the key is not admitted")
	}
	path := "/admin/keys/" + made.ID
	var k key
	w.get(t, "GET", path, "", 200, &k)
	if k.ID != made.ID || k.State != "active" || k.Label != "Course" || k.Scopes != "statements/write" || k.Limits.RequestsPerMinute != 60 ||
		k.Authority.Account.Name != made.ID || k.Authority.Account.HomePage != "https://lrs.example.com/xapi" {
		t.Errorf("made: %+v", k)
	}
	w.get(t, "PATCH", path, `{"label":"Other","expires":"2100-01-01T00:00:00Z","limits":null}`, 200, &k)
	k = key{}
	w.get(t, "GET", path, "", 200, &k)
	if k.Label != "Other" || k.Scopes != "statements/write" || k.Expires.Year() != 2100 || k.Limits != (auth.Limits{}) {
		t.Errorf("changed: %+v", k)
	}
	w.get(t, "PATCH", path, `{"expires":"2001-01-01T00:00:00Z"}`, 200, &k)
	if k.State != "expired" || w.admits(t, made.ID, made.Secret) {
		t.Errorf("expired: %+v", k)
	}
	k = key{}
	w.get(t, "PATCH", path, `{"expires":null}`, 200, &k)
	if k.State != "active" || !k.Expires.IsZero() || !w.admits(t, made.ID, made.Secret) {
		t.Errorf("no longer expired: %+v", k)
	}
	w.get(t, "POST", path+"/rotation", `{}`, 200, &rotated)
	if rotated.Secret == made.Secret || !w.admits(t, made.ID, made.Secret) || !w.admits(t, made.ID, rotated.Secret) {
		t.Error("the secrets do not overlap")
	}
	w.get(t, "POST", path+"/rotation", `{"overlapSeconds":0}`, 200, &made)
	if w.admits(t, made.ID, rotated.Secret) || !w.admits(t, made.ID, made.Secret) {
		t.Error("the secrets overlap, though they should not")
	}
	w.get(t, "POST", path+"/rotation", `{"overlapSeconds":null}`, 200, &rotated)
	if !w.admits(t, made.ID, made.Secret) || !w.admits(t, made.ID, rotated.Secret) {
		t.Error("where no overlap is asked for, there is none")
	}
	for range 2 {
		w.get(t, "DELETE", path, "", 204, nil)
	}
	w.get(t, "GET", path, "", 200, &k)
	if k.State != "revoked" || k.Revoked.IsZero() || w.admits(t, made.ID, made.Secret) {
		t.Errorf("revoked: %+v", k)
	}
	w.get(t, "POST", path+"/rotation", `{}`, 409, nil)
}

func TestKeysAreListedInPages(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.get(t, "POST", "/admin/keys", `{"scopes":"all"}`, 201, nil)
	}
	seen := map[string]bool{}
	for path := "/admin/keys?limit=2"; path != ""; {
		var page struct {
			Keys []key
			More string
		}
		w.get(t, "GET", path, "", 200, &page)
		if len(page.Keys) > 2 {
			t.Fatalf("a page of %d", len(page.Keys))
		}
		for _, k := range page.Keys {
			if seen[k.ID] {
				t.Errorf("%s is listed twice", k.ID)
			}
			seen[k.ID] = true
		}
		path = page.More
	}
	if len(seen) != 7 {
		t.Errorf("%d of 7 keys are listed", len(seen))
	}
}

func TestEverythingIsInTheTrail(t *testing.T) {
	w := newWorld(t)
	var made admin.Made
	w.get(t, "POST", "/admin/keys", `{"label":"Course","scopes":"all","expires":"2100-01-01T00:00:00Z"}`, 201, &made)
	path := "/admin/keys/" + made.ID
	w.get(t, "GET", "/admin/keys", "", 200, nil)
	w.get(t, "GET", path, "", 200, nil)
	w.get(t, "PATCH", path, `{"scopes":"state","limits":{"statementsPerDay":5}}`, 200, nil)
	w.get(t, "POST", path+"/rotation", `{"overlapSeconds":60}`, 200, nil)
	w.get(t, "DELETE", path, "", 204, nil)
	w.get(t, "GET", "/admin/status", "", 200, nil)
	w.get(t, "POST", "/admin/verification", `{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","mend":true}`, 202, nil)
	w.get(t, "POST", "/admin/verification", `{}`, 202, nil)
	w.get(t, "DELETE", "/admin/verification", "", 204, nil)
	w.get(t, "POST", "/admin/rebuild", `{}`, 202, nil)
	w.get(t, "PUT", "/admin/groups/ward-3", `{"label":"Ward 3","members":["mbox:mailto:ada@example.com"]}`, 200, nil)
	w.get(t, "GET", "/admin/groups", "", 200, nil)
	w.get(t, "GET", "/admin/groups/ward-3", "", 200, nil)
	w.get(t, "DELETE", "/admin/groups/ward-3", "", 204, nil)
	w.get(t, "PUT", "/admin/people", `{"identities":["mbox:mailto:ada@example.com","mbox:mailto:a@example.com"]}`, 200, nil)
	w.get(t, "GET", "/admin/people?identity=mbox:mailto:ada@example.com", "", 200, nil)
	w.get(t, "DELETE", "/admin/people?identity=mbox:mailto:ada@example.com", "", 204, nil)
	w.get(t, "PUT", "/admin/modalities", `{"modalities":[]}`, 200, nil)
	w.get(t, "GET", "/admin/modalities", "", 200, nil)
	if answer := w.ask(t, "course", "GET", "/admin/keys", ""); answer.Code != 403 {
		t.Errorf("a key without the scope admin is answered %d", answer.Code)
	}
	want := []audit.Record{
		{Action: "list audit trail"},
		{Action: "look at modalities"},
		{Action: "put modalities", Detail: "0 rules"},
		{Action: "part person"},
		{Action: "look at person"},
		{Action: "put person", Detail: "2 identities"},
		{Action: "delete group", Detail: `group "ward-3"`},
		{Action: "look at group", Detail: `group "ward-3"`},
		{Action: "list groups"},
		{Action: "put group", Detail: `group "ward-3", label "Ward 3", 1 members`},
		{Action: "rebuild index"},
		{Action: "stop verifying"},
		{Action: "verify", Detail: "from the beginning to now, mend false"},
		{Action: "verify", Detail: "from 2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z, mend true"},
		{Action: "look at status"},
		{Action: "revoke key", Key: made.ID},
		{Action: "rotate key", Key: made.ID, Detail: "overlap 1m0s"},
		{Action: "change key", Key: made.ID, Detail: "scopes state; requests a minute unlimited, statements a day 5"},
		{Action: "look at key", Key: made.ID},
		{Action: "list keys"},
		{Action: "make key", Key: made.ID, Detail: `label "Course"; scopes all; expires 2100-01-01T00:00:00Z; requests a minute unlimited, statements a day unlimited`},
	}
	var got []audit.Record
	for path := "/admin/audit?limit=3"; path != ""; {
		var page struct {
			Records []audit.Record
			More    string
		}
		w.get(t, "GET", path, "", 200, &page)
		got, path = append(got, page.Records...), page.More
	}
	if len(got) != len(want) {
		t.Fatalf("%d records: %+v", len(got), got)
	}
	for i, r := range got {
		if r.By != "boss" || r.From != "192.0.2.1" || time.Since(r.At) > time.Minute || r.Action != want[i].Action || r.Key != want[i].Key || r.Detail != want[i].Detail {
			t.Errorf("record %d: %+v", i, r)
		}
	}
}

func TestRepairIsAskedForAndTold(t *testing.T) {
	w := newWorld(t)
	var s upkeep.Status
	w.get(t, "GET", "/admin/status", "", 200, &s)
	if s.Shards.Count != 2 || len(s.Projections) != 1 || s.Projections[0].Rebuild != nil || s.Verifications.Wanted != nil || s.Version.Go == "" {
		t.Errorf("new: %+v", s)
	}
	w.get(t, "POST", "/admin/rebuild", "{}", 202, nil)
	w.get(t, "POST", "/admin/verification", `{"from":"2026-01-01T00:00:00Z","mend":true}`, 202, nil)
	w.get(t, "GET", "/admin/status", "", 200, &s)
	if s.Projections[0].Rebuild == nil || s.Verifications.Wanted == nil || !s.Verifications.Wanted.Mend || s.Verifications.Wanted.From.Year() != 2026 {
		t.Errorf("asked: %+v", s)
	}
	if err := w.keeper.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	s = upkeep.Status{}
	w.get(t, "GET", "/admin/status", "", 200, &s)
	if s.Verifications.Wanted != nil || s.Verifications.Last == nil || s.Verifications.Last.Finished.IsZero() {
		t.Errorf("done: %+v", s.Verifications)
	}
	w.get(t, "POST", "/admin/verification", `{}`, 202, nil)
	w.get(t, "DELETE", "/admin/verification", "", 204, nil)
	s = upkeep.Status{}
	if w.get(t, "GET", "/admin/status", "", 200, &s); s.Verifications.Wanted != nil {
		t.Errorf("stopped: %+v", s.Verifications)
	}
}

func TestWhatIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, x := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", "/admin/keys", `{`, 400, "not valid JSON"},
		{"POST", "/admin/keys", `[]`, 400, "not of the kind"},
		{"POST", "/admin/keys", `{"scopes":"all","scopes":"admin"}`, 400, "not valid JSON"},
		{"POST", "/admin/keys", `{}`, 400, "/scopes"},
		{"POST", "/admin/keys", `{"scopes":"everything"}`, 400, "/scopes"},
		{"POST", "/admin/keys", `{"scopes":"all","id":"mine"}`, 400, `/id`},
		{"POST", "/admin/keys", `{"scopes":"all","label":"\u0000"}`, 400, `/label`},
		{"POST", "/admin/keys", `{"scopes":"all","expires":"tomorrow"}`, 400, `/expires`},
		{"POST", "/admin/keys", `{"scopes":"all","limits":{"requestsPerMinute":-1}}`, 400, `/limits`},
		{"POST", "/admin/keys", `{"scopes":"all","limits":{"requestsPerMinute":1.5}}`, 400, `/limits/requestsPerMinute`},
		{"POST", "/admin/keys", `{"label":"` + strings.Repeat("x", 70<<10) + `"}`, 413, "too large"},
		{"POST", "/admin/keys?scopes=all", `{}`, 400, "parameter"},
		{"POST", "/admin/keys", `null`, 400, "object"},
		{"PATCH", "/admin/keys/course", `null`, 400, "object"},
		{"POST", "/admin/keys/course/rotation", `null`, 400, "object"},
		{"DELETE", "/admin/keys/" + strings.Repeat("x", 2000), ``, 404, "no such resource"},
		{"GET", "/admin/keys/" + strings.Repeat("x", 2000), ``, 404, "no such resource"},
		{"GET", "/admin/keys?after=" + strings.Repeat("x", 2000), ``, 200, "[]"},
		{"GET", "/admin/audit?since=9998-01-01T00:00:00Z&until=9999-01-01T00:00:00Z", ``, 200, `{"records":[]}`},
		{"GET", "/admin/keys/none", ``, 404, "no such key"},
		{"PATCH", "/admin/keys/none", `{"label":"x"}`, 404, "no such key"},
		{"PATCH", "/admin/keys/course", `{"scopes":null}`, 400, "/scopes"},
		{"PATCH", "/admin/keys/course", `{"secret":"x"}`, 400, "/secret"},
		{"DELETE", "/admin/keys/none", ``, 404, "no such key"},
		{"POST", "/admin/keys/none/rotation", `{}`, 404, "no such key"},
		{"POST", "/admin/keys/course/rotation", `{"overlapSeconds":2592001}`, 400, "/overlapSeconds"},
		{"POST", "/admin/keys/course/rotation", `{"overlapSeconds":-1}`, 400, "/overlapSeconds"},
		{"GET", "/admin/keys?limit=0", ``, 400, "limit"},
		{"GET", "/admin/keys?limit=1&limit=2", ``, 400, "more than once"},
		{"GET", "/admin/audit?since=yesterday", ``, 400, "since"},
		{"GET", "/admin/audit?more=x", ``, 400, "more"},
		{"POST", "/admin/verification", `{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}`, 400, "/to"},
		{"POST", "/admin/verification", `{"from":1}`, 400, "/from"},
		{"POST", "/admin/rebuild", `{"generation":7}`, 400, "/generation"},
		{"GET", "/admin/status?deep=true", ``, 400, "parameter"},
		{"GET", "/admin", ``, 404, "no such resource"},
		{"GET", "/admin/secrets", ``, 404, "no such resource"},
		{"PUT", "/admin/keys/course", `{}`, 405, "no such method"},
	} {
		answer := w.ask(t, "boss", x.method, x.path, x.body)
		if answer.Code != x.status || !strings.Contains(answer.Body.String(), x.says) {
			t.Errorf("%s %s %.80s: %d %s, want %d and %q", x.method, x.path, x.body, answer.Code, answer.Body, x.status, x.says)
		}
	}
	r := httptest.NewRequest("POST", "/admin/keys", strings.NewReader(`scopes=admin`))
	r.SetBasicAuth("boss", "secret")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	if w.api.ServeHTTP(answer, r); answer.Code != http.StatusUnsupportedMediaType {
		t.Errorf("a form of a foreign page: %d", answer.Code)
	}
}
