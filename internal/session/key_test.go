package session_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/auth"
	"cairn/internal/session"
)

func TestSignInByKey(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.expect("a page before", b.get("/console/learner?key=1"), 303, "/console/signin?to=%2Fconsole%2Flearner%3Fkey%3D1")
	b.expect("a script's request before", b.get("/console/live", "Sec-Fetch-Mode", "cors"), 401, "")
	b.expect("an asset before", b.get("/console/assets/x.css"), 200, "an asset")
	b.expect("the form", b.get("/console/signin?to=/console/learner?key=1"), 200, `value="/console/learner?key=1"`)

	in := b.signIn("manager", "secret")
	b.expect("signing in", in, 303, "/console/activities?course=a")
	cookie := in.header.Get("Set-Cookie")
	for _, attribute := range []string{"cairn=", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=28"} {
		if !strings.Contains(cookie, attribute) {
			t.Errorf("the cookie has no %s: %s", attribute, cookie)
		}
	}
	b.expect("a page", b.get("/console/"), 200, "GET /console/ by manager, manager")
	b.expect("the form, signed in", b.get("/console/signin?to=/console/x"), 303, "/console/x")
	b.expect("the reports", b.get("/reports/overview"), 200, "manager")

	token := b.get("/console/").token()
	if b.get("/console/").token() == token {
		t.Error("every page has the same token")
	}
	b.expect("a form of a page", b.send("POST", "/console/x", url.Values{"csrf": {token}}), 200, "POST /console/x by manager")
	b.expect("a script's request", b.send("DELETE", "/console/x", nil, "X-Csrf-Token", token, "Sec-Fetch-Site", "same-origin"), 200, "DELETE")
	b.expect("signing out", b.send("POST", "/console/signout", url.Values{"csrf": {token}}), 303, "/console/signin")
	b.expect("a page after", b.get("/console/"), 303, "/console/signin")
}

func TestWhoIsNotLetIn(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.expect("a wrong secret", b.signIn("manager", "wrong"), 401, "wrongSecret")
	b.expect("a key that is not there", b.signIn("nobody", "secret"), 401, "wrongSecret")
	b.expect("no key", b.signIn("", ""), 401, "wrongSecret")
	b.expect("a course's key", b.signIn("course", "secret"), 403, "noReports")
	b.expect("what is no form", b.send("POST", "/console/signin", nil), 400, "form")
	b.expect("a form of 70 KB", b.signIn("manager", strings.Repeat("x", 70<<10)), 400, "form")
	b.expect("another method", b.send("PUT", "/console/signin", nil), 405, "")
	b.expect("still out", b.get("/console/"), 303, "/console/signin")
	b.expect("the reports", b.get("/reports/overview"), 401, "")
	b.expect("the reports by a key", b.get("/reports/overview", "Authorization", "Basic Ym9zczpzZWNyZXQ="), 200, "boss")
	if s := b.get("/reports/overview"); !strings.HasPrefix(s.header.Get("Www-Authenticate"), "Basic") {
		t.Errorf("a program is told %v", s.header)
	}
	if s := b.get("/reports/overview", "Sec-Fetch-Mode", "cors"); s.status != 401 || strings.Contains(s.header.Get("Www-Authenticate"), "Basic") {
		t.Errorf("a script is told %d %v", s.status, s.header)
	}
}

// Who follows a link to a report after his session is led to the form, and from there back to the page with the link. No program is, nor what only saves.
func TestALinkToAReportLeadsToTheForm(t *testing.T) {
	w := newWorld(t)
	follows := []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Referer", w.URL + "/console/learner?key=1"}
	b := w.browser(t)
	b.expect("without a cookie", b.get("/reports/overview?format=csv", follows...), 303, "/console/signin?to=%2Fconsole%2Flearner%3Fkey%3D1")
	ended := b.get("/reports/overview", append(follows, "Cookie", "cairn=ended")...)
	b.expect("with one that is no good", ended, 303, "/console/signin?to=%2Fconsole%2Flearner%3Fkey%3D1")
	if !strings.Contains(ended.header.Get("Set-Cookie"), "Max-Age=0") || ended.header.Get("Www-Authenticate") != "" {
		t.Errorf("it is told %v", ended.header)
	}
	for from, to := range map[string]string{"": "/console/signin", "https://evil.example.com/console/x": "/console/signin", w.URL + "/console/": "/console/signin", w.URL + "/xapi/x": "/console/signin", "%": "/console/signin"} {
		if s := b.get("/reports/overview", append(follows[:4:4], "Referer", from)...); s.status != 303 || s.location() != to {
			t.Errorf("from %q: %d to %q", from, s.status, s.location())
		}
	}
	b.expect("a link that saves", b.get("/reports/overview", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "empty"), 401, "")
	b.expect("a script", b.get("/reports/overview", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"), 401, "")
	b.expect("a key that is wrong", b.get("/reports/overview", append(follows, "Authorization", "Basic eDp4")...), 401, "")
	b.mustSignIn("manager")
	b.expect("signed in", b.get("/reports/overview", follows...), 200, "manager")
}

// A page of somebody else's can have a browser send what it likes: nothing comes of it, signed in or not.
func TestWhatOtherSitesSend(t *testing.T) {
	w := newWorld(t)
	for name, headers := range map[string][]string{
		"cross-site": {"Sec-Fetch-Site", "cross-site"}, "another port": {"Sec-Fetch-Site", "same-site"}, "an old browser": {"Origin", "https://evil.example.com"}, "a sandbox": {"Origin", "null"},
	} {
		b := w.browser(t)
		b.expect(name+", signing in", b.signIn("manager", "secret", headers...), 403, "page of the dashboard")
		token := b.mustSignIn("manager")
		b.expect(name+", with the token", b.send("POST", "/console/x", url.Values{"csrf": {token}}, headers...), 403, "page of the dashboard")
		b.expect(name+", signing out", b.send("POST", "/console/signout", url.Values{"csrf": {token}}, headers...), 403, "page of the dashboard")
	}
	b := w.browser(t)
	other := w.browser(t).mustSignIn("manager")
	b.mustSignIn("manager")
	own := w.cookie(b)
	for name, token := range map[string]string{"without a token": "", "with another session's": other, "with the cookie's text": own, "with nonsense": "x"} {
		b.expect(name, b.send("POST", "/console/x", url.Values{"csrf": {token}}, "Sec-Fetch-Site", "same-origin"), 403, "page of the dashboard")
		b.expect(name+", signing out", b.send("POST", "/console/signout", url.Values{"csrf": {token}}), 403, "page of the dashboard")
	}
	b.expect("still in", b.get("/console/"), 200, "manager")
}

func (w *world) cookie(b *browser) string {
	at, err := url.Parse(w.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.Jar.Cookies(at)[0].Value
}

func TestCookiesThatAreNoneOfOurs(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	token := b.mustSignIn("manager")
	good := w.cookie(b)
	flipped := []byte(good)
	flipped[len(flipped)/2] ^= 1
	for name, value := range map[string]string{"tampered": string(flipped), "cut": good[:len(good)-4], "longer": good + "AAAA", "a form's token": token, "nonsense": "x", "empty": ""} {
		fresh := &browser{t, w.URL, &http.Client{CheckRedirect: b.CheckRedirect}}
		for _, path := range []string{"/console/", "/reports/overview"} {
			s := fresh.get(path, "Cookie", "cairn="+value)
			if s.status != 303 && s.status != 401 || !strings.Contains(s.header.Get("Set-Cookie"), "Max-Age=0") {
				t.Errorf("%s at %s: %d %v", name, path, s.status, s.header)
			}
		}
	}
}

// Where a link to the form leads, it leads to a page of ours.
func TestNobodyIsSentElsewhere(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.mustSignIn("manager")
	for to, want := range map[string]string{
		"https://evil.example.com/": "/console/", "//evil.example.com/console/": "/console/", "/\\evil.example.com": "/console/", "/console/../xapi/statements": "/console/",
		"javascript:alert(1)": "/console/", "/console//evil.example.com": "/console/", "/consolevil": "/console/", "/console/\nx": "/console/", "": "/console/", "/console": "/console/",
		"/console/signout": "/console/", "/console/signin?to=/console/signin": "/console/", "https:/console/": "/console/", "http://evil.example.com@localhost/console/": "/console/",
		"/console/\\evil.example.com": "/console/%5Cevil.example.com", "/console/activity/http:%2F%2Fexample.com%2Fa?from=2026-01-01": "/console/activity/http:%2F%2Fexample.com%2Fa?from=2026-01-01",
	} {
		if s := b.get("/console/signin?to=" + url.QueryEscape(to)); s.status != 303 || s.location() != want {
			t.Errorf("%q leads to %q", to, s.location())
		}
	}
}

func TestHeadersOfPages(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	for _, path := range []string{"/console/signin", "/console/", "/console/assets/x.css", "/reports/overview"} {
		h := b.get(path).header
		if p := h.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'self'") || !strings.Contains(p, "frame-ancestors 'none'") || strings.Contains(p, "unsafe") {
			t.Errorf("%s: %s", path, p)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if s := b.get("/console/signin", "X-Forwarded-Proto", "https"); s.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("over TLS: %v", s.header)
	}
}

// Over TLS, and anywhere but on this machine, the cookie goes over TLS alone, and to this very host.
func TestCookiesOverTLS(t *testing.T) {
	h, _ := newDoor(t, nil)
	for _, host := range []string{"lrs.example.com", "localhost.example.com", "192.0.2.1:8080"} {
		if cookie := signInAt(h, "http://"+host, "192.0.2.9:1", "manager").Header().Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-cairn=") || !strings.Contains(cookie, "; Secure") {
			t.Errorf("%s: %s", host, cookie)
		}
	}
	if cookie := signInAt(h, "http://[::1]:8080", "192.0.2.9:1", "manager").Header().Get("Set-Cookie"); strings.Contains(cookie, "; Secure") {
		t.Errorf("on this machine: %s", cookie)
	}
}

func signInAt(h http.Handler, origin, from, key string, secret ...string) *httptest.ResponseRecorder {
	form := url.Values{"key": {key}, "secret": {strings.Join(append(secret, "secret")[:1], "")}}
	r := httptest.NewRequest("POST", origin+"/console/signin", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// look is a page with a cookie; a new one is taken over.
func look(h http.Handler, cookie *string) int { return lookAt(h, "/console/", cookie) }

func lookAt(h http.Handler, path string, cookie *string) int {
	r := httptest.NewRequest("GET", "http://localhost"+path, nil)
	r.Header.Set("Cookie", *cookie)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if next := w.Header().Get("Set-Cookie"); next != "" {
		*cookie, _, _ = strings.Cut(next, ";")
	}
	return w.Code
}

func TestHowLongASessionLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := newDoor(t, nil)
		fresh := func() string {
			cookie, _, _ := strings.Cut(signInAt(h, "http://localhost", "127.0.0.1:1", "manager").Header().Get("Set-Cookie"), ";")
			return cookie
		}
		cookie := fresh()
		time.Sleep(8*time.Hour - time.Second)
		if status := look(h, &cookie); status != 200 {
			t.Errorf("not used for almost eight hours: %d", status)
		}
		time.Sleep(8 * time.Hour)
		if status := look(h, &cookie); status != 303 {
			t.Errorf("not used for eight hours: %d", status)
		}
		cookie = fresh()
		for hour := 1; hour < 24; hour++ {
			time.Sleep(time.Hour)
			if status := look(h, &cookie); status != 200 {
				t.Fatalf("used each hour, after %d: %d", hour, status)
			}
		}
		first := cookie
		time.Sleep(time.Hour)
		if status := look(h, &cookie); status != 303 {
			t.Errorf("used each hour, after a day: %d", status)
		}
		if status := look(h, &first); status != 303 {
			t.Errorf("an earlier cookie, after a day: %d", status)
		}
	})
}

// What a page that is left open asks for keeps nobody in.
func TestAnOpenPageKeepsNoSessionAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := newDoor(t, nil)
		cookie, _, _ := strings.Cut(signInAt(h, "http://localhost", "127.0.0.1:1", "manager").Header().Get("Set-Cookie"), ";")
		for range 8*4 - 1 {
			time.Sleep(15 * time.Minute)
			if status := lookAt(h, session.Live, &cookie); status != 200 {
				t.Fatalf("within eight hours: %d", status)
			}
		}
		time.Sleep(15 * time.Minute)
		if status := look(h, &cookie); status != 303 {
			t.Errorf("after eight hours: %d", status)
		}
	})
}

// A session ends with the key, or the secret, that it was begun by, within a minute; the process that takes it away knows at once.
func TestASessionEndsWithItsKey(t *testing.T) {
	for name, end := range map[string]struct {
		change func(*testing.T, *auth.Keys)
		after  int
	}{
		"revoked": {func(t *testing.T, k *auth.Keys) { check(t, k.Revoke(t.Context(), "manager")) }, 303},
		"expired": {func(t *testing.T, k *auth.Keys) {
			soon := time.Now().Add(30 * time.Second)
			_, err := k.Change(t.Context(), "manager", auth.Change{Expires: &soon})
			check(t, err)
		}, 303},
		"rotated": {func(t *testing.T, k *auth.Keys) { _, err := k.Rotate(t.Context(), "manager", 0); check(t, err) }, 303},
		"rotated with an overlap": {func(t *testing.T, k *auth.Keys) {
			_, err := k.Rotate(t.Context(), "manager", time.Hour)
			check(t, err)
		}, 200},
		"given other scopes": {func(t *testing.T, k *auth.Keys) {
			write := auth.StatementsWrite
			_, err := k.Change(t.Context(), "manager", auth.Change{Scopes: &write})
			check(t, err)
		}, 403},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, store := newDoor(t, nil)
			cookie, _, _ := strings.Cut(signInAt(h, "http://localhost", "127.0.0.1:1", "manager").Header().Get("Set-Cookie"), ";")
			if status := look(h, &cookie); status != 200 {
				t.Fatalf("%s, before: %d", name, status)
			}
			end.change(t, auth.New(store))
			time.Sleep(time.Minute)
			if status := look(h, &cookie); status != end.after {
				t.Errorf("%s, a minute later: %d", name, status)
			}
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Who guesses is stopped, and locks out nobody who is elsewhere.
func TestGuessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := newDoor(t, nil)
		try := func(from, key, secret string) int { return signInAt(h, "http://localhost", from, key, secret).Code }
		for n := range 5 {
			if status := try("192.0.2.1:1", "manager", "guess"); status != 401 {
				t.Fatalf("guess %d: %d", n, status)
			}
		}
		stopped := signInAt(h, "http://localhost", "192.0.2.1:2", "manager")
		if stopped.Code != 429 || stopped.Header().Get("Retry-After") == "" {
			t.Errorf("after five guesses: %d %v", stopped.Code, stopped.Header())
		}
		for from, want := range map[string]int{"192.0.2.2:1": 303, "192.0.2.1:3": 429} {
			if status := try(from, "manager", "secret"); status != want {
				t.Errorf("who knows the secret, from %s: %d", from, status)
			}
		}
		if status := try("192.0.2.1:1", "boss", "secret"); status != 303 {
			t.Errorf("another key: %d", status)
		}
		answers := map[int]int{}
		for n := range 30 {
			answers[try("[2001:db8::"+string(rune('1'+n%9))+"]:1", "key-"+string(rune('a'+n)), "guess")]++
		}
		if answers[401] != 20 || answers[429] != 10 {
			t.Errorf("thirty keys tried from one network: %v", answers)
		}
		for range 30 {
			if status := try("192.0.2.3:1", "manager", "secret"); status != 303 {
				t.Fatalf("who knows the secret, again and again: %d", status)
			}
		}
		time.Sleep(time.Minute)
		if status := try("192.0.2.1:1", "manager", "secret"); status != 303 {
			t.Errorf("a minute later: %d", status)
		}
	})
}
