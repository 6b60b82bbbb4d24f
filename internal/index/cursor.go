package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// errBudget: the request has read as many postings as it may.
var errBudget = errors.New("index: read enough for one request")

// budget is what is left to read, in bytes.
type budget struct{ left atomic.Int64 }

// cursor goes through one posting list in the order of places, or against it, within from <= stored < to.
type cursor struct {
	store      kv.Store
	budget     *budget
	partition  []byte
	second     bool // its rows are single postings, keyed by their place
	from, to   ledger.Instant
	end        ledger.Instant // the checkpoint: rows from there on are not whole yet
	descending bool

	started bool
	ready   []posting // read and not taken yet, in order
	next    *kv.Span
}

// pageRows is how many rows the first page of a list asks for; pages grow from there.
const pageRows = 2

// peek returns the next posting without taking it; ok is false at the end.
func (c *cursor) peek(ctx context.Context) (p posting, ok bool, err error) {
	if !c.started {
		if err := c.start(ctx); err != nil {
			return p, false, err
		}
	}
	for len(c.ready) == 0 {
		if c.next == nil {
			return p, false, nil
		}
		if err := c.page(ctx); err != nil {
			return p, false, err
		}
	}
	return c.ready[0], true, nil
}

func (c *cursor) take() { c.ready = c.ready[1:] }

// seek leaps to the first posting at or beyond a place, in the cursor's direction.
func (c *cursor) seek(ctx context.Context, at ledger.Place) error {
	c.skip(at)
	if len(c.ready) > 0 || c.started && c.next == nil {
		return nil
	}
	if c.descending {
		c.to = min(c.to, at.Stored()+1)
	} else {
		c.from = max(c.from, at.Stored())
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	c.skip(at)
	for len(c.ready) == 0 && c.next != nil {
		if err := c.page(ctx); err != nil {
			return err
		}
		c.skip(at)
	}
	return nil
}

func (c *cursor) skip(at ledger.Place) {
	n := 0
	for n < len(c.ready) && before(c.ready[n].Place, at, c.descending) {
		n++
	}
	c.ready = c.ready[n:]
}

// before says whether a comes before b in the direction.
func before(a, b ledger.Place, descending bool) bool {
	if descending {
		a, b = b, a
	}
	return a.Compare(b) < 0
}

// start aims at the bound where the cursor begins. Rows are keyed by their last posting: ascending, the first row that can
// hold anything is the first whose key is not below the bound. Descending, the row that spans the bound has a key above it, and
// is read by itself.
func (c *cursor) start(ctx context.Context) error {
	c.started, c.ready = true, nil
	to := min(c.to, c.end)
	c.next = &kv.Span{
		Table: kv.Index, Partition: c.partition, From: instantKey(c.from), To: instantKey(c.end),
		Strength: kv.Strong, Limit: pageRows, Descending: c.descending,
	}
	if c.second || c.descending {
		c.next.To = instantKey(to)
	}
	if c.from >= to {
		c.next = nil
		return nil
	}
	if !c.descending || c.second || to >= c.end {
		return nil
	}
	spanning := &kv.Span{Table: kv.Index, Partition: c.partition, From: instantKey(to), To: instantKey(c.end), Strength: kv.Strong, Limit: 1}
	for spanning != nil && len(c.ready) == 0 {
		page, err := c.query(ctx, *spanning)
		if err != nil {
			return err
		}
		if len(page.Items) > 0 {
			return c.unpack(page.Items)
		}
		spanning = page.Next
	}
	return nil
}

func (c *cursor) page(ctx context.Context) error {
	page, err := c.query(ctx, *c.next)
	if err != nil {
		return err
	}
	limit := c.next.Limit
	if c.next = page.Next; c.next != nil {
		c.next.Limit = limit * 4
	}
	if err := c.unpack(page.Items); err != nil {
		return err
	}
	if n := len(c.ready); !c.descending && n > 0 && c.ready[n-1].Stored() >= c.to {
		c.next = nil
		c.ready = slices.DeleteFunc(c.ready, func(p posting) bool { return p.Stored() >= c.to })
	}
	return nil
}

func (c *cursor) query(ctx context.Context, span kv.Span) (kv.Page, error) {
	if c.budget.left.Load() <= 0 {
		return kv.Page{}, errBudget
	}
	page, err := c.store.Query(ctx, span)
	if err != nil {
		return page, fmt.Errorf("reading the index: %w", err)
	}
	for _, item := range page.Items {
		c.budget.left.Add(-int64(len(item.Value) + len(item.Sort)))
	}
	return page, nil
}

// unpack makes postings of rows, in the cursor's direction and within its bounds.
func (c *cursor) unpack(items []kv.Item) error {
	c.ready = nil
	for _, item := range items {
		postings, err := c.rowPostings(item)
		if err != nil {
			return err
		}
		if c.descending {
			slices.Reverse(postings)
		}
		for _, p := range postings {
			if s := p.Stored(); s >= c.from && (s < c.to || !c.descending) && s < c.end {
				c.ready = append(c.ready, p)
			}
		}
	}
	return nil
}

func (c *cursor) rowPostings(item kv.Item) ([]posting, error) {
	if !c.second {
		return postingsOf(item.Value)
	}
	place, ok := placeOf(item.Sort)
	if !ok {
		return nil, errRow
	}
	return []posting{{Place: place}}, nil
}
