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

// run is a value that N keys have, each with an A of one more.
type run struct {
	Entry[int64]
	N uint32
}

func visitCounts(c *coder, counts *map[Key]int64) {
	runs := runsOf(*counts)
	var before Key
	list(c, &runs, func(r *run) {
		visitKey(c, &r.Key, &before)
		c.signed(&r.Value)
		small(c, &r.N)
		before.A += r.N
	})
	if !c.reading {
		return
	}
	*counts = make(map[Key]int64, len(runs))
	for _, r := range runs {
		if r.N > Bins {
			c.fail()
			return
		}
		for range r.N + 1 {
			(*counts)[r.Key] = r.Value
			r.A++
		}
	}
}

// runsOf finds runs: what a learner has seen of a video is one.
func runsOf(counts map[Key]int64) (runs []run) {
	for _, e := range Sorted(counts) {
		if n := len(runs); n > 0 {
			if last := &runs[n-1]; last.Value == e.Value && last.N < Bins && e.Key == (Key{last.Kind, last.A + last.N + 1, last.B, ""}) {
				last.N++
				continue
			}
		}
		runs = append(runs, run{e, 0})
	}
	return runs
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
