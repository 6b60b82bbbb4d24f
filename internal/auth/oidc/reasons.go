package oidc

import "cairn/internal/auth"

// reason is why a token is refused, as whoever sent it is told in error_description (RFC 6750, 3): general words, in characters that
// may stand there.
type reason string

const (
	tooLong       reason = "the token is longer than 16 KB"
	notSigned     reason = "the token is not a JWT with a signature of a kind that is taken"
	critical      reason = "the token insists on what is not known here"
	otherKind     reason = "the token is of a kind that is not taken"
	unreadable    reason = "the token's claims cannot be read"
	otherIssuer   reason = "the token is of an issuer whose tokens are not taken"
	unknownKey    reason = "the token is signed by a key that the issuer does not publish"
	badSignature  reason = "the token's signature is not the issuer's"
	otherAudience reason = "the token is made for another audience"
	endless       reason = "the token never expires"
	expired       reason = "the token has expired"
	notYet        reason = "the token is not good yet"
	otherNonce    reason = "the token is none that this sign-in asked for"
	nobody        reason = "the token names neither a subject nor a client"
)

func (r reason) refuse() error { return &auth.BadToken{Why: string(r)} }
