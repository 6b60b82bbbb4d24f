package main

import (
	"context"
	"fmt"
	"time"

	"cairn/internal/index"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/xapi"
)

// query is a question that is asked of every size.
type query struct {
	name string
	ask  func(q *lrs.Question)
	// apart says that the ratio is not of the promise: what is asked for lies the further apart the more is stored, so that in a thousand
	// statements a page comes from two entries, and from ten thousand on each of its statements from an entry of its own.
	apart bool
}

// limit is how many statements a page holds, and pages are the ones that are measured.
const limit = 5

var pages = []int{1, 10}

func agent(name string) *xapi.AgentID {
	id, err := xapi.ParseAgent([]byte(`{"mbox":"mailto:`+name+`@example.com"}`), xapi.V1)
	if err != nil {
		panic(err)
	}
	return &id
}

// filters are the questions apart from their direction.
var filters = []query{
	{name: "no filter", ask: func(*lrs.Question) {}},
	{name: "agent", ask: func(q *lrs.Question) { q.Agent = agent("a0") }},
	{name: "verb", ask: func(q *lrs.Question) { q.Verb = "http://example.com/verbs/0" }},
	{name: "activity", ask: func(q *lrs.Question) { q.Activity = "http://example.com/activities/0" }},
	{name: "registration", ask: func(q *lrs.Question) { q.Registration = registration(0) }},
	{name: "related_agents", ask: func(q *lrs.Question) { q.Agent, q.RelatedAgents = agent("i0"), true }},
	{name: "a rare related agent", ask: func(q *lrs.Question) { q.Agent, q.RelatedAgents = agent("rare"), true }, apart: true},
	{name: "related_activities", ask: func(q *lrs.Question) { q.Activity, q.RelatedActivities = "http://example.com/courses/0", true }},
	{name: "agent, verb", ask: func(q *lrs.Question) { q.Agent, q.Verb = agent("a0"), "http://example.com/verbs/0" }},
	{name: "activity, registration", ask: func(q *lrs.Question) { q.Activity, q.Registration = "http://example.com/activities/0", registration(0) }},
}

// queries are all of them, newest first, oldest first, and from or up to an instant in the middle.
var queries = func() (all []query) {
	for _, f := range filters {
		all = append(all, f,
			query{name: f.name + ", ascending", ask: func(q *lrs.Question) { f.ask(q); q.Ascending = true }, apart: f.apart})
	}
	return append(all,
		query{name: "verb, since, ascending", ask: func(q *lrs.Question) { filters[2].ask(q); q.Since, q.Ascending = middle, true }},
		query{name: "verb, until", ask: func(q *lrs.Question) { filters[2].ask(q); q.Until = middle }},
		query{name: "related_activities, until", ask: func(q *lrs.Question) { filters[7].ask(q); q.Until = middle }},
	)
}()

// middle is the stored time of a statement in the middle of what is asked.
var middle time.Time

// cost is what one page took.
type cost struct{ requests, rounds, units, milliseconds float64 }

// askAll asks every query and returns what its pages cost.
func (w *world) askAll(ctx context.Context, n int) (map[string]cost, error) {
	counter := kvtest.Count(w.store)
	counted, err := ledger.Open(ctx, counter, ledger.Options{Alone: w.ledger.Alone()})
	if err != nil {
		return nil, err
	}
	l := lrs.New(counted, index.New(counter, counted), w.blobs)
	if err := w.findMiddle(ctx, l); err != nil {
		return nil, err
	}
	costs := map[string]cost{}
	for _, q := range queries {
		if err := measure(ctx, l, counter, q, costs); err != nil {
			return nil, fmt.Errorf("%d statements, %s: %w", n, q.name, err)
		}
	}
	return costs, nil
}

func (w *world) findMiddle(ctx context.Context, l *lrs.LRS) error {
	first, err := l.Ask(ctx, lrs.Caller{}, lrs.Question{Limit: 1, Ascending: true})
	if err != nil {
		return err
	}
	last, err := l.Ask(ctx, lrs.Caller{}, lrs.Question{Limit: 1})
	if err != nil {
		return err
	}
	from, to := first.Records[0].Stored(), last.Records[0].Stored()
	middle = (from + (to-from)/2).Time()
	return nil
}

func measure(ctx context.Context, l *lrs.LRS, counter *kvtest.Counter, q query, costs map[string]cost) error {
	question := lrs.Question{Limit: limit}
	q.ask(&question)
	more := ""
	for page := 1; page <= pages[len(pages)-1]; page++ {
		counter.Reset()
		begun := time.Now()
		var answer lrs.Answer
		var err error
		if page == 1 {
			answer, err = l.Ask(ctx, lrs.Caller{}, question)
		} else {
			answer, err = l.Continue(ctx, lrs.Caller{}, more)
		}
		if err != nil {
			return err
		}
		if len(answer.Records) != limit || answer.More == "" {
			return fmt.Errorf("page %d holds %d statements, not %d", page, len(answer.Records), limit)
		}
		more = answer.More
		used := counter.Snapshot()
		c := cost{rounds: float64(used.Rounds), units: used.Units().Read, milliseconds: float64(time.Since(begun).Microseconds()) / 1000}
		for _, calls := range used.Calls {
			c.requests += float64(calls)
		}
		costs[fmt.Sprintf("%s, page %d", q.name, page)] = c
	}
	return nil
}
