package xapi

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds on nesting. What is stored may be deeper than what was sent: a context activity is wrapped into an array
// (AppendStored), and statements stand in the array of their batch (ParseMany).
const (
	maxDepth       = 64
	maxStoredDepth = maxDepth + 2
)

// read makes the tree of src, which must be exactly one JSON value. What does not come from our own store is not trusted:
// doubled keys and broken UTF-8 are refused.
func read(src []byte, trusted bool) (*tree, *Problem) {
	if len(src) > math.MaxInt32-1 {
		return nil, &Problem{Rule: ruleJSON, Message: "the JSON is longer than 2 GB"}
	}
	r := reader{src: src, nodes: make([]node, 1, len(src)/20+8), trusted: trusted, levels: maxDepth}
	if trusted {
		r.levels = maxStoredDepth
	}
	end := r.space(r.value(0, r.space(0)))
	t := &tree{src: src, nodes: r.nodes, spaced: r.spaced}
	switch {
	case r.tooDeep != 0:
		return nil, &Problem{Pointer: t.pointer(r.tooDeep), Rule: ruleJSON,
			Message: "objects and arrays are nested more than 64 deep"}
	case end != len(src):
		return nil, refusal(src, trusted)
	}
	return t, nil
}

// refusal says why the reader did not take src. It asks jsontext, which takes exactly the same (FuzzReadAsJSONText) and can tell
// where and what, so that the reader need not.
func refusal(src []byte, trusted bool) *Problem {
	d := jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(trusted), jsontext.AllowInvalidUTF8(trusted))
	p := &Problem{Rule: ruleJSON, Message: "there is more after the end of the JSON value"}
	_, err := d.ReadToken()
	for err == nil && d.StackDepth() > 0 {
		_, err = d.ReadToken()
	}
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
