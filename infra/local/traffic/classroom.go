package traffic

import "strconv"

// class is one date of a meeting. Whoever signs up is on its list; the list is sent when it is over.
type class struct {
	module     *module
	at         int64
	activity   activity
	instructor string
	list       []*session
}

const seats = 14

// signUp takes a seat in the next class that has one.
func (s *session) signUp() {
	c := s.classes[s.module]
	if c == nil || len(c.list) == seats || c.at < s.now+20*hour {
		c = s.plan(s.module)
		s.classes[s.module] = c
	}
	s.in.waits = true
	c.list = append(c.list, s)
	s.say(telling{verb: registered, object: c.activity.whole, activities: s.module.activities.inside})
	s.send()
}

// plan finds a date: a Tuesday or a Thursday, in the morning or the afternoon.
func (s *session) plan(m *module) *class {
	start := s.now - s.now%day + 2*day
	for w := utc(start).Weekday(); w != 2 && w != 4; w = utc(start).Weekday() {
		start += day
	}
	start += int64(8+5*s.random.below(2)) * hour
	s.held++
	on := utc(start)
	name := text{m.name.en + on.Format(", 2006-01-02 15:04"), m.name.fr + on.Format(", 02/01/2006 15:04")}
	id := classroom.home + "/classes/" + strconv.Itoa(s.held)
	c := &class{module: m, at: start, activity: newActivity(id, typeOf+"meeting", name, ""), instructor: instructors[s.random.below(len(instructors))]}
	s.later(start+int64(m.minutes+20)*minute, classroom, c.attendance)
	return c
}

// attendance is the list as the instructor sends it. Some did not come: they sign up again.
func (c *class) attendance(at int64) (list [][]byte) {
	end := c.at + int64(c.module.minutes)*minute
	for _, s := range c.list {
		s.in.waits = false
		if s.random.percent((100 - s.who.diligence) / 3) {
			continue
		}
		s.now = end
		minutes := int64(c.module.minutes)
		if s.random.percent(10) {
			minutes -= int64(s.random.between(10, 40)) // came late
		}
		id, b := c.attended(s, minutes)
		if b == nil {
			return list
		}
		list = append(list, b)
		switch chance := s.random.below(100); {
		case chance < 4: // somebody else's name was ticked
			s.void(id, officeHour(s.random, at))
			continue
		case chance < 16:
			s.comment(id, officeHour(s.random, at), []string{
				"Very sure hands. Would you help with the next class?",
				"Needs another round with the equipment before working alone.",
				"Bonne participation, quelques gestes à revoir.",
			})
		}
		s.now = at
		s.settle(true)
	}
	return list
}

// attended is the statement for one who came.
func (c *class) attended(s *session, minutes int64) (uuid, []byte) {
	id := s.random.uuid()
	t := telling{verb: attended, object: c.activity.whole, activities: s.module.activities.inside,
		result: members(nil).json("completion", "true").duration(minutes * minute)}
	context := s.context(t).json("instructor", c.instructor).json("team", team(s.who.department))
	return id, s.statement(id, s.now, false, s.who.actor, t, context)
}
