package auth

import (
	"strconv"
	"testing"
	"time"
)

func TestMemoryIsBounded(t *testing.T) {
	c := newCache()
	for n := range 5 * keepMost {
		id := strconv.Itoa(n)
		c.put(id, Principal{Key: id}, time.Time{}, c.now())
		if p, ok := c.get(id); !ok || p.Key != id {
			t.Fatalf("what was just remembered is %v, %q", ok, p.Key)
		}
	}
	if len(c.seen) > keepMost {
		t.Errorf("%d are remembered", len(c.seen))
	}
}
