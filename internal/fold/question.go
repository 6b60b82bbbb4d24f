package fold

// Question is how a learner has answered a question.
type Question struct {
	Question               Number
	Answers, Judged, Right int64
	Millis                 int64
	// Tries are the first answers: two bits each, judged and right, the first lowest.
	Tries     uint16
	Wrong     bool // the newest that was judged
	Responses []ResponseCount
	// Open is the newest answer of an attempt that has no score yet.
	Open  OpenAnswer
	Pairs Pairs
}

// ResponseCount counts one response.
type ResponseCount struct {
	Response string
	N, Right int64
}

// OpenAnswer is an answer that waits for the score of its attempt.
type OpenAnswer byte

// The open answers.
const (
	NoAnswer OpenAnswer = iota
	WrongAnswer
	RightAnswer
)

// Pairs are sums over pairs of a right (1) or wrong (0) answer, x, and the score of its attempt in per cent, y: what a correlation is made of.
type Pairs struct{ N, X, Y, XY, YY int64 }

// answer takes an answer. A question that is asked outside of any module counts in a module of none.
func (s *State) answer(f *Folded, module *Module) {
	if module == nil {
		for i := range s.Modules {
			if s.Modules[i].Module == None {
				module = &s.Modules[i]
			}
		}
		if module == nil {
			s.Modules = append(s.Modules, Module{Track: newTrack()})
			module = &s.Modules[len(s.Modules)-1]
		}
	}
	q := module.question(f.Numbers.Question)
	if q == nil {
		return
	}
	a := f.Answer
	try := uint16(0)
	if a.Judged {
		try = 1
		q.Judged++
		q.Wrong, q.Open = !a.Right, WrongAnswer
		if a.Right {
			try |= 2
			q.Right++
			q.Open = RightAnswer
		}
	}
	if q.Answers < maxTries {
		q.Tries |= try << (2 * q.Answers)
	}
	q.Answers++
	q.Millis += f.Duration
	q.respond(a)
}

func (m *Module) question(n Number) *Question {
	for i := range m.Questions {
		if m.Questions[i].Question == n {
			return &m.Questions[i]
		}
	}
	if len(m.Questions) >= maxQuestions {
		return nil
	}
	m.Questions = append(m.Questions, Question{Question: n})
	return &m.Questions[len(m.Questions)-1]
}

func (q *Question) respond(a *Answer) {
	if a.Response == "" {
		return
	}
	right := int64(0)
	if a.Judged && a.Right {
		right = 1
	}
	for i := range q.Responses {
		if r := &q.Responses[i]; r.Response == a.Response {
			r.N++
			r.Right += right
			return
		}
	}
	if len(q.Responses) < maxResponses {
		q.Responses = append(q.Responses, ResponseCount{a.Response, 1, right})
	}
}

// forgetAnswers is for a new attempt: its score says nothing of the answers before it.
func (m *Module) forgetAnswers() {
	for i := range m.Questions {
		m.Questions[i].Open = NoAnswer
	}
}

// pair gives the attempt's score to its answers.
func (m *Module) pair(score int32) {
	y := int64(score+50) / 100
	for i := range m.Questions {
		q := &m.Questions[i]
		if q.Open == NoAnswer {
			continue
		}
		x := int64(q.Open - WrongAnswer)
		q.Pairs = Pairs{q.Pairs.N + 1, q.Pairs.X + x, q.Pairs.Y + y, q.Pairs.XY + x*y, q.Pairs.YY + y*y}
		q.Open = NoAnswer
	}
}
