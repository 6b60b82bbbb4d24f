package fold

import "slices"

// Tally is what one state adds to the tables, in the order of rows and keys, none twice.
type Tally struct {
	Counts []Count
	Lists  []Listing

	wanted func(Row) bool // while it is made; nil for all
}

// Count is what is added to a count; never 0 in a tally.
type Count struct {
	Row
	Key
	N int64
}

// Listing is a list that the state's learner is in; in a difference of two, one that he enters or leaves.
type Listing struct {
	Row
	Key
	In bool
}

func (c *Count) compare(o *Count) int {
	if order := c.Row.Compare(o.Row); order != 0 {
		return order
	}
	return c.Key.Compare(o.Key)
}

func (l *Listing) compare(o *Listing) int {
	if order := l.Row.Compare(o.Row); order != 0 {
		return order
	}
	return l.Key.Compare(o.Key)
}

func (t *Tally) add(r Row, k Key, n int64) {
	if n != 0 && (t.wanted == nil || t.wanted(r)) {
		t.Counts = append(t.Counts, Count{r, k, n})
	}
}

func (t *Tally) list(r Row, k Key) {
	if t.wanted == nil || t.wanted(r) {
		t.Lists = append(t.Lists, Listing{r, k, true})
	}
}

// settle sorts, and adds up what is alike.
func (t *Tally) settle() {
	slices.SortFunc(t.Counts, func(a, b Count) int { return a.compare(&b) })
	kept := t.Counts[:0]
	for _, c := range t.Counts {
		if n := len(kept); n > 0 && kept[n-1].compare(&c) == 0 {
			kept[n-1].N += c.N
		} else {
			kept = append(kept, c)
		}
	}
	t.Counts = slices.DeleteFunc(kept, func(c Count) bool { return c.N == 0 })
	slices.SortFunc(t.Lists, func(a, b Listing) int { return a.compare(&b) })
	t.Lists = slices.CompactFunc(t.Lists, func(a, b Listing) bool { return a.compare(&b) == 0 })
}

// Sub is what must be added to another tally to come to this one: counts, and lists to enter or to leave.
func (t *Tally) Sub(old *Tally) *Tally {
	d := &Tally{}
	merge(t.Counts, old.Counts, (*Count).compare, func(now, before *Count) {
		switch {
		case before == nil:
			d.Counts = append(d.Counts, *now)
		case now == nil:
			d.Counts = append(d.Counts, Count{before.Row, before.Key, -before.N})
		case now.N != before.N:
			d.Counts = append(d.Counts, Count{now.Row, now.Key, now.N - before.N})
		}
	})
	merge(t.Lists, old.Lists, (*Listing).compare, func(now, before *Listing) {
		switch {
		case before == nil:
			d.Lists = append(d.Lists, *now)
		case now == nil:
			d.Lists = append(d.Lists, Listing{before.Row, before.Key, false})
		}
	})
	return d
}

// merge goes through two sorted lists at once; what only one has comes with nil for the other.
func merge[T any](a, b []T, compare func(x, y *T) int, do func(x, y *T)) {
	for len(a) > 0 || len(b) > 0 {
		switch order := first(a, b, compare); {
		case order < 0:
			do(&a[0], nil)
			a = a[1:]
		case order > 0:
			do(nil, &b[0])
			b = b[1:]
		default:
			do(&a[0], &b[0])
			a, b = a[1:], b[1:]
		}
	}
}

func first[T any](a, b []T, compare func(x, y *T) int) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compare(&a[0], &b[0])
}

// Join adds a tally of the same learner's.
func (t *Tally) Join(other *Tally) {
	t.Counts, t.Lists = append(t.Counts, other.Counts...), append(t.Lists, other.Lists...)
	t.settle()
}

// Has says whether the learner is in a list.
func (t *Tally) Has(r Row, k Key) bool {
	_, found := slices.BinarySearchFunc(t.Lists, Listing{r, k, true}, func(a, b Listing) int { return a.compare(&b) })
	return found
}
