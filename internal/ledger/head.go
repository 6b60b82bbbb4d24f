package ledger

import (
	"encoding/binary"
	"fmt"
	mathbits "math/bits"
	"slices"
)

// bits is a bitmap by ordinal; nil is all zero.
type bits []byte

func (b bits) has(n uint16) bool { return int(n/8) < len(b) && b[n/8]&(1<<(n%8)) != 0 }

// count is how many are set.
func (b bits) count() (n int) {
	for _, eight := range b {
		n += mathbits.OnesCount8(eight)
	}
	return n
}

// with returns b with bit n set, in an entry of count statements.
func (b bits) with(n uint16, count int) bits {
	set := make(bits, (count+7)/8)
	copy(set, b)
	set[n/8] |= 1 << (n % 8)
	return set
}

// head is the item that commits an entry, or a fence that keeps its writer from committing.
type head struct {
	fence   bool
	defines bool     // its writer may define activities (scope "define")
	count   int      // statements
	firsts  []uint16 // ordinal of the first statement of each part
	out     bits     // stored elsewhere already
	voided  bits
	erased  bits
	body    []byte // the part, when there is one
}

const (
	headEntry = 1
	headFence = 2

	flagDefines = 1
	flagOut     = 2
	flagVoided  = 4
	flagErased  = 8
)

var errHead = fmt.Errorf("%w: a head cannot be read", ErrDamaged)

// encode: kind, flags, count, number of parts, their first ordinals but the first, the bitmaps that are not empty, the body.
func (h *head) encode() []byte {
	if h.fence {
		return []byte{headFence}
	}
	flags := byte(0)
	if h.defines {
		flags |= flagDefines
	}
	maps := h.maps()
	for _, m := range maps {
		if len(*m.bits) > 0 {
			flags |= m.flag
		}
	}
	b := make([]byte, 0, len(h.body)+16+3*(h.count/8+1)+3*len(h.firsts))
	b = append(b, headEntry, flags)
	b = binary.AppendUvarint(b, uint64(h.count))
	b = binary.AppendUvarint(b, uint64(len(h.firsts)))
	for _, first := range h.firsts[1:] {
		b = binary.AppendUvarint(b, uint64(first))
	}
	for _, m := range maps {
		b = append(b, *m.bits...)
	}
	return append(b, h.body...)
}

type headMap struct {
	flag byte
	bits *bits
}

func (h *head) maps() [3]headMap {
	return [3]headMap{{flagOut, &h.out}, {flagVoided, &h.voided}, {flagErased, &h.erased}}
}

func decodeHead(b []byte) (*head, error) {
	if len(b) > 0 && b[0] == headFence {
		return &head{fence: true}, nil
	}
	if len(b) < 4 || b[0] != headEntry {
		return nil, errHead
	}
	h := &head{defines: b[1]&flagDefines != 0}
	flags, r := b[1], uvarints{rest: b[2:]}
	h.count = int(r.next(MaxEntry))
	h.firsts = []uint16{0}
	for n := r.next(MaxEntry); n > 1; n-- {
		h.firsts = append(h.firsts, uint16(r.next(MaxEntry)))
	}
	for _, m := range h.maps() {
		if flags&m.flag != 0 {
			*m.bits = r.bytes((h.count + 7) / 8)
		}
	}
	if r.bad || h.count == 0 {
		return nil, errHead
	}
	if len(h.firsts) == 1 {
		h.body = r.rest
	}
	return h, nil
}

// partOf is the number of the part that holds an ordinal: 0 when the body stands in the head, else from 1.
func (h *head) partOf(ordinal uint16) uint16 {
	if len(h.firsts) == 1 {
		return 0
	}
	n, exact := slices.BinarySearch(h.firsts, ordinal)
	if exact {
		n++
	}
	return uint16(n)
}

// uvarints reads numbers and bytes off a slice; once something does not fit, everything is bad.
type uvarints struct {
	rest []byte
	bad  bool
}

func (r *uvarints) next(limit uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > limit {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *uvarints) bytes(n int) []byte {
	if n > len(r.rest) {
		r.bad = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}
