package session

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/telemetry"
)

// Form is what somebody signs in by. It posts the fields key, secret and to.
type Form struct {
	Action   string  // where it posts
	To       string  // where it leads
	Key      string  // that was tried before
	Provider string  // a link that begins a sign-in at the provider; "" where there is none
	Problem  Problem // with what was tried before; "" at first
}

// Problem is why somebody was not let in, to be said in words of his.
type Problem string

// Problems of a sign-in.
const (
	WrongSecret  Problem = "wrongSecret"  // the key and the secret do not match
	NoReports    Problem = "noReports"    // he is known, but has neither reports/read nor admin
	TooOften     Problem = "tooOften"     // too many tries
	NotNow       Problem = "notNow"       // a fault, that may pass
	BeginAgain   Problem = "beginAgain"   // begun too long ago, or in another browser
	ProviderSays Problem = "providerSays" // the provider did not let him in
)

// Draw answers a request with the form, under a status.
type Draw func(w http.ResponseWriter, r *http.Request, status int, f Form)

// show shows the form, and what went wrong before.
func (d *Door) show(w http.ResponseWriter, r *http.Request, to string, status int, problem Problem) {
	f := Form{Action: signIn, To: to, Problem: problem}
	if problem != "" {
		telemetry.Note(r.Context(), slog.String("problem", string(problem)))
	}
	if r.Method == http.MethodPost && isForm(r) {
		f.Key = r.PostForm.Get("key")
	}
	if d.provider != nil {
		f.Provider = viaProvider + "?to=" + url.QueryEscape(to)
	}
	d.draw(w, r, status, f)
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
		d.show(w, r, to, http.StatusTooManyRequests, TooOften)
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
		d.show(w, r, to, http.StatusUnauthorized, WrongSecret)
	case errors.As(err, &bad):
		slog.WarnContext(r.Context(), "a sign-in is refused", "why", bad.Why)
		d.show(w, r, to, http.StatusUnauthorized, ProviderSays)
	case errors.As(err, &limited):
		d.show(w, r, to, http.StatusTooManyRequests, TooOften)
	case err == nil && !p.ReadReports():
		d.show(w, r, to, http.StatusForbidden, NoReports)
	case err == nil:
		if err = d.admit(w, r, p, v); err == nil {
			http.Redirect(w, r, to, http.StatusSeeOther)
			return
		}
		fallthrough
	default:
		slog.ErrorContext(r.Context(), "nobody can be signed in", "error", err.Error())
		w.Header().Set("Retry-After", "1")
		d.show(w, r, to, http.StatusServiceUnavailable, NotNow)
	}
}
