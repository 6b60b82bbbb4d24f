package traffic

// simulate goes through the tasks in virtual reality. The headset sends everything when it is taken off.
func (s *session) simulate() bool {
	headset := []string{"room-a", "room-b", "van"}[s.random.below(3)]
	s.extensions = members(nil).plain(lab.home+"/xapi/headset", headset)
	of := telling{object: s.module.activity.whole, activities: s.module.activities.plain}
	tell := func(verb verb, result members) uuid {
		of.verb, of.result = verb, result
		return s.say(of)
	}
	tell(initialized, nil)
	s.pass(int64(s.random.between(20, 90)) * second)
	tell(attempted, nil)
	right, all := 0, len(s.module.asked)
	for i, q := range s.module.asked {
		s.pass(int64(s.random.middling(30, 240-s.who.skill)) * second)
		right += points(s.ask(q))
		tell(progressed, progress(i+1, all))
		if s.random.percent((s.module.hard + 10) * (110 - s.who.diligence) / 250) { // dizzy, or called away
			tell(terminated, members(nil).duration(s.now-s.began))
			return false
		}
	}
	tell(scored, members(nil).score(right, all))
	passes := right*100 >= s.module.mastery*all
	if s.random.percent(15) {
		of.attachment = s.file(lab.home+"/xapi/recording", text{"Recording", "Enregistrement"}, "video/mp4",
			lab.home+"/recordings/"+s.random.uuid().String()+".mp4", s.random.between(20_000_000, 90_000_000))
	}
	result := members(nil).score(right, all).json("success", truth(passes)).duration(s.now - s.began)
	if passes {
		tell(passed, result)
	} else {
		s.review(tell(failed, result))
	}
	of.attachment = ""
	tell(completed, members(nil).json("completion", "true").duration(s.now-s.began))
	s.pass(int64(s.random.between(5, 60)) * second)
	tell(terminated, members(nil).duration(s.now-s.began))
	return passes
}
