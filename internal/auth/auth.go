// Package auth keeps keys, and tells from a request's credentials whose it is: a principal, with the scopes that say what it
// may do, the authority that vouches for what it stores (xAPI 1.0.3 Communication 4.0, Data 2.4.9), and the limits of how much.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cairn/internal/kv"
)

// ErrUnauthorized: no key, or not its secret, or one that is revoked or expired, or no credentials at all. Which of these is nobody's
// business.
var ErrUnauthorized = errors.New("auth: unauthorized")

// Keys are the keys of a store. It is safe for concurrent use.
type Keys struct {
	store kv.Store
	seen  *cache
	meter *meter
}

// New returns the keys of a store.
func New(store kv.Store) *Keys { return &Keys{store: store, seen: newCache(), meter: newMeter(store)} }

// basic tells whose credentials of Basic authentication are. The error is ErrUnauthorized, or a fault of the storage. A key that was
// changed, rotated or revoked by another process is known as it was for up to a minute; that it expires, to the second.
func (k *Keys) basic(ctx context.Context, credentials string) (Principal, error) {
	id, secret, ok := parseBasic(credentials)
	if !ok {
		return Principal{}, ErrUnauthorized
	}
	if p, ok := k.seen.get(credentials); ok {
		return p, nil
	}
	return k.look(ctx, credentials, id, func(h hashed) bool { return h.fits(secret) })
}

// look reads the row of a key, lets in whom one of its secrets fits, and remembers him by a name.
func (k *Keys) look(ctx context.Context, name, id string, fits func(hashed) bool) (Principal, error) {
	known := k.seen.now()
	p, _, until, err := k.admit(ctx, id, fits)
	if err == nil {
		k.seen.put(name, p, until, known)
	}
	return p, err
}

// admit reads the row of a key, and tells which of its secrets fits, and until when.
func (k *Keys) admit(ctx context.Context, id string, fits func(hashed) bool) (p Principal, by hashed, until time.Time, err error) {
	c, err := k.read(ctx, id)
	if errors.Is(err, kv.ErrAbsent) {
		c, err = decode([]byte(nobody)) // the same work as for a key that exists, so that the time taken tells nothing
	}
	if err != nil {
		return p, by, until, err
	}
	by, until, ok := c.admits(fits, time.Now())
	if !ok {
		return p, by, until, ErrUnauthorized
	}
	scopes, err := ParseScopes(c.Scopes)
	if err != nil {
		return p, by, until, fmt.Errorf("the row of a key: %w", err)
	}
	k.noteUse(ctx, id, c)
	return Principal{Key: id, Authority: c.Authority, scopes: scopes, limits: c.Limits}, by, until, nil
}

// usedKnown is how exactly it is known when a key was used last: its row is written no more often than this.
const usedKnown = time.Hour

// noteTime is how long a request waits for that at most.
const noteTime = 500 * time.Millisecond

// noteUse writes down that a key is used, when its row was read anyway and says nothing so new. A request does not fail for it, and
// whoever changes the key at the same time goes first.
func (k *Keys) noteUse(ctx context.Context, id string, c credential) {
	if time.Since(c.Used) < usedKnown {
		return
	}
	c.Used = time.Now().UTC()
	ctx, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	var moved *kv.Conflict
	if err := k.write(ctx, id, c); err != nil && !errors.As(err, &moved) {
		slog.WarnContext(ctx, "the last use of a key is not written down", "error", err.Error())
	}
}

// nobody is a row that no secret fits: its hash is that of none.
const nobody = `{"salt":"AAAAAAAAAAAAAAAAAAAAAA==","hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",` +
	`"scopes":"all","authority":{"objectType":"Agent","account":{"homePage":"http://localhost","name":"nobody"}}}`
