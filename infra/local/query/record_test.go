package query

import (
	"cmp"
	"slices"
	"time"
)

// What is asked of where learners stand, and by views.

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
	named := map[string]bool{}
	for _, s := range e.all {
		of := s.Context.ContextActivities
		for _, o := range slices.Concat(objects{s.Object}, of.Parent, of.Grouping, of.Category) {
			named[o.ID] = named[o.ID] || len(o.Definition.Name) > 0
		}
	}
	for _, p := range e.progress {
		if id := cmp.Or(p.module, p.course); named[id] {
			named[id] = false // once
			rows = append(rows, row{"activity_id": id})
		}
	}
	return rows
})
