package index

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// Query asks for statements that meet every filter, in the order of stored.
type Query struct {
	Filters    []Filter
	From, To   ledger.Instant // From <= stored < To
	Descending bool
	After      ledger.Place // go on strictly behind this place; zero: from the start
	Limit      int          // statements a page at most
	Bytes      int          // bytes of statements a page at most, but always one statement
	// Accept passes over statements that the caller may not see; nil accepts all.
	Accept func(*xapi.Statement) bool
}

// Page is a part of the answer. Voided and erased statements are not in it.
type Page struct {
	Records []ledger.Record
	More    ledger.Place // what to go on after; zero when nothing follows
}

// readBudget is how many bytes of postings a request may read: half for each of the two joins, so that each decides something.
const readBudget = 1 << 20

// Search returns a page of statements. Statements that refer to a match match too, through chains (xAPI 1.0.3 Communication
// 2.1.3); all filters must be met by one statement of the chain.
func (x *Index) Search(ctx context.Context, q Query) (Page, error) {
	return x.search(ctx, q, x.checkpoint.Checkpoint, x.tail)
}

// Moment is the index as it was at one: searches in it read what is not applied yet once, however many they are and however many pages
// they have. What was stored since may be missing.
type Moment struct {
	x    *Index
	cp   projection.Checkpoint
	tail []*statement
}

// Moment takes one. It holds in memory all that the index has not applied.
func (x *Index) Moment(ctx context.Context) (*Moment, error) {
	cp, err := x.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	tail, err := x.tail(ctx, cp)
	return &Moment{x, cp, tail}, err
}

// Search is Index.Search of what there was. It may be called from several goroutines.
func (m *Moment) Search(ctx context.Context, q Query) (Page, error) {
	return m.x.search(ctx, q, func(context.Context) (projection.Checkpoint, error) { return m.cp, nil },
		func(context.Context, projection.Checkpoint) ([]*statement, error) { return m.tail, nil })
}

type (
	reach  func(context.Context) (projection.Checkpoint, error)               // how far the index has come
	behind func(context.Context, projection.Checkpoint) ([]*statement, error) // what it has not applied
)

func (x *Index) search(ctx context.Context, q Query, reach reach, behind behind) (Page, error) {
	q.narrow()
	source, err := x.source(ctx, &q, reach, behind)
	if err != nil {
		return Page{}, err
	}
	var page Page
	size, last := 0, q.After
	for {
		r, ok, err := source.next(ctx)
		var enough *readEnough
		if errors.As(err, &enough) {
			page.More = enough.at
			return page, nil
		}
		if err != nil || !ok {
			return page, err
		}
		if len(page.Records) == q.Limit || len(page.Records) > 0 && size+len(r.Text) > q.Bytes {
			page.More = last
			return page, nil
		}
		page.Records = append(page.Records, r)
		size, last = size+len(r.Text), r.Place
	}
}

// narrow sets the bounds to where the page before ended. Equal stored times may still lie ahead; accepts passes over the rest.
func (q *Query) narrow() {
	switch {
	case q.After.Position.Zero():
	case q.Descending:
		q.To = min(q.To, q.After.Stored()+1)
	default:
		q.From = max(q.From, q.After.Stored())
	}
}

// accepts says whether a statement that matches is shown on this page.
func (q *Query) accepts(r ledger.Record, parsed *xapi.Statement) bool {
	if r.Voided || r.Stored() < q.From || r.Stored() >= q.To {
		return false
	}
	if !q.After.Position.Zero() && !before(q.After, r.Place, q.Descending) {
		return false
	}
	return q.Accept == nil || q.Accept(parsed)
}

// source gives the statements of an answer in order.
type source interface {
	next(ctx context.Context) (r ledger.Record, ok bool, err error)
}

// readEnough ends a page early: everything up to at has been looked at.
type readEnough struct{ at ledger.Place }

func (*readEnough) Error() string { return "index: the page ends early" }

func (x *Index) source(ctx context.Context, q *Query, reach reach, behind behind) (source, error) {
	if len(q.Filters) == 0 {
		scan := x.ledger.Scan(ledger.Span{From: q.From, To: q.To, Descending: q.Descending}, q.Limit+1)
		return &logSource{scan: scan, q: q}, nil
	}
	cp, err := reach(ctx)
	if err != nil {
		return nil, err
	}
	var tail []ledger.Record
	listed := x.listed(cp, q)
	reads, at := errgroup.WithContext(ctx)
	reads.Go(func() error { return listed.prime(at) })
	reads.Go(func() error {
		all, err := behind(at, cp)
		if err == nil {
			tail, err = x.tailMatches(at, cp, all, q)
		}
		return err
	})
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(tail, func(a, b ledger.Record) int {
		if a.Place == b.Place {
			return 0
		}
		if before(a.Place, b.Place, q.Descending) {
			return -1
		}
		return 1
	})
	return &merged{tail: tail, listed: listed, q: q}, nil
}

// logSource is the answer to a query without filters: the log itself.
type logSource struct {
	scan *ledger.Scan
	q    *Query
}

func (s *logSource) next(ctx context.Context) (ledger.Record, bool, error) {
	for {
		r, ok, err := s.scan.Next(ctx)
		if err != nil || !ok {
			return r, false, err
		}
		var parsed *xapi.Statement
		if s.q.Accept != nil {
			if parsed, err = xapi.Parse(r.Text); err != nil {
				continue // nobody can say whose it is
			}
		}
		if s.q.accepts(r, parsed) {
			return r, true, nil
		}
	}
}

// merged puts what the tail of the log gives and what the lists give into one order; a place that both have comes once.
type merged struct {
	tail   []ledger.Record
	listed *listed
	q      *Query
}

func (m *merged) next(ctx context.Context) (ledger.Record, bool, error) {
	r, ok, err := m.listed.peek(ctx)
	var enough *readEnough
	if errors.As(err, &enough) {
		if len(m.tail) > 0 && !before(enough.at, m.tail[0].Place, m.q.Descending) {
			r, m.tail = m.tail[0], m.tail[1:]
			return r, true, nil
		}
	}
	if err != nil {
		return r, false, err
	}
	if len(m.tail) == 0 || ok && before(r.Place, m.tail[0].Place, m.q.Descending) {
		if ok {
			m.listed.take()
		}
		return r, ok, nil
	}
	if ok && r.Place == m.tail[0].Place {
		m.listed.take()
	}
	r, m.tail = m.tail[0], m.tail[1:]
	return r, true, nil
}
