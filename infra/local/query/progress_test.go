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

var _ = expect("score-against-time", func(e *expected) (rows []row) {
	type scored struct{ score, minutes float64 }
	for course, all := range grouped(e.ofCourses(), course) {
		var of []scored
		for _, p := range all {
			best := any(p.best)
			if p.best == nil {
				best = mean(e.ofModules(p), func(m *progress) (float64, bool) {
					if m.best == nil {
						return 0, false
					}
					return *m.best, true
				})
			}
			switch best := best.(type) {
			case *float64:
				of = append(of, scored{*best, minutes(p)})
			case float64:
				of = append(of, scored{best, minutes(p)})
			}
		}
		x, y := make([]float64, len(of)), make([]float64, len(of))
		for i, s := range of {
			x[i], y[i] = s.score, s.minutes
		}
		for band, learners := range grouped(of, func(s scored) int { return int(s.minutes/30) * 30 }) {
			rows = append(rows, row{"course_id": course, "from_minute": band, "learners": len(learners), "correlation": correlation(x, y),
				"average_score": mean(learners, func(s scored) (float64, bool) { return s.score, true })})
		}
	}
	return rows
})

func (e *expected) record(p *progress) row {
	return row{"course_id": p.course, "standing": p.standing(), "ended": p.ended, "best_score": p.best}
}

var _ = expect("completion-record", func(e *expected) (rows []row) {
	for _, p := range e.ofCourses() {
		if p.ended != nil {
			r := e.record(p)
			r["learner_key"], r["first_at"], r["attempts"], r["hours"] = e.key(p.learner), p.first, p.attempts, minutes(p)/60
			rows = append(rows, r)
		}
	}
	return rows
})

var _ = expect("completion-record-by-name", func(e *expected) (rows []row) {
	for _, p := range e.ofCourses() {
		if p.ended != nil {
			r := e.record(p)
			r["first_identity"] = p.learner
			rows = append(rows, r)
		}
	}
	return rows
})

var _ = expect("time-in-modules", func(e *expected) (rows []row) {
	for place, all := range grouped(e.ofModules(nil), placeOf) {
		var took []float64
		for _, m := range all {
			if m.ended != nil {
				took = append(took, minutes(m))
			}
		}
		if len(took) == 0 {
			continue
		}
		slices.Sort(took)
		// The smallest that so many are no more than.
		at := func(tenths int) float64 { return took[(len(took)*tenths+9)/10-1] }
		rows = append(rows, row{"course_id": place.course, "module_id": place.module, "learners": len(took), "median_minutes": at(5), "nine_in_ten_minutes": at(9),
			"average_minutes": mean(took, func(m float64) (float64, bool) { return m, true })})
	}
	return rows
})

func (p *progress) lastCompleted() (newest time.Time) {
	for _, a := range p.attempted {
		if (a.completed || a.passed != nil && *a.passed) && a.last.After(newest) {
			newest = a.last
		}
	}
	return newest
}

var _ = expect("recertification", func(e *expected) (rows []row) {
	for _, p := range e.ofCourses() {
		on := p.lastCompleted()
		if on.IsZero() {
			continue
		}
		on = on.Truncate(24 * time.Hour)
		if until := on.AddDate(0, 0, 30); until.AddDate(0, 0, -5).Before(at(lastDay)) {
			rows = append(rows, row{"course_id": p.course, "learner_key": e.key(p.learner), "completed_on": on.Format(time.DateOnly), "good_until": until.Format(time.DateOnly),
				"expired": until.Before(at(lastDay))})
		}
	}
	return rows
})

var _ = expect("attempts-until-passed", func(e *expected) (rows []row) {
	type of struct {
		place
		attempt int
	}
	count := map[of]int{}
	for _, p := range e.progress {
		if len(p.attempted) == 0 {
			continue
		}
		first := 0
		for _, a := range slices.Backward(p.attempted) {
			if a.passed != nil && *a.passed {
				first = a.n
			}
		}
		count[of{placeOf(p), first}]++
	}
	for o, n := range count {
		r := row{"course_id": o.course, "module_id": text(o.module), "attempt_passed": nil, "learners": n}
		if o.attempt > 0 {
			r["attempt_passed"] = o.attempt
		}
		rows = append(rows, r)
	}
	return rows
})

var _ = expect("score-by-attempt", func(e *expected) (rows []row) {
	type of struct {
		place
		n int
	}
	groups := map[of][]*attempt{}
	for _, p := range e.progress {
		for _, a := range p.attempted {
			groups[of{placeOf(p), a.n}] = append(groups[of{placeOf(p), a.n}], a)
		}
	}
	for o, all := range groups {
		rows = append(rows, row{"course_id": o.course, "module_id": text(o.module), "attempt": o.n, "attempts": len(all),
			"scored": many(all, func(a *attempt) bool { return a.score != nil }),
			"passes": many(all, func(a *attempt) bool { return a.passed != nil && *a.passed }), "failures": many(all, func(a *attempt) bool { return a.passed != nil && !*a.passed }),
			"average_score": mean(all, func(a *attempt) (float64, bool) {
				if a.score == nil {
					return 0, false
				}
				return *a.score, true
			})})
	}
	return rows
})

var _ = expect("course_progress", func(e *expected) (rows []row) {
	for _, p := range e.ofCourses() {
		r := e.record(p)
		r["learner_key"], r["first_at"], r["last_at"], r["attempts"], r["failures"] = e.key(p.learner), p.first, p.last, p.attempts, p.failures
		r["seconds"], r["sessions"], r["days_to_end"] = minutes(p)*60, p.sessions, nil
		if p.ended != nil {
			r["days_to_end"] = int(p.ended.Sub(p.first) / (24 * time.Hour))
		}
		rows = append(rows, r)
	}
	return rows
})

var _ = expect("module_progress", func(e *expected) (rows []row) {
	for _, p := range e.ofModules(nil) {
		r := e.record(p)
		r["module_id"], r["learner_key"], r["first_at"], r["last_at"], r["attempts"], r["failures"] = p.module, e.key(p.learner), p.first, p.last, p.attempts, p.failures
		r["seconds"], r["score"], r["newest"] = minutes(p)*60, p.score, e.newest(e.courseOf(p)) == p
		rows = append(rows, r)
	}
	return rows
})

var _ = expect("activity_names", func(e *expected) (rows []row) {
	seen := map[string]bool{}
	for _, p := range e.progress {
		if id := cmp.Or(p.module, p.course); !seen[id] {
			seen[id] = true
			rows = append(rows, row{"activity_id": id})
		}
	}
	return rows
})
