package session_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cairn/internal/answer"
	"cairn/internal/audit"
	"cairn/internal/auth"
	"cairn/internal/auth/oidc"
	"cairn/internal/auth/oidc/oidctest"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/session"
)

// world is a dashboard of one page behind a real HTTP server, with keys and an issuer to sign in by.
type world struct {
	*httptest.Server
	issuer *oidctest.Issuer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	issuer := oidctest.New(t)
	verifier := oidc.New([]oidc.Issuer{{URL: issuer.URL, Audiences: []string{oidctest.Client}}}, http.DefaultClient)
	handler, _ := newDoor(t, session.NewProvider(verifier, issuer.URL, oidctest.Client, oidctest.Secret))
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &world{server, issuer}
}

// newDoor is a page that shows who looks at it and his token, and below /reports who is admitted there.
func newDoor(t *testing.T, provider *session.Provider) (http.Handler, kv.Store) {
	t.Helper()
	store := kvtest.NewMemory()
	return doorOver(t, store, provider), store
}

func doorOver(t *testing.T, store kv.Store, provider *session.Provider) http.Handler {
	t.Helper()
	keys := auth.New(store)
	for name, scopes := range map[string]auth.Scopes{"manager": auth.ReportsRead, "boss": auth.Admin, "course": auth.All} {
		if _, _, err := keys.Make(t.Context(), auth.NewKey{ID: name, Secret: "secret", Scopes: scopes, HomePage: "https://lrs.example.com/xapi"}); err != nil {
			t.Fatal(err)
		}
	}
	return doorOf(t, store, provider)
}

// doorOf is over a store with keys in it.
func doorOf(t *testing.T, store kv.Store, provider *session.Provider) http.Handler {
	t.Helper()
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v := session.Of(r.Context()); v != nil {
			io.WriteString(w, r.Method+" "+r.URL.Path+" by "+v.Name+", "+v.Actor()+"\n"+v.Token())
			return
		}
		io.WriteString(w, "an asset")
	})
	door, err := session.New(auth.NewGate(auth.New(store), nil), audit.New(store, time.Now), []byte("the stack's secret"), provider, pages, draw)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/console/", door)
	mux.HandleFunc("/reports/", func(w http.ResponseWriter, r *http.Request) {
		p, err := door.Admit(w, r)
		if err != nil {
			answer.Error(w, r, err)
			return
		}
		io.WriteString(w, p.Actor())
	})
	return session.Guarded(mux)
}

// draw is a form without any design.
func draw(w http.ResponseWriter, _ *http.Request, status int, f session.Form) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "action=%q value=%q key=%q provider=%q", f.Action, f.To, f.Key, f.Provider)
	if f.Problem != "" {
		fmt.Fprintf(w, ` role="alert": %s`, f.Problem)
	}
}

// browser follows no redirect by itself, and keeps cookies.
type browser struct {
	t    *testing.T
	base string
	*http.Client
}

func (w *world) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, w.URL, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// seen is an answer.
type seen struct {
	status int
	header http.Header
	body   string
}

func (s seen) location() string { return s.header.Get("Location") }

// token is what the page shows.
func (s seen) token() string { _, token, _ := strings.Cut(s.body, "\n"); return token }

func (b *browser) send(method, address string, body url.Values, headers ...string) seen {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	r, err := http.NewRequest(method, address, strings.NewReader(body.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return seen{answer.StatusCode, answer.Header, string(text)}
}

func (b *browser) get(address string, headers ...string) seen {
	b.t.Helper()
	return b.send("GET", address, nil, headers...)
}

// signIn sends the form.
func (b *browser) signIn(key, secret string, headers ...string) seen {
	b.t.Helper()
	return b.send("POST", "/console/signin", url.Values{"key": {key}, "secret": {secret}, "to": {"/console/activities?course=a"}}, headers...)
}

// mustSignIn signs in by a key, and returns the token of the page.
func (b *browser) mustSignIn(key string) string {
	b.t.Helper()
	if s := b.signIn(key, "secret"); s.status != http.StatusSeeOther {
		b.t.Fatalf("%s is not signed in: %d %s", key, s.status, s.body)
	}
	return b.get("/console/").token()
}

// expect holds an answer's status and some of its text.
func (b *browser) expect(what string, s seen, status int, says string) {
	b.t.Helper()
	if s.status != status || !strings.Contains(s.body+s.location(), says) {
		b.t.Errorf("%s: %d %s %s, want %d and %q", what, s.status, s.location(), s.body, status, says)
	}
}
