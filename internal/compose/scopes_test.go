package compose

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cairn/internal/auth"
	"cairn/internal/blob/files"
	"cairn/internal/config"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

// may is which scopes may do what: one row for each path and method that is answered. "" is who needs no key.
var may = []struct{ method, path, scopes string }{
	{"GET", "/health", ""},
	{"GET", "/xapi/about", ""},
	{"GET", "/xapi/statements", "all all/read statements/read statements/read/mine"},
	{"PUT", "/xapi/statements?statementId=00000000-0000-4000-8000-000000000001", "all statements/write"},
	{"POST", "/xapi/statements", "all statements/write"},
	{"GET", "/xapi/activities?activityId=http://example.com/thing", "all all/read statements/read statements/read/mine state profile define"},
	{"GET", "/xapi/agents?agent=" + ada, "all all/read statements/read statements/read/mine state profile define"},
	{"GET", "/xapi" + state, "all all/read state"},
	{"PUT", "/xapi" + state + "&stateId=s", "all state"},
	{"POST", "/xapi" + state + "&stateId=s", "all state"},
	{"DELETE", "/xapi" + state + "&stateId=s", "all state"},
	{"GET", "/xapi/activities/profile?activityId=http://example.com/thing", "all all/read profile"},
	{"PUT", "/xapi/activities/profile?activityId=http://example.com/thing&profileId=p", "all profile"},
	{"POST", "/xapi/activities/profile?activityId=http://example.com/thing&profileId=p", "all profile"},
	{"DELETE", "/xapi/activities/profile?activityId=http://example.com/thing&profileId=p", "all profile"},
	{"GET", "/xapi/agents/profile?agent=" + ada, "all all/read profile"},
	{"PUT", "/xapi/agents/profile?profileId=p&agent=" + ada, "all profile"},
	{"POST", "/xapi/agents/profile?profileId=p&agent=" + ada, "all profile"},
	{"DELETE", "/xapi/agents/profile?profileId=p&agent=" + ada, "all profile"},
	{"GET", "/admin/openapi.json", ""},
	{"GET", "/admin/keys", "admin"},
	{"POST", "/admin/keys", "admin"},
	{"GET", "/admin/keys/nobody", "admin"},
	{"PATCH", "/admin/keys/nobody", "admin"},
	{"DELETE", "/admin/keys/nobody", "admin"},
	{"POST", "/admin/keys/nobody/rotation", "admin"},
	{"GET", "/admin/audit", "admin"},
	{"GET", "/admin/status", "admin"},
	{"POST", "/admin/verification", "admin"},
	{"DELETE", "/admin/verification", "admin"},
	{"POST", "/admin/rebuild", "admin"},
}

// Scope × method × resource, for every scope by itself: whoever may is not refused for it, and whoever may not is, with a 403; without a
// key that fits, a 401; with a method that the resource has not, a 405.
func TestWhoMayDoWhat(t *testing.T) {
	h, keys := newAPI(t, config.API{})
	scopes := strings.Fields("all all/read statements/write statements/read statements/read/mine state profile define reports/read admin")
	for _, name := range scopes {
		makeKey(t, keys, name, name)
	}
	makeKey(t, keys, "revoked", "all admin")
	if err := keys.Revoke(t.Context(), "revoked"); err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, row := range may {
		path, _, _ := strings.Cut(row.path, "?")
		known[path] = append(known[path], row.method)
		if row.method == "GET" {
			row.method = "HEAD"
			checkRow(t, h, row.method, row.path, row.scopes, scopes)
			row.method = "GET"
		}
		checkRow(t, h, row.method, row.path, row.scopes, scopes)
	}
	for path, methods := range known {
		for _, method := range []string{"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
			if slices.Contains(methods, method) || method == "HEAD" && slices.Contains(methods, "GET") {
				continue
			}
			if status := as(h, "all", method, path); status != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d", method, path, status)
			}
		}
	}
}

func checkRow(t *testing.T, h http.Handler, method, path, may string, scopes []string) {
	t.Helper()
	for _, scope := range scopes {
		status, allowed := as(h, scope, method, path), may == "" || slices.Contains(strings.Fields(may), scope)
		if (status == http.StatusForbidden) == allowed || status == http.StatusUnauthorized || status == http.StatusMethodNotAllowed || status >= 500 {
			t.Errorf("%s %s by a key that may %s: %d", method, path, scope, status)
		}
	}
	for _, nobody := range []string{"revoked", "unknown", "", "Bearer nonsense"} {
		if status := as(h, nobody, method, path); (status == http.StatusUnauthorized) == (may == "") {
			t.Errorf("%s %s by %q: %d", method, path, nobody, status)
		}
	}
}

// as asks by the key of a name, and returns the answer's status.
func as(h http.Handler, key, method, path string) int {
	body, kind := "{}", "application/json"
	if strings.HasPrefix(path, "/xapi/statements") && (method == "PUT" || method == "POST") {
		body = strings.Replace(statementOf(1, thing), `"id":"00000000-0000-4000-8000-000000000001",`, "", 1)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", kind)
	switch {
	case strings.HasPrefix(key, "Bearer "):
		r.Header.Set("Authorization", key)
	case key != "":
		r.SetBasicAuth(key, "secret")
	}
	if strings.Contains(path, "/profile") && method != "GET" {
		r.Header.Set("If-Match", "*")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// newAPI is the API on a new embedded store, and its keys.
func newAPI(t *testing.T, c config.API) (http.Handler, *auth.Keys) {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blobs, err := files.Open(t.TempDir(), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	return API(store, blobs, l, c), auth.New(store)
}

func makeKey(t *testing.T, keys *auth.Keys, id, scopes string) {
	t.Helper()
	parsed, err := auth.ParseScopes(scopes)
	if err != nil {
		t.Fatal(err)
	}
	n := auth.NewKey{ID: id, Secret: "secret", Scopes: parsed, HomePage: "https://lrs.example.com/xapi"}
	if _, _, err := keys.Make(t.Context(), n); err != nil {
		t.Fatal(fmt.Errorf("making %s: %w", id, err))
	}
}

func limit(t *testing.T, keys *auth.Keys, id string, statementsPerDay, requestsPerMinute int64) {
	t.Helper()
	makeKey(t, keys, id, "all")
	limits := auth.Limits{StatementsPerDay: statementsPerDay, RequestsPerMinute: requestsPerMinute}
	if _, err := keys.Change(t.Context(), id, auth.Change{Limits: &limits}); err != nil {
		t.Fatal(err)
	}
}
