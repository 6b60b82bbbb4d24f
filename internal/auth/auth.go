// Package auth keeps keys, and tells from a request's credentials whose it is: a principal, with the scopes that say what it
// may do, and the authority that vouches for what it stores (xAPI 1.0.3 Communication 4.0, Data 2.4.9).
package auth

import (
	"context"
	"errors"
	"fmt"

	"cairn/internal/kv"
)

// ErrUnauthorized: no key, or not its secret, or no credentials at all. Which of these is nobody's business.
var ErrUnauthorized = errors.New("auth: unauthorized")

// Keys are the keys of a store. It is safe for concurrent use.
type Keys struct {
	store kv.Store
	seen  *cache
}

// New returns the keys of a store.
func New(store kv.Store) *Keys { return &Keys{store: store, seen: newCache()} }

// Basic tells whose an Authorization header of Basic authentication is (RFC 7617). The error is ErrUnauthorized, or a fault of
// the storage. A key that was replaced is known by its old secret for up to a minute in other processes.
func (k *Keys) Basic(ctx context.Context, header string) (Principal, error) {
	id, secret, ok := parseBasic(header)
	if !ok || id == "" || len(id) > maxID {
		return Principal{}, ErrUnauthorized
	}
	if p, ok := k.seen.get(id, secret); ok {
		return p, nil
	}
	c, err := k.read(ctx, id)
	if errors.Is(err, kv.ErrAbsent) {
		c, err = decode([]byte(nobody)) // the same work as for a key that exists, so that the time taken tells nothing
	}
	if err != nil {
		return Principal{}, err
	}
	if !c.fits(secret) {
		return Principal{}, ErrUnauthorized
	}
	scopes, err := ParseScopes(c.Scopes)
	if err != nil {
		return Principal{}, fmt.Errorf("the row of a key: %w", err)
	}
	p := Principal{Key: id, Authority: c.Authority, scopes: scopes}
	k.seen.put(id, secret, p)
	return p, nil
}

// nobody is a row that no secret fits: its hash is that of none.
const nobody = `{"salt":"AAAAAAAAAAAAAAAAAAAAAA==","hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",` +
	`"scopes":"all","authority":{"objectType":"Agent","account":{"homePage":"http://localhost","name":"nobody"}}}`
