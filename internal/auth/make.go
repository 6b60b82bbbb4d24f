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
	ID, Secret string // to pin them; what is empty is made of random bits
	Scopes     Scopes // at least one
	Label      string // the authority's name; may be empty
	Expires    time.Time
	Limits     Limits
	HomePage   string // of the account that is the authority, with the key's id as its name: an IRI, such as the LRS's address
}

// Bounds in bytes of what is pinned.
const (
	maxID     = 255
	maxSecret = 1024
	maxLabel  = 255
)

// Make makes a key and returns its id and its secret, which is kept nowhere. A pinned key that exists is changed to what is
// asked for, but its authority stays: it is how the statements that the key stored are known as its own. Making it again is
// safe after any error.
func (k *Keys) Make(ctx context.Context, n NewKey) (id, secret string, err error) {
	if n.ID == "" {
		n.ID = hex.EncodeToString(random(16))
	}
	if n.Secret == "" {
		n.Secret = base64.RawURLEncoding.EncodeToString(random(32))
	}
	if err := n.check(); err != nil {
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
	case c.fits(n.Secret) && c.Scopes == n.Scopes.String() && c.Label == n.Label:
		return nil
	}
	c.keep(n.Secret)
	c.Scopes, c.Label = n.Scopes.String(), n.Label
	return k.write(ctx, n.ID, c)
}

func (n NewKey) check() error {
	switch {
	case strings.Contains(n.ID, ":"):
		return errors.New("a key's id must have no colon") // what follows one is the secret
	case !isPlain(n.ID, maxID):
		return fmt.Errorf("a key's id must be at most %d bytes of UTF-8, without control characters", maxID)
	case !isPlain(n.Secret, maxSecret):
		return fmt.Errorf("a key's secret must be at most %d bytes of UTF-8, without control characters", maxSecret)
	case !isPlain(n.Label, maxLabel):
		return fmt.Errorf("a key's label must be at most %d bytes of UTF-8, without control characters", maxLabel)
	case n.Scopes == 0:
		return errors.New("a key needs a scope")
	}
	if err := xapi.ParseIRI(n.HomePage); err != nil {
		return fmt.Errorf("a key's home page must be an IRI: %w", err)
	}
	return nil
}

func isPlain(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
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

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// Any says whether a key was ever made.
func (k *Keys) Any(ctx context.Context) (bool, error) {
	span := &kv.Span{Table: kv.Control, Partition: partition, Limit: 1, Strength: kv.Strong}
	for span != nil {
		page, err := k.store.Query(ctx, *span)
		if err != nil {
			return false, fmt.Errorf("looking for keys: %w", err)
		}
		if len(page.Items) > 0 {
			return true, nil
		}
		span = page.Next
	}
	return false, nil
}
