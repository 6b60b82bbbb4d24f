package fold

import (
	"cmp"
	"maps"
	"slices"
)

// Compare orders keys.
func (k Key) Compare(o Key) int {
	switch {
	case k.Kind != o.Kind:
		return cmp.Compare(k.Kind, o.Kind)
	case k.A != o.A:
		return cmp.Compare(k.A, o.A)
	case k.B != o.B:
		return cmp.Compare(k.B, o.B)
	}
	return cmp.Compare(k.Text, o.Text)
}

// Compare orders rows.
func (r Row) Compare(o Row) int {
	switch {
	case r.Kind != o.Kind:
		return cmp.Compare(r.Kind, o.Kind)
	case r.A != o.A:
		return cmp.Compare(r.A, o.A)
	}
	return cmp.Compare(r.B, o.B)
}

// Entry is a value under a key.
type Entry[T any] struct {
	Key
	Value T
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

func visitCounts(c *coder, counts *[]Entry[int64]) {
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
	*counts = nil
	for _, s := range all {
		for _, n := range s.values {
			*counts = append(*counts, Entry[int64]{s.Key, n})
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

func seriesOf(counts []Entry[int64]) (all []series) {
	for _, e := range counts {
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

func visitLists(c *coder, lists *[]Entry[bool]) {
	var before Key
	list(c, lists, func(e *Entry[bool]) {
		visitKey(c, &e.Key, &before)
		c.flags(&e.Value)
	})
}

// EncodeCounts writes the counts of a row.
func EncodeCounts(counts map[Key]int64) []byte {
	entries := make([]Entry[int64], 0, len(counts))
	for _, k := range slices.SortedFunc(maps.Keys(counts), Key.Compare) {
		entries = append(entries, Entry[int64]{k, counts[k]})
	}
	return encode(func(c *coder) { visitCounts(c, &entries) })
}

// DecodeCounts reads what EncodeCounts wrote.
func DecodeCounts(b []byte) (map[Key]int64, error) {
	var entries []Entry[int64]
	err := decode(b, func(c *coder) { visitCounts(c, &entries) })
	counts := make(map[Key]int64, len(entries))
	for _, e := range entries {
		counts[e.Key] = e.Value
	}
	return counts, err
}

// Encode writes the tally.
func (t *Tally) Encode() []byte { return encode(t.visit) }

// DecodeTally reads what Encode wrote.
func DecodeTally(b []byte) (*Tally, error) {
	t := &Tally{}
	return t, decode(b, t.visit)
}

// rowTally is what a tally says of one row.
type rowTally struct {
	Row
	counts []Entry[int64]
	lists  []Entry[bool]
}

// byRow sorts a tally by row.
func (t *Tally) byRow() (rows []rowTally) {
	at := func(r Row) *rowTally {
		if n := len(rows); n == 0 || rows[n-1].Row != r {
			rows = append(rows, rowTally{Row: r})
		}
		return &rows[len(rows)-1]
	}
	counts, lists := t.Counts, t.Lists
	for len(counts) > 0 || len(lists) > 0 {
		if len(lists) == 0 || len(counts) > 0 && counts[0].Row.Compare(lists[0].Row) <= 0 {
			r := at(counts[0].Row)
			r.counts = append(r.counts, Entry[int64]{counts[0].Key, counts[0].N})
			counts = counts[1:]
			continue
		}
		r := at(lists[0].Row)
		r.lists = append(r.lists, Entry[bool]{lists[0].Key, lists[0].In})
		lists = lists[1:]
	}
	return rows
}

func (t *Tally) visit(c *coder) {
	rows := t.byRow()
	list(c, &rows, func(r *rowTally) {
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
		for _, e := range r.counts {
			t.Counts = append(t.Counts, Count{r.Row, e.Key, e.Value})
		}
		for _, e := range r.lists {
			t.Lists = append(t.Lists, Listing{r.Row, e.Key, e.Value})
		}
	}
}
