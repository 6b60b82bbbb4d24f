package xapi

import "io"

// WriteUntimed writes what WriteComparable would have written before a timestamp was filled in: all but the statement's own.
func (s *Statement) WriteUntimed(h io.Writer) {
	timestamp := s.t.get(s.root, "timestamp")
	w := comparison{t: s.t, skip: func(m int32) bool { return m == timestamp }}
	w.statement(s.root)
	_, _ = h.Write(w.dst)
}
