package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
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
	hashed
	Before    []former        `json:"before,omitempty"` // secrets that still fit for a while, the newest first
	Scopes    string          `json:"scopes"`
	Label     string          `json:"label,omitempty"`
	Authority json.RawMessage `json:"authority"`
	Created   time.Time       `json:"created"`
	Expires   time.Time       `json:"expires,omitzero"`
	Rotated   time.Time       `json:"rotated,omitzero"`
	Revoked   time.Time       `json:"revoked,omitzero"`
	Used      time.Time       `json:"used,omitzero"`
	Limits    Limits          `json:"limits,omitzero"`

	version uint64
}

// hashed is a secret as it is kept.
type hashed struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
}

// former is a secret from before a rotation.
type former struct {
	hashed
	Until time.Time `json:"until"`
}

func hashedOf(secret string) hashed {
	salt := random(16)
	return hashed{salt, hash(salt, secret)}
}

func (h hashed) fits(secret string) bool {
	return subtle.ConstantTimeCompare(hash(h.Salt, secret), h.Hash) == 1
}

// admits says whether the key is good and one of its secrets fits, which one, and until when that is so; the zero time is for ever.
func (c *credential) admits(fits func(hashed) bool, now time.Time) (by hashed, until time.Time, ok bool) {
	by, until, ok = c.hashed, c.Expires, fits(c.hashed)
	for _, f := range c.Before {
		if fits(f.hashed) && now.Before(f.Until) {
			by, until, ok = f.hashed, earlier(until, f.Until), true
		}
	}
	expired := !c.Expires.IsZero() && !now.Before(c.Expires)
	return by, until, ok && !expired && c.Revoked.IsZero()
}

// earlier is the first of two times of which the zero one never comes.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
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

// alter reads a key's row, has it changed, and writes it, on condition that it is as read: again, when somebody else was faster. The
// process that alters a key forgets what it knew of it. The error is ErrNoKey, that of change, or a fault of the storage.
func (k *Keys) alter(ctx context.Context, id string, change func(*credential) error) (credential, error) {
	if !isID(id) {
		return credential{}, ErrNoKey
	}
	defer k.seen.forget()
	for {
		c, err := k.read(ctx, id)
		if errors.Is(err, kv.ErrAbsent) {
			return c, ErrNoKey
		}
		if err != nil {
			return c, err
		}
		if err := change(&c); err != nil {
			return c, err
		}
		var moved *kv.Conflict
		if err := k.write(ctx, id, c); !errors.As(err, &moved) {
			return c, err
		}
	}
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
