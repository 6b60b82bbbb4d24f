package xapi

import "github.com/go-json-experiment/json/jsontext"

// tree is JSON as read: one node for each value, in the order of the text, over the bytes as they came. The root is node 0, so
// 0 also says "none" where a node has no child or no next sibling; a node's first child is the node after it.
type tree struct {
	src    []byte
	nodes  []node
	spaced bool // src has white space between tokens
}

// node is one value. Spans are offsets into src; those of strings and keys include their quotes. It is kept small: a body of tiny
// values has a node for every two bytes.
type node struct {
	start, end          int32
	keyStart, keyEnd    int32
	next                int32
	kind                byte // the first byte of the value; '0' for every number
	filled              bool // has children
	escaped, keyEscaped bool // the string, or the key, has escapes
}

// absent is what get returns for a key that is not there; every accessor takes it and finds nothing.
const absent int32 = -1

// key is the key under which n stands in its object, unescaped.
func (t *tree) key(n int32) []byte {
	m := &t.nodes[n]
	if m.keyEscaped {
		return unescaped(t.rawKey(n))
	}
	return t.src[m.keyStart+1 : m.keyEnd-1]
}

// rawKey is the key of n as it was sent, with its quotes.
func (t *tree) rawKey(n int32) []byte { return t.src[t.nodes[n].keyStart:t.nodes[n].keyEnd] }

// text is the string n, unescaped; nil when n is not a string.
func (t *tree) text(n int32) []byte {
	if t.kind(n) != '"' {
		return nil
	}
	s := &t.nodes[n]
	if s.escaped {
		return unescaped(t.raw(n))
	}
	return t.src[s.start+1 : s.end-1]
}

// raw is n as it was sent.
func (t *tree) raw(n int32) []byte {
	if n == absent {
		return nil
	}
	return t.src[t.nodes[n].start:t.nodes[n].end]
}

func (t *tree) kind(n int32) byte {
	if n == absent {
		return 0
	}
	return t.nodes[n].kind
}

// first and next walk the children of n; 0 ends the walk.
func (t *tree) first(n int32) int32 {
	if n == absent || !t.nodes[n].filled {
		return 0
	}
	return n + 1
}

func (t *tree) next(n int32) int32 { return t.nodes[n].next }

// get is the value under key in the object n, or absent.
func (t *tree) get(n int32, key string) int32 {
	if t.kind(n) != '{' {
		return absent
	}
	if m := find(t, t.first(n), 0, key); m != 0 {
		return m
	}
	return absent
}

// find is the first of the siblings from m up to end, which is left out, that stands under key; end when none does.
func find[Bytes ~string | ~[]byte](t *tree, m, end int32, key Bytes) int32 {
	for m != end {
		// Of keys without escapes most are told apart by their length.
		if s := &t.nodes[m]; (int(s.keyEnd-s.keyStart) == len(key)+2 || s.keyEscaped) && string(t.key(m)) == string(key) {
			break
		}
		m = t.nodes[m].next
	}
	return m
}

// mark is a number below 64 that equal keys share, and few of those that stand in one object.
func mark(key []byte) uint8 {
	if len(key) == 0 {
		return 0
	}
	return (uint8(3*len(key)) + key[0] + 11*key[len(key)-1]) & 63
}

// count is how many children n has.
func (t *tree) count(n int32) int {
	count := 0
	for m := t.first(n); m != 0; m = t.next(m) {
		count++
	}
	return count
}

// index are the members of the object n by key: for objects that may have many.
func (t *tree) index(n int32) map[string]int32 {
	members := make(map[string]int32, t.count(n))
	for m := t.first(n); m != 0; m = t.next(m) {
		members[string(t.key(m))] = m
	}
	return members
}

// is says whether the object n holds the string value under key.
func (t *tree) is(n int32, key, value string) bool {
	return string(t.text(t.get(n, key))) == value
}

func unescaped(quoted []byte) []byte {
	plain, _ := jsontext.AppendUnquote(nil, quoted)
	return plain
}
