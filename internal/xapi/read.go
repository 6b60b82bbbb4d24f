package xapi

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds on nesting. What is stored may be deeper than what was sent: a context activity is wrapped into an array
// (AppendStored), and statements stand in the array of their batch (ParseMany).
const (
	maxDepth       = 64
	maxStoredDepth = maxDepth + 2
)

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

// read makes the tree of src, which must be exactly one JSON value. What does not come from our own store is not trusted:
// doubled keys and broken UTF-8 are refused.
func read(src []byte, trusted bool) (*tree, *Problem) {
	if len(src) > math.MaxInt32-1 {
		return nil, &Problem{Rule: ruleJSON, Message: "the JSON is longer than 2 GB"}
	}
	d := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(d)
	defer d.Reset(bytes.NewBuffer(nil)) // the pool must not keep src alive
	d.Reset(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(trusted), jsontext.AllowInvalidUTF8(trusted))
	r := reader{d: d, t: &tree{src: src, nodes: make([]node, 0, len(src)/20+8)}, limit: maxDepth}
	if trusted {
		r.limit = maxStoredDepth
	}
	return r.t, r.all()
}

// reader fills a tree from a decoder.
type reader struct {
	d      *jsontext.Decoder
	t      *tree
	limit  int
	depth  int                       // how many objects and arrays are open
	open   [maxStoredDepth + 2]frame // those; the first stands for what is around the root
	member node                      // holds a key that was read and waits for its value
}

// frame is an open object or array: its node, and its last child so far.
type frame struct{ node, last int32 }

func (r *reader) all() *Problem {
	for {
		var problem *Problem
		switch kind := r.d.PeekKind(); kind {
		case jsontext.KindBeginObject, jsontext.KindBeginArray:
			problem = r.begin(kind)
		case jsontext.KindEndObject, jsontext.KindEndArray:
			problem = r.end()
		default:
			problem = r.scalar(kind)
		}
		if problem != nil {
			return problem
		}
		if r.depth == 0 {
			return r.nothingMore()
		}
	}
}

func (r *reader) begin(kind jsontext.Kind) *Problem {
	if _, err := r.d.ReadToken(); err != nil {
		return syntaxProblem(err)
	}
	end := int32(r.d.InputOffset())
	n := r.add(kind, end-1, end)
	if r.depth == r.limit {
		return &Problem{Pointer: r.t.pointer(n), Rule: ruleJSON, Message: "objects and arrays are nested more than 64 deep"}
	}
	r.depth++
	r.open[r.depth] = frame{node: n}
	return nil
}

func (r *reader) end() *Problem {
	if _, err := r.d.ReadToken(); err != nil {
		return syntaxProblem(err)
	}
	r.t.nodes[r.open[r.depth].node].end = int32(r.d.InputOffset())
	r.depth--
	return nil
}

// scalar reads a value that holds no other, or a key.
func (r *reader) scalar(kind jsontext.Kind) *Problem {
	value, err := r.d.ReadValue()
	if err != nil {
		return syntaxProblem(err)
	}
	end := int32(r.d.InputOffset())
	start := end - int32(len(value))
	if r.depth > 0 && r.t.nodes[r.open[r.depth].node].kind == '{' && r.member.keyEnd == 0 {
		r.member.keyStart, r.member.keyEnd = start, end
		return nil
	}
	r.add(kind, start, end)
	return nil
}

// add appends a node as the last child of what is open. When the first guess at their number was too low it asks for exactly the
// room that the rest needs, so that no body costs more than a fixed multiple of its size.
func (r *reader) add(kind jsontext.Kind, start, end int32) int32 {
	t, parent := r.t, &r.open[r.depth]
	n := r.member
	r.member = node{}
	n.kind, n.start, n.end = kind, start, end
	if len(t.nodes) == cap(t.nodes) {
		t.nodes = append(make([]node, 0, len(t.nodes)+countValues(t.src[start:])), t.nodes...)
	}
	i := int32(len(t.nodes))
	t.nodes = append(t.nodes, n)
	switch {
	case i == 0:
	case parent.last == 0:
		t.nodes[parent.node].filled = true
	default:
		t.nodes[parent.last].next = i
	}
	parent.last = i
	return i
}

// countValues is how many values begin in src, at most: one, and one after each comma, brace and bracket outside of strings.
func countValues(src []byte) int {
	count := 1
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			i = skipString(src, i)
		case ',', '{', '[':
			count++
		}
	}
	return count
}

func (r *reader) nothingMore() *Problem {
	if _, err := r.d.ReadToken(); err == io.EOF {
		return nil
	}
	return &Problem{Rule: ruleJSON, Message: "there is more after the end of the JSON value"}
}

func syntaxProblem(err error) *Problem {
	p := &Problem{Rule: ruleJSON, Message: "the JSON is broken"}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		p.Pointer = string(syntactic.JSONPointer)
		p.Message = "the JSON is broken: " + strings.TrimPrefix(syntactic.Err.Error(), "jsontext: ")
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		p.Message = "a key stands twice in one object"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		p.Message = "the JSON ends too early"
	}
	return p
}
