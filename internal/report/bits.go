package report

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// bitset is some of a block's learners.
type bitset [blockSize / 64]uint64

func (s *bitset) has(n uint16) bool { return s[n/64]>>(n%64)&1 == 1 }
func (s *bitset) set(n uint16)      { s[n/64] |= 1 << (n % 64) }
func (s *bitset) clear(n uint16)    { s[n/64] &^= 1 << (n % 64) }

// each yields the numbers in it, in order.
func (s *bitset) each(yield func(n uint16) bool) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(uint16(i*64 + bits.TrailingZeros64(word))) {
				return
			}
		}
	}
}

// appendTo writes the set: where it has few, as the gaps between them; else bit by bit.
func (s *bitset) appendTo(b []byte) []byte {
	gaps := make([]byte, 0, len(s)*8)
	before := -1
	for n := range s.each {
		if gaps = binary.AppendUvarint(gaps, uint64(int(n)-before)); len(gaps) >= len(s)*8 {
			break
		}
		before = int(n)
	}
	if len(gaps) < len(s)*8 {
		return append(binary.AppendUvarint(b, uint64(len(gaps))), gaps...)
	}
	b = binary.AppendUvarint(b, uint64(len(s)*8))
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

var errBits = errors.New("report: a list of learners cannot be read")

// readBits reads what appendTo wrote, and returns what follows.
func readBits(b []byte) (s *bitset, rest []byte, err error) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) || size > uint64(len(s)*8) {
		return nil, nil, errBits
	}
	s, b, rest = &bitset{}, b[n:n+int(size)], b[n+int(size):]
	if len(b) == len(s)*8 {
		for i := range s {
			s[i] = binary.LittleEndian.Uint64(b[i*8:])
		}
		return s, rest, nil
	}
	for at := uint64(0); len(b) > 0; {
		gap, n := binary.Uvarint(b)
		at += gap
		if n <= 0 || gap == 0 || at > blockSize {
			return nil, nil, errBits
		}
		s.set(uint16(at - 1))
		b = b[n:]
	}
	return s, rest, nil
}
