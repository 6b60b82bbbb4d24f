package session

import (
	_ "embed"
	"errors"
	"html/template"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/telemetry"
)

//go:embed signin.html
var markup string

var form = template.Must(template.New("signin").Parse(markup))

// What the form says of a sign-in that failed.
const (
	wrongSecret  = "The key and the secret do not match."
	noReports    = "You are known, but may not see reports: that takes the scope reports/read or admin."
	tooOften     = "Too many tries. Wait a minute, then try again."
	notNow       = "That did not work, and may work in a moment. Try again."
	beginAgain   = "This sign-in was begun too long ago, or in another window. Begin again."
	providerSays = "Your organisation's sign-in did not let you in."
)

// show shows the form, and what went wrong before.
func (d *Door) show(w http.ResponseWriter, r *http.Request, to string, status int, problem string) {
	fields := struct{ To, Problem, Provider string }{To: to, Problem: problem}
	if d.provider != nil {
		fields.Provider = viaProvider + "?to=" + url.QueryEscape(to)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := form.Execute(w, fields); err != nil {
		slog.ErrorContext(r.Context(), "the form is not shown", "error", err.Error())
	}
}

// showForm shows the form to who is not in yet.
func (d *Door) showForm(w http.ResponseWriter, r *http.Request) {
	to := local(r.URL.Query().Get("to"))
	if v, err := d.visitor(w, r); err == nil && v.ReadReports() {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	d.show(w, r, to, http.StatusOK, "")
}

// signInByKey takes the form.
func (d *Door) signInByKey(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if !isForm(r) || r.ParseForm() != nil {
		answer.Error(w, r, answer.BadRequest("this is not what the form sends"))
		return
	}
	to, key := local(r.PostForm.Get("to")), r.PostForm.Get("key")
	if wait := d.attempts.begin(r.RemoteAddr, key); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		d.show(w, r, to, http.StatusTooManyRequests, tooOften)
		return
	}
	p, proof, err := d.gate.SignIn(r.Context(), key, r.PostForm.Get("secret"))
	if !errors.Is(err, auth.ErrUnauthorized) {
		d.attempts.succeeded(r.RemoteAddr, key)
	}
	if err == nil {
		telemetry.Note(r.Context(), slog.String("key", p.Key))
		err = d.gate.Spend(r.Context(), p, auth.Requests, 1)
	}
	d.letIn(w, r, to, p, visit{Key: key, Proof: proof}, err)
}

// letIn begins the session of somebody who is known now, or shows why not.
func (d *Door) letIn(w http.ResponseWriter, r *http.Request, to string, p auth.Principal, v visit, err error) {
	var limited *auth.Limited
	var bad *auth.BadToken
	switch {
	case errors.Is(err, auth.ErrUnauthorized):
		d.show(w, r, to, http.StatusUnauthorized, wrongSecret)
	case errors.As(err, &bad):
		slog.WarnContext(r.Context(), "a sign-in is refused", "why", bad.Why)
		d.show(w, r, to, http.StatusUnauthorized, providerSays)
	case errors.As(err, &limited):
		d.show(w, r, to, http.StatusTooManyRequests, tooOften)
	case err == nil && !p.ReadReports():
		d.show(w, r, to, http.StatusForbidden, noReports)
	case err == nil:
		if err = d.admit(w, r, v); err == nil {
			http.Redirect(w, r, to, http.StatusSeeOther)
			return
		}
		fallthrough
	default:
		slog.ErrorContext(r.Context(), "nobody can be signed in", "error", err.Error())
		w.Header().Set("Retry-After", "1")
		d.show(w, r, to, http.StatusServiceUnavailable, notNow)
	}
}
