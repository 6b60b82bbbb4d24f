package kv

import (
	"bytes"
	"strings"
	"testing"
)

func TestBehindLeavesNothingOutAndRepeatsNothing(t *testing.T) {
	full := func(end string) string { return strings.Repeat("a", MaxSort-len(end)) + end }
	for _, c := range []struct {
		name       string
		sort, from string // up from sort, the rest begins at from
	}{
		{"a short key", "k", "k\x00"},
		{"a key one byte short of the longest", full("b")[1:], full("b")[1:] + "\x00"},
		{"a longest key", full("b"), full("c")},
		{"a longest key whose last bytes cannot rise", full("b\xff\xff"), full("b\xff\xff")[:MaxSort-3] + "c"},
	} {
		next := Span{}.Behind([]byte(c.sort))
		if next == nil || string(next.From) != c.from {
			t.Errorf("behind %s: %v", c.name, next)
		}
	}
	last := bytes.Repeat([]byte{0xff}, MaxSort)
	if next := (Span{}).Behind(last); next != nil {
		t.Errorf("behind the last key there is: %v", next)
	}
	if next := (Span{From: []byte("a"), To: []byte("k\x00")}).Behind([]byte("k")); next != nil {
		t.Errorf("behind the last key of a span: %v", next)
	}
	down := Span{From: []byte("k"), Descending: true}
	if next := down.Behind([]byte("k")); next != nil {
		t.Errorf("behind the last key of a span, going down: %v", next)
	}
	if next := down.Behind([]byte("m")); next == nil || string(next.To) != "m" || string(next.From) != "k" || !next.Descending {
		t.Errorf("behind a key, going down: %v", next)
	}
}
