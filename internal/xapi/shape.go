package xapi

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// shape is what the specification says of one kind of object: which keys it may have, and what stands under each.
type shape struct {
	name       string // as messages call it
	rule       rule
	properties []property
	required   uint32    // a bit for each property
	guess      [64]uint8 // by the mark of a key, the property that it likely is
}

type property struct {
	key      string
	required bool
	since    Version // 0 means any
	check    check
}

func newShape(name string, r rule, properties []property) shape {
	s := shape{name: name, rule: r, properties: properties}
	for i, p := range properties {
		s.guess[mark([]byte(p.key))] = uint8(i)
		if p.required {
			s.required |= 1 << i
		}
	}
	return s
}

// object checks that n is an object of the shape: no other keys, every value right, nothing missing.
func (c *checker) object(n int32, s *shape) *Problem {
	if p := c.kind(n, '{', "an object", s.rule); p != nil {
		return p
	}
	var seen uint32
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		i := s.find(c.t.key(m), c.version)
		if i < 0 {
			return c.unknownKey(m, s)
		}
		seen |= 1 << i
		if p := s.properties[i].check(c, m); p != nil {
			return p
		}
	}
	if missing := s.required &^ seen; missing != 0 {
		key := s.properties[bits.TrailingZeros32(missing)].key
		return c.fail(n, s.rule, fmt.Sprintf("%s must have %q", s.name, key))
	}
	return nil
}

// find is the index of the property under key that version v has, or -1.
func (s *shape) find(key []byte, v Version) int {
	i := int(s.guess[mark(key)])
	if s.properties[i].key != string(key) {
		i = slices.IndexFunc(s.properties, func(p property) bool { return p.key == string(key) })
	}
	if i >= 0 && s.properties[i].since > v {
		return -1
	}
	return i
}

func (c *checker) unknownKey(n int32, s *shape) *Problem {
	key := c.t.key(n)
	for _, p := range s.properties {
		switch {
		case p.key == string(key):
			return c.fail(n, ruleFormat, fmt.Sprintf("%q came with xAPI 2.0, this request follows %s", key, c.version))
		case strings.EqualFold(p.key, string(key)):
			return c.fail(n, ruleFormat, fmt.Sprintf("the key must be written %q", p.key))
		}
	}
	return c.fail(n, ruleFormat, fmt.Sprintf("%s has no property %s", s.name, excerpt(key)))
}
