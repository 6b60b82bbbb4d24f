package console_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cairn/internal/console"
)

// form is the sign-in form as it answers a request.
func form(t *testing.T, method, target, lang string, f console.SignIn, cookies ...*http.Cookie) (*httptest.ResponseRecorder, node) {
	t.Helper()
	r, w := httptest.NewRequest(method, target, nil), httptest.NewRecorder()
	r.Header.Set("Accept-Language", lang)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	f.Action, f.To = console.Base+"/signin", console.Base+"/activities?days=7"
	console.ShowSignIn(w, r, http.StatusUnauthorized, f)
	page := w.Body.String()
	if fault := nested(page); fault != "" && w.Code != http.StatusSeeOther {
		t.Errorf("tags do not nest: %s", fault)
	}
	return w, parse(t, page)
}

func TestTheFormSignsIn(t *testing.T) {
	_, page := form(t, "GET", "/console/signin", "en", console.SignIn{})
	fields := map[string]node{}
	for _, n := range page.all("input") {
		fields[n.get("name")] = n
	}
	if fields["to"].Node == nil || fields["to"].get("value") != "/console/activities?days=7" || fields["secret"].get("type") != "password" || !fields["key"].has("autofocus") {
		t.Errorf("the form has the fields %v", fields)
	}
	for _, n := range page.all("link", "script", "img") {
		if at := n.get("src") + n.get("href"); newWorld(t).get(strings.TrimPrefix(at, console.Base)).Code != 200 {
			t.Errorf("%s is not there", at)
		}
	}
	for _, n := range page.all("a") {
		if strings.Contains(n.get("href"), "/learners") || strings.Contains(n.get("href"), "provider") {
			t.Errorf("who is not in yet is led to %s", n.get("href"))
		}
	}
}

func TestTheFormSaysWhatIsWrongInPlace(t *testing.T) {
	w, page := form(t, "POST", "/console/signin", "en", console.SignIn{Key: `"><b>`, Problem: "wrongSecret", Provider: "/console/signin/provider"})
	text := w.Body.String()
	if w.Code != http.StatusUnauthorized || !strings.Contains(text, `role="alert">The key and the secret do not match`) || strings.Contains(text, "<b>") {
		t.Errorf("%d %s", w.Code, text)
	}
	for _, n := range page.all("input") {
		if name := n.get("name"); name != "to" && (n.get("aria-describedby") != "problem" || name == "secret" && !n.has("autofocus") || name == "key" && n.get("value") != `"><b>`) {
			t.Errorf("the field %s is %v", name, n.Attr)
		}
	}
	if !strings.Contains(text, `href="/console/signin/provider"`) {
		t.Error("there is no way to the provider")
	}
}

// The choice of a language keeps where the form leads, and of a sign-in that failed nothing else.
func TestTheFormSpeaksAsIsChosen(t *testing.T) {
	_, page := form(t, "GET", "/console/callback?code=abc", "fr", console.SignIn{Problem: "beginAgain"})
	if h := page.all("h1"); len(h) != 1 || h[0].text() != "Se connecter à Cairn" {
		t.Fatal("the form is not in French")
	}
	for _, a := range page.all("a") {
		if a.get("hreflang") != "en" {
			continue
		}
		to := a.get("href")
		if to != "/console/signin?lang=en&to=%2Fconsole%2Factivities%3Fdays%3D7" {
			t.Errorf("English is at %s", to)
		}
		w, _ := form(t, "GET", to, "fr", console.SignIn{})
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/console/signin?to=%2Fconsole%2Factivities%3Fdays%3D7" {
			t.Errorf("it answers %d %s", w.Code, w.Header().Get("Location"))
		}
		if _, again := form(t, "GET", "/console/signin", "fr", console.SignIn{}, w.Result().Cookies()...); again.all("h1")[0].text() != "Sign in to Cairn" {
			t.Error("the choice is not kept")
		}
		return
	}
	t.Error("English cannot be chosen")
}
