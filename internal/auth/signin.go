package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// SignIn tells whose a key's id and secret are, as a request with them is told by Basic authentication; and gives a proof, by which whoever
// signed in is known again (SignedIn). The secret cannot be had from it. The error is ErrUnauthorized, or a fault of the storage.
func (k *Keys) SignIn(ctx context.Context, id, secret string) (p Principal, proof string, err error) {
	if !isID(id) {
		return p, "", ErrUnauthorized
	}
	p, by, _, err := k.admit(ctx, id, func(h hashed) bool { return h.fits(secret) })
	if err != nil {
		return p, "", err
	}
	return p, by.proof(), nil
}

// SignedIn tells whose a proof is, for as long as the secret is good that it was given for: a key that was revoked, expired or got another secret by
// another process is known as it was for up to a minute. The error is ErrUnauthorized, or a fault of the storage.
func (k *Keys) SignedIn(ctx context.Context, id, proof string) (Principal, error) {
	if !isID(id) {
		return Principal{}, ErrUnauthorized
	}
	name := "Proof " + proof + " " + id // no key's credentials have a space
	if p, ok := k.seen.get(name); ok {
		return p, nil
	}
	return k.look(ctx, name, id, func(h hashed) bool { return subtle.ConstantTimeCompare([]byte(h.proof()), []byte(proof)) == 1 })
}

func (h hashed) proof() string {
	sum := sha256.Sum256(append([]byte("proof"), h.Hash...))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
