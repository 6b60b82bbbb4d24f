package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Gate lets requests in by their Authorization header: a key and its secret by Basic authentication (RFC 7617), or a token by Bearer
// (RFC 6750) where tokens are taken.
type Gate struct {
	*Keys
	tokens Tokens
}

// Tokens tells whose a bearer token is, and until when that is good. The error is a *BadToken, or wraps ErrUnavailable when a later try
// may work.
type Tokens interface {
	Bearer(ctx context.Context, token string) (Principal, time.Time, error)
}

// BadToken refuses a token: why, in words that may be told to whoever sent it (RFC 6750, 3).
type BadToken struct{ Why string }

func (e *BadToken) Error() string { return "auth: bad token: " + e.Why }

// ErrUnavailable: what tokens are checked by cannot be had for now.
var ErrUnavailable = errors.New("auth: the issuer of a token is not available")

// NewGate returns a gate for keys and, unless nil, for tokens.
func NewGate(keys *Keys, tokens Tokens) *Gate { return &Gate{keys, tokens} }

// Unauthorized refuses a request without credentials that are good; it is ErrUnauthorized. The challenges say how to come back with others
// (RFC 9110, 11.6.1).
type Unauthorized struct{ Challenges []string }

func (*Unauthorized) Error() string { return ErrUnauthorized.Error() }

// Is makes it ErrUnauthorized.
func (*Unauthorized) Is(target error) bool { return target == ErrUnauthorized }

// Admit tells whose a request with this Authorization header is, and counts it against that principal's limits. The error is an
// *Unauthorized, a *Limited, or a fault: ErrUnavailable's or the storage's.
func (g *Gate) Admit(ctx context.Context, authorization string) (Principal, error) {
	p, err := g.who(ctx, authorization)
	var bad *BadToken
	if errors.Is(err, ErrUnauthorized) || errors.As(err, &bad) {
		return p, &Unauthorized{g.challenges(bad)}
	}
	if err != nil {
		return p, err
	}
	return p, g.Spend(ctx, p, Requests, 1)
}

func (g *Gate) who(ctx context.Context, authorization string) (Principal, error) {
	scheme, credentials, _ := strings.Cut(authorization, " ")
	credentials = strings.Trim(credentials, " ")
	switch {
	case strings.EqualFold(scheme, "Basic"):
		return g.basic(ctx, credentials)
	case strings.EqualFold(scheme, "Bearer") && g.tokens != nil:
		return g.bearer(ctx, credentials)
	}
	return Principal{}, ErrUnauthorized
}

func (g *Gate) bearer(ctx context.Context, token string) (Principal, error) {
	name, known := "Bearer "+token, g.seen.now() // no key's credentials have a space
	if p, ok := g.seen.get(name); ok {
		return p, nil
	}
	p, until, err := g.tokens.Bearer(ctx, token)
	if err == nil {
		g.seen.put(name, p, until, known)
	}
	return p, err
}

// challenges name the ways in. A token that is bad gets told why, and no other way: who has tokens means to use them.
func (g *Gate) challenges(bad *BadToken) []string {
	const basic, bearer = `Basic realm="xAPI", charset="UTF-8"`, `Bearer realm="xAPI"`
	switch {
	case bad != nil:
		return []string{fmt.Sprintf(`%s, error="invalid_token", error_description=%q`, bearer, bad.Why)}
	case g.tokens != nil:
		return []string{basic, bearer}
	}
	return []string{basic}
}
