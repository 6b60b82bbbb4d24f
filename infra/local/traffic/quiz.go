package traffic

// takeQuiz asks all questions. Each try goes a little better than the last.
func (s *session) takeQuiz() bool {
	s.launch()
	right := 0
	for _, q := range s.module.asked {
		right += points(s.ask(q))
		s.send()
	}
	s.pass(int64(s.random.between(1000, 15000)))
	all := len(s.module.asked)
	result := members(nil).score(right, all)
	of := telling{object: s.module.activity.whole, activities: s.module.activities.moveOn}
	if s.module.mastery == 0 {
		of.verb, of.result = completed, members(nil).json("completion", "true").duration(s.now-s.began)
		s.say(of)
		s.terminate(false)
		return true
	}
	of.extensions = append(members(nil), s.extensions...).thousandths(cmi5Context+"masteryscore", int64(s.module.mastery)*10)
	passes := right*100 >= s.module.mastery*all
	of.verb, of.result = failed, result.json("success", truth(passes)).duration(s.now-s.began)
	if passes {
		of.verb = passed
	}
	id := s.say(of)
	s.terminate(false)
	if !passes {
		s.review(id)
	}
	return passes
}

// review is what people do about a failure: some get a word from an instructor, a few were a fault of the platform.
func (s *session) review(id uuid) {
	at := officeHour(s.random, s.now)
	switch chance := s.random.below(100); {
	case chance < 4:
		s.void(id, at)
	case chance < 30:
		s.comment(id, at, []string{
			"Look at the second part again, then try once more.",
			"Close! The rest will come. Ask me on the ward if you like.",
			"Reprenez la vidéo avant le prochain essai, surtout le milieu.",
			"On en parle jeudi ? Ce n'est pas grave.",
		})
	}
}

// void takes a statement back.
func (s *session) void(id uuid, at int64) {
	s.later(at, learn, func(at int64) [][]byte {
		return one(s.statement(s.random.uuid(), at, false, office, telling{verb: voided, object: reference(id)}, nil))
	})
}

// comment is an instructor's word on a statement.
func (s *session) comment(id uuid, at int64, words []string) {
	s.later(at, learn, func(at int64) [][]byte {
		context := members(nil).uuid("registration", s.in.registration).plain("language", s.who.language)
		t := telling{verb: commented, object: reference(id), result: members(nil).string("response", words[s.random.below(len(words))])}
		return one(s.statement(s.random.uuid(), at, false, instructors[s.random.below(len(instructors))], t, context))
	})
}

// one is a sending of one statement, or of none when there are enough.
func one(statement []byte) [][]byte {
	if statement == nil {
		return nil
	}
	return [][]byte{statement}
}
