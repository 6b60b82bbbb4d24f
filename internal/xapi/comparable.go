package xapi

import (
	"bytes"
	"io"
	"slices"
	"sync"
	"time"
)

// WriteComparable writes to h a form of the statement that two statements share exactly when the specification calls them the same
// (xAPI 1.0.3 Data 2.3.1, IEEE 9274.1.1 4.2.3). It leaves out what an LRS assigns (id, stored, authority, version), verb.display
// and Activity Definitions; it is blind to the order of keys, Group members and attachments, to how strings, numbers and instants
// are spelt, to case where case means nothing, to a default objectType that is or is not written, to one context activity outside
// or inside an array, and to what of a duration is below 0.01 s.
func (s *Statement) WriteComparable(h io.Writer) {
	w := comparisons.Get().(*comparison)
	w.t, w.dst = s.t, w.dst[:0]
	w.statement(s.root)
	_, _ = h.Write(w.dst) // what h does with it is the caller's concern; a hash never fails
	w.t = nil             // the pool must not keep the statement alive
	comparisons.Put(w)
}

var comparisons = sync.Pool{New: func() any { return new(comparison) }}

// comparison builds the comparable form: JSON with sorted keys and one spelling for each value.
type comparison struct {
	t     *tree
	dst   []byte
	order []int32            // members of the objects being written, a stack
	skip  func(m int32) bool // tells what to leave out of the statement and its attachments; nil leaves nothing out
}

// form writes one value as it is compared; a nil form leaves it out.
type form func(w *comparison, n int32)

// value writes what has no form of its own.
func (w *comparison) value(n int32) {
	switch w.t.kind(n) {
	case '{':
		w.object(n, func([]byte, int32) form { return (*comparison).value })
	case '[':
		w.list(n, (*comparison).value)
	case '"':
		w.dst = w.t.appendText(w.dst, n)
	case '0':
		w.dst = parseDecimal(w.t.raw(n)).appendTo(w.dst)
	default:
		w.dst = append(w.dst, w.t.raw(n)...)
	}
}

// object writes the members of n in the order of their keys, each in the form that forms picks.
func (w *comparison) object(n int32, forms func(key []byte, m int32) form) {
	if w.t.kind(n) != '{' {
		w.value(n)
		return
	}
	from := len(w.order)
	for m := w.t.first(n); m != 0; m = w.t.next(m) {
		w.order = append(w.order, m)
	}
	slices.SortFunc(w.order[from:], func(a, b int32) int { return bytes.Compare(w.t.key(a), w.t.key(b)) })
	w.dst = append(w.dst, '{')
	for i := from; i < len(w.order); i++ {
		m := w.order[i]
		if write := forms(w.t.key(m), m); write != nil && (w.skip == nil || !w.skip(m)) {
			w.dst = append(w.t.appendKeyText(w.dst, m), ':')
			write(w, m)
			w.dst = append(w.dst, ',')
		}
	}
	w.dst = append(w.dst, '}')
	w.order = w.order[:from]
}

func (w *comparison) list(n int32, element form) {
	if w.t.kind(n) != '[' {
		w.value(n)
		return
	}
	w.dst = append(w.dst, '[')
	for m := w.t.first(n); m != 0; m = w.t.next(m) {
		element(w, m)
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, ']')
}

// unordered writes a list of which the order says nothing: its elements are sorted by their forms.
func (w *comparison) unordered(n int32, element form) {
	from := len(w.dst)
	var elements [][]byte
	for m := w.t.first(n); m != 0; m = w.t.next(m) {
		if w.skip != nil && w.skip(m) {
			continue
		}
		element(w, m)
		elements = append(elements, bytes.Clone(w.dst[from:]))
		w.dst = w.dst[:from]
	}
	slices.SortFunc(elements, bytes.Compare)
	w.dst = append(w.dst, '[')
	for _, e := range elements {
		w.dst = append(append(w.dst, e...), ',')
	}
	w.dst = append(w.dst, ']')
}

// lower writes a string of which the case says nothing.
func (w *comparison) lower(n int32) { w.folded(n, appendLower) }

func (w *comparison) mbox(n int32) { w.folded(n, appendMbox) }

// folded writes a string in the one spelling that fold appends. No fold makes characters that need an escape.
func (w *comparison) folded(n int32, fold func(dst, s []byte) []byte) {
	if w.t.nodes[n].escaped {
		w.dst = appendString(w.dst, fold(nil, w.t.text(n)))
		return
	}
	w.dst = append(fold(append(w.dst, '"'), w.t.text(n)), '"')
}

func (w *comparison) instant(n int32) {
	at, ok := w.t.time(n)
	if !ok {
		w.value(n)
		return
	}
	w.dst = at.AppendFormat(append(w.dst, '"'), time.RFC3339Nano)
	w.dst = append(w.dst, '"')
}

func (w *comparison) duration(n int32) {
	w.dst = append(appendComparableDuration(append(w.dst, '"'), w.t.text(n)), '"')
}
