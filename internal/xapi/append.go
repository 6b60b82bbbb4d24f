package xapi

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// appendMembers appends the object n in the order of its members, letting value append what stands under each key. It leaves the
// object open, so that more members may follow.
func (t *tree) appendMembers(dst []byte, n int32, value func(dst, key []byte, m int32) []byte) []byte {
	dst = append(dst, '{')
	for m := t.first(n); m != 0; m = t.next(m) {
		dst = value(t.appendRawKey(dst, m), t.key(m), m)
	}
	return dst
}

// appendElements appends the array n, letting value append each element. What is no array is appended as it is.
func (t *tree) appendElements(dst []byte, n int32, value func(dst []byte, m int32) []byte) []byte {
	if t.kind(n) != '[' {
		return t.appendCompact(dst, n)
	}
	dst = append(dst, '[')
	for m := t.first(n); m != 0; m = t.next(m) {
		if m != t.first(n) {
			dst = append(dst, ',')
		}
		dst = value(dst, m)
	}
	return append(dst, ']')
}

// appendKey appends a key to an open object; the key needs no escapes.
func appendKey(dst []byte, key string) []byte {
	dst = append(append(appendComma(dst), '"'), key...)
	return append(dst, '"', ':')
}

// appendRawKey appends the key of m, as it was sent, to an open object.
func (t *tree) appendRawKey(dst []byte, m int32) []byte {
	dst = append(appendComma(dst), t.rawKey(m)...)
	return append(dst, ':')
}

// appendComma separates a member from the one before it: no value ends with a brace that opens.
func appendComma(dst []byte) []byte {
	if dst[len(dst)-1] == '{' {
		return dst
	}
	return append(dst, ',')
}

func appendString[Bytes ~string | ~[]byte](dst []byte, s Bytes) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}

// appendText appends the string n in the one spelling that all its spellings share.
func (t *tree) appendText(dst []byte, n int32) []byte {
	if !t.nodes[n].escaped {
		return append(dst, t.raw(n)...)
	}
	return appendString(dst, t.text(n))
}

// appendKeyText does the same for the key of m.
func (t *tree) appendKeyText(dst []byte, m int32) []byte {
	if !t.nodes[m].keyEscaped {
		return append(dst, t.rawKey(m)...)
	}
	return appendString(dst, t.key(m))
}

func appendInstant(dst []byte, at time.Time) []byte {
	dst = at.UTC().AppendFormat(append(dst, '"'), time.RFC3339) // which has a fast way, unlike StoredLayout
	micros := len(dst) - 1
	dst = strconv.AppendInt(dst[:micros], int64(1_000_000+at.Nanosecond()/1000), 10)
	dst[micros] = '.'
	return append(dst, 'Z', '"')
}

// appendCompact appends n without the white space between its tokens; the tokens stay as they are.
func (t *tree) appendCompact(dst []byte, n int32) []byte {
	kind := t.kind(n)
	if !t.spaced || kind != '{' && kind != '[' {
		return append(dst, t.raw(n)...)
	}
	dst = append(dst, kind)
	for m := t.first(n); m != 0; m = t.next(m) {
		if m != t.first(n) {
			dst = append(dst, ',')
		}
		if kind == '{' {
			dst = append(append(dst, t.rawKey(m)...), ':')
		}
		dst = t.appendCompact(dst, m)
	}
	return append(dst, kind+2) // in ASCII, what closes is two after what opens
}

// appendCompact appends JSON that is no part of a tree in the same way.
func appendCompact(dst, src []byte) []byte {
	from := 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			i = endOfString(src, i)
		case ' ', '\t', '\n', '\r':
			dst = append(dst, src[from:i]...)
			from = i + 1
		}
	}
	return append(dst, src[from:]...)
}
