package ledger

import (
	"cmp"
	"container/heap"
	"context"
	"log/slog"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Scan reads the statements of a span over all shards, in the order of places, strongly consistent, page by page as it goes.
type Scan struct {
	l       *Ledger
	span    Span
	wanted  int
	streams []*stream // nil before the first page of each was read
	open    openEntries
}

// Scan begins to read a span. Wanted is about how many statements will be taken, 0 for all.
func (l *Ledger) Scan(span Span, wanted int) *Scan {
	return &Scan{l: l, span: span, wanted: wanted, open: openEntries{descending: span.Descending}}
}

// Next returns the next statement; ok is false at the end. Erased statements and those left out are passed over, and entries that
// cannot be read: one that was damaged must not hide all others.
func (s *Scan) Next(ctx context.Context) (r Record, ok bool, err error) {
	if err := s.prime(ctx); err != nil {
		return Record{}, false, err
	}
	if err := s.admit(ctx); err != nil {
		return Record{}, false, err
	}
	if len(s.open.runs) == 0 {
		return Record{}, false, nil
	}
	run := s.open.runs[0]
	r, s.open.runs[0] = run[0], run[1:]
	if len(run) == 1 {
		heap.Pop(&s.open)
	} else {
		heap.Fix(&s.open, 0)
	}
	return r, true, nil
}

// prime reads the first page of every shard at once.
func (s *Scan) prime(ctx context.Context) error {
	if s.streams != nil {
		return nil
	}
	shards, err := s.l.currentShards(ctx)
	if err != nil {
		return err
	}
	pages, ctx := errgroup.WithContext(ctx)
	for shard := range shards.Count {
		st := s.l.stream(shard, s.span, s.wanted)
		s.streams = append(s.streams, st)
		pages.Go(func() error {
			_, err := st.head(ctx)
			return err
		})
	}
	return pages.Wait()
}

// admit opens every entry that may hold the next statement. Entries of one shard can overlap too, when two processes wrote
// them, and a descending stream meets an entry by its start, up to EntrySpan before its end.
func (s *Scan) admit(ctx context.Context) error {
	for _, st := range s.streams {
		for {
			e, err := st.head(ctx)
			if err != nil {
				return err
			}
			if e == nil || !s.mayPrecede(e) {
				break
			}
			s.openEntry(ctx, st.take())
		}
	}
	return nil
}

func (s *Scan) mayPrecede(e *Entry) bool {
	if len(s.open.runs) == 0 {
		return true
	}
	next := s.open.runs[0][0].Stored()
	if s.span.Descending {
		return e.Position.Instant()+EntrySpan >= next
	}
	return e.Position.Instant() <= next
}

func (s *Scan) openEntry(ctx context.Context, e *Entry) {
	records, err := s.l.Records(e)
	if err != nil {
		logDamaged(ctx, e.EntryRef, err)
		return
	}
	run := slices.DeleteFunc(records, func(r Record) bool { return r.Stored() < s.span.From || r.Stored() >= s.span.To })
	if s.span.Descending {
		slices.Reverse(run)
	}
	if len(run) > 0 {
		heap.Push(&s.open, run)
	}
}

func logDamaged(ctx context.Context, ref EntryRef, err error) {
	slog.ErrorContext(ctx, "entry cannot be read", "shard", ref.Shard, "position", ref.Position, "reason", err.Error())
}

// openEntries is a heap of runs of records, the run with the next record first.
type openEntries struct {
	runs       [][]Record
	descending bool
}

func (o *openEntries) Len() int { return len(o.runs) }
func (o *openEntries) Less(i, j int) bool {
	c := o.runs[i][0].Compare(o.runs[j][0].Place)
	return c < 0 != o.descending
}
func (o *openEntries) Swap(i, j int) { o.runs[i], o.runs[j] = o.runs[j], o.runs[i] }
func (o *openEntries) Push(x any)    { o.runs = append(o.runs, x.([]Record)) }
func (o *openEntries) Pop() any {
	last := o.runs[len(o.runs)-1]
	o.runs = o.runs[:len(o.runs)-1]
	return last
}

// maxEntries bounds how many entries are read at a time: a projection lists them on one row, which every search reads.
const maxEntries = 4000

// Entries reads the entries of which statements lie in a span, by position, until their items come to about size bytes, and
// returns the instant up to which it read: To, or the position of the first entry that it left. It leaves none that begins at From or
// before, so what it returns is whole up to that instant.
func (l *Ledger) Entries(ctx context.Context, from, to Instant, size int) (entries []*Entry, through Instant, err error) {
	through = to
	shards, err := l.currentShards(ctx)
	if err != nil {
		return nil, 0, err
	}
	size, most := size/int(shards.Count), maxEntries/int(shards.Count)
	for shard := range shards.Count {
		st := l.stream(shard, Span{From: from, To: to}, 0)
		total, count := 0, 0
		for {
			e, err := st.head(ctx)
			if err != nil {
				return nil, 0, err
			}
			if e == nil {
				break
			}
			if (total > size || count >= most) && e.Position.Instant() > from {
				through = min(through, e.Position.Instant())
				break
			}
			total, count = total+e.Size, count+1
			entries = append(entries, st.take())
		}
	}
	entries = slices.DeleteFunc(entries, func(e *Entry) bool { return !e.spans(from, through) })
	slices.SortFunc(entries, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(a.Position.Instant(), b.Position.Instant()), slices.Compare(a.Position[:], b.Position[:]))
	})
	return entries, through, nil
}
