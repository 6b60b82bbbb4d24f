package report

import (
	"cmp"
	"math/bits"
	"slices"

	"cairn/internal/fold"
)

// learners is a set of learners, by blocks.
type learners map[uint16]*bitset

func (l learners) join(block uint16, s *bitset) {
	if l[block] == nil {
		l[block] = &bitset{}
	}
	for i, word := range s {
		l[block][i] |= word
	}
}

func (l learners) add(n fold.Number) {
	if n < fold.First {
		return
	}
	block, bit := blockOf(n)
	if l[block] == nil {
		l[block] = &bitset{}
	}
	l[block].set(bit)
}

func (l learners) joinAll(other learners) {
	for block, s := range other {
		l.join(block, s)
	}
}

// without is those that are not in another set.
func (l learners) without(other learners) learners {
	out := learners{}
	for block, s := range l {
		left := *s
		if o := other[block]; o != nil {
			for i, word := range o {
				left[i] &^= word
			}
		}
		out[block] = &left
	}
	return out
}

func (l learners) count() (n int) {
	for _, s := range l {
		for _, word := range s {
			n += bits.OnesCount64(word)
		}
	}
	return n
}

// after lists the learners above one, in order, at most limit.
func (l learners) after(number fold.Number, limit int) (out []fold.Number) {
	var blocks []uint16
	for block := range l {
		blocks = append(blocks, block)
	}
	slices.Sort(blocks)
	for _, block := range blocks {
		for bit := range l[block].each {
			if n := fold.Number(block)*blockSize + fold.Number(bit); n > number {
				if out = append(out, n); len(out) == limit {
					return out
				}
			}
		}
	}
	return out
}

// sum adds up rows.
type sum struct {
	counts map[fold.Key]int64
	lists  map[fold.Key]learners
}

func newSum() *sum { return &sum{map[fold.Key]int64{}, map[fold.Key]learners{}} }

func (s *sum) take(r figureRow) {
	for k, n := range r.counts {
		s.counts[k] += n
	}
	for k, list := range r.lists {
		if s.lists[k] == nil {
			s.lists[k] = learners{}
		}
		s.lists[k].join(r.block, list)
	}
}

func (s *sum) list(kind fold.KeyKind) learners { return s.lists[fold.Key{Kind: kind}] }

// figures are those of the platforms and modalities that wants lets through.
func (s *sum) figures(wants func(fold.Key) bool) Figures {
	var c fold.Counts
	for k, n := range s.counts {
		if k.Kind < fold.KeyKind(fold.Figures) && wants(k) {
			c[k.Kind] += n
		}
	}
	all := learners{}
	for k, list := range s.lists {
		if k.Kind == fold.Learners && wants(k) {
			all.joinAll(list)
		}
	}
	return figuresOf(&c, all.count())
}

func figuresOf(c *fold.Counts, learners int) Figures {
	return Figures{
		Learners: learners, Statements: c[fold.Statements], Sessions: c[fold.Sessions], Seconds: c[fold.Millis] / 1000,
		Attempts: c[fold.Attempts], Completions: c[fold.Completions], Passes: c[fold.Passes], Failures: c[fold.Failures], Score: scoreOf(c),
	}
}

// sums adds up the rows of days: altogether, and each day.
func sums(rows []figureRow) (total *sum, byDay map[Day]*sum) {
	total, byDay = newSum(), map[Day]*sum{}
	for _, r := range rows {
		d := Day(int32(r.b))
		if byDay[d] == nil {
			byDay[d] = newSum()
		}
		total.take(r)
		byDay[d].take(r)
	}
	return total, byDay
}

// dayFigures are those of each day of the span.
func (q *question) dayFigures(byDay map[Day]*sum) []DayFigures {
	out := make([]DayFigures, 0, q.To-q.From+1)
	for d := q.From; d <= q.To; d++ {
		f := DayFigures{Day: d}
		if s := byDay[d]; s != nil {
			f.Figures = s.figures(q.wants)
		}
		out = append(out, f)
	}
	return out
}

// split has the figures by one part of their keys, the most statements first.
func (q *question) split(s *sum, by func(fold.Key) uint32, spell func(uint32) string) []NamedFigures {
	values := map[uint32]bool{}
	for k := range s.counts {
		if k.Kind < fold.KeyKind(fold.Figures) && q.wants(k) {
			values[by(k)] = true
		}
	}
	out := make([]NamedFigures, 0, len(values))
	for v := range values {
		out = append(out, NamedFigures{spell(v), s.figures(func(k fold.Key) bool { return q.wants(k) && by(k) == v })})
	}
	slices.SortFunc(out, func(a, b NamedFigures) int {
		return cmp.Or(cmp.Compare(b.Statements, a.Statements), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func platformOf(k fold.Key) uint32 { return k.A }
func modalityOf(k fold.Key) uint32 { return k.B }
