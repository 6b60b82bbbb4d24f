package xapi

import (
	"bytes"
	"slices"
)

// AppendActivity appends an Activity; a nil definition is left out.
func AppendActivity(dst []byte, id string, definition []byte) []byte {
	dst = appendString(append(dst, `{"objectType":"Activity","id":`...), id)
	if definition != nil {
		dst = appendCompact(append(dst, `,"definition":`...), definition)
	}
	return append(dst, '}')
}

// MergeDefinition adds a newer Activity Definition to what is known, either of which may be nil. Language maps and extensions merge
// key by key, so does the description of an interaction component that keeps its id; of everything else the newer value wins, and
// what newer does not mention stays. The result is compact. When newer says nothing new, the result is known, the same slice.
func MergeDefinition(known, newer []byte) []byte {
	if newer == nil || bytes.Equal(known, newer) {
		return known
	}
	fresh, problem := read(newer, true)
	if problem != nil || fresh.kind(0) != '{' {
		return known
	}
	old, problem := read(known, true)
	if problem != nil || old.kind(0) != '{' {
		return fresh.appendCompact(nil, 0)
	}
	m := merge{old: old, fresh: fresh, dst: make([]byte, 0, len(known)+len(newer))}
	m.objects(0, 0, m.property)
	if bytes.Equal(m.dst, old.appendCompact(make([]byte, 0, len(known)), 0)) {
		return known
	}
	return m.dst
}

// merge writes what two trees say together.
type merge struct {
	old, fresh *tree
	dst        []byte
}

// objects writes the members of o in their order, then those that only f has. What both have, both writes.
func (m *merge) objects(o, f int32, both func(key []byte, o, f int32)) {
	news := m.fresh.index(f)
	m.dst = m.old.appendMembers(m.dst, o, func(dst, key []byte, child int32) []byte {
		m.dst = dst
		if counterpart, ok := news[string(key)]; ok {
			both(key, child, counterpart)
		} else {
			m.dst = m.old.appendCompact(m.dst, child)
		}
		return m.dst
	})
	olds := m.old.index(o)
	for child := m.fresh.first(f); child != 0; child = m.fresh.next(child) {
		if _, ok := olds[string(m.fresh.key(child))]; !ok {
			m.dst = m.fresh.appendRawKey(m.dst, child)
			m.dst = m.fresh.appendCompact(m.dst, child)
		}
	}
	m.dst = append(m.dst, '}')
}

// property writes one property of a definition or component.
func (m *merge) property(key []byte, o, f int32) {
	switch kind := m.fresh.kind(f); {
	case kind != m.old.kind(o):
	case kind == '{' && (string(key) == "name" || string(key) == "description" || string(key) == "extensions"):
		m.objects(o, f, func(_ []byte, _, f int32) { m.dst = m.fresh.appendCompact(m.dst, f) })
		return
	case kind == '[' && slices.Contains(componentLists[:], string(key)):
		m.components(o, f)
		return
	}
	m.dst = m.fresh.appendCompact(m.dst, f)
}

// components writes the newer list of components, with the languages that were known for those that were there before.
func (m *merge) components(o, f int32) {
	olds := map[string]int32{}
	for child := m.old.first(o); child != 0; child = m.old.next(child) {
		olds[string(m.old.text(m.old.get(child, "id")))] = child
	}
	m.dst = m.fresh.appendElements(m.dst, f, func(dst []byte, child int32) []byte {
		m.dst = dst
		if before, ok := olds[string(m.fresh.text(m.fresh.get(child, "id")))]; ok {
			m.objects(before, child, m.property)
		} else {
			m.dst = m.fresh.appendCompact(m.dst, child)
		}
		return m.dst
	})
}
