package xapi

import "bytes"

// SignedAs says whether payload is the statement as it was before its signature was added, which is what a signature must hold
// (xAPI 1.0.3 Data 2.6). They are compared as WriteComparable compares, without attachments that are signatures. A timestamp that
// only the statement has may be an LRS's; of two ids, both must be one.
func (s *Statement) SignedAs(payload *Statement) bool {
	own, identified := s.ID()
	signed, both := payload.ID()
	if identified && both && own != signed {
		return false
	}
	timed := payload.t.get(payload.root, "timestamp") != absent
	return bytes.Equal(s.unsigned(timed), payload.unsigned(timed))
}

// unsigned is the comparable form without the signatures and, unless timed, without the timestamp.
func (s *Statement) unsigned(timed bool) []byte {
	leave := map[int32]bool{}
	attachments := s.t.get(s.root, "attachments")
	rest := 0
	for m := s.t.first(attachments); m != 0; m = s.t.next(m) {
		leave[m] = s.t.is(m, "usageType", UsageSignature)
		if !leave[m] {
			rest++
		}
	}
	leave[attachments] = rest == 0
	if !timed {
		leave[s.t.get(s.root, "timestamp")] = true
	}
	w := comparison{t: s.t, skip: func(m int32) bool { return leave[m] }}
	w.statement(s.root)
	return w.dst
}
