// Package auth keeps keys and tells who a request comes from: a principal with scopes, and the authority that vouches for what
// it stores.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cairn/internal/kv"
)

// ErrUnauthorized: no key, or not the right secret. Which of the two is nobody's business.
var ErrUnauthorized = errors.New("auth: unauthorized")

// Keys are the keys of a store. It is safe for concurrent use.
type Keys struct {
	store kv.Store
	seen  *cache
}

// New returns the keys of a store.
func New(store kv.Store) *Keys { return &Keys{store: store, seen: newCache(time.Now)} }

// NewKey is what a key is made of.
type NewKey struct {
	ID, Secret string // both given, to pin them, or both empty
	Scopes     Scopes
	Label      string // its authority's name; may be empty
	HomePage   string // of the account that is its authority: the LRS's address
}

// credential is a key as it is stored. Secrets that Cairn makes have 256 random bits, which no one can try out, so a fast hash
// keeps them as well as a slow one would, and costs a request nothing. A pinned secret is as strong as whoever chose it.
type credential struct {
	Salt      []byte          `json:"salt"`
	Hash      []byte          `json:"hash"`
	Scopes    string          `json:"scopes"`
	Label     string          `json:"label,omitempty"`
	Authority json.RawMessage `json:"authority"`
	Created   time.Time       `json:"created"`
}

func hashOf(salt []byte, secret string) []byte {
	sum := sha256.Sum256(append(salt[:len(salt):len(salt)], secret...))
	return sum[:]
}

// Make makes a key and returns its id and secret, which is kept nowhere else. A pinned key replaces the one of its id.
func (k *Keys) Make(ctx context.Context, n NewKey) (id, secret string, err error) {
	id, secret = n.ID, n.Secret
	if id == "" {
		random := make([]byte, 48)
		rand.Read(random)
		id, secret = hex.EncodeToString(random[:16]), base64.RawURLEncoding.EncodeToString(random[16:])
	}
	if strings.Contains(id, ":") || len(id) > maxID {
		return "", "", fmt.Errorf("a key's id holds no colon and at most %d bytes", maxID)
	}
	c := credential{Salt: make([]byte, 16), Scopes: n.Scopes.String(), Label: n.Label, Created: time.Now().UTC()}
	rand.Read(c.Salt)
	c.Hash = hashOf(c.Salt, secret)
	if c.Authority, err = authority(n, id); err != nil {
		return "", "", err
	}
	value, err := json.Marshal(c)
	if err != nil {
		return "", "", err
	}
	if err := k.store.Put(ctx, kv.Item{Key: keyOf(id), Value: value, Version: kv.NewVersion()}, kv.Always); err != nil {
		return "", "", fmt.Errorf("storing a key: %w", err)
	}
	return id, secret, nil
}

// authority is the agent of a key: an account at the LRS (xAPI 1.0.3 Data 2.4.9).
func authority(n NewKey, id string) ([]byte, error) {
	type account struct {
		HomePage string `json:"homePage"`
		Name     string `json:"name"`
	}
	return json.Marshal(struct {
		ObjectType string  `json:"objectType"`
		Name       string  `json:"name,omitempty"`
		Account    account `json:"account"`
	}{"Agent", n.Label, account{n.HomePage, id}})
}

// Any says whether a key was ever made.
func (k *Keys) Any(ctx context.Context) (bool, error) {
	span := &kv.Span{Table: kv.Control, Partition: keyOf("x").Partition, Limit: 1, Strength: kv.Strong}
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

// Basic tells who sent an Authorization header of Basic authentication (RFC 7617): ErrUnauthorized, or a fault of the storage,
// otherwise.
func (k *Keys) Basic(ctx context.Context, header string) (Principal, error) {
	id, secret, ok := parseBasic(header)
	if !ok {
		return Principal{}, ErrUnauthorized
	}
	if p, ok := k.seen.get(id, secret); ok {
		return p, nil
	}
	c, err := k.read(ctx, id)
	if err != nil {
		return Principal{}, err
	}
	// A key that does not exist has its secret compared all the same, so that an answer's time does not tell.
	if subtle.ConstantTimeCompare(hashOf(c.Salt, secret), c.Hash) != 1 {
		return Principal{}, ErrUnauthorized
	}
	scopes, err := ParseScopes(c.Scopes)
	if err != nil {
		return Principal{}, fmt.Errorf("the scopes of a key: %w", err)
	}
	p := Principal{Key: id, Authority: c.Authority, Scopes: scopes}
	k.seen.put(id, secret, p)
	return p, nil
}

// read returns a key's row; of one that does not exist, a row that no secret fits.
func (k *Keys) read(ctx context.Context, id string) (credential, error) {
	none := credential{Salt: make([]byte, 16), Hash: make([]byte, sha256.Size)}
	if len(id) > maxID {
		return none, nil
	}
	item, err := k.store.Get(ctx, keyOf(id), kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return none, nil
	}
	if err != nil {
		return none, fmt.Errorf("reading a key: %w", err)
	}
	var c credential
	if err := json.Unmarshal(item.Value, &c); err != nil {
		return none, fmt.Errorf("the row of a key cannot be read: %w", err)
	}
	return c, nil
}

func parseBasic(header string) (id, secret string, ok bool) {
	scheme, rest, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
	if err != nil {
		return "", "", false
	}
	id, secret, ok = strings.Cut(string(decoded), ":")
	return id, secret, ok && id != ""
}

// maxID keeps a key's id within a sort key.
const maxID = 200

// keyOf is where a key stands in control: "key" | id.
func keyOf(id string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("key"), Sort: []byte(id)}
}
