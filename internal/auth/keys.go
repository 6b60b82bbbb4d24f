package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// Every key of ours in the table control.
//
//	control  "key" | key id     credential

var partition = []byte("key")

func keyOf(id string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: partition, Sort: []byte(id)}
}

// credential is a key's row. A secret that Make makes has 256 random bits: nobody tries these out, so a fast hash keeps it as
// safe as a slow one would, and costs a request nothing. A pinned secret is only as strong as what was chosen: who reads this
// table can try out a weak one.
type credential struct {
	Salt      []byte          `json:"salt"`
	Hash      []byte          `json:"hash"`
	Scopes    string          `json:"scopes"`
	Label     string          `json:"label,omitempty"`
	Authority json.RawMessage `json:"authority"`
	Created   time.Time       `json:"created"`

	version uint64
}

// keep makes secret the one that fits.
func (c *credential) keep(secret string) {
	c.Salt = make([]byte, 16)
	rand.Read(c.Salt)
	c.Hash = hash(c.Salt, secret)
}

func (c *credential) fits(secret string) bool {
	return subtle.ConstantTimeCompare(hash(c.Salt, secret), c.Hash) == 1
}

func hash(salt []byte, secret string) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(secret))
	return h.Sum(nil)
}

// read returns a key's row as it stands, or kv.ErrAbsent.
func (k *Keys) read(ctx context.Context, id string) (credential, error) {
	item, err := k.store.Get(ctx, keyOf(id), kv.Strong)
	if err != nil {
		return credential{}, fmt.Errorf("reading a key: %w", err)
	}
	c, err := decode(item.Value)
	c.version = item.Version
	return c, err
}

func decode(value []byte) (c credential, err error) {
	if err := json.Unmarshal(value, &c); err != nil {
		return c, fmt.Errorf("the row of a key cannot be read: %w", err)
	}
	return c, nil
}

// write puts a key's row in place of the one it was read from; *kv.Conflict when that has changed.
func (k *Keys) write(ctx context.Context, id string, c credential) error {
	value, err := json.Marshal(c)
	if err != nil {
		return err
	}
	cond := kv.Absent
	if c.version != 0 {
		cond = kv.IfVersion(c.version)
	}
	if err := k.store.Put(ctx, kv.Item{Key: keyOf(id), Value: value, Version: kv.NewVersion()}, cond); err != nil {
		return fmt.Errorf("storing a key: %w", err)
	}
	return nil
}
