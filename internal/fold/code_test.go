package fold

import "testing"

// FuzzDecode reads what may be anything: it is refused, or reads again as it is written then.
func FuzzDecode(f *testing.F) {
	n := numbers{}
	for _, list := range videoFacts(f, 20) {
		s := New()
		for _, fact := range list {
			s.Add(n.folded(fact))
		}
		f.Add(s.Encode())
		f.Add(s.Tally(2).Encode())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := Decode(b); err == nil {
			if again, err := Decode(s.Encode()); err != nil || string(again.Encode()) != string(s.Encode()) {
				t.Errorf("a state reads otherwise than it was written: %v", err)
			}
		}
		if x, err := DecodeTally(b); err == nil {
			if _, err := DecodeTally(x.Encode()); err != nil {
				t.Errorf("a tally that was read is refused once it is written: %v", err)
			}
		}
		if counts, err := DecodeCounts(b); err == nil {
			if _, err := DecodeCounts(EncodeCounts(counts)); err != nil {
				t.Errorf("counts that were read are refused once they are written: %v", err)
			}
		}
	})
}
