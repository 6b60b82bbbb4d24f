package index

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// listed is the part of an answer that the index gives: the join of the filters' first lists, for statements that match by
// themselves, beside the join of their second lists, for those that came by a reference or late. Either stands whole in one.
type listed struct {
	x     *Index
	q     *Query
	joins []*stepped
	last  ledger.Place // the candidate that was taken last
	ready []ledger.Record
	batch int
	err   error // what ended the reading
}

// stepped is a join with its next place looked up.
type stepped struct {
	join
	head ledger.Place
	have bool
	done bool
}

// firstBatch is how many candidates are fetched at once at first.
const firstBatch = 10

func (x *Index) listed(cp projection.Checkpoint, q *Query) *listed {
	l := &listed{x: x, q: q, batch: min(max(q.Limit+1, firstBatch), 100)}
	for _, kind := range []byte{firstList, secondList} {
		s, b := &stepped{}, &budget{}
		b.left.Store(x.readBudget / 2)
		for _, f := range q.Filters {
			s.lists = append(s.lists, x.list(cp, kind, f, q, b))
		}
		l.joins = append(l.joins, s)
	}
	return l
}

func (x *Index) list(cp projection.Checkpoint, kind byte, f Filter, q *Query, b *budget) *list {
	l := &list{filter: f, slot: slotOf(f), descending: q.Descending}
	for _, t := range f.Terms {
		l.cursors = append(l.cursors, &cursor{
			store: x.store, budget: b, partition: partition(cp.Generation, kind, t), second: kind == secondList,
			from: q.From, to: q.To, end: cp.Through, descending: q.Descending,
		})
	}
	return l
}

// prime reads the first page of every list at once.
func (l *listed) prime(ctx context.Context) error {
	pages, ctx := errgroup.WithContext(ctx)
	for _, j := range l.joins {
		for _, list := range j.lists {
			for _, c := range list.cursors {
				pages.Go(func() error {
					if _, _, err := c.peek(ctx); !errors.Is(err, errBudget) {
						return err
					}
					return nil
				})
			}
		}
	}
	return pages.Wait()
}

// slotOf is where prints tell of a filter.
func slotOf(f Filter) int {
	if len(f.Terms) > 1 {
		return -1
	}
	return slices.Index(printKinds[:], f.Kind)
}

// peek returns the next statement that matches.
func (l *listed) peek(ctx context.Context) (r ledger.Record, ok bool, err error) {
	for len(l.ready) == 0 {
		if l.err != nil {
			return r, false, l.err
		}
		places, err := l.candidates(ctx)
		if err != nil {
			var enough *readEnough
			if !errors.As(err, &enough) {
				return r, false, err
			}
			l.err = err
		}
		if len(places) == 0 {
			if l.err != nil {
				return r, false, l.err
			}
			return r, false, nil
		}
		if err := l.check(ctx, places); err != nil {
			return r, false, err
		}
	}
	return l.ready[0], true, nil
}

func (l *listed) take() { l.ready = l.ready[1:] }

// candidates takes the next places off both joins, in order, each once. A *readEnough comes with the places before it.
func (l *listed) candidates(ctx context.Context) (places []ledger.Place, err error) {
	for len(places) < l.batch {
		spent := false
		for _, j := range l.joins {
			if err := j.advance(ctx, l.q); errors.Is(err, errBudget) {
				spent = true
			} else if err != nil {
				return nil, err
			}
		}
		if spent {
			return l.finish(places)
		}
		next := (*stepped)(nil)
		for _, j := range l.joins {
			if j.have && (next == nil || before(j.head, next.head, l.q.Descending)) {
				next = j
			}
		}
		if next == nil {
			return places, nil
		}
		next.have = false
		if l.last != next.head { // an entry that came late may stand in both
			places, l.last = append(places, next.head), next.head
		}
	}
	return places, nil
}

func (j *stepped) advance(ctx context.Context, q *Query) error {
	for !j.have && !j.done {
		at, ok, err := j.next(ctx)
		if err != nil {
			return err
		}
		j.head, j.done = at, !ok
		j.have = ok && (q.After.Position.Zero() || before(q.After, at, q.Descending))
	}
	return nil
}

// finish ends the reading at the place up to which every join has decided.
func (l *listed) finish(places []ledger.Place) ([]ledger.Place, error) {
	var at ledger.Place
	for _, j := range l.joins {
		end := j.at
		if j.have {
			end = j.head
		}
		if !j.done && (at.Position.Zero() || before(end, at, l.q.Descending)) {
			at = end
		}
	}
	for _, j := range l.joins {
		if j.have && j.head == at && l.last != at {
			places, l.last = append(places, at), at
		}
	}
	return places, &readEnough{at: at}
}

// check fetches candidates and keeps those that match, in order.
func (l *listed) check(ctx context.Context, places []ledger.Place) error {
	records, err := l.x.ledger.Fetch(ctx, places)
	if err != nil {
		return err
	}
	var found []*statement
	for _, p := range places {
		if r, ok := records[p]; ok {
			s, err := l.x.read(r)
			if err != nil {
				continue // as in the tail: nobody can say what it says
			}
			found = append(found, s)
		}
	}
	matches, err := l.x.matching(ctx, found, l.q.Filters)
	if err != nil {
		return err
	}
	keep := map[ledger.Place]bool{}
	for _, s := range matches {
		keep[s.Place] = l.q.accepts(s.Record, s.parsed)
	}
	for _, s := range found {
		if keep[s.Place] {
			l.ready = append(l.ready, s.Record)
		}
	}
	return nil
}
