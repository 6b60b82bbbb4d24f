package report

import (
	"context"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/index"
	"cairn/internal/xapi"
)

// mostAnew is how many statements are folded anew at a time, and so of one learner in one course at most: they are all in memory, and what takes
// longer than a worker has would hold the range up for ever.
const mostAnew = 100_000

// foldAnew folds all facts of a part from nothing, while there is room for as many as the state before was made of.
func (w *rangeWork) foldAnew(ctx context.Context, p part, of *work, before *fold.State) (*fold.State, error) {
	takes := min(before.Facts()+1, mostAnew)
	if err := w.room.Acquire(ctx, takes); err != nil {
		return nil, err
	}
	defer w.room.Release(takes)
	all, err := w.all(ctx, p, of, before)
	if err != nil {
		return nil, err
	}
	return addAll(ctx, p, all, func() (*fold.State, error) { return fold.New(), nil })
}

// everyIdentity asks for all identities of a learner: those that he is said to have, and those by which the state before came about, since a number
// stays whose it was when people are parted.
func (w *rangeWork) everyIdentity(ctx context.Context, who map[asked]bool, before *fold.State) (map[asked]bool, error) {
	var identities []string
	for ask := range who {
		identities = append(identities, ask.identity)
	}
	people, err := w.names.roster.People(ctx, identities)
	if err != nil {
		return nil, err
	}
	out := map[asked]bool{}
	for ask := range who {
		out[ask] = true
		for _, identity := range slices.Concat(people[ask.identity], before.Also, []string{before.Identity}) {
			if identity != "" {
				out[asked{identity, ask.course}] = true
			}
		}
	}
	return out, nil
}

// all are the facts of a part up to the range's end, as the log has them now.
func (w *rangeWork) all(ctx context.Context, p part, of *work, before *fold.State) ([]*fold.Folded, error) {
	var facts []fold.Fact
	asks, err := w.everyIdentity(ctx, of.who, before)
	if err != nil {
		return nil, err
	}
	at, err := w.found()
	if err != nil {
		return nil, err
	}
	for ask := range asks {
		q := index.Query{Filters: []index.Filter{w.index.NewFilter(xapi.Agent, ask.identity)}, To: w.to, Limit: 1000, Bytes: 8 << 20}
		if ask.course != "" {
			q.Filters = append(q.Filters, w.index.NewFilter(xapi.RelatedActivity, ask.course))
		}
		for {
			page, err := at.Search(ctx, q)
			if err != nil {
				return nil, err
			}
			for _, record := range page.Records {
				_, told, err := w.told(record)
				if err != nil {
					continue // it is pending
				}
				for _, f := range told {
					if f.Learner.Identity == ask.identity {
						facts = append(facts, f)
					}
				}
			}
			if page.More.Position.Zero() {
				break
			}
			q.After = page.More
		}
	}
	folded, err := w.numbered(ctx, facts)
	if err != nil {
		return nil, err
	}
	out := make([]*fold.Folded, 0, len(folded))
	for i := range folded {
		if folded[i].learner == p.learner && folded[i].Numbers.Course == p.course {
			out = append(out, &folded[i].Folded)
		}
	}
	slices.SortFunc(out, func(a, b *fold.Folded) int { return a.Compare(b.Order) })
	return out, nil
}
