package report

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
)

// mostActive is how many courses an overview lists.
const mostActive = 10

// quietDays is after how many days without a statement somebody counts as inactive.
const quietDays = 14

// parts are what figures are split by.
type parts struct {
	verbs      []VerbFigures
	platforms  []NamedFigures
	modalities []NamedFigures
}

// Overview implements Questions.
func (r *Reports) Overview(ctx context.Context, f Filter) (Overview, error) {
	q, err := r.ask(ctx, f)
	if err != nil {
		return Overview{}, err
	}
	total, before, byDay, err := q.span(ctx, fold.DayRow, fold.None)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Scope: q.Scope, Total: total.figures(q.wants), Before: before.figures(q.wants), Days: q.dayFigures(byDay)}
	parts, err := q.parts(ctx, total)
	if err != nil {
		return Overview{}, err
	}
	o.Verbs, o.Platforms, o.Modalities = parts.verbs, parts.platforms, parts.modalities
	courses := coursesOf(total)
	courses = courses[:min(len(courses), mostActive)]
	called, err := q.called(ctx, courseName, courses)
	if err != nil {
		return Overview{}, err
	}
	if o.Activities, err = q.courseFigures(ctx, courses, called); err != nil {
		return Overview{}, err
	}
	o.Notices, err = q.notices(ctx, courses, called)
	return o, err
}

// span reads the rows of the days that are asked for, and of as many before them.
func (q *question) span(ctx context.Context, kind fold.RowKind, a fold.Number) (total, before *sum, byDay map[Day]*sum, err error) {
	length := q.To - q.From + 1
	rows, err := q.days(ctx, kind, a, q.From-length, q.To)
	if err != nil {
		return nil, nil, nil, err
	}
	first := slices.IndexFunc(rows, func(r figureRow) bool { return Day(int32(r.b)) >= q.From })
	if first < 0 {
		first = len(rows)
	}
	before, _ = sums(rows[:first])
	total, byDay = sums(rows[first:])
	return total, before, byDay, nil
}

// parts splits figures. Verbs are not counted by platform and modality: where these are asked for, there are none.
func (q *question) parts(ctx context.Context, s *sum) (p parts, err error) {
	var platforms, verbs []fold.Number
	for k := range s.counts {
		if k.Kind < fold.KeyKind(fold.Figures) {
			platforms = append(platforms, fold.Number(k.A))
		}
		if k.Kind == fold.VerbKey {
			verbs = append(verbs, fold.Number(k.A))
		}
	}
	called, err := q.names.spell(ctx, q.generation, platformName, platforms)
	if err != nil {
		return p, err
	}
	called[fold.Other] = otherName
	p.platforms = q.split(s, platformOf, func(n uint32) string { return called[fold.Number(n)] })
	p.modalities = q.split(s, modalityOf, func(n uint32) string { return fold.Modality(n).String() })
	p.verbs, err = q.verbs(ctx, s, verbs)
	return p, err
}

// otherName is what names are called together that came when there were too many.
const otherName = "…"

func (q *question) verbs(ctx context.Context, s *sum, verbs []fold.Number) ([]VerbFigures, error) {
	out := []VerbFigures{}
	if q.narrowed() {
		return out, nil
	}
	called, err := q.names.spell(ctx, q.generation, verbName, verbs)
	if err != nil {
		return nil, err
	}
	called[fold.Other] = otherName
	for _, v := range verbs {
		key := fold.Key{Kind: fold.VerbKey, A: uint32(v)}
		out = append(out, VerbFigures{Verb: called[v], Statements: s.counts[key], Learners: s.lists[key].count()})
	}
	slices.SortFunc(out, func(a, b VerbFigures) int {
		return cmp.Or(cmp.Compare(b.Statements, a.Statements), cmp.Compare(a.Verb, b.Verb))
	})
	return out, nil
}

// coursesOf lists the courses of all figures, those with most statements first.
func coursesOf(s *sum) (courses []fold.Number) {
	for k := range s.counts {
		if k.Kind == fold.CourseKey {
			courses = append(courses, fold.Number(k.A))
		}
	}
	statements := func(n fold.Number) int64 { return s.counts[fold.Key{Kind: fold.CourseKey, A: uint32(n)}] }
	slices.SortFunc(courses, func(a, b fold.Number) int {
		return cmp.Or(cmp.Compare(statements(b), statements(a)), cmp.Compare(a, b))
	})
	return courses
}

// readsAtOnce bounds how many partitions are read at a time.
const readsAtOnce = 16

// courseFigures are those of courses, in their order.
func (q *question) courseFigures(ctx context.Context, courses []fold.Number, called map[fold.Number]Activity) ([]ActivityFigures, error) {
	out := make([]ActivityFigures, len(courses))
	reading, at := errgroup.WithContext(ctx)
	reading.SetLimit(readsAtOnce)
	for i, c := range courses {
		reading.Go(func() error {
			rows, err := q.days(at, fold.CourseRow, c, q.From, q.To)
			total, _ := sums(rows)
			out[i] = ActivityFigures{called[c], total.figures(q.wants)}
			return err
		})
	}
	return out, reading.Wait()
}

// fewLearners is below how many a share says nothing.
const fewLearners = 5

// notices are what needs a look in courses.
func (q *question) notices(ctx context.Context, courses []fold.Number, called map[fold.Number]Activity) ([]Notice, error) {
	lists := make([][]Notice, len(courses))
	reading, at := errgroup.WithContext(ctx)
	reading.SetLimit(readsAtOnce)
	for i, c := range courses {
		reading.Go(func() (err error) {
			lists[i], err = q.noticesOf(at, c, called[c])
			return err
		})
	}
	if err := reading.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b Notice) int { return cmp.Compare(b.Learners, a.Learners) })
	if all == nil {
		all = []Notice{}
	}
	return all[:min(len(all), mostActive)], nil
}

func (q *question) noticesOf(ctx context.Context, course fold.Number, called Activity) (list []Notice, err error) {
	standing, err := q.standing(ctx, course)
	if err != nil || standing[fold.None] == nil {
		return nil, err
	}
	of := standing[fold.None]
	inactive, err := q.inactive(ctx, fold.CourseRow, course, of)
	if err != nil {
		return nil, err
	}
	began := of.list(fold.Began).count()
	for kind, n := range map[string]int{"inactive": inactive.count(), "failing": of.list(fold.Failing).count()} {
		if n > 0 {
			list = append(list, Notice{Kind: kind, Course: called, Learners: n, Of: began})
		}
	}
	worst := Notice{}
	var module fold.Number
	for m, s := range standing {
		began, ended := s.list(fold.Began).count(), s.list(fold.Ended).count()
		if lost := began - ended; m != fold.None && began >= fewLearners && 2*ended < began && lost > worst.Learners {
			worst, module = Notice{Kind: "drop-off", Course: called, Learners: lost, Of: began}, m
		}
	}
	if module != fold.None {
		names, err := q.called(ctx, moduleName, []fold.Number{module})
		if err != nil {
			return nil, err
		}
		worst.Module = names[module]
		list = append(list, worst)
	}
	slices.SortFunc(list, func(a, b Notice) int { return cmp.Compare(a.Kind, b.Kind) })
	return list, nil
}

// inactive are those who began, did not end, and did nothing in the last days of the span.
func (q *question) inactive(ctx context.Context, kind fold.RowKind, a fold.Number, standing *sum) (learners, error) {
	rows, err := q.days(ctx, kind, a, q.To-quietDays+1, q.To)
	if err != nil {
		return nil, err
	}
	active := learners{}
	for _, r := range rows {
		for k, list := range r.lists {
			if k.Kind == fold.Learners {
				active.join(r.block, list)
			}
		}
	}
	return standing.list(fold.Began).without(standing.list(fold.Ended)).without(active), nil
}
