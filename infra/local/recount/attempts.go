package recount

// attempt is one, and the events that decided it; nil for none yet.
type attempt struct {
	begun, judged, completed, scored *event
	closed                           bool
}

// attemptsAt are those at a course or a module, from the events within it that have any say in it.
func attemptsAt(events []*event) (all []*attempt) {
	for _, e := range events {
		var last *attempt
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		outcome := e.completes || e.verdict != "" || e.score != nil
		if e.begins && (last == nil || last.closed) || outcome && last == nil || e.byVerb && last.judged != nil {
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
		last.closed = last.closed || e.ends
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
	for _, a := range attempts {
		p.attempt(a, module != "")
	}
	row := standing(course, module)
	p.enter(p.learner, row, "began")
	of := []any{p.of}
	if module != "" {
		of = append(of, "module "+module)
	}
	under := func(says any, what string) { p.say(says, append(of[:len(of):len(of)], what)...) }
	under(instant(events[0].at), "first")
	under(instant(events[len(events)-1].at), "last")
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
	under(len(attempts) > 0 && !attempts[len(attempts)-1].closed, "open")
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
