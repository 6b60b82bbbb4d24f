package recount

import (
	"slices"
	"strings"
	"time"
)

// path is what one learner did in one course, in order.
type path struct {
	*book
	learner, course string
	events          []*event
	of              string // the words that his lines begin with
	viewings        []int  // by event: in which session it is
}

const halfHour = 30 * 60 * 1000

func day(ms int64) string     { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }
func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

func (p *path) count() {
	p.statements()
	if p.course == "" {
		return
	}
	times := p.time()
	p.outcomes(times, p.course, "", func(e *event) bool { return true })
	for _, module := range p.modules() {
		within := func(e *event) bool { return e.module == module }
		if module != "" {
			p.outcomes(times, p.course, module, within)
			p.watching(module)
		}
		p.answers(module)
	}
}

// modules are all that there are, and "" where a question has none.
func (p *path) modules() (all []string) {
	for _, e := range p.events {
		if (e.module != "" || e.answer != nil) && !slices.Contains(all, e.module) {
			all = append(all, e.module)
		}
	}
	return all
}

// figure counts in all rows of the event's day.
func (p *path) figure(n int64, name string, e *event) {
	for _, row := range p.rows(e) {
		p.add(n, row, name, e.platform, e.modality)
	}
	p.add(n, p.of, day(e.at), e.module, name, e.platform, e.modality)
	if name == "milliseconds" && e.module != "" {
		p.add(n, "course "+e.course+" "+day(e.at), "milliseconds in", e.module)
	}
}

func (p *path) rows(e *event) []string {
	rows := []string{"day " + day(e.at)}
	if e.course != "" {
		rows = append(rows, "course "+e.course+" "+day(e.at))
	}
	if e.module != "" {
		rows = append(rows, "module "+e.module+" "+day(e.at))
	}
	return rows
}

// statements are counted where they stand; the learners of a day are all who have one.
func (p *path) statements() {
	name := ""
	for _, e := range p.events {
		if e.name != "" {
			name = e.name[:min(len(e.name), 1000)]
		}
		if e.course != "" {
			for _, row := range p.rows(e) {
				p.enter(p.learner, row, e.platform, e.modality)
			}
			p.enter(p.learner, "day "+day(e.at), "verb", e.verb)
			if e.team != "" {
				p.enter(p.learner, "team "+e.team, "members")
			}
		}
		if !e.alone {
			continue
		}
		p.figure(1, "statements", e)
		for _, row := range p.rows(e) {
			p.add(1, row, "verb", e.verb)
		}
		p.add(1, p.of, day(e.at), e.module, "verb", e.verb)
		if e.course != "" {
			p.add(1, "day "+day(e.at), "course", e.course)
		}
		if e.module != "" {
			p.add(1, "module "+e.module+" "+day(e.at), "course", e.course)
		}
	}
	p.say(name, p.of, "name")
	p.say(instant(p.events[len(p.events)-1].at), p.of, "newest")
}

// time is what each event took, and says in which session it is.
func (p *path) time() (times map[*event]int64) {
	times = map[*event]int64{}
	session, before := 0, int64(0)
	for i, e := range p.events {
		silence := e.at - before // since the event before
		alone := i == 0
		took := e.duration
		if !alone && (silence <= halfHour || took > silence) {
			took = silence
		}
		if alone || silence-e.duration > halfHour {
			session++
			p.figure(1, "sessions", e)
		}
		times[e], before = took, e.at
		p.figure(took, "milliseconds", e)
		p.viewings = append(p.viewings, session)
	}
	return times
}

func standing(course, module string) string {
	return strings.TrimSpace("standing " + course + " " + module)
}
