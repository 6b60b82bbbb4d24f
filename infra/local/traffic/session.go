package traffic

// session is one person at one module, with one program.
type session struct {
	*organisation
	who        *learner
	in         *enrolment
	module     *module
	by         *platform
	began, now int64
	extensions members // of each context
	waiting    [][]byte
	onPhone    bool
}

// telling is what a statement says beyond who, where and when.
type telling struct {
	verb       verb
	object     []byte
	result     members
	activities string
	extensions members // instead of the session's
	attachment string
}

// begin has somebody go on with what is next.
func (o *organisation) begin(l *learner, now int64) {
	e := l.next()
	if e != l.pocket && !l.pocket.done() && o.random.percent(35) {
		e = l.pocket
	}
	s := &session{organisation: o, who: l, in: e, module: e.module(), began: now, now: now}
	s.by = typeOfKind[s.module.kind].by
	if !e.begun {
		e.begun = true
		s.record(telling{verb: registered, object: e.course.activity.whole})
	}
	if s.module.kind == meeting {
		s.signUp()
		l.free = s.now
		return
	}
	for again := true; again; again = s.goesOn(now) {
		s.module, s.began = e.module(), s.now
		done := s.run()
		s.send()
		s.settle(done)
	}
	l.free = s.now + int64(o.random.between(5, 90))*minute
	if o.random.percent(max(0, 60-l.diligence) / 4) { // life came between
		o.leave(l)
	}
}

// goesOn is about one more deck of cards, and another: a long way home by bus.
func (s *session) goesOn(began int64) bool {
	return s.in == s.who.pocket && !s.in.done() && s.now < began+40*minute && s.random.percent(45)
}

// run tells whether the module is done.
func (s *session) run() bool {
	switch s.module.kind {
	case quiz:
		return s.takeQuiz()
	case watch:
		return s.watchFilm()
	case simulation:
		return s.simulate()
	case cards:
		return s.flipCards()
	}
	return s.takeLesson()
}

// settle draws the consequences: on to the next module, another try, another course, or enough of it all.
func (s *session) settle(done bool) {
	e := s.in
	if !done {
		e.tries++
		if heart := s.module.hard * (110 - s.who.diligence) / 100; e.tries < 5 && !s.random.percent(heart) || e == s.who.pocket {
			return
		}
		if s.random.percent(50) {
			s.leave(s.who)
		} else {
			s.turn(s.who)
		}
		return
	}
	e.step, e.tries = e.step+1, 0
	if !e.done() {
		return
	}
	s.satisfy()
	if e == s.who.course {
		s.turn(s.who)
	} else if s.who.course == nil {
		s.leave(s.who)
	}
}

// pass lets time go by.
func (s *session) pass(ms int64) { s.now += ms }

// say makes a statement of now, which waits to be sent.
func (s *session) say(t telling) uuid {
	id := s.random.uuid()
	if t.extensions == nil {
		t.extensions = s.extensions
	}
	context := s.context(t)
	actor := s.who.actor
	if s.onPhone {
		actor = s.who.phoneActor
	}
	if b := s.statement(id, s.now, s.onPhone, actor, t, context); b != nil {
		s.waiting = append(s.waiting, b)
	}
	return id
}

func (s *session) context(t telling) members {
	c := append(make(members, 0, 900), `"registration":"`...)
	c = append(s.in.registration.append(c), '"')
	if t.activities != "" {
		c = c.json("contextActivities", t.activities)
	}
	c = c.plain("platform", s.by.name).plain("language", s.who.language)
	if len(t.extensions) > 0 {
		c = c.object("extensions", t.extensions)
	}
	return c
}

// send hands over what was said: to the network, or to the phone, which sends when it can.
func (s *session) send() {
	if len(s.waiting) == 0 {
		return
	}
	said := s.waiting
	s.waiting = nil
	s.due(s.now, s.by, func(at int64) [][]byte {
		if s.onPhone {
			s.keep(s.who, at, said)
			return nil
		}
		return said
	})
}

// record is what the learning platform says about a course, at once and by itself.
func (s *session) record(t telling) uuid {
	other := *s
	other.by, other.onPhone, other.waiting = learn, false, nil
	id := other.say(t)
	other.send()
	return id
}
