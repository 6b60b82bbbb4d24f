package report

import (
	"context"
	"math"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/index"
	"cairn/internal/xapi"
)

// MaxTold is how many statements are told of one by one.
const MaxTold = 500

// Sessions implements Questions. It reads statements, not tables.
func (r *Reports) Sessions(ctx context.Context, key, course string, f Filter) (SessionList, error) {
	q, err := r.ask(ctx, f)
	if err != nil {
		return SessionList{}, err
	}
	all, err := q.learner(ctx, key)
	if err != nil {
		return SessionList{}, err
	}
	facts, older, err := q.newest(ctx, all, course)
	if err != nil {
		return SessionList{}, err
	}
	ids := []string{course}
	for _, fact := range facts {
		ids = append(ids, fact.Object)
	}
	known, err := q.activities(ctx, ids)
	return SessionList{Scope: q.Scope, Learner: *q.line(all), Course: known[course], Sessions: sessionsOf(facts, known), Older: older}, err
}

// newest are a learner's newest facts in a course, in order, and whether there are older ones.
func (q *question) newest(ctx context.Context, all []*progress, course string) (facts []fold.Fact, older bool, err error) {
	rules, err := q.names.roster.Modalities(ctx)
	if err != nil {
		return nil, false, err
	}
	var identities []string
	for _, p := range all {
		identities = append(identities, p.state.Identity)
	}
	people, err := q.names.roster.People(ctx, identities)
	if err != nil {
		return nil, false, err
	}
	for _, same := range people {
		identities = append(identities, same...)
	}
	for _, identity := range distinct(identities) {
		page, err := q.index.Search(ctx, index.Query{
			Filters: []index.Filter{q.index.NewFilter(xapi.Agent, identity), q.index.NewFilter(xapi.RelatedActivity, course)},
			To:      math.MaxInt64, Descending: true, Limit: MaxTold, Bytes: 4 << 20,
		})
		if err != nil {
			return nil, false, err
		}
		older = older || !page.More.Position.Zero()
		for _, record := range page.Records {
			s, err := xapi.Parse(record.Text)
			if err != nil {
				continue // it is pending
			}
			for _, fact := range factsOf(s, record, rules) {
				if fact.Learner.Identity == identity && fact.Course == course {
					facts = append(facts, fact)
				}
			}
		}
	}
	slices.SortFunc(facts, func(a, b fold.Fact) int { return a.Compare(b.Order) })
	if n := len(facts) - MaxTold; n > 0 { // under several identities
		facts, older = facts[n:], true
	}
	return facts, older, nil
}

func sessionsOf(facts []fold.Fact, known map[string]Activity) []Session {
	sessions := []Session{}
	last := int64(math.MinInt64 / 2)
	for i := range facts {
		f := &facts[i]
		if f.At-f.Duration-last > fold.SessionGap {
			sessions = append(sessions, Session{Start: timeOf(f.At - f.Duration), Platform: f.Platform, Modality: f.Modality.String(), Minutes: []Minute{}})
		}
		s := &sessions[len(sessions)-1]
		last = f.At
		s.End = timeOf(f.At)
		s.Seconds = int64(s.End.Sub(s.Start).Seconds())
		minute := int(s.End.Sub(s.Start).Minutes())
		if n := len(s.Minutes); n == 0 || s.Minutes[n-1].Minute != minute {
			s.Minutes = append(s.Minutes, Minute{Minute: minute})
		}
		m := &s.Minutes[len(s.Minutes)-1]
		m.Events = append(m.Events, eventOf(f, known))
	}
	slices.Reverse(sessions)
	return sessions
}

func eventOf(f *fold.Fact, known map[string]Activity) Event {
	e := Event{At: timeOf(f.At), Verb: f.Verb, Object: known[f.Object], Score: scoreOrNone(f.Score)}
	if f.Answer != nil && f.Answer.Judged {
		e.Right = &f.Answer.Right
	}
	return e
}
