package traffic

import "strconv"

const (
	cmi5Context = "https://w3id.org/xapi/cmi5/context/extensions/"
	cmi5Result  = "https://w3id.org/xapi/cmi5/result/extensions/"
)

// launch opens an assignable unit: the platform says that it was launched, the unit that it runs.
func (s *session) launch() {
	s.extensions = members(nil).uuid(cmi5Context+"sessionid", s.random.uuid())
	all := append(members(nil), s.extensions...).plain(cmi5Context+"launchmode", "Normal").
		plain(cmi5Context+"launchurl", "https://content.example.com/"+s.in.course.slug+"/"+s.module.slug+"/index.html").
		plain(cmi5Context+"moveon", s.moveOn()).plain(cmi5Context+"launchparameters", "")
	if s.module.mastery > 0 {
		all = all.thousandths(cmi5Context+"masteryscore", int64(s.module.mastery)*10)
	}
	s.record(telling{verb: launched, object: s.module.activity.whole, activities: s.module.activities.profile, extensions: all})
	s.pass(int64(s.random.between(800, 6000)))
	s.say(telling{verb: initialized, object: s.module.activity.whole, activities: s.module.activities.profile})
	s.send()
}

func (s *session) moveOn() string {
	if s.module.mastery > 0 {
		return "Passed"
	}
	return "Completed"
}

// takeLesson reads page by page. Some do not come to the end.
func (s *session) takeLesson() bool {
	if s.in.tries == 0 && s.who.skill > 60 && s.random.percent(12) {
		s.waive()
		return true
	}
	s.launch()
	pages := len(s.module.parts)
	given := pages
	if s.random.percent((s.module.hard + 15) * (120 - s.who.diligence) / 100) {
		given = s.random.below(pages)
	}
	for i := range given {
		took := int64(s.random.middling(40, 220-s.who.skill)) * int64(s.module.minutes) * minute / int64(100*pages)
		s.pass(took)
		s.say(telling{verb: experienced, object: s.module.parts[i].whole, result: progress(i+1, pages).duration(took), activities: s.module.activities.inside})
		s.send()
	}
	if given == pages {
		s.pass(int64(s.random.between(500, 9000)))
		s.say(telling{verb: completed, object: s.module.activity.whole, activities: s.module.activities.moveOn,
			result: members(nil).json("completion", "true").duration(s.now - s.began)})
	}
	s.terminate(given < pages)
	return given == pages
}

// progress is a result that tells how far somebody is, in per cent.
func progress(done, all int) members {
	return members(nil).object("extensions", members(nil).json(cmi5Result+"progress", strconv.Itoa(done*100/all)))
}

// terminate ends a unit. Where a window was just closed, the platform finds out later, and says abandoned.
func (s *session) terminate(careless bool) {
	s.pass(int64(s.random.between(300, 20000)))
	s.send()
	if !careless || !s.random.percent(35) {
		s.say(telling{verb: terminated, object: s.module.activity.whole, activities: s.module.activities.profile,
			result: members(nil).duration(s.now - s.began)})
		s.send()
		return
	}
	closed, took := *s, s.now-s.began
	s.later(s.now+2*hour, learn, func(at int64) [][]byte {
		closed.now, closed.waiting = at, nil
		closed.say(telling{verb: abandoned, object: closed.module.activity.whole, activities: closed.module.activities.profile,
			result: members(nil).duration(took)})
		return closed.waiting
	})
}

// waive spares somebody who knows it all.
func (s *session) waive() {
	session := members(nil).uuid(cmi5Context+"sessionid", s.random.uuid())
	reason := members(nil).object("extensions", members(nil).plain(cmi5Result+"reason", "Tested Out"))
	s.record(telling{verb: waived, object: s.module.activity.whole, activities: s.module.activities.moveOn, extensions: session,
		result: reason.json("completion", "true").json("success", "true")})
}

// satisfy is what the platform says when a course is done; for some, with a certificate.
func (s *session) satisfy() {
	t := telling{verb: satisfied, object: s.in.course.activity.whole,
		activities: `{"category":[{"id":"` + cmi5 + `"},{"id":"` + cmi5Moves + `"}]}`,
		extensions: members(nil).uuid(cmi5Context+"sessionid", s.random.uuid())}
	if s.random.percent(30) {
		t.attachment = s.file("http://id.tincanapi.com/attachment/certificate-of-completion", text{"Certificate", "Attestation"},
			"application/pdf", learn.home+"/certificates/"+s.in.registration.String()+".pdf", s.random.between(40_000, 90_000))
	}
	s.pass(int64(s.random.between(200, 3000)))
	s.record(t)
}
