package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// CourseDays is what happened in a course, day by day.
type CourseDays struct {
	// Number is the course's; fold.None for statements about no Activity, fold.Other for courses that came when there were too many.
	Number fold.Number
	Course Activity
	Days   []CourseDay // in order
}

// CourseDay is what happened on a day, on a platform and in a modality.
type CourseDay struct {
	Day      Day
	Platform string // empty for statements without
	Modality fold.Modality
	Learners int // of these; whoever was on two platforms that day is in both
	Counts   fold.Counts
}

// Courses tells of each course whose number is at least from, in the order of numbers, until do fails; then it returns what do returned. Of statements about
// no Activity nothing but their number is told: nobody learnt. It costs a request for each course, one for each day that there was, and few more.
func (w *Walk) Courses(ctx context.Context, from fold.Number, do func(*CourseDays) error) error {
	if from == fold.None {
		days, err := w.ofNoCourse(ctx)
		if err != nil {
			return err
		}
		if err := do(&CourseDays{Days: days}); err != nil {
			return err
		}
	}
	if from <= fold.Other {
		if err := w.courses(ctx, []fold.Number{fold.Other}, do); err != nil {
			return err
		}
	}
	first := nameKey(w.Generation, courseName, max(from, fold.First))
	return eachPage(ctx, w.q.store, kv.Span{Table: kv.Reports, Partition: first.Partition, From: first.Sort}, func(items []kv.Item) error {
		for some := range slices.Chunk(items, titlesAtOnce) {
			numbers := make([]fold.Number, len(some))
			for i, item := range some {
				numbers[i] = numberAt(item.Sort)
			}
			if err := w.courses(ctx, numbers, do); err != nil {
				return err
			}
		}
		return nil
	})
}

// titlesAtOnce is of how many courses the names are asked for together.
const titlesAtOnce = 100

func (w *Walk) courses(ctx context.Context, numbers []fold.Number, do func(*CourseDays) error) error {
	w.forget()
	if err := w.learn(ctx, courseName, numbers); err != nil {
		return err
	}
	for _, n := range numbers {
		if err := w.course(ctx, n, do); err != nil {
			return err
		}
	}
	return nil
}

func (w *Walk) course(ctx context.Context, n fold.Number, do func(*CourseDays) error) error {
	c := &CourseDays{Number: n, Course: w.title(courseName, n)}
	found := cells{}
	err := eachRow(ctx, w.q.store, kv.Span{Table: kv.Reports, Partition: rowPartition(w.Generation, fold.CourseRow, uint32(n))}, func(r figureRow) error {
		found.take(r)
		return nil
	})
	if err != nil {
		return err
	}
	if c.Days, err = w.days(ctx, found); err != nil || len(c.Days) == 0 {
		return err
	}
	return do(c)
}

// ofNoCourse is what a day's statements are more than those in its courses. It reads the rows of these where there is anything.
func (w *Walk) ofNoCourse(ctx context.Context) ([]CourseDay, error) {
	left := cells{}
	partition := rowPartition(w.Generation, fold.DayRow, 0)
	for from := []byte{}; from != nil; {
		page, err := w.q.store.Query(ctx, kv.Span{Table: kv.Reports, Partition: partition, From: from, Limit: 1}) // other blocks of the day follow
		if err != nil {
			return nil, fmt.Errorf("reading figures: %w", err)
		}
		from = nil
		for _, item := range page.Items {
			r, err := decodeRow(item)
			if err != nil {
				return nil, err
			}
			day, _ := rowAt(item.Sort)
			from = rowSort(day+1, 0)
			if err := w.withoutCourses(ctx, day, r, left); err != nil {
				return nil, err
			}
		}
	}
	return w.days(ctx, left)
}

func (w *Walk) withoutCourses(ctx context.Context, day uint32, r *row, left cells) error {
	in, all := int64(0), int64(0)
	var keys []kv.Key
	for k, n := range r.counts {
		switch k.Kind {
		case fold.CourseKey:
			in += n
			keys = append(keys, rowKey(w.Generation, fold.Row{Kind: fold.CourseRow, A: k.A, B: day}, 0))
		case fold.KeyKind(fold.Statements):
			all += n
		}
	}
	if all <= in {
		return nil
	}
	items, err := w.q.store.GetMany(ctx, keys, kv.Eventual)
	if err != nil {
		return fmt.Errorf("reading figures: %w", err)
	}
	for _, item := range items {
		c, err := decodeRow(item)
		if err != nil {
			return err
		}
		for k, n := range c.counts {
			if k.Kind == fold.KeyKind(fold.Statements) {
				r.counts[k] -= n
			}
		}
	}
	for k, n := range r.counts {
		if k.Kind == fold.KeyKind(fold.Statements) && n > 0 {
			left.at(day, k).Counts[fold.Statements] = n
		}
	}
	return nil
}

// cell is where a figure stands in a course.
type cell struct{ day, platform, modality uint32 }

type cells map[cell]*CourseDay

func (c cells) at(day uint32, k fold.Key) *CourseDay {
	place := cell{day, k.A, k.B}
	if c[place] == nil {
		c[place] = &CourseDay{Day: Day(int32(day)), Modality: fold.Modality(k.B)}
	}
	return c[place]
}

func (c cells) take(r figureRow) {
	for k, n := range r.counts {
		if k.Kind < fold.KeyKind(fold.Figures) {
			c.at(r.b, k).Counts[k.Kind] += n
		}
	}
	for k, list := range r.lists {
		if k.Kind == fold.Learners {
			c.at(r.b, k).Learners += learners{r.block: list}.count()
		}
	}
}

// days are the cells in order, platforms by their names.
func (w *Walk) days(ctx context.Context, of cells) ([]CourseDay, error) {
	var platforms []fold.Number
	for place := range of {
		platforms = append(platforms, fold.Number(place.platform))
	}
	called, err := w.q.names.spell(ctx, w.Generation, platformName, platforms)
	if err != nil {
		return nil, err
	}
	called[fold.Other] = otherName
	out := make([]CourseDay, 0, len(of))
	for place, day := range of {
		day.Platform = called[fold.Number(place.platform)]
		out = append(out, *day)
	}
	slices.SortFunc(out, func(a, b CourseDay) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Modality, b.Modality))
	})
	return out, nil
}
