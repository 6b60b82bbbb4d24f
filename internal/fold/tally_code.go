package fold

import (
	"cmp"
	"maps"
	"slices"
)

// Compare orders keys.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Kind, o.Kind), cmp.Compare(k.A, o.A), cmp.Compare(k.B, o.B), cmp.Compare(k.Text, o.Text))
}

// Compare orders rows.
func (r Row) Compare(o Row) int {
	return cmp.Or(cmp.Compare(r.Kind, o.Kind), cmp.Compare(r.A, o.A), cmp.Compare(r.B, o.B))
}

// Entry is a value under a key.
type Entry[T any] struct {
	Key
	Value T
}

// Sorted are a map's entries in the order of their keys.
func Sorted[T any](m map[Key]T) []Entry[T] {
	out := make([]Entry[T], 0, len(m))
	for _, k := range slices.SortedFunc(maps.Keys(m), Key.Compare) {
		out = append(out, Entry[T]{k, m[k]})
	}
	return out
}

// visitKey tells a key by what it is after the one before.
func visitKey(c *coder, k, before *Key) {
	step := k.Kind - before.Kind
	small(c, &step)
	k.Kind = before.Kind + step
	if step != 0 {
		*before = Key{}
	}
	a, b := int64(k.A)-int64(before.A), int64(k.B)
	c.signed(&a)
	c.signed(&b)
	k.A, k.B = uint32(int64(before.A)+a), uint32(b)
	if k.Kind == Response || k.Kind == ResponseHit {
		c.text(&k.Text)
	}
	*before = *k
}

// series are the values of keys of which each has an A of one more: what is seen of a video, bin by bin, is one.
type series struct {
	Key
	values []int64
}

func visitCounts(c *coder, counts *map[Key]int64) {
	all := seriesOf(*counts)
	var before Key
	list(c, &all, func(s *series) {
		visitKey(c, &s.Key, &before)
		s.visit(c)
		before.A += uint32(len(s.values) - 1)
	})
	if !c.reading {
		return
	}
	*counts = make(map[Key]int64, len(all))
	for _, s := range all {
		for _, n := range s.values {
			(*counts)[s.Key] = n
			s.A++
		}
	}
}

// visit tells each value by what it is more than the one before; a row of equal ones by a 0 and how many follow.
func (s *series) visit(c *coder) {
	n := uint64(len(s.values))
	c.unsigned(&n)
	if n == 0 || n > Bins {
		c.fail()
		return
	}
	if c.reading {
		s.values = make([]int64, n)
	}
	before := int64(0)
	for i := 0; i < len(s.values) && !c.failed; {
		step := s.values[i] - before
		c.signed(&step)
		before += step
		same := uint64(0)
		if step == 0 {
			for !c.reading && i+1+int(same) < len(s.values) && s.values[i+1+int(same)] == before {
				same++
			}
			c.unsigned(&same)
			if same >= uint64(len(s.values)-i) {
				c.fail()
				return
			}
		}
		for range same + 1 {
			s.values[i] = before
			i++
		}
	}
}

func seriesOf(counts map[Key]int64) (all []series) {
	for _, e := range Sorted(counts) {
		if n := len(all); n > 0 {
			if last := &all[n-1]; len(last.values) < Bins && e.Key == (Key{last.Kind, last.A + uint32(len(last.values)), last.B, ""}) {
				last.values = append(last.values, e.Value)
				continue
			}
		}
		all = append(all, series{e.Key, []int64{e.Value}})
	}
	return all
}

func visitLists(c *coder, lists *map[Key]bool) {
	entries := Sorted(*lists)
	var before Key
	list(c, &entries, func(e *Entry[bool]) {
		visitKey(c, &e.Key, &before)
		c.flags(&e.Value)
	})
	if c.reading {
		*lists = make(map[Key]bool, len(entries))
		for _, e := range entries {
			(*lists)[e.Key] = e.Value
		}
	}
}

// EncodeCounts writes the counts of a row.
func EncodeCounts(counts map[Key]int64) []byte {
	return encode(func(c *coder) { visitCounts(c, &counts) })
}

// DecodeCounts reads what EncodeCounts wrote.
func DecodeCounts(b []byte) (counts map[Key]int64, err error) {
	err = decode(b, func(c *coder) { visitCounts(c, &counts) })
	return counts, err
}

// Encode writes the tally.
func (t *Tally) Encode() []byte { return encode(t.visit) }

// DecodeTally reads what Encode wrote.
func DecodeTally(b []byte) (*Tally, error) {
	t := NewTally()
	return t, decode(b, t.visit)
}

type tallied struct {
	Row
	counts map[Key]int64
	lists  map[Key]bool
}

func (t *Tally) visit(c *coder) {
	var rows []tallied
	for r, counts := range t.Counts {
		rows = append(rows, tallied{r, counts, t.Lists[r]})
	}
	for r, lists := range t.Lists {
		if t.Counts[r] == nil {
			rows = append(rows, tallied{r, nil, lists})
		}
	}
	slices.SortFunc(rows, func(a, b tallied) int { return a.Row.Compare(b.Row) })
	list(c, &rows, func(r *tallied) {
		small(c, &r.Kind)
		small(c, &r.A)
		small(c, &r.B)
		visitCounts(c, &r.counts)
		visitLists(c, &r.lists)
	})
	if !c.reading {
		return
	}
	for _, r := range rows {
		if len(r.counts) > 0 {
			t.Counts[r.Row] = r.counts
		}
		if len(r.lists) > 0 {
			t.Lists[r.Row] = r.lists
		}
	}
}
