package index

import (
	"context"

	"cairn/internal/ledger"
)

// list is the postings that meet one filter: its terms' lists, merged.
type list struct {
	filter  Filter
	cursors []*cursor
	// slot is where prints hold this filter's fingerprint; -1 when they cannot tell.
	slot       int
	descending bool
}

// peek returns the next posting of the list.
func (l *list) peek(ctx context.Context) (best posting, ok bool, err error) {
	for _, c := range l.cursors {
		p, has, err := c.peek(ctx)
		if err != nil {
			return best, false, err
		}
		if has && (!ok || before(p.Place, best.Place, l.descending)) {
			best, ok = p, true
		}
	}
	return best, ok, nil
}

// take passes over a place wherever it is next.
func (l *list) take(at ledger.Place) {
	for _, c := range l.cursors {
		if len(c.ready) > 0 && c.ready[0].Place == at {
			c.take()
		}
	}
}

func (l *list) seek(ctx context.Context, at ledger.Place) error {
	for _, c := range l.cursors {
		if err := c.seek(ctx, at); err != nil {
			return err
		}
	}
	return nil
}

// join goes through the places that stand in every list. The first list leads; the others are leapt through, and not even
// read for a posting whose fingerprints tell.
type join struct {
	lists []*list
	// at is the last place that was decided on: what a request that has read enough goes on behind.
	at ledger.Place
}

// next returns the next place that may meet all filters. Fingerprints are short: the caller checks.
func (j *join) next(ctx context.Context) (at ledger.Place, ok bool, err error) {
	lead := j.lists[0]
	for {
		p, ok, err := lead.peek(ctx)
		if err != nil || !ok {
			return p.Place, false, err
		}
		further, found := (*leap)(nil), false
		if j.mayMatch(p) {
			if further, err = j.probe(ctx, p); err != nil {
				return p.Place, false, err
			}
			found = further == nil
		}
		j.at = p.Place
		lead.take(p.Place)
		switch {
		case found:
			return p.Place, true, nil
		case further == nil:
		case further.ended:
			return p.Place, false, nil
		default:
			if err := lead.seek(ctx, further.at); err != nil {
				return p.Place, false, err
			}
		}
	}
}

func (j *join) mayMatch(p posting) bool {
	for _, l := range j.lists[1:] {
		if l.tells(p) && p.prints[l.slot] != l.filter.Terms[0].print() {
			return false
		}
	}
	return true
}

// tells says whether the fingerprints of p decide on this list.
func (l *list) tells(p posting) bool { return l.slot >= 0 && p.prints != prints{} }

// leap is where another list goes on, beyond the place that was looked for.
type leap struct {
	at    ledger.Place
	ended bool
}

// probe looks for a posting in the lists that its fingerprints do not decide on; nil: it stands in all.
func (j *join) probe(ctx context.Context, p posting) (*leap, error) {
	for _, l := range j.lists[1:] {
		if l.tells(p) {
			continue
		}
		if err := l.seek(ctx, p.Place); err != nil {
			return nil, err
		}
		q, ok, err := l.peek(ctx)
		if err != nil {
			return nil, err
		}
		if !ok {
			return &leap{ended: true}, nil
		}
		if q.Place != p.Place {
			return &leap{at: q.Place}, nil
		}
	}
	return nil, nil
}
