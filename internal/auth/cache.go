package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// How long a verified secret is not looked up again, which is how long a key that is taken back still works; and how many are
// kept. Refusals are not kept.
const (
	keepFor  = time.Minute
	keepMost = 1000
)

// cache remembers who a pair of id and secret was. It keeps a hash under a key of its own, not the secret.
type cache struct {
	now  func() time.Time
	salt [32]byte

	mu   sync.Mutex
	seen map[[sha256.Size]byte]verified
}

type verified struct {
	Principal
	until time.Time
}

func newCache(now func() time.Time) *cache {
	c := &cache{now: now, seen: map[[sha256.Size]byte]verified{}}
	rand.Read(c.salt[:])
	return c
}

func (c *cache) name(id, secret string) [sha256.Size]byte {
	b := append(c.salt[:len(c.salt):len(c.salt)], id...)
	b = append(b, 0)
	return sha256.Sum256(append(b, secret...))
}

func (c *cache) get(id, secret string) (Principal, bool) {
	name := c.name(id, secret)
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.seen[name]
	return v.Principal, ok && c.now().Before(v.until)
}

func (c *cache) put(id, secret string, p Principal) {
	name := c.name(id, secret)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) >= keepMost {
		clear(c.seen)
	}
	c.seen[name] = verified{p, c.now().Add(keepFor)}
}
