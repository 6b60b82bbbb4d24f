// Package oidc takes the tokens of OpenID Connect issuers: JWTs, signed by keys that the issuer publishes. What a token says of its
// client, its user and its scopes becomes a principal.
package oidc

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"cairn/internal/auth"
)

// Issuer is who makes tokens, and for whom they must be made: one of Audiences.
type Issuer struct {
	URL       string // exactly as tokens name it in iss, with a slash at its end or without
	Audiences []string
}

const (
	maxToken = 16 << 10
	// skew is how far an issuer's clock may be from ours.
	skew = time.Minute
)

// algorithms are those with two keys: whoever could check a signature by a shared secret could make one.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
	jose.ES256, jose.ES384, jose.ES512, jose.EdDSA}

// Verifier verifies tokens. It is safe for concurrent use.
type Verifier struct{ issuers map[string]*issuer }

type issuer struct {
	url       string
	audiences map[string]bool
	keys      *keySet
}

// New returns a verifier of the tokens of some issuers. Their keys are fetched, by client, when a token first asks for them.
func New(issuers []Issuer, client *http.Client) *Verifier {
	v := &Verifier{issuers: map[string]*issuer{}}
	for _, i := range issuers {
		of := &issuer{url: i.URL, audiences: map[string]bool{}, keys: newKeySet(i.URL, client)}
		for _, audience := range i.Audiences {
			of.audiences[audience] = true
		}
		v.issuers[i.URL] = of
	}
	return v
}

// Bearer implements auth.Tokens. A token without a scope of ours is taken, for a principal that may do nothing: it is known whose
// it is, so it is answered 403; a 401 would have clients fetch the same token again.
func (v *Verifier) Bearer(ctx context.Context, token string) (auth.Principal, time.Time, error) {
	c, i, err := v.verify(ctx, token)
	if err != nil {
		return auth.Principal{}, time.Time{}, err
	}
	until, err := c.check(i, time.Now())
	if err != nil {
		return auth.Principal{}, time.Time{}, err
	}
	p, err := c.principal(i)
	return p, until, err
}

// verify returns the claims of a token that one of the issuers signed.
func (v *Verifier) verify(ctx context.Context, token string) (*claims, *issuer, error) {
	if len(token) > maxToken {
		return nil, nil, tooLong.refuse()
	}
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil || len(parsed.Headers) != 1 {
		return nil, nil, notSigned.refuse()
	}
	header := parsed.Headers[0]
	if _, found := header.ExtraHeaders["crit"]; found {
		return nil, nil, critical.refuse()
	}
	// An access token is at+jwt (RFC 9068) or just a JWT, as an id token is; others are for other ends, such as logging out.
	switch kind, _ := header.ExtraHeaders[jose.HeaderType].(string); strings.ToLower(strings.TrimPrefix(kind, "application/")) {
	case "", "jwt", "at+jwt":
	default:
		return nil, nil, otherKind.refuse()
	}
	// Who claims to have issued it says which keys to try: nothing else is believed before the signature is.
	var unverified claims
	if err := parsed.UnsafeClaimsWithoutVerification(&unverified); err != nil {
		return nil, nil, unreadable.refuse()
	}
	i := v.issuers[unverified.Issuer]
	if i == nil {
		return nil, nil, otherIssuer.refuse()
	}
	keys, err := i.keys.find(ctx, header.KeyID)
	if err != nil {
		return nil, nil, err
	}
	for _, key := range keys {
		var c claims
		if (key.Algorithm == "" || key.Algorithm == header.Algorithm) && parsed.Claims(key.Key, &c) == nil {
			return &c, i, nil
		}
	}
	return nil, nil, badSignature.refuse()
}
