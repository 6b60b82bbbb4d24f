package recount

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"cairn/internal/index"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/report"
	"cairn/internal/roster"
)

// Of the even statements: 25 learners, each day, in each of 4 courses.
const (
	evenDays     = 10
	evenCourses  = 4
	evenLearners = 25
	evenGroup    = "half"
)

var evenStart = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// EvenLeast is the fewest that Even makes, of which any number is a multiple.
const EvenLeast = evenDays * evenCourses * evenLearners

// Even makes statements up, in the order of their timestamps: however many they are, they tell of the same learners, days, courses, modules,
// questions and videos, so that nothing but their number is another.
func Even(n int) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		perDay := n / evenDays
		for i := range perDay * evenDays {
			at := evenStart.AddDate(0, 0, i/perDay).Add(time.Duration(i%perDay) * 20 * time.Hour / time.Duration(perDay))
			if !yield(even(i, i%evenCourses, i/evenCourses%evenLearners, at)) {
				return
			}
		}
	}
}

func evenCourse(c int) string { return fmt.Sprintf("http://example.com/courses/%d", c) }

func evenLearner(l int) string { return fmt.Sprintf("mailto:learner%d@example.com", l) }

// even is what a learner does in a course: the same each time.
func even(i, course, learner int, at time.Time) []byte {
	of := evenCourse(course)
	what := []string{
		`"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"` + of + `/lesson"},"result":{"duration":"PT20S"}`,
		`"verb":{"id":"http://adlnet.gov/expapi/verbs/passed"},"object":{"id":"` + of + `/quiz"},"result":{"success":true,"score":{"scaled":0.8}}`,
		`"verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},"object":{"id":"` + of + `/question","definition":{"type":"http://adlnet.gov/expapi/activities/cmi.interaction","interactionType":"choice"}},"result":{"success":true,"response":"a"}`,
		`"verb":{"id":"https://w3id.org/xapi/video/verbs/paused"},"object":{"id":"` + of + `/video"},"result":{"extensions":{"https://w3id.org/xapi/video/extensions/played-segments":"0[.]12"}}`,
		`"verb":{"id":"http://adlnet.gov/expapi/verbs/failed"},"object":{"id":"` + of + `/quiz"},"result":{"success":false,"score":{"scaled":0.3}}`,
	}[(learner+course)%5]
	parent := of
	if (learner+course)%5 == 2 {
		parent = of + "/quiz"
	}
	return fmt.Appendf(nil, `{"id":%q,"timestamp":%q,"actor":{"mbox":%q},%s,"context":{"platform":"Platform %d","team":{"objectType":"Group","name":"Team","mbox":"mailto:team%d@example.com"},
		"extensions":{"https://w3id.org/xapi/video/extensions/length":60},"contextActivities":{"parent":[{"id":%q}],"grouping":[{"id":%q,"definition":{"type":"http://adlnet.gov/expapi/activities/course"}}]}}}`,
		uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "even ", i)), at.Format(time.RFC3339Nano), evenLearner(learner), what, learner%3, learner%2, parent, of)
}

// Reads is what it took to answer a question.
type Reads struct {
	Question        string
	Requests, Items int
	Units           float64
}

// ReadsOf stores even statements in a world whose store is a meter, and asks every question about them.
func ReadsOf(ctx context.Context, w *World, m *Meter, n int) ([]Reads, error) {
	var some [][]byte
	for text := range Even(n) {
		if some = append(some, text); len(some) == 500 {
			if err := Append(ctx, w.Ledger, some...); err != nil {
				return nil, err
			}
			some = nil
		}
	}
	if err := w.catchUp(ctx); err != nil {
		return nil, err
	}
	half := roster.Group{ID: evenGroup}
	for l := range evenLearners / 2 {
		half.Members = append(half.Members, "mbox:"+evenLearner(l))
	}
	if err := roster.New(w.Store, w.Ledger.Secret()).PutGroup(ctx, half); err != nil {
		return nil, err
	}
	return askAll(ctx, w, m, int64(n))
}

// catchUp has both projections apply all that is stored, once so much time has passed that whoever looks behind a checkpoint does not meet the
// last entries again.
func (w *World) catchUp(ctx context.Context) error {
	for end := w.Ledger.Now() + 2*ledger.EntrySpan; w.Ledger.Horizon() < end; {
		time.Sleep(time.Millisecond)
	}
	return errors.Join(w.Index.Run(ctx), w.Reports.Run(ctx))
}

func askAll(ctx context.Context, w *World, m *Meter, n int64) (all []Reads, err error) {
	first := report.DayOf(evenStart)
	span := report.Filter{From: first, To: first + evenDays - 1}
	narrowed := func(change func(*report.Filter)) report.Filter {
		f := span
		change(&f)
		return f
	}
	half, team := narrowed(func(f *report.Filter) { f.Group = evenGroup }), narrowed(func(f *report.Filter) { f.Group = roster.Team + "mbox:mailto:team1@example.com" })
	overview := func(f report.Filter, counts int64) func(*report.Reports) error {
		return func(r *report.Reports) error {
			o, err := r.Overview(ctx, f)
			if err == nil && o.Total.Statements != counts {
				err = fmt.Errorf("%d statements are told of, not %d", o.Total.Statements, counts)
			}
			return err
		}
	}
	learners := func(course, state string) func(*report.Reports) error {
		return func(r *report.Reports) error {
			l, err := r.Learners(ctx, span, course, state, report.Page{})
			if err == nil && len(l.Learners) == 0 {
				err = fmt.Errorf("no learners in state %q", state)
			}
			return err
		}
	}
	for _, q := range []struct {
		name string
		ask  func(*report.Reports) error
	}{
		{"overview", overview(span, n)},
		{"overview of a platform", overview(narrowed(func(f *report.Filter) { f.Platform = "Platform 1" }), n/evenLearners*8)},
		{"overview of a group of 12", overview(half, n/evenLearners*12)},
		{"overview of a team of 12", overview(team, n/evenLearners*12)},
		{"activities", func(r *report.Reports) error { _, err := r.Activities(ctx, span, "", report.Page{}); return err }},
		{"activities by statements", func(r *report.Reports) error {
			_, err := r.Activities(ctx, span, "statements", report.Page{})
			return err
		}},
		{"a course", func(r *report.Reports) error { _, err := r.Activity(ctx, evenCourse(0), span); return err }},
		{"a course of a group of 12", func(r *report.Reports) error { _, err := r.Activity(ctx, evenCourse(0), half); return err }},
		{"a video", func(r *report.Reports) error { _, err := r.Activity(ctx, evenCourse(0)+"/video", span); return err }},
		{"learners", learners("", "")},
		{"learners of a course", learners(evenCourse(0), "")},
		{"learners who did not end it", learners(evenCourse(0), "begun")},
		{"a learner", func(r *report.Reports) error {
			key, err := r.FindLearner(ctx, "mbox:"+evenLearner(0))
			if err == nil {
				_, err = r.Learner(ctx, key, span)
			}
			return err
		}},
		{"groups", func(r *report.Reports) error { _, err := r.Groups(ctx, 100); return err }},
		{"platforms", func(r *report.Reports) error { _, err := r.Platforms(ctx); return err }},
	} {
		m.Reads()
		if err := q.ask(report.New(w.Store, w.Ledger, index.New(w.Store, w.Ledger))); err != nil { // by a process that knows nothing yet
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		all = append(all, readsOf(q.name, m.Reads()))
	}
	return all, nil
}

func readsOf(question string, u kvtest.Usage) Reads {
	r := Reads{Question: question, Items: u.Items, Units: u.Units().Read}
	for _, n := range u.Calls {
		r.Requests += n
	}
	return r
}

// MoreReads are the questions that take other requests or items than they took before.
func MoreReads(before, now []Reads) (list []string) {
	for i, r := range now {
		if b := before[i]; r.Requests != b.Requests || r.Items != b.Items {
			list = append(list, fmt.Sprintf("%s: %d requests for %d items, not %d for %d", r.Question, r.Requests, r.Items, b.Requests, b.Items))
		}
	}
	return list
}

func (r Reads) String() string {
	return fmt.Sprintf("%s: %d requests, %d items, %.1f read units", r.Question, r.Requests, r.Items, r.Units)
}
