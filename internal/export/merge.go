package export

import (
	"container/heap"
	"context"
	"errors"
	"fmt"

	"cairn/internal/blob"
	"cairn/internal/table"
)

// rows are read one after the other; nil at the end. A row is good until the next call.
type rows[R any] interface{ Next() (*R, error) }

// merge is the union of rows that are in order each, in order, each row once.
type merge[R any] struct {
	kind    *table.Kind[R]
	sources sources[R]
	row     R // a copy of the next row
}

// source is one of the rows that are merged; those of a lower rank are newer.
type source[R any] struct {
	rows rows[R]
	next *R
	rank int
}

type sources[R any] struct {
	list    []*source[R]
	compare func(a, b *R) int
}

func (s *sources[R]) Len() int      { return len(s.list) }
func (s *sources[R]) Swap(i, j int) { s.list[i], s.list[j] = s.list[j], s.list[i] }
func (s *sources[R]) Less(i, j int) bool {
	c := s.compare(s.list[i].next, s.list[j].next)
	return c < 0 || c == 0 && s.list[i].rank < s.list[j].rank
}
func (s *sources[R]) Push(x any) { s.list = append(s.list, x.(*source[R])) }
func (s *sources[R]) Pop() any {
	last := s.list[len(s.list)-1]
	s.list = s.list[:len(s.list)-1]
	return last
}

// merged begins to merge; newer rows come first.
func merged[R any](kind *table.Kind[R], all ...rows[R]) (*merge[R], error) {
	m := &merge[R]{kind: kind, sources: sources[R]{compare: kind.CompareDays}}
	for rank, r := range all {
		next, err := r.Next()
		if err != nil {
			return nil, err
		}
		if next != nil {
			m.sources.list = append(m.sources.list, &source[R]{r, next, rank})
		}
	}
	heap.Init(&m.sources)
	return m, nil
}

// Next implements rows.
func (m *merge[R]) Next() (*R, error) {
	if len(m.sources.list) == 0 {
		return nil, nil
	}
	m.row = *m.sources.list[0].next
	if err := m.advance(); err != nil {
		return nil, err
	}
	for len(m.sources.list) > 0 && m.sources.compare(m.sources.list[0].next, &m.row) == 0 {
		m.kind.Merge(&m.row, m.sources.list[0].next)
		if err := m.advance(); err != nil {
			return nil, err
		}
	}
	return &m.row, nil
}

// advance goes on with the source that is at the top.
func (m *merge[R]) advance() (err error) {
	top := m.sources.list[0]
	if top.next, err = top.rows.Next(); err != nil {
		return err
	}
	if top.next == nil {
		heap.Pop(&m.sources)
	} else {
		heap.Fix(&m.sources, 0)
	}
	return nil
}

// upTo are the rows of a day, of rows that go on with other days.
type upTo[R any] struct {
	of   *peeked[R]
	kind *table.Kind[R]
	day  table.Day
}

// Next implements rows.
func (u upTo[R]) Next() (*R, error) {
	if u.of.row == nil || u.kind.Day(u.of.row) != u.day {
		return nil, nil
	}
	return u.of.Next()
}

// peeked are rows of which the next is known.
type peeked[R any] struct {
	rows rows[R]
	row  *R
	last R
}

func peek[R any](r rows[R]) (*peeked[R], error) {
	p := &peeked[R]{rows: r}
	var err error
	p.row, err = r.Next()
	return p, err
}

// Next implements rows.
func (p *peeked[R]) Next() (_ *R, err error) {
	if p.row == nil {
		return nil, nil
	}
	p.last = *p.row
	p.row, err = p.rows.Next()
	return &p.last, err
}

// chain is the rows of files, one after the other; one file is held at a time.
type chain[R any] struct {
	ctx  context.Context
	x    *Exporter
	left []string
	file *table.Reader[R]
	key  string // of the file
}

// errGone: a file that was to be read is not there any more: somebody else has merged it.
var errGone = errors.New("export: a file is gone")

// Next implements rows.
func (c *chain[R]) Next() (*R, error) {
	for {
		if c.file != nil {
			row, err := c.file.Next()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.key, err)
			}
			if row != nil {
				return row, nil
			}
			c.file = nil
		}
		if len(c.left) == 0 {
			return nil, nil
		}
		c.key, c.left = c.left[0], c.left[1:]
		body, err := c.x.out.Get(c.ctx, c.key)
		if errors.Is(err, blob.ErrAbsent) {
			err = errGone
		}
		if err == nil {
			c.file, err = table.Read[R](body)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.key, err)
		}
	}
}
