package session

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"cairn/internal/auth"
	"cairn/internal/auth/oidc"
	"cairn/internal/telemetry"
)

// Provider signs people in: an issuer of OpenID Connect, by the authorization code flow with PKCE (OpenID Connect Core 3.1, RFC 7636).
type Provider struct {
	verifier               *oidc.Verifier
	issuer, client, secret string
}

// NewProvider returns a provider whose ID tokens the verifier takes for the client. A client without a secret is a public one.
func NewProvider(verifier *oidc.Verifier, issuer, client, secret string) *Provider {
	return &Provider{verifier, issuer, client, secret}
}

const (
	// flowTime is how long somebody may take to sign in there.
	flowTime = 10 * time.Minute
	// longestTo is how long an address may be to which a sign-in leads: it is in the cookie, and browsers drop one of more than 4,096 bytes.
	longestTo = 2000
	// exchangeTime is how long the provider may take to answer us.
	exchangeTime = 5 * time.Second
)

// flow is a sign-in under way, in a cookie: whoever comes back must be the browser that was sent.
type flow struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // PKCE's
	To       string    `json:"to"`
	Until    time.Time `json:"until"`
}

// at is the flow's configuration, for an address at which we are known.
func (p *Provider) at(ctx context.Context, r *http.Request) (*oauth2.Config, error) {
	e, err := p.verifier.Endpoints(ctx, p.issuer)
	if err != nil {
		return nil, err
	}
	style := oauth2.AuthStyleInHeader // client_secret_basic, which every provider should know
	if p.secret == "" || slices.Contains(e.Methods, "client_secret_post") {
		style = oauth2.AuthStyleInParams
	}
	scheme := "http"
	if secure(r) {
		scheme = "https"
	}
	return &oauth2.Config{
		ClientID: p.client, ClientSecret: p.secret, RedirectURL: scheme + "://" + r.Host + callback, Scopes: []string{"openid", "profile"},
		Endpoint: oauth2.Endpoint{AuthURL: e.Authorization, TokenURL: e.Token, AuthStyle: style},
	}, nil
}

// sendToProvider begins a sign-in.
func (d *Door) sendToProvider(w http.ResponseWriter, r *http.Request) {
	to := local(r.URL.Query().Get("to"))
	if len(to) > longestTo {
		to = home
	}
	if d.provider == nil {
		http.Redirect(w, r, signIn, http.StatusSeeOther)
		return
	}
	config, err := d.provider.at(r.Context(), r)
	if err != nil {
		d.letIn(w, r, to, auth.Principal{}, visit{}, err)
		return
	}
	f := flow{rand.Text(), rand.Text(), oauth2.GenerateVerifier(), to, time.Now().Add(flowTime)}
	text, err := json.Marshal(f)
	if err != nil {
		d.letIn(w, r, to, auth.Principal{}, visit{}, err)
		return
	}
	setCookie(w, r, flowCookie, d.seal.seal(flowCookie, text), flowTime)
	address := config.AuthCodeURL(f.State, oauth2.S256ChallengeOption(f.Verifier), oauth2.SetAuthURLParam("nonce", f.Nonce))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// comeFromProvider ends a sign-in.
func (d *Door) comeFromProvider(w http.ResponseWriter, r *http.Request) {
	f, ok := d.flow(r)
	setCookie(w, r, flowCookie, "", 0) // it is good once
	q := r.URL.Query()
	said := q.Get("iss") // RFC 9207: who answers is who was asked
	switch {
	case !ok, subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(f.State)) != 1, said != "" && said != d.provider.issuer:
		d.show(w, r, home, http.StatusBadRequest, BeginAgain)
		return
	case q.Get("code") == "":
		d.show(w, r, f.To, http.StatusForbidden, ProviderSays)
		return
	}
	who, err := d.provider.exchange(r, q.Get("code"), f)
	if err == nil {
		telemetry.Note(r.Context(), slog.String("key", who.Key))
	}
	d.letIn(w, r, f.To, who.Principal, visit{
		Issuer: d.provider.issuer, Client: d.provider.client, Name: who.Name,
		Principal: who.Key, Actor: who.Actor(), Authority: who.Authority, Scopes: who.Scopes().String(),
	}, err)
}

// flow is the sign-in that this browser began.
func (d *Door) flow(r *http.Request) (f flow, ok bool) {
	cookie, err := r.Cookie(nameOf(r, flowCookie))
	if err != nil || d.provider == nil {
		return f, false
	}
	text, ok := d.seal.open(flowCookie, cookie.Value)
	return f, ok && json.Unmarshal(text, &f) == nil && time.Now().Before(f.Until)
}

// exchange gives the code back for tokens, and tells whose they are. The error is a *auth.BadToken when the provider refuses the code or its token is
// no good, and a fault otherwise.
func (p *Provider) exchange(r *http.Request, code string, f flow) (who oidc.SignedIn, err error) {
	config, err := p.at(r.Context(), r)
	if err != nil {
		return who, err
	}
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), oauth2.HTTPClient, straight), exchangeTime)
	defer cancel()
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.ErrorCode == "invalid_grant" {
		return who, &auth.BadToken{Why: "the provider refuses the code"}
	}
	if errors.As(err, &refused) { // its text has the provider's answer in it
		return who, fmt.Errorf("the provider answers %d, %q", refused.Response.StatusCode, refused.ErrorCode)
	}
	if err != nil {
		return who, fmt.Errorf("the provider does not give tokens: %w", err)
	}
	text, _ := tokens.Extra("id_token").(string)
	if who, err = p.verifier.SignedIn(ctx, text, p.issuer, p.client, f.Nonce); err != nil {
		return who, err
	}
	// Keycloak tells roles in the access token alone. One that is not for us to read tells nothing.
	if more, _, err := p.verifier.Bearer(ctx, tokens.AccessToken); err == nil && more.Actor() == who.Actor() {
		who.Principal = auth.NewPrincipal(who.Key, who.Actor(), who.Authority, who.Scopes()|more.Scopes())
	}
	return who, nil
}

// straight follows no redirect: a code and a client's secret go where the provider said, and nowhere else.
var straight = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
