package recount

import "fmt"

// asking is how the learner answered one question of a module.
type asking struct {
	answers, judged, right, took int64
	wrong                        bool
	tries                        []string
	responses                    []string // in the order in which they came first
	times, hits                  map[string]int64
	pairs                        [5]int64 // n, x, y, xy, yy
}

// answers are those to the questions of a module; "" for questions outside of any.
func (p *path) answers(module string) {
	askings, waiting := map[string]*asking{}, map[string]int64{}
	begun := p.newAttempts(module)
	for _, e := range p.events {
		if e.module != module {
			continue
		}
		if begun[e] { // what was answered before has nothing to do with the score of this attempt
			clear(waiting)
		}
		if e.score != nil && module != "" {
			for question, right := range waiting {
				percent := (*e.score + 50) / 100
				for i, n := range []int64{1, right, percent, right * percent, percent * percent} {
					askings[question].pairs[i] += n
				}
			}
			clear(waiting)
		}
		if e.answer == nil {
			continue
		}
		if askings[e.question] == nil {
			askings[e.question] = &asking{times: map[string]int64{}, hits: map[string]int64{}}
		}
		askings[e.question].take(e)
		if e.answer.success != nil {
			waiting[e.question] = hit(e.answer)
		}
	}
	for question, a := range askings {
		p.asked(module, question, a)
	}
}

// newAttempts are the events with which attempts at a module began that no outcome began.
func (p *path) newAttempts(module string) map[*event]bool {
	var about []*event
	for _, e := range p.events {
		if e.module == module {
			about = append(about, e)
		}
	}
	begun := map[*event]bool{}
	for _, a := range attemptsAt(about) {
		begun[a.begun] = a.begun.begins
	}
	return begun
}

func hit(a *answer) int64 {
	if a.success != nil && *a.success {
		return 1
	}
	return 0
}

func (a *asking) take(e *event) {
	a.answers++
	a.took += e.duration
	a.right += hit(e.answer)
	try := "unjudged"
	if e.answer.success != nil {
		a.judged++
		a.wrong = !*e.answer.success
		try = map[bool]string{true: "right", false: "wrong"}[*e.answer.success]
	}
	if len(a.tries) < 5 {
		a.tries = append(a.tries, try)
	}
	response := e.answer.response
	if response == "" || a.times[response] == 0 && len(a.responses) == 10 {
		return
	}
	if a.times[response] == 0 {
		a.responses = append(a.responses, response)
	}
	a.times[response]++
	a.hits[response] += hit(e.answer)
}

func (p *path) asked(module, question string, a *asking) {
	p.add(1, standing(p.course, module), "question", question)
	row := "question " + question
	p.add(a.answers, row, "answers")
	p.add(a.judged, row, "judged")
	p.add(a.right, row, "right")
	p.add(a.took, row, "milliseconds")
	of := p.of + " | " + map[bool]string{true: "module", false: "module " + module}[module == ""] + " | question " + question
	p.say(a.answers, of, "answers")
	p.say(a.judged, of, "judged")
	p.say(a.right, of, "right")
	p.say(a.took, of, "milliseconds")
	p.say(a.wrong, of, "wrong")
	for i, try := range a.tries {
		p.say(try, of, fmt.Sprint("try ", i))
		if try != "unjudged" {
			p.add(1, row, "judged at try", i)
		}
		if try == "right" {
			p.add(1, row, "right at try", i)
		}
	}
	for _, r := range a.responses {
		p.say(fmt.Sprint(a.hits[r], " of ", a.times[r]), of, "response "+r)
		p.add(a.times[r], row, "response", r)
		p.add(a.hits[r], row, "right response", r)
	}
	for i, name := range []string{"n", "x", "y", "xy", "yy"} {
		p.add(a.pairs[i], row, "pairs", name)
	}
	p.say(fmt.Sprint("{", a.pairs[0], " ", a.pairs[1], " ", a.pairs[2], " ", a.pairs[3], " ", a.pairs[4], "}"), of, "pairs")
}
