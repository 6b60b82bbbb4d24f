package xapi

import (
	"encoding/binary"
	"math/bits"
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
	if string(r.src[i:min(len(r.src), i+len(word))]) != word {
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

// A word of eight bytes: each 1, and each with its high bit alone.
const ones, highs = 0x0101010101010101, 0x8080808080808080

// text reads a string, from quote to quote, eight plain bytes at a time, and tells whether it has escapes.
func (r *reader) text(i int) (end int, escaped bool) {
	src, from := r.src, i
	var all uint64 // every byte of it, one over the other: a high bit tells of characters beyond ASCII
	for i++; ; i++ {
		for ; i <= len(src)-8; i += 8 {
			word := binary.LittleEndian.Uint64(src[i:])
			all |= word
			if found := special(word); found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
		}
		switch c := r.at(i); {
		case c == '"':
			if all&highs != 0 && !r.trusted && !utf8.Valid(src[from:i]) {
				return broken, false
			}
			return i + 1, escaped
		case c == '\\':
			escaped = true
			i = r.escape(i) - 1
		case c < ' ':
			return broken, false
		default:
			all |= uint64(c)
		}
	}
}

// endOfString is the index of the quote that ends the string which begins at i.
func endOfString(src []byte, i int) int {
	r := reader{src: src, trusted: true}
	end, _ := r.text(i)
	return end - 1
}

// special marks the first quote, backslash or control character of eight bytes, by its high bit; marks after the first may be wrong,
// since a subtraction borrows from the byte that follows.
func special(word uint64) uint64 {
	control, quote, backslash := word-' '*ones, (word^'"'*ones)-ones, (word^'\\'*ones)-ones
	return (control | quote | backslash) &^ word & highs
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
