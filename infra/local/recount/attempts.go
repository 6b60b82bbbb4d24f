package recount

import (
	"fmt"
	"slices"
)

// attempt is one, and the events that decided it; nil for none yet.
type attempt struct {
	begun, judged, completed, scored, closed *event
}

func (e *event) outcomeTold() bool { return e.completes || e.verdict != "" || e.score != nil }

// attemptsAt are those at a course or a module, from the events within it that have any say in it.
func attemptsAt(events []*event) (all []*attempt) {
	for _, e := range events {
		var last *attempt
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		if e.begins && (last == nil || last.closed != nil) || e.outcomeTold() && last == nil || e.byVerb && last.judged != nil {
			last = &attempt{begun: e}
			all = append(all, last)
		}
		if last == nil {
			continue
		}
		if e.verdict != "" && last.judged == nil {
			last.judged = e
		}
		if e.completes && last.completed == nil {
			last.completed = e
		}
		if e.score != nil && last.scored == nil {
			last.scored = e
		}
		if e.ends && last.closed == nil {
			last.closed = e
		}
	}
	return all
}

// outcomes are those of the course (module ""), or of a module of it.
func (p *path) outcomes(times map[*event]int64, course, module string, within func(*event) bool) {
	var events, about []*event
	took := int64(0)
	for _, e := range p.events {
		if !within(e) {
			continue
		}
		events = append(events, e)
		took += times[e]
		if module != "" || e.onCourse {
			about = append(about, e)
		}
	}
	attempts := attemptsAt(about)
	row := standing(course, module)
	p.enter(p.learner, row, "began")
	of := []any{p.of}
	if module != "" {
		of = append(of, "module "+module)
	}
	under := func(says any, what string) { p.say(says, append(of[:len(of):len(of)], what)...) }
	under(instant(events[0].at), "first")
	under(instant(events[len(events)-1].at), "last")
	for i, a := range attempts {
		p.attempt(a, module != "")
		var next *event
		if i+1 < len(attempts) {
			next = attempts[i+1].begun
		}
		a.tell(lastOf(events, a, next, func(e *event) bool { return module != "" || e.onCourse }), func(says any, what string) {
			under(says, line("attempt "+fmt.Sprint(i+1), what))
		})
	}
	under(took, "milliseconds")
	under(len(attempts), "attempts")
	passed, failures := false, 0
	for _, a := range attempts {
		if a.judged != nil && a.judged.verdict == "passed" {
			passed = true
		}
		if a.judged != nil && a.judged.verdict == "failed" {
			failures++
		}
	}
	under(len(attempts) > 0 && attempts[len(attempts)-1].closed == nil, "open")
	under(failures, "failures")
	under(passed, "passed")
	under(failures > 0 && !passed, "failing")
	if passed {
		p.enter(p.learner, row, "passed")
	}
	if failures > 0 && !passed {
		p.enter(p.learner, row, "failing")
	}
	p.ending(about, events[0].at, row, module == "", under)
	var best *int64
	for _, e := range about {
		if e.score == nil {
			continue
		}
		if best == nil || *e.score > *best {
			best = e.score
		}
		under(*e.score, "score")
		under(*best, "best")
	}
}

// lastOf is the newest event of an attempt, before the next one: until the attempt was closed any, after that one that has a say and tells an outcome.
func lastOf(events []*event, a *attempt, next *event, hasSay func(*event) bool) (last *event) {
	over := false
	for _, e := range events[slices.Index(events, a.begun):] {
		if e == next {
			break
		}
		if !over || hasSay(e) && e.outcomeTold() {
			last = e
		}
		over = over || e == a.closed
	}
	return last
}

// tell says what became of the attempt.
func (a *attempt) tell(last *event, under func(says any, what string)) {
	under(instant(a.begun.at), "began")
	under(instant(last.at), "last")
	under(a.completed != nil, "completed")
	if a.judged != nil {
		under(a.judged.verdict == "passed", "passed")
	}
	if a.scored != nil {
		under(*a.scored.score, "score")
	}
}

// ending is the first completion or pass.
func (p *path) ending(about []*event, began int64, row string, course bool, under func(any, string)) {
	for _, e := range about {
		if !e.completes && e.verdict != "passed" {
			continue
		}
		under(instant(e.at), "ended")
		p.enter(p.learner, row, "ended")
		if course {
			days, band := (e.at-began)/(24*60*60*1000), 0
			for _, from := range []int64{1, 2, 4, 8, 15, 31, 61, 121} {
				if days >= from {
					band++
				}
			}
			p.add(1, row, "took band", band)
		}
		return
	}
}

// attempt counts one. At what is course and module in one, the course's counts.
func (p *path) attempt(a *attempt, module bool) {
	count := func(n int64, name string, e *event) {
		if e != nil && !(module && e.onCourse) {
			p.figure(n, name, e)
		}
	}
	count(1, "attempts", a.begun)
	count(1, "completions", a.completed)
	if a.judged != nil && a.judged.verdict == "passed" {
		count(1, "passes", a.judged)
	}
	if a.judged != nil && a.judged.verdict == "failed" {
		count(1, "failures", a.judged)
	}
	if a.scored != nil {
		score := *a.scored.score
		count(1, "scores", a.scored)
		count(score, "score sum", a.scored)
		count(score*score, "score squares", a.scored)
		count(1, "scores in band "+string(rune('0'+min(score/1000, 9))), a.scored)
	}
}
