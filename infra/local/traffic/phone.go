package traffic

// flipCards goes through a deck on the phone, somewhere between two things.
func (s *session) flipCards() bool {
	s.onPhone = true
	for _, card := range s.module.parts {
		took := int64(s.random.middling(6, 60)) * second
		s.pass(took)
		s.say(telling{verb: experienced, object: card.whole, result: members(nil).duration(took), activities: s.module.activities.inside})
	}
	of := telling{object: s.module.activity.whole, activities: s.module.activities.plain}
	if s.random.percent(20) {
		of.verb = suspended
		s.say(of)
		if s.random.percent(40 - s.who.diligence/3) {
			return false
		}
		s.pass(int64(s.random.between(4, 50)) * minute)
		of.verb = resumed
		s.say(of)
	}
	right, all := 0, len(s.module.asked)
	for _, q := range s.module.asked {
		right += points(s.ask(q))
	}
	of.verb, of.result = completed, members(nil).json("completion", "true").score(right, all).duration(s.now-s.began)
	s.say(of)
	return true
}

// fullOutbox is how many statements a phone keeps at most before it insists.
const fullOutbox = 60

// keep puts statements into the phone's outbox. It sends them when it has a network: often at once, else in hours or in days.
func (o *organisation) keep(l *learner, now int64, statements [][]byte) {
	l.outbox = append(l.outbox, statements...)
	if l.dials && len(l.outbox) < fullOutbox {
		return
	}
	wait := int64(o.random.between(1, 20)) * second
	if chance := o.random.below(100); len(l.outbox) < fullOutbox && chance < 45 {
		wait = int64(o.random.between(40, 9*60)) * minute
		if chance < 15 {
			wait = int64(o.random.between(20, 110)) * hour
		}
	}
	l.dials = true
	o.due(min(now+wait, o.calendar.end()), pocket, func(int64) [][]byte {
		all := l.outbox
		l.outbox, l.dials = nil, false
		return all
	})
}
