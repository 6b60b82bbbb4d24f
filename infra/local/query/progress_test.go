package query

import (
	"cmp"
	"slices"
	"time"
)

// What is asked of progress and attempts.

func minutes(p *progress) float64 { return float64(p.milliseconds) / 60_000 }

func course(p *progress) string { return p.course }

type place struct{ course, module string }

func placeOf(p *progress) place { return place{p.course, p.module} }

func ended(p *progress) bool { return p.ended != nil }

// silent is whoever did nothing in the 14 days that end with the last one.
func silent(p *progress) bool { return p.last.Before(at(lastDay).AddDate(0, 0, -13)) }

// course that a module's progress is in.
func (f *figures) courseOf(m *progress) *progress {
	return f.progress[slices.IndexFunc(f.progress, func(p *progress) bool { return p.module == "" && p.learner == m.learner && p.course == m.course })]
}

// newest is the module of the course in which the learner was last.
func (f *figures) newest(c *progress) *progress {
	all := f.ofModules(c)
	if len(all) == 0 {
		return nil
	}
	return slices.MinFunc(all, func(a, b *progress) int {
		return cmp.Or(b.last.Compare(a.last), b.first.Compare(a.first), cmp.Compare(a.module, b.module))
	})
}

var _ = expect("completion-by-course-and-month", func(e *expected) (rows []row) {
	type of struct{ course, month string }
	began, completed, since := map[of]int{}, map[of]int{}, map[of]int{}
	for _, p := range e.ofCourses() {
		month := of{p.course, p.first.Format("2006-01")}
		began[month]++
		if p.ended != nil {
			since[month]++
			completed[of{p.course, p.ended.Format("2006-01")}]++
			began[of{p.course, p.ended.Format("2006-01")}] += 0
		}
	}
	for m := range began {
		rows = append(rows, row{"course_id": m.course, "in_month": m.month, "began": began[m], "completed": completed[m],
			"completed_of_those_who_began": since[m], "share_completed": per(since[m], began[m])})
	}
	return rows
})

var _ = expect("drop-off", func(e *expected) (rows []row) {
	for place, all := range grouped(e.ofModules(nil), placeOf) {
		stopped := many(all, func(m *progress) bool {
			c := e.courseOf(m)
			return e.newest(c) == m && c.ended == nil && silent(c)
		})
		rows = append(rows, row{"course_id": place.course, "module_id": place.module, "began": len(all), "completed": many(all, ended),
			"share_completed": per(many(all, ended), len(all)), "stopped_here": stopped})
	}
	return rows
})

var _ = expect("inactive-learners", func(e *expected) (rows []row) {
	for _, p := range e.ofCourses() {
		if p.ended != nil || !silent(p) {
			continue
		}
		r := row{"course_id": p.course, "learner_key": e.key(p.learner), "last_at": p.last, "minutes": minutes(p), "modules_begun": len(e.ofModules(p)),
			"days_silent": at(lastDay).Sub(p.last.Truncate(24*time.Hour)).Hours() / 24, "modules_completed": many(e.ofModules(p), ended), "last_module_id": nil}
		if m := e.newest(p); m != nil {
			r["last_module_id"] = m.module
		}
		rows = append(rows, r)
	}
	return rows
})

var _ = expect("stuck-in-a-module", func(e *expected) (rows []row) {
	for _, p := range e.ofCourses() {
		m := e.newest(p)
		if m == nil || m.ended != nil || p.ended != nil || silent(p) || !m.first.Before(at(lastDay).AddDate(0, 0, -7)) {
			continue
		}
		rows = append(rows, row{"course_id": m.course, "module_id": m.module, "learner_key": e.key(m.learner), "in_it_since": m.first, "last_at": m.last,
			"attempts": m.attempts, "failures": m.failures, "best_score": m.best, "minutes": minutes(m)})
	}
	return rows
})

var _ = expect("repeated-failures", func(e *expected) (rows []row) {
	for _, p := range e.progress {
		if p.failing && p.failures >= 2 {
			rows = append(rows, row{"course_id": p.course, "module_id": text(p.module), "learner_key": e.key(p.learner), "failures": p.failures,
				"attempts": p.attempts, "best_score": p.best, "last_at": p.last})
		}
	}
	return rows
})

var _ = expect("courses-at-a-glance", func(e *expected) (rows []row) {
	for course, all := range grouped(e.ofCourses(), course) {
		hours := 0.0
		for _, p := range all {
			hours += minutes(p) / 60
		}
		stands := func(what string) int { return many(all, func(p *progress) bool { return p.standing() == what }) }
		rows = append(rows, row{"course_id": course, "began": len(all), "completed": many(all, ended), "passed": stands("passed"), "failing": stands("failing"),
			"inactive": many(all, func(p *progress) bool { return p.ended == nil && silent(p) }), "share_completed": per(many(all, ended), len(all)), "hours": hours,
			"average_days_to_end": mean(all, func(p *progress) (float64, bool) {
				if p.ended == nil {
					return 0, false
				}
				return float64(p.ended.Sub(p.first) / (24 * time.Hour)), true
			})})
	}
	return rows
})
