package query

import (
	"slices"
	"time"
)

// What is asked of attempts.

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
