package index

import (
	"context"
	"math"

	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// tail reads what the index has not applied: of its pending entries what lies before the checkpoint, and then the log after it.
func (x *Index) tail(ctx context.Context, cp projection.Checkpoint) (out []*statement, err error) {
	seen := map[ledger.Place]bool{}
	add := func(r ledger.Record) {
		if s, err := x.read(r); err == nil && !seen[r.Place] { // what cannot be read is pending, and shown by its id alone
			seen[r.Place] = true
			out = append(out, s)
		}
	}
	pending, err := x.ledger.Load(ctx, cp.PendingEntries())
	if err != nil {
		return nil, err
	}
	for _, e := range pending {
		records, err := x.ledger.Records(e)
		if err != nil {
			continue
		}
		for _, r := range records {
			if r.Stored() < cp.Through {
				add(r)
			}
		}
	}
	scan := x.ledger.Scan(ledger.Span{From: cp.Through, To: math.MaxInt64}, 0)
	for {
		r, ok, err := scan.Next(ctx)
		if err != nil || !ok {
			return out, err
		}
		add(r)
	}
}

// tailMatches returns the statements that the tail brings to an answer, in no order: those of it that match, by themselves or
// by what they refer to, and those that the index has listed already and that refer to a match of the tail.
func (x *Index) tailMatches(ctx context.Context, cp projection.Checkpoint, tail []*statement, q *Query) ([]ledger.Record, error) {
	matches, err := x.matching(ctx, tail, q.Filters)
	if err != nil {
		return nil, err
	}
	var out []ledger.Record
	shown := map[ledger.Place]bool{}
	show := func(s *statement) {
		if !shown[s.Place] && q.accepts(s.Record, s.parsed) {
			out = append(out, s.Record)
		}
		shown[s.Place] = true
	}
	for _, s := range matches {
		show(s)
	}
	older, err := x.olderReferrers(ctx, cp.Generation, matches)
	if err != nil {
		return nil, err
	}
	for _, s := range older {
		show(s)
	}
	return out, nil
}

// matching returns the statements that meet the filters, by themselves or by one that their references lead to.
func (x *Index) matching(ctx context.Context, statements []*statement, filters []Filter) (out []*statement, err error) {
	var rest []*statement
	for _, s := range statements {
		if s.has(filters) {
			out = append(out, s)
		} else if s.refers != uuid.Nil {
			rest = append(rest, s)
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	chains, err := x.chainsOf(ctx, rest)
	if err != nil {
		return nil, err
	}
	for _, s := range rest {
		for _, target := range chains[s.id] {
			if target.has(filters) {
				out = append(out, s)
				break
			}
		}
	}
	return out, nil
}

// olderReferrers finds the statements that were listed before their target came, and so do not have its terms yet.
func (x *Index) olderReferrers(ctx context.Context, generation byte, matches []*statement) ([]*statement, error) {
	referred, err := x.referred(ctx, generation, matches)
	if err != nil {
		return nil, err
	}
	var places []ledger.Place
	for id := range referred {
		err := x.eachReferrer(ctx, generation, id, func(r referrer) { places = append(places, r.Place) })
		if err != nil {
			return nil, err
		}
	}
	records, err := x.ledger.Fetch(ctx, places)
	if err != nil {
		return nil, err
	}
	out := make([]*statement, 0, len(records))
	for _, r := range records {
		s, err := x.read(r)
		if err != nil {
			continue
		}
		out = append(out, s)
	}
	return out, nil
}
