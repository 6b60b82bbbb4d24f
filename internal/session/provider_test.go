package session_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/auth/oidc"
	"cairn/internal/auth/oidc/oidctest"
	"cairn/internal/session"
)

// back is the address to which the provider sends the browser back.
func (b *browser) back() string {
	b.t.Helper()
	away := b.get("/console/signin/provider?to=/console/learners?state=x")
	s := b.get(away.location())
	if away.status != 303 || s.status != 303 {
		b.t.Fatalf("the provider: %d %s, %d %s", away.status, away.location(), s.status, s.body)
	}
	return s.location()
}

// change puts another parameter into an address.
func change(address, name, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

func TestSignInByProvider(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.expect("the form", b.get("/console/signin?to=/console/x"), 200, `provider="/console/signin/provider?to=%2Fconsole%2Fx"`)
	address := b.back()
	b.expect("coming back", b.get(address), 303, "/console/learners?state=x")
	b.expect("a page", b.get("/console/"), 200, "by Grace Hopper, "+w.issuer.URL+"|dashboard|u-1")
	b.expect("the reports", b.get("/reports/overview"), 200, "|u-1")
	b.expect("a form", b.send("POST", "/console/x", url.Values{"csrf": {b.get("/console/").token()}}), 200, "POST")

	b.expect("coming back once more", b.get(address), 400, "beginAgain")
	other := w.browser(t)
	b2 := w.browser(t)
	b2.back()
	b.expect("coming back in a browser that was not sent", other.get(address), 400, "beginAgain")
	b.expect("with a code that was used", b2.get(change(b2.back(), "code", codeOf(address))), 401, "providerSays")
}

// Browsers drop a cookie of more than 4,096 bytes (RFC 6265, 6.1): none is, however long a name is that the provider tells, or the address that
// somebody came for.
func TestCookiesStaySmall(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{strings.Repeat("é", 3000), strings.Repeat("<", 1500)} {
		w.issuer.Say(oidctest.Claims{"name": name}, nil)
		b := w.browser(t)
		if cookie := b.get("/console/signin/provider?to=/console/activity?id=" + strings.Repeat("x", 6000)).header.Get("Set-Cookie"); len(cookie) > 4096 {
			t.Errorf("the sign-in has a cookie of %d bytes", len(cookie))
		}
		for _, cookie := range b.get(b.back()).header.Values("Set-Cookie") {
			if len(cookie) > 4096 {
				t.Errorf("the session has a cookie of %d bytes", len(cookie))
			}
		}
		b.expect("a page", b.get("/console/"), 200, "by "+name[:200]+", ")
	}
}

func codeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get("code")
}

func TestWhatAProviderSendsThatIsWrong(t *testing.T) {
	w := newWorld(t)
	for name, x := range map[string]struct {
		id     oidctest.Claims
		change []string
		status int
	}{
		"another state":          {nil, []string{"state", "x"}, 400},
		"no state":               {nil, []string{"state", ""}, 400},
		"another issuer answers": {nil, []string{"iss", "https://evil.example.com"}, 400},
		"another code":           {nil, []string{"code", "x"}, 401},
		"no code":                {nil, []string{"code", ""}, 403},
		"another nonce":          {oidctest.Claims{"nonce": "x"}, nil, 401},
		"no nonce":               {oidctest.Claims{"nonce": nil}, nil, 401},
		"for another client":     {oidctest.Claims{"aud": "course"}, nil, 401},
		"of another client":      {oidctest.Claims{"aud": []string{oidctest.Client, "course"}, "azp": "course"}, nil, 401},
		"expired":                {oidctest.Claims{"exp": 1}, nil, 401},
		"of another issuer":      {oidctest.Claims{"iss": "https://evil.example.com"}, nil, 401},
		"of nobody":              {oidctest.Claims{"sub": nil}, nil, 401},
		"without the scope":      {oidctest.Claims{"roles": []string{"reports/read", "xapi:all"}}, nil, 403},
	} {
		w.issuer.Say(x.id, nil)
		b := w.browser(t)
		address := b.back()
		if x.change != nil {
			address = change(address, x.change[0], x.change[1])
		}
		b.expect(name, b.get(address), x.status, `role="alert"`)
		b.expect(name+", a page", b.get("/console/"), 303, "/console/signin")
	}
}

// Keycloak tells what somebody may do in the access token.
func TestScopesInTheAccessToken(t *testing.T) {
	w := newWorld(t)
	for name, x := range map[string]struct {
		access oidctest.Claims
		status int
	}{
		"the same user's":    {oidctest.Claims{"scope": "openid xapi/admin"}, 303},
		"another user's":     {oidctest.Claims{"scope": "openid xapi/admin", "sub": "u-2"}, 403},
		"for another to use": {oidctest.Claims{"scope": "openid xapi/admin", "aud": "account"}, 403},
	} {
		w.issuer.Say(oidctest.Claims{"roles": nil}, x.access)
		b := w.browser(t)
		b.expect(name, b.get(b.back()), x.status, "")
	}
}

// Each sign-in has a verifier of its own: a code that was got by another's challenge is refused by the provider.
func TestAnotherCodeVerifier(t *testing.T) {
	w := newWorld(t)
	one, two := w.browser(t), w.browser(t)
	stolen := codeOf(one.back())
	two.expect("somebody else's code", two.get(change(two.back(), "code", stolen)), 401, "providerSays")
}

func TestAProviderThatIsDown(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	address := b.back()
	w.issuer.Close()
	b.expect("coming back", b.get(address), 503, "notNow")
	b.expect("a key is good still", b.signIn("manager", "secret"), 303, "/console/")

	gone := newWorld(t)
	gone.issuer.Close()
	b = gone.browser(t)
	b.expect("beginning", b.get("/console/signin/provider"), 503, "notNow")
}

// Who came by a provider is out when people no longer sign in there.
func TestASessionEndsWithItsProvider(t *testing.T) {
	issuer := oidctest.New(t)
	verifier := oidc.New([]oidc.Issuer{{URL: issuer.URL, Audiences: []string{oidctest.Client, "other"}}}, http.DefaultClient)
	w := newWorld(t)
	b := w.browser(t)
	b.get(b.back())
	for name, provider := range map[string]*session.Provider{"none": nil, "another": session.NewProvider(verifier, issuer.URL, oidctest.Client, ""),
		"another client": session.NewProvider(verifier, w.issuer.URL, "other", "")} {
		h, _ := newDoor(t, provider)
		cookie := "cairn=" + w.cookie(b)
		if status := look(h, &cookie); status != 303 {
			t.Errorf("%s: %d", name, status)
		}
	}
	same, _ := newDoor(t, session.NewProvider(verifier, w.issuer.URL, oidctest.Client, ""))
	cookie := "cairn=" + w.cookie(b)
	if status := look(same, &cookie); status != 200 || !strings.HasPrefix(cookie, "cairn=") {
		t.Errorf("the same, in another process: %d", status)
	}
}

// direct asks the issuer without a network.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestHowLongASignInMayTake(t *testing.T) {
	issuer := oidctest.New(t)
	synctest.Test(t, func(t *testing.T) {
		verifier := oidc.New([]oidc.Issuer{{URL: issuer.URL, Audiences: []string{oidctest.Client}}}, &http.Client{Transport: direct{issuer.Config.Handler}})
		h, _ := newDoor(t, session.NewProvider(verifier, issuer.URL, oidctest.Client, oidctest.Secret))
		ask := func(path, cookie string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "http://localhost"+path, nil)
			r.Header.Set("Cookie", cookie)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		away := ask("/console/signin/provider", "")
		flow, _, _ := strings.Cut(away.Header().Get("Set-Cookie"), ";")
		to, err := url.Parse(away.Header().Get("Location"))
		if err != nil || !strings.HasPrefix(flow, "cairn-signin=") {
			t.Fatal(away)
		}
		back := "/console/callback?state=" + to.Query().Get("state") // and without a code: the provider refused
		for _, status := range []int{http.StatusForbidden, http.StatusBadRequest} {
			if w := ask(back, flow); w.Code != status {
				t.Errorf("%d, want %d", w.Code, status)
			}
			time.Sleep(10 * time.Minute)
		}
	})
}
