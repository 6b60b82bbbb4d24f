package oidc

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"
	"time"

	"cairn/internal/auth"
)

// Endpoints is where an issuer signs people in (OpenID Connect Discovery 3).
type Endpoints struct {
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Methods       []string `json:"token_endpoint_auth_methods_supported"` // how a client says its secret there; none is client_secret_basic
}

// Endpoints are those of an issuer whose tokens are taken, as it last told. The error wraps auth.ErrUnavailable.
func (v *Verifier) Endpoints(ctx context.Context, issuer string) (Endpoints, error) {
	i := v.issuers[issuer]
	if i == nil {
		return Endpoints{}, otherIssuer.refuse()
	}
	if _, err := i.keys.find(ctx, ""); err != nil {
		return Endpoints{}, err
	}
	e := i.keys.now().endpoints
	for _, address := range []string{e.Authorization, e.Token} {
		if !i.keys.reaches(address) {
			return Endpoints{}, fmt.Errorf("%w: %s signs nobody in: its endpoint %q is not https", auth.ErrUnavailable, issuer, address)
		}
	}
	return e, nil
}

// SignedIn is who signed in.
type SignedIn struct {
	auth.Principal
	Name string // as it is shown to himself; may be empty
}

// SignedIn tells whom an ID token is of that an issuer gave to a client that had asked with a nonce (OpenID Connect Core 3.1.3.7). The error is a
// *auth.BadToken, or wraps auth.ErrUnavailable.
func (v *Verifier) SignedIn(ctx context.Context, token, issuer, client, nonce string) (who SignedIn, err error) {
	c, i, err := v.verify(ctx, token)
	if err != nil {
		return who, err
	}
	if _, err := c.check(i, time.Now()); err != nil {
		return who, err
	}
	switch {
	case i.url != issuer:
		return who, otherIssuer.refuse()
	case !c.isOf(client):
		return who, otherAudience.refuse()
	case nonce == "" || subtle.ConstantTimeCompare([]byte(c.Nonce), []byte(nonce)) != 1:
		return who, otherNonce.refuse()
	case c.Subject == "":
		return who, nobody.refuse()
	}
	c.AuthorizedParty = client
	who.Name = c.Name
	if who.Name == "" {
		who.Name = c.Username
	}
	who.Principal, err = c.principal(i)
	return who, err
}

// isOf says whether an ID token was made for a client, and for nobody else to use.
func (c *claims) isOf(client string) bool {
	return slices.Contains(c.Audience, client) && (c.AuthorizedParty == client || c.AuthorizedParty == "" && len(c.Audience) == 1)
}
