package fold

import (
	"encoding/binary"
	"errors"
)

var errCut = errors.New("fold: a row is cut short, or none of ours")

// coder writes values, or reads them: each type says once what it is made of. Numbers are varints.
type coder struct {
	b       []byte
	reading bool
	failed  bool
}

func encode(visit func(*coder)) []byte {
	c := &coder{b: make([]byte, 0, 256)}
	visit(c)
	return c.b
}

func decode(b []byte, visit func(*coder)) error {
	c := &coder{b: b, reading: true}
	visit(c)
	if c.failed || len(c.b) > 0 {
		return errCut
	}
	return nil
}

func (c *coder) fail() { c.failed, c.b = true, nil }

func (c *coder) unsigned(n *uint64) {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, *n)
		return
	}
	v, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.fail()
		return
	}
	*n, c.b = v, c.b[size:]
}

func (c *coder) signed(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	c.unsigned(&u)
	*n = int64(u>>1) ^ -int64(u&1)
}

func (c *coder) text(s *string) {
	n := uint64(len(*s))
	c.unsigned(&n)
	if !c.reading {
		c.b = append(c.b, *s...)
		return
	}
	if n > uint64(len(c.b)) {
		c.fail()
		return
	}
	*s, c.b = string(c.b[:n]), c.b[n:]
}

// flags packs booleans, seven a byte.
func (c *coder) flags(all ...*bool) {
	bits := uint64(0)
	for i, f := range all {
		if *f {
			bits |= 1 << i
		}
	}
	c.unsigned(&bits)
	for i, f := range all {
		*f = bits>>i&1 == 1
	}
}

// small is any number of a narrower type.
func small[T ~uint8 | ~uint16 | ~uint32](c *coder, n *T) {
	u := uint64(*n)
	c.unsigned(&u)
	*n = T(u)
}

// since is a number that is told by what it is more than another.
func since(c *coder, n *int64, base int64) {
	d := *n - base
	c.signed(&d)
	*n = base + d
}

// list is any number of values. What each takes is at least a byte, so that a broken length asks for no more room than there are bytes.
func list[T any](c *coder, all *[]T, each func(*T)) {
	n := uint64(len(*all))
	c.unsigned(&n)
	if c.reading {
		if n > uint64(len(c.b)) {
			c.fail()
			return
		}
		*all = make([]T, n)
		if n == 0 {
			*all = nil
		}
	}
	for i := range *all {
		each(&(*all)[i])
	}
}
