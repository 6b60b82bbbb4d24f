package xapi

import "math"

// reader makes the nodes of a tree in one pass. Its methods take the index at which something begins and return the index after
// it, or broken.
type reader struct {
	src     []byte
	nodes   []node
	trusted bool
	spaced  bool  // there was white space between tokens
	levels  int   // how many more objects and arrays may open
	tooDeep int32 // the one that was one too many
}

// broken is past the end of every text. Nothing is found there, so a failure needs no check on its way up: whoever goes on from it
// fails too.
const broken = math.MaxInt32

// at is the byte at i; past the end it is 0, which may stand nowhere.
func (r *reader) at(i int) byte {
	if uint(i) < uint(len(r.src)) {
		return r.src[i]
	}
	return 0
}

// value reads any value into the node n.
func (r *reader) value(n int32, i int) int {
	v := &r.nodes[n]
	v.start, v.kind = int32(i), r.at(i)
	end := broken
	switch v.kind {
	case '"':
		end, v.escaped = r.text(i)
	case '{':
		end = r.members(n, i, '}')
	case '[':
		end = r.members(n, i, ']')
	case 't':
		end = r.word(i, "true")
	case 'f':
		end = r.word(i, "false")
	case 'n':
		end = r.word(i, "null")
	default:
		v.kind = '0'
		end = r.number(i)
	}
	r.nodes[n].end = int32(end) // not v: the nodes may have moved
	return end
}

// members reads the object or array n, up to what closes it.
func (r *reader) members(n int32, i int, closing byte) int {
	if r.levels == 0 {
		r.tooDeep = n
		return broken
	}
	r.levels--
	var keys marks
	i = r.space(i + 1)
	// It may close at once, but not after a comma.
	for last := n; r.at(i) != closing || last != n; i = r.space(i + 1) {
		last = r.add(n, last, i)
		if closing == '}' {
			i = r.key(last, i, &keys)
		}
		if i = r.space(r.value(last, i)); r.at(i) != ',' {
			break
		}
	}
	r.levels++
	if r.at(i) != closing || keys.doubtful && r.doubled(n) {
		return broken
	}
	return i + 1
}

// key reads the key of the node n, and its colon.
func (r *reader) key(n int32, i int, keys *marks) int {
	if r.at(i) != '"' {
		return broken
	}
	end, escaped := r.text(i)
	colon := r.space(end)
	if r.at(colon) != ':' {
		return broken
	}
	m := &r.nodes[n]
	m.keyStart, m.keyEnd, m.keyEscaped = int32(i), int32(end), escaped
	if !r.trusted {
		keys.add(r.src[i+1:end-1], escaped)
	}
	return r.space(colon + 1)
}

// marks are those of an object's keys: as long as they differ, so do the keys.
type marks struct {
	seen     uint64
	doubtful bool
}

// add adds a key. One with escapes may be any.
func (k *marks) add(key []byte, escaped bool) {
	bit := uint64(1) << mark(key)
	k.doubtful = k.doubtful || escaped || k.seen&bit != 0
	k.seen |= bit
}

// add appends a node that begins at i as a child of parent, after its child last, which is parent itself for the first one. When
// the first guess at the number of nodes was too low it asks for exactly the room that the rest needs, so that no body costs more
// than a fixed multiple of its size.
func (r *reader) add(parent, last int32, i int) int32 {
	n := int32(len(r.nodes))
	if len(r.nodes) == cap(r.nodes) {
		rest := r.src[min(i, len(r.src)):]
		r.nodes = append(make([]node, 0, len(r.nodes)+countValues(rest)), r.nodes...)
	}
	r.nodes = append(r.nodes, node{})
	if last == parent {
		r.nodes[parent].filled = true
	} else {
		r.nodes[last].next = n
	}
	return n
}

// countValues is how many values begin in src, at most: one, and one after each comma, brace and bracket outside of strings.
func countValues(src []byte) int {
	count := 1
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			i = endOfString(src, i)
		case ',', '{', '[':
			count++
		}
	}
	return count
}

// fewMembers is how many members are compared each with each.
const fewMembers = 24

// doubled says whether two members of the object n have the same key. Of many, or where a key has escapes, an index is made: no
// object may cost the square of its size.
func (r *reader) doubled(n int32) bool {
	t := tree{src: r.src, nodes: r.nodes}
	count := 0
	for m := t.first(n); m != 0; m = t.next(m) {
		if count++; count > fewMembers || t.nodes[m].keyEscaped {
			return t.count(n) != len(t.index(n))
		}
		if find(&t, t.first(n), m, t.key(m)) != m {
			return true
		}
	}
	return false
}
