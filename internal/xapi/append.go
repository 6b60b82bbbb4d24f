package xapi

import (
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
		return appendCompact(dst, t.raw(n))
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

func appendInstant(dst []byte, at time.Time) []byte {
	dst = at.UTC().AppendFormat(append(dst, '"'), StoredLayout)
	return append(dst, '"')
}

// appendCompact appends JSON without the whitespace between its tokens; the tokens stay as they are.
func appendCompact(dst, src []byte) []byte {
	from := 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			i = skipString(src, i)
		case ' ', '\t', '\n', '\r':
			dst = append(dst, src[from:i]...)
			from = i + 1
		}
	}
	return append(dst, src[from:]...)
}

// skipString is the index of the quote that ends the string which begins at i.
func skipString(src []byte, i int) int {
	for i++; i < len(src) && src[i] != '"'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i
}
