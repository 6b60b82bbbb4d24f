package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// How long credentials that were good are not looked at again, and how many are remembered. Refusals are not: a key can be used the
// moment it is made, and whoever guesses fills no memory.
const (
	keepFor  = time.Minute
	keepMost = 1000
)

// cache remembers whose credentials were. It knows them by a hash that is salted anew in each process, not as they are.
type cache struct {
	salt [32]byte

	mu         sync.Mutex
	seen       map[[sha256.Size]byte]verified
	generation int // of what was forgotten
}

type verified struct {
	Principal
	until time.Time
}

func newCache() *cache {
	c := &cache{seen: map[[sha256.Size]byte]verified{}}
	rand.Read(c.salt[:])
	return c
}

func (c *cache) name(credentials string) [sha256.Size]byte {
	return sha256.Sum256([]byte(string(c.salt[:]) + credentials))
}

func (c *cache) get(credentials string) (Principal, bool) {
	name := c.name(credentials)
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.seen[name]
	return v.Principal, ok && time.Now().Before(v.until)
}

// now is what put wants to know from before the credentials were looked at.
func (c *cache) now() (generation int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation
}

// put remembers whose credentials are, for as long as they are good: a zero time is for ever. What was looked at before something was forgotten may
// be what was forgotten, and is not remembered.
func (c *cache) put(credentials string, p Principal, until time.Time, generation int) {
	name := c.name(credentials)
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return
	}
	if len(c.seen) >= keepMost {
		clear(c.seen)
	}
	c.seen[name] = verified{p, earlier(time.Now().Add(keepFor), until)}
}

func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.seen)
	c.generation++
}
