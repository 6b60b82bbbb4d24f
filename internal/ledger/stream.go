package ledger

import (
	"context"
	"fmt"

	"cairn/internal/kv"
)

// Span is a range of the log by stored: From <= stored < To.
type Span struct {
	From, To   Instant
	Descending bool
}

// stream reads the committed entries of one shard whose statements may lie in a span, by position.
type stream struct {
	l      *Ledger
	shard  uint8
	span   Span
	wanted int      // about how many statements will be taken; 0 for all
	next   *kv.Span // the page to read; nil at the end
	items  []kv.Item
	peek   *Entry // the next entry, when it has been read

	entries, statements int // met so far
}

// fewItems are what is read at once of a stream of which few statements are wanted, before it is known how many an item holds.
const fewItems = 8

func (l *Ledger) stream(shard uint8, span Span, wanted int) *stream {
	s := &stream{l: l, shard: shard, span: span, wanted: wanted}
	if span.From < span.To {
		s.next = &kv.Span{
			Table: kv.Log, Partition: shardKey(shard), From: boundKey(span.From - EntrySpan), To: boundKey(span.To),
			Descending: span.Descending, Strength: kv.Strong,
		}
		if wanted > 0 {
			s.next.Limit = fewItems
		}
	}
	return s
}

// nextLimit is how many items are read next, given how many statements the entries before had: enough for what is still wanted, and a
// few more. Items are paid for by their size, and one may hold fifty statements or a single one.
func (s *stream) nextLimit() int {
	if s.wanted == 0 {
		return 0
	}
	left := max(s.wanted-s.statements, 0)
	return fewItems + left*s.entries/max(s.statements, 1)
}

// head returns the next entry without taking it; nil at the end.
func (s *stream) head(ctx context.Context) (*Entry, error) {
	for s.peek == nil {
		more, err := s.fetch(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			return nil, nil
		}
		if err := s.assemble(ctx); err != nil {
			return nil, err
		}
	}
	return s.peek, nil
}

func (s *stream) take() *Entry {
	e := s.peek
	s.peek = nil
	return e
}

// fetch sees to it that there is an item to look at.
func (s *stream) fetch(ctx context.Context) (bool, error) {
	for len(s.items) == 0 {
		if s.next == nil {
			return false, nil
		}
		page, err := s.l.store.Query(ctx, *s.next)
		if err != nil {
			return false, fmt.Errorf("reading the log: %w", err)
		}
		s.items, s.next = page.Items, page.Next
		if s.next != nil {
			s.next.Limit = s.nextLimit()
		}
	}
	return true, nil
}

// assemble takes the items of the next position and makes an entry of them, if they are one and it is in the span. Ascending
// the head comes first, descending last.
func (s *stream) assemble(ctx context.Context) error {
	ref, ok := entryOf(s.items[0].Key)
	if !ok {
		return errHead
	}
	var e *Entry // nil before the head has come
	parts := map[uint16][]byte{}
	for {
		more, err := s.fetch(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		item := s.items[0]
		if at, _ := entryOf(item.Key); at != ref {
			break
		}
		s.items = s.items[1:]
		if n := partNumber(item.Key); n > 0 {
			parts[n] = item.Value
			continue
		}
		e = newEntry(ref, item.Value)
		if e.Err == nil && len(e.head.firsts) <= 1 {
			break // all of it; the next item need not be read yet
		}
	}
	return s.offer(ctx, e, parts)
}

// offer makes e the next entry of the stream, unless it is none: parts without a head, a fence, or beyond the span.
func (s *stream) offer(ctx context.Context, e *Entry, parts map[uint16][]byte) error {
	if e != nil && e.Err == nil {
		s.entries++
		s.statements += e.head.count
	}
	if e == nil || e.Err == nil && e.head.fence || !e.spans(s.span.From, s.span.To) {
		return nil
	}
	if e.Err == nil && len(parts) == len(e.head.firsts) && len(parts) > 1 {
		e.parts = make([][]byte, len(parts))
		for n, body := range parts {
			e.parts[n-1] = body
			e.Size += len(body)
		}
	}
	s.peek = e
	return s.l.fill(ctx, e) // a part may have been put behind us while we read, before its head
}
