package oidc

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"

	"cairn/internal/auth"
)

// claims are what is read of a token, in the forms in which Cognito, Entra ID and Keycloak give them.
type claims struct {
	Issuer    string           `json:"iss"`
	Subject   string           `json:"sub"`
	Audience  jwt.Audience     `json:"aud"`
	Expires   *jwt.NumericDate `json:"exp"`
	NotBefore *jwt.NumericDate `json:"nbf"`
	IssuedAt  *jwt.NumericDate `json:"iat"`

	// The client: Keycloak and Entra's v2 say azp, Entra's v1 appid, Cognito client_id.
	AuthorizedParty string `json:"azp"`
	AppID           string `json:"appid"`
	ClientID        string `json:"client_id"`

	Nonce string `json:"nonce"` // of an ID token: what the sign-in asked with
	Name  string `json:"name"`  // of an ID token: for a page to greet by; it goes nowhere else

	TokenUse string `json:"token_use"`          // Cognito: access or id
	IDType   string `json:"idtyp"`              // Entra: app, for a token without a user
	Object   string `json:"oid"`                // Entra: the user, or the application itself
	Username string `json:"preferred_username"` // Keycloak: service-account- and the client, for a token without a user
	Service  string `json:"clientId"`           // Keycloak: the client, in such a token; newer ones say client_id

	Scope          words            `json:"scope"`
	Scp            words            `json:"scp"`
	Roles          words            `json:"roles"`
	RealmAccess    roles            `json:"realm_access"`
	ResourceAccess map[string]roles `json:"resource_access"`
	Groups         words            `json:"cognito:groups"`
}

type roles struct {
	Roles words `json:"roles"`
}

// words is a list, or a text of words separated by spaces.
type words []string

// UnmarshalJSON implements json.Unmarshaler.
func (w *words) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*w = strings.Fields(one)
		return nil
	}
	if json.Unmarshal(text, (*[]string)(w)) != nil {
		*w = nil // something else of that name, which is not for us
	}
	return nil
}

// check holds that the token is for us and good now, and returns until when it is.
func (c *claims) check(i *issuer, now time.Time) (until time.Time, err error) {
	if !c.isFor(i) {
		return until, otherAudience.refuse()
	}
	if c.Expires == nil {
		return until, endless.refuse()
	}
	until = c.Expires.Time().Add(skew)
	switch {
	case !now.Before(until):
		return until, expired.refuse()
	case c.NotBefore != nil && now.Add(skew).Before(c.NotBefore.Time()), c.IssuedAt != nil && now.Add(skew).Before(c.IssuedAt.Time()):
		return until, notYet.refuse()
	case c.Subject == "" && c.client() == "":
		return until, nobody.refuse()
	}
	return until, nil
}

// isFor says whether the token is made for one of our audiences. Cognito's access tokens have none, and name their client instead.
func (c *claims) isFor(i *issuer) bool {
	if len(c.Audience) == 0 && c.TokenUse == "access" {
		return i.audiences[c.ClientID]
	}
	return slices.ContainsFunc(c.Audience, func(a string) bool { return i.audiences[a] })
}

// client is the application that asks.
func (c *claims) client() string {
	if id := cmp.Or(c.AuthorizedParty, c.AppID, c.ClientID); id != "" {
		return id
	}
	if c.TokenUse == "id" && len(c.Audience) == 1 { // Cognito's id tokens: the audience is the client
		return c.Audience[0]
	}
	return ""
}

// hasUser says whether somebody is behind the application.
func (c *claims) hasUser() bool {
	client := c.client()
	switch {
	case c.Subject == "" || c.Subject == client || c.IDType == "app":
		return false
	case c.Object != "" && c.Object == c.Subject && len(c.Scp) == 0: // Entra: an application by itself has roles and no scp
		return false
	}
	// Keycloak. The name alone would not do: where users register by themselves, they choose it.
	service := (c.ClientID == client || c.Service == client) && strings.EqualFold(c.Username, "service-account-"+client)
	return !service
}

// principal is whose the token is. It is known by its client, never by its user: the name goes into logs.
func (c *claims) principal(i *issuer) (auth.Principal, error) {
	authority, err := c.authority()
	if err != nil {
		return auth.Principal{}, err
	}
	name := i.url
	if client := c.client(); client != "" {
		name += "|" + client
	}
	return auth.NewPrincipal(name, name+"|"+c.Subject, authority, c.scopes(i)), nil
}

type agent struct {
	ObjectType string  `json:"objectType"`
	Account    account `json:"account"`
}

type account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

// authority is the application, or a group of it and its user (xAPI 1.0.3 Data 2.4.9: a group of two, as from three-legged OAuth).
// No name or address of anybody goes into it.
func (c *claims) authority() ([]byte, error) {
	of := func(name string) agent { return agent{"Agent", account{c.Issuer, name}} }
	client := c.client()
	switch {
	case client == "":
		return json.Marshal(of(c.Subject))
	case !c.hasUser():
		return json.Marshal(of(client))
	}
	return json.Marshal(struct {
		ObjectType string  `json:"objectType"`
		Member     []agent `json:"member"`
	}{"Group", []agent{of(client), of(c.Subject)}})
}

// scopes are what the token may do, wherever its issuer says it. A scope counts only with xapi before it, since every OpenID token may have the scope
// profile, which in xAPI is to write profiles: xapi/statements.write, xapi.statements.write or xapi:statements/write.
func (c *claims) scopes(i *issuer) (scopes auth.Scopes) {
	said := slices.Concat(c.Scope, c.Scp, c.Roles, c.RealmAccess.Roles, c.Groups)
	for audience := range i.audiences {
		said = append(said, c.ResourceAccess[audience].Roles...)
	}
	for _, word := range said {
		name, ours := strings.CutPrefix(word, "xapi")
		if !ours || name == "" || !strings.Contains("/:.", name[:1]) || strings.ContainsAny(name, " ,") { // one scope each
			continue
		}
		if s, err := auth.ParseScopes(strings.ReplaceAll(name[1:], ".", "/")); err == nil {
			scopes |= s
		}
	}
	return scopes
}
