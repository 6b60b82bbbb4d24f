package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Activities implements Questions.
func (r *Reports) Activities(ctx context.Context, f Filter, sort string, p Page) (ActivityList, error) {
	q, err := r.ask(ctx, f)
	if err != nil {
		return ActivityList{}, err
	}
	from, err := p.number()
	if err != nil {
		return ActivityList{}, err
	}
	var courses []fold.Number
	next := ""
	switch sort {
	case "":
		courses, next, err = q.coursesAfter(ctx, fold.Number(from), p.limit())
	case "statements":
		rows, readErr := q.days(ctx, fold.DayRow, fold.None, q.From, q.To)
		total, _ := sums(rows)
		courses, err = coursesOf(total), readErr
		courses = courses[min(from, len(courses)):]
		if len(courses) > p.limit() {
			courses, next = courses[:p.limit()], strconv.Itoa(from+p.limit())
		}
	default:
		return ActivityList{}, fmt.Errorf("%w: sort is statements or nothing", ErrFilter)
	}
	if err != nil {
		return ActivityList{}, err
	}
	called, err := q.called(ctx, courseName, courses)
	if err != nil {
		return ActivityList{}, err
	}
	list, err := q.courseFigures(ctx, courses, called)
	return ActivityList{Scope: q.Scope, Activities: list, Next: next}, err
}

func (p Page) limit() int {
	if p.Limit <= 0 {
		return 25
	}
	return min(p.Limit, 100)
}

func (p Page) number() (int, error) {
	if p.Next == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(p.Next, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%w: next must be as the page before said", ErrFilter)
	}
	return int(n), nil
}

// coursesAfter lists courses in the order of their numbers.
func (q *question) coursesAfter(ctx context.Context, after fold.Number, limit int) (courses []fold.Number, next string, err error) {
	from := nameKey(q.generation, courseName, max(after+1, fold.First))
	page, err := q.store.Query(ctx, kv.Span{Table: kv.Reports, Partition: from.Partition, From: from.Sort, Limit: limit})
	if err != nil {
		return nil, "", fmt.Errorf("reading names: %w", err)
	}
	for _, item := range page.Items {
		courses = append(courses, numberAt(item.Sort))
	}
	if page.Next != nil && len(courses) > 0 {
		next = strconv.Itoa(int(courses[len(courses)-1]))
	}
	return courses, next, nil
}

// Activity implements Questions.
func (r *Reports) Activity(ctx context.Context, id string, f Filter) (ActivityReport, error) {
	q, err := r.ask(ctx, f)
	if err != nil {
		return ActivityReport{}, err
	}
	found, _, err := q.names.look(ctx, q.generation, []name{{courseName, id}, {moduleName, id}})
	if err != nil {
		return ActivityReport{}, err
	}
	course, module := found[name{courseName, id}], found[name{moduleName, id}]
	q.about = aboutActivity(course, module)
	if course != fold.None && course != fold.Other {
		return q.course(ctx, id, course)
	}
	if module == fold.None || module == fold.Other {
		return ActivityReport{}, ErrUnknown
	}
	return q.module(ctx, id, module)
}

// aboutActivity are the rows that a question about an activity may ask for. In which course a module is comes out later.
func aboutActivity(course, module fold.Number) func(fold.Row) bool {
	return func(r fold.Row) bool {
		switch r.Kind {
		case fold.CourseRow:
			return r.A == uint32(course)
		case fold.ModuleRow:
			return r.A == uint32(module)
		case fold.StandingRow:
			return r.A == uint32(course) || module != fold.None && r.B == uint32(module)
		}
		return r.Kind == fold.QuestionRow
	}
}

// figures are what courses and modules have alike.
func (q *question) figures(ctx context.Context, kind fold.RowKind, n fold.Number) (a ActivityReport, total *sum, err error) {
	total, before, byDay, err := q.span(ctx, kind, n)
	if err != nil {
		return a, nil, err
	}
	parts, err := q.parts(ctx, total)
	return ActivityReport{
		Scope: q.Scope, Total: total.figures(q.wants), Before: before.figures(q.wants), Days: q.dayFigures(byDay),
		Verbs: parts.verbs, Platforms: parts.platforms, Modalities: parts.modalities,
		Funnel: []Step{}, TimeToComplete: []Bucket{}, Questions: []Question{},
	}, total, err
}

func (q *question) course(ctx context.Context, id string, n fold.Number) (ActivityReport, error) {
	a, total, err := q.figures(ctx, fold.CourseRow, n)
	if err != nil {
		return a, err
	}
	standing, err := q.standing(ctx, n)
	if err != nil {
		return a, err
	}
	of := standing[fold.None]
	if of == nil {
		of = newSum()
	}
	if a.Standing, err = q.standingOf(ctx, fold.CourseRow, n, of); err != nil {
		return a, err
	}
	a.TimeToComplete = bucketsOf(of)
	if a.Funnel, err = q.funnel(ctx, standing, total); err != nil {
		return a, err
	}
	if a.Questions, err = q.questions(ctx, standing); err != nil {
		return a, err
	}
	a.Activity, err = q.activity(ctx, id)
	if err != nil {
		return a, err
	}
	// A course that is a video by itself.
	module, err := q.number(ctx, name{moduleName, id})
	if err != nil || standing[module] == nil || module == fold.None {
		return a, err
	}
	rows, err := q.days(ctx, fold.ModuleRow, module, q.From, q.To)
	days, _ := sums(rows)
	a.Video = q.video(days, standing[module])
	return a, err
}

func (q *question) module(ctx context.Context, id string, n fold.Number) (ActivityReport, error) {
	a, total, err := q.figures(ctx, fold.ModuleRow, n)
	if err != nil {
		return a, err
	}
	courses := coursesOf(total)
	if len(courses) == 0 {
		everybody := *q // what a group did before the span is not added up
		everybody.group = nil
		last, err := everybody.rows(ctx, fold.ModuleRow, uint32(n), nil, nil, 1)
		if err != nil {
			return a, err
		}
		newest, _ := sums(last)
		courses = coursesOf(newest)
	}
	if len(courses) == 0 {
		return a, ErrUnknown
	}
	called, err := q.called(ctx, courseName, courses[:1])
	if err != nil {
		return a, err
	}
	course := called[courses[0]]
	a.Course = &course
	standing, err := q.standing(ctx, courses[0])
	if err != nil {
		return a, err
	}
	of := standing[n]
	if of == nil {
		of = newSum()
	}
	if a.Standing, err = q.standingOf(ctx, fold.ModuleRow, n, of); err != nil {
		return a, err
	}
	if a.Questions, err = q.questions(ctx, map[fold.Number]*sum{n: of}); err != nil {
		return a, err
	}
	a.Video = q.video(total, of)
	a.Activity, err = q.activity(ctx, id)
	return a, err
}

func (q *question) activity(ctx context.Context, id string) (Activity, error) {
	known, err := q.activities(ctx, []string{id})
	return known[id], err
}

func (q *question) standingOf(ctx context.Context, kind fold.RowKind, n fold.Number, s *sum) (Standing, error) {
	inactive, err := q.inactive(ctx, kind, n, s)
	return Standing{
		Began: s.list(fold.Began).count(), Completed: s.list(fold.Ended).count(), Passed: s.list(fold.Passed).count(),
		Failing: s.list(fold.Failing).count(), Inactive: inactive.count(),
	}, err
}

func bucketsOf(s *sum) []Bucket {
	out := []Bucket{}
	for i, from := range fold.DayBands {
		b := Bucket{From: int(from), Learners: int(s.counts[fold.Key{Kind: fold.TookDays, A: uint32(i)}])}
		if i+1 < len(fold.DayBands) {
			b.To = int(fold.DayBands[i+1])
		}
		out = append(out, b)
	}
	return out
}

// mostSteps is how many modules and questions an answer has.
const mostSteps = 100

func (q *question) funnel(ctx context.Context, standing map[fold.Number]*sum, total *sum) ([]Step, error) {
	var modules []fold.Number
	for m := range standing {
		if m != fold.None {
			modules = append(modules, m)
		}
	}
	began := func(m fold.Number) int { return standing[m].list(fold.Began).count() }
	slices.SortFunc(modules, func(a, b fold.Number) int { return cmp.Or(cmp.Compare(began(b), began(a)), cmp.Compare(a, b)) })
	modules = modules[:min(len(modules), mostSteps)]
	called, err := q.called(ctx, moduleName, modules)
	if err != nil {
		return nil, err
	}
	steps := make([]Step, len(modules))
	for i, m := range modules {
		s := standing[m]
		steps[i] = Step{called[m], began(m), s.list(fold.Ended).count(), total.counts[fold.Key{Kind: fold.ModuleTime, A: uint32(m)}] / 1000}
	}
	return steps, nil
}
