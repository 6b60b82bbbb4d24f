package xapi

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// space passes over white space.
func (r *reader) space(i int) int {
	for ; isSpace(r.at(i)); i++ {
		r.spaced = true
	}
	return i
}

func isSpace(c byte) bool { return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r') }

func (r *reader) word(i int, word string) int {
	if !strings.HasPrefix(string(r.src[i:min(len(r.src), i+len(word))]), word) {
		return broken
	}
	return i + len(word)
}

func (r *reader) number(i int) int {
	if r.at(i) == '-' {
		i++
	}
	if r.at(i) == '0' {
		i++
	} else {
		i = r.digits(i)
	}
	if r.at(i) == '.' {
		i = r.digits(i + 1)
	}
	if r.at(i)|0x20 == 'e' {
		i++
		if r.at(i) == '+' || r.at(i) == '-' {
			i++
		}
		i = r.digits(i)
	}
	return i
}

// digits reads one digit or more.
func (r *reader) digits(i int) int {
	from := i
	for c := r.at(i); '0' <= c && c <= '9'; c = r.at(i) {
		i++
	}
	if i == from {
		return broken
	}
	return i
}

// text reads a string, from quote to quote, and tells whether it has escapes.
func (r *reader) text(i int) (end int, escaped bool) {
	from, wide := i, false
	for i = plain(r.src, i+1, &wide); r.at(i) == '\\'; i = plain(r.src, i, &wide) {
		escaped = true
		i = r.escape(i)
	}
	if r.at(i) != '"' || wide && !r.trusted && !utf8.Valid(r.src[from:i]) {
		return broken, false
	}
	return i + 1, escaped
}

// plain is the index of the first byte from i on that ends a run of plain characters: a quote, a backslash or a control character.
// It looks at eight bytes at a time; wide is set when there may be characters beyond ASCII among them.
func plain(src []byte, i int, wide *bool) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	for ; i <= len(src)-8; i += 8 {
		w := binary.LittleEndian.Uint64(src[i:])
		if w&high != 0 {
			*wide = true
		}
		// The high bit of a byte is set if it is below a space, or zero after the quote or backslash is taken away. A borrow reaches
		// only bytes after one that is found.
		low, quote, backslash := w-' '*each, (w^'"'*each)-each, (w^'\\'*each)-each
		if found := (low | quote | backslash) &^ w & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(src) && src[i] >= ' ' && src[i] != '"' && src[i] != '\\'; i++ {
		if src[i] >= utf8.RuneSelf {
			*wide = true
		}
	}
	return i
}

// escape reads an escape sequence. Half a surrogate pair means nothing and is taken only from what is trusted.
func (r *reader) escape(i int) int {
	switch r.at(i + 1) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		switch unit := r.hex4(i + 2); {
		case unit < 0:
		case r.trusted || !utf16.IsSurrogate(unit):
			return i + 6
		case r.at(i+6) == '\\' && r.at(i+7) == 'u' && utf16.DecodeRune(unit, r.hex4(i+8)) != utf8.RuneError:
			return i + 12
		}
	}
	return broken
}

// hex4 is the number that the four hex digits at i make, or negative.
func (r *reader) hex4(i int) (unit rune) {
	for j := range 4 {
		digit := hexValue[r.at(i+j)]
		if digit == noHex {
			return -1
		}
		unit = unit<<4 | rune(digit)
	}
	return unit
}
