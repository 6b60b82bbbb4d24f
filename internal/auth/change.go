package auth

import (
	"context"
	"errors"
	"time"
)

// Change says what of a key is to be another; what is nil stays.
type Change struct {
	Label   *string
	Scopes  *Scopes
	Expires *time.Time // the zero time: never
	Limits  *Limits
}

// Change changes a key and tells of it as it is then. Its authority stays: it is how the statements that the key stored are known as its
// own. The error is ErrNoKey, *Invalid, or a fault of the storage; making the same change again is safe after any.
func (k *Keys) Change(ctx context.Context, id string, change Change) (Key, error) {
	c, err := k.alter(ctx, id, func(c *credential) error {
		if change.Label != nil {
			c.Label = *change.Label
		}
		if change.Scopes != nil {
			c.Scopes = change.Scopes.String()
		}
		if change.Expires != nil {
			c.Expires = *change.Expires
		}
		if change.Limits != nil {
			c.Limits = *change.Limits
		}
		scopes, err := ParseScopes(c.Scopes)
		if err != nil {
			return &Invalid{"scopes", err.Error()}
		}
		return checkSettings(c.Label, scopes, c.Limits)
	})
	if err != nil {
		return Key{}, err
	}
	return c.tell(id)
}

// MaxOverlap is how long a secret may fit beside the one that took its place.
const MaxOverlap = 30 * 24 * time.Hour

// maxBefore is how many secrets may fit beside the newest.
const maxBefore = 8

// ErrRevoked: the key is revoked, and that is for good.
var ErrRevoked = errors.New("auth: the key is revoked")

// Rotate gives a key a new secret, and returns it. Those before fit for no longer than overlap from now. When it fails it may have taken
// effect, and nobody knows the new secret; made again, the one that clients know still fits its overlap. The error is ErrNoKey, ErrRevoked,
// or a fault of the storage.
func (k *Keys) Rotate(ctx context.Context, id string, overlap time.Duration) (secret string, err error) {
	secret = newSecret()
	_, err = k.alter(ctx, id, func(c *credential) error {
		if !c.Revoked.IsZero() {
			return ErrRevoked
		}
		now := time.Now().UTC()
		until, kept := now.Add(min(max(overlap, 0), MaxOverlap)), []former(nil)
		for _, f := range append([]former{{c.hashed, until}}, c.Before...) {
			if f.Until = earlier(f.Until, until); now.Before(f.Until) && len(kept) < maxBefore {
				kept = append(kept, f)
			}
		}
		c.hashed, c.Before, c.Rotated = hashedOf(secret), kept, now
		return nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Revoke has a key refused, for good: here at once, by other processes within a minute. It stays, since its authority vouches for what it
// stored. The error is ErrNoKey, or a fault of the storage; revoking again is safe.
func (k *Keys) Revoke(ctx context.Context, id string) error {
	_, err := k.alter(ctx, id, func(c *credential) error {
		if c.Revoked.IsZero() {
			c.Revoked = time.Now().UTC()
		}
		return nil
	})
	return err
}
