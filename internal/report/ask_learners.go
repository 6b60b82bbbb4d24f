package report

import (
	"context"
	"fmt"
	"strconv"

	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Learners implements Questions.
func (r *Reports) Learners(ctx context.Context, f Filter, course, state string, p Page) (LearnerList, error) {
	q, err := r.ask(ctx, f)
	if err != nil {
		return LearnerList{}, err
	}
	after, err := p.number()
	if err != nil {
		return LearnerList{}, err
	}
	var numbers []fold.Number
	switch {
	case course != "":
		numbers, err = q.learnersOf(ctx, course, state, fold.Number(after), p.limit())
	case state != "":
		err = fmt.Errorf("%w: a state needs a course", ErrFilter)
	case q.group != nil:
		numbers = q.group.learners.after(fold.Number(after), p.limit())
	default:
		numbers, err = q.learnersAfter(ctx, fold.Number(after), p.limit())
	}
	if err != nil {
		return LearnerList{}, err
	}
	list := LearnerList{Scope: q.Scope, Learners: []LearnerLine{}}
	if len(numbers) == p.limit() {
		list.Next = strconv.Itoa(int(numbers[len(numbers)-1]))
	}
	lines := make([]*LearnerLine, len(numbers))
	reading, at := errgroup.WithContext(ctx)
	reading.SetLimit(readsAtOnce)
	for i, n := range numbers {
		reading.Go(func() error {
			all, err := learnerProgress(at, q.store, q.generation, n, kv.Eventual)
			if len(all) > 0 {
				lines[i] = q.line(all)
			}
			return err
		})
	}
	if err := reading.Wait(); err != nil {
		return LearnerList{}, err
	}
	for _, l := range lines {
		if l != nil && !l.Last.IsZero() {
			list.Learners = append(list.Learners, *l)
		}
	}
	return list, nil
}

// learnersAfter are the next numbers of learners; some may be nobody's.
func (q *question) learnersAfter(ctx context.Context, after fold.Number, limit int) ([]fold.Number, error) {
	end, err := learnersEnd(ctx, q.store, q.generation, kv.Eventual)
	if err != nil {
		return nil, err
	}
	var numbers []fold.Number
	for n := max(after+1, fold.First); n < end && len(numbers) < limit; n++ {
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// learnersOf are learners of a course, those in a state.
func (q *question) learnersOf(ctx context.Context, course, state string, after fold.Number, limit int) ([]fold.Number, error) {
	n, err := q.number(ctx, name{courseName, course})
	if err != nil {
		return nil, err
	}
	if n < fold.First {
		return nil, ErrUnknown
	}
	q.about = aboutActivity(n, fold.None)
	rows, err := q.rows(ctx, fold.StandingRow, uint32(n), rowSort(0, 0), rowSort(1, 0), 0)
	if err != nil {
		return nil, err
	}
	s := newSum()
	for _, r := range rows {
		s.take(r)
	}
	list := s.list(fold.Began)
	switch state {
	case "":
	case "completed":
		list = s.list(fold.Ended)
	case "begun":
		list = list.without(s.list(fold.Ended))
	case "failing":
		list = s.list(fold.Failing)
	case "inactive":
		if list, err = q.inactive(ctx, fold.CourseRow, n, s); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("%w: state is begun, completed, failing or inactive", ErrFilter)
	}
	return list.after(after, limit), nil
}
