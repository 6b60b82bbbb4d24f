// Package session lets people into the dashboard: by a key, or by an issuer of OpenID Connect. Who is in is told by a cookie alone, sealed under the
// stack's secret; all that is stored is a record of each sign-in in the audit trail.
package session

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"cairn/internal/answer"
	"cairn/internal/audit"
	"cairn/internal/auth"
	"cairn/internal/telemetry"
)

// Base is where the dashboard stands, and all of sign-in. What is below Assets is for everybody: the form needs it too.
const (
	Base   = "/console"
	Assets = Base + "/assets/"
	// SignOut ends a session, by a form of the visitor's.
	SignOut = Base + "/signout"
	// Live is what a page that is open asks for by itself, again and again. That is no use of a session: it does not move the session's end, and
	// counts against no limit.
	Live = Base + "/live"
)

const (
	home         = Base + "/"
	signIn       = Base + "/signin"
	viaProvider  = Base + "/signin/provider"
	callback     = Base + "/callback"
	maxForm      = 64 << 10
	tokenField   = "csrf"
	tokenHeader  = "X-Csrf-Token"
	tokenPurpose = "form"
)

// Door lets people in, and tells who is in.
type Door struct {
	gate     *auth.Gate
	trail    *audit.Trail
	seal     sealer
	provider *Provider
	attempts *attempts
	pages    http.Handler
	draw     Draw
	mux      *http.ServeMux
}

// New returns the door to pages: everything below Base. Sessions are sealed under the stack's secret, and none begins without its record in the
// trail. Without a provider people sign in by keys alone. The form is drawn by whoever draws the pages.
func New(gate *auth.Gate, trail *audit.Trail, secret []byte, provider *Provider, pages http.Handler, draw Draw) (*Door, error) {
	seal, err := newSealer(secret)
	if err != nil {
		return nil, err
	}
	d := &Door{gate: gate, trail: trail, seal: seal, provider: provider, attempts: newAttempts(), pages: pages, draw: draw, mux: http.NewServeMux()}
	for path, methods := range map[string]map[string]http.HandlerFunc{
		signIn:      {http.MethodGet: d.showForm, http.MethodPost: sameOrigin(d.signInByKey)},
		viaProvider: {http.MethodGet: d.sendToProvider},
		callback:    {http.MethodGet: d.comeFromProvider},
		SignOut:     {http.MethodPost: sameOrigin(d.signOut)},
	} {
		d.mux.HandleFunc(path, noted(path, answer.Methods(methods)))
	}
	d.mux.Handle(Assets, pages)
	d.mux.HandleFunc(home, d.showPage)
	d.mux.Handle(Base, http.RedirectHandler(home, http.StatusSeeOther))
	return d, nil
}

// ServeHTTP implements http.Handler.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.mux.ServeHTTP(w, r) }

func noted(path string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		telemetry.Note(r.Context(), slog.String("resource", path))
		w.Header().Set("Cache-Control", "no-store")
		h(w, r)
	}
}

type visitorKey struct{}

// Of is who looks at a page; nil for assets.
func Of(ctx context.Context) *Visitor {
	v, _ := ctx.Value(visitorKey{}).(*Visitor)
	return v
}

// showPage shows a page to who is in, and the form to others. What changes something must come from a page of ours (sameOrigin), with the visitor's
// token in the field csrf or the header X-Csrf-Token.
func (d *Door) showPage(w http.ResponseWriter, r *http.Request) {
	telemetry.Note(r.Context(), slog.String("resource", home)) // the path may hold anything
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Add("Vary", "Cookie")
	v, err := d.visitor(w, r)
	switch {
	case errors.Is(err, auth.ErrUnauthorized) && navigates(r):
		http.Redirect(w, r, formFor(pageOf(r)), http.StatusSeeOther)
		return
	case err == nil && !v.ReadReports() && navigates(r):
		d.show(w, r, home, http.StatusForbidden, NoReports)
		return
	case err == nil && !v.ReadReports():
		err = answer.Forbidden
	case err == nil && r.Method != http.MethodGet && r.Method != http.MethodHead:
		err = d.checkPost(w, r, v)
	}
	if err == nil && r.URL.Path != Live {
		err = d.gate.Spend(r.Context(), v.Principal, auth.Requests, 1)
	}
	if err != nil {
		answer.Error(w, r, err)
		return
	}
	d.pages.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
}

// Admit tells whose a request of the report API is: by its Authorization header, or by who is in. The errors are auth.Gate.Admit's; or, for who
// is not in and followed a link, a refusal that sends the browser to the form.
func (d *Door) Admit(w http.ResponseWriter, r *http.Request) (auth.Principal, error) {
	p, err := d.whose(w, r)
	if errors.Is(err, auth.ErrUnauthorized) && r.Header.Get("Authorization") == "" && shows(r) {
		w.Header().Set("Location", formFor(linkedFrom(r)))
		return p, signInFirst
	}
	return p, err
}

var signInFirst = &answer.Refusal{Status: http.StatusSeeOther, Message: "sign in first"}

func (d *Door) whose(w http.ResponseWriter, r *http.Request) (auth.Principal, error) {
	header := r.Header.Get("Authorization")
	if _, err := r.Cookie(nameOf(r, visitCookie)); header == "" && err == nil {
		v, err := d.visitor(w, r)
		if err != nil {
			return auth.Principal{}, err
		}
		return v.Principal, d.gate.Spend(r.Context(), v.Principal, auth.Requests, 1)
	}
	p, err := d.gate.Admit(r.Context(), header)
	if errors.Is(err, auth.ErrUnauthorized) && !navigates(r) {
		return p, unauthorized // a browser would answer a script's Basic challenge by a dialog of its own
	}
	return p, err
}

// unauthorized refuses who is not in. No browser knows the challenge, which RFC 9110, 15.5.2, asks for.
var unauthorized = &auth.Unauthorized{Challenges: []string{`Cookie realm="Cairn"`}}

// navigates says whether a request is for a page to be shown, and none of a script. Browsers say so; others are taken at nothing.
func navigates(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode == "" || mode == "navigate"
}

// shows says whether a browser is to show the answer. What a link with the attribute download asks for is none: it saves whatever comes.
func shows(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func (d *Door) signOut(w http.ResponseWriter, r *http.Request) {
	if v, err := d.visitor(w, r); err == nil {
		if err := d.checkPost(w, r, v); err != nil {
			answer.Error(w, r, err)
			return
		}
	}
	setCookie(w, r, visitCookie, "", 0)
	http.Redirect(w, r, signIn, http.StatusSeeOther)
}
