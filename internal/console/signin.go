package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"cairn/internal/console/locale"
)

// SignIn is the form by which viewers come in. It posts the fields key, secret and to.
type SignIn struct {
	Action   string // where it posts
	To       string // where it leads
	Key      string // that was tried before
	Provider string // a link that begins another way in; "" where there is none
	Problem  string // why the last try failed, as package session names it; "" at first
}

// problems of a sign-in, and the keys of what the form says of them.
var problems = map[string]string{
	"wrongSecret": "signin.wrongSecret", "noReports": "signin.noReports", "tooOften": "signin.tooOften", "notNow": "signin.notNow",
	"beginAgain": "signin.beginAgain", "providerSays": "signin.providerSays",
}

// signInPage is the form with what it says of the last try.
type signInPage struct {
	SignIn
	Told  string
	Wrong bool // it was the key or the secret
}

// ShowSignIn answers with the form, to somebody who is not in yet.
func ShowSignIn(w http.ResponseWriter, r *http.Request, status int, f SignIn) {
	guard(w.Header())
	if remember(w, r) {
		return
	}
	v := &view{
		Locale: localeOf(r), Theme: themeOf(r), Template: "signin", Languages: locale.All(),
		path: strings.TrimPrefix(f.Action, Base), query: url.Values{"to": {f.To}},
	}
	p := signInPage{SignIn: f, Wrong: f.Problem == "wrongSecret"}
	v.Title = v.Text("signin.title")
	if f.Problem != "" {
		p.Told = v.Text(cmp.Or(problems[f.Problem], "signin.notNow"))
	}
	v.Page = p
	write(w, r, status, v)
}
