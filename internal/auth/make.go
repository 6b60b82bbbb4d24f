package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cairn/internal/kv"
	"cairn/internal/xapi"
)

// NewKey says what key to make.
type NewKey struct {
	ID, Secret string    // to pin them; what is empty is made of random bits
	Scopes     Scopes    // at least one
	Label      string    // the authority's name; may be empty
	Expires    time.Time // zero: never
	Limits     Limits
	HomePage   string // of the account that is the authority, with the key's id as its name: an IRI, such as the LRS's address
}

// Bounds in bytes of what is pinned.
const (
	MaxID     = 255
	maxSecret = 1024
	maxLabel  = 255
)

// Make makes a key and returns its id and its secret, which is kept nowhere. A pinned key that exists is changed to what is
// asked for, but its authority stays: it is how the statements that the key stored are known as its own. Making it again is
// safe after any error.
func (k *Keys) Make(ctx context.Context, n NewKey) (id, secret string, err error) {
	if n.ID == "" {
		n.ID = NewID()
	}
	if n.Secret == "" {
		n.Secret = newSecret()
	}
	if err := n.Check(); err != nil {
		return "", "", err
	}
	defer k.seen.forget()
	for {
		var moved *kv.Conflict
		if err := k.make(ctx, n); errors.As(err, &moved) {
			continue // somebody else made it at the same time: look again at what stands
		} else if err != nil {
			return "", "", err
		}
		return n.ID, n.Secret, nil
	}
}

func (k *Keys) make(ctx context.Context, n NewKey) error {
	c, err := k.read(ctx, n.ID)
	switch {
	case errors.Is(err, kv.ErrAbsent):
		c = credential{Authority: n.authority(), Created: time.Now().UTC()}
	case err != nil:
		return err
	case !c.Revoked.IsZero():
		return &Invalid{"id", "this key was revoked, which is for good: choose another id"}
	case c.fits(n.Secret) && c.Scopes == n.Scopes.String() && c.Label == n.Label && c.Expires.Equal(n.Expires) && c.Limits == n.Limits:
		return nil
	}
	c.hashed, c.Before = hashedOf(n.Secret), nil
	c.Scopes, c.Label, c.Expires, c.Limits = n.Scopes.String(), n.Label, n.Expires, n.Limits
	return k.write(ctx, n.ID, c)
}

// Invalid says what a key cannot be given: which member of it, and why.
type Invalid struct{ Member, Message string }

func (e *Invalid) Error() string { return e.Message }

// Check says whether a key can be made so; the error is an *Invalid.
func (n NewKey) Check() error {
	if strings.Contains(n.ID, ":") { // what follows one is the secret
		return &Invalid{"id", "a key's id must have no colon"}
	}
	if err := checkPlain("id", n.ID, MaxID); err != nil {
		return err
	}
	if err := checkPlain("secret", n.Secret, maxSecret); err != nil {
		return err
	}
	if err := xapi.ParseIRI(n.HomePage); err != nil {
		return &Invalid{"homePage", "a key's home page must be an IRI: " + err.Error()}
	}
	return checkSettings(n.Label, n.Scopes, n.Limits)
}

// checkSettings holds what a key can be given, when it is made and later.
func checkSettings(label string, scopes Scopes, limits Limits) error {
	if err := checkPlain("label", label, maxLabel); err != nil {
		return err
	}
	if scopes == 0 {
		return &Invalid{"scopes", "a key needs a scope"}
	}
	if limits.RequestsPerMinute < 0 || limits.StatementsPerDay < 0 {
		return &Invalid{"limits", "a limit is a number from 1, or none"}
	}
	return nil
}

func checkPlain(member, s string, most int) error {
	if len(s) > most || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return &Invalid{member, fmt.Sprintf("a key's %s must be at most %d bytes of UTF-8, without control characters", member, most)}
	}
	return nil
}

// authority is the agent that vouches for what the key stores. Each key has its own.
func (n NewKey) authority() []byte {
	type account struct {
		HomePage string `json:"homePage"`
		Name     string `json:"name"`
	}
	text, err := json.Marshal(struct {
		ObjectType string  `json:"objectType"`
		Name       string  `json:"name,omitempty"`
		Account    account `json:"account"`
	}{"Agent", n.Label, account{n.HomePage, n.ID}})
	if err != nil {
		panic(err) // strings always become JSON
	}
	return text
}

// NewID returns an id for a new key.
func NewID() string { return hex.EncodeToString(random(16)) }

func newSecret() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
