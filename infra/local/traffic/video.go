package traffic

import "slices"

const videoExtension = "https://w3id.org/xapi/video/extensions/"

// viewing is a session with a video: where it stands, and what was played. Times are milliseconds of the video.
type viewing struct {
	*session
	length, from, at int64
	segments         [][2]int64
}

// watchFilm watches once through: with pauses, back to what is hard to grasp, over what seems needless; and not always to the end.
func (s *session) watchFilm() bool {
	if s.random.percent(30) {
		s.by, s.onPhone = pocket, true
	}
	v := &viewing{session: s, length: int64(s.module.film.length) * 1000}
	s.extensions = members(nil).uuid(videoExtension+"session-id", s.random.uuid())
	s.say(telling{verb: initialized, object: s.module.activity.whole, activities: s.module.activities.profile, extensions: v.setting()})
	s.pass(int64(s.random.between(500, 4000)))
	v.tell(played, v.time(videoExtension+"time"))
	v.send()
	if s.random.percent(25) {
		v.play(int64(s.random.between(2000, 9000)))
		v.tell(interacted, v.time(videoExtension+"time"), "speed", []string{"1.25x", "1.5x", "0.75x"}[s.random.below(3)])
	}
	return v.finish(v.watch())
}

// setting is the context that a video opens with.
func (v *viewing) setting() members {
	c := append(members(nil), v.extensions...).thousandths(videoExtension+"length", v.length).thousandths(videoExtension+"completion-threshold", 850)
	return c.json(videoExtension+"cc-subtitle-enabled", truth(v.who.language == "fr-FR")).plain(videoExtension+"speed", "1x").
		json(videoExtension+"full-screen", truth(v.onPhone))
}

// watch plays until the end, or until somebody has enough, and tells which.
func (v *viewing) watch() bool {
	m, r := v.module, v.random
	stop := v.length
	if r.percent((m.hard + 10) * (120 - v.who.diligence) / 130) {
		stop = v.length * int64(r.between(15, 85)) / 100
	}
	skips := r.percent(v.who.skill * 2 / 3)
	again := 0
	for again < 3 && r.percent(15+(100-v.who.skill)/2) {
		again++
	}
	pause := v.length * int64(r.between(5, 95)) / 100
	knot, formality := m.film.knot, m.film.formality
	for {
		to := stop
		if pause > v.at {
			to = min(to, pause)
		}
		if end := int64(knot[1]) * 1000; again > 0 && end > v.at {
			to = min(to, end)
		}
		if start := int64(formality[0]) * 1000; skips && start >= v.at {
			to = min(to, start)
		}
		v.play(to)
		switch to {
		case stop:
			return stop == v.length
		case int64(formality[0]) * 1000:
			skips = false
			v.seek(int64(formality[1]) * 1000)
			if v.at == v.length {
				return stop == v.length
			}
		case int64(knot[1]) * 1000:
			again--
			v.seek(int64(knot[0]) * 1000)
		case pause:
			v.pause()
			pause = 0
		}
	}
}

// play goes on to a point of the video.
func (v *viewing) play(to int64) {
	if to > v.at {
		v.pass(to - v.at)
		v.at = to
	}
}

// cut ends a segment.
func (v *viewing) cut() {
	if v.at > v.from {
		v.segments = append(v.segments, [2]int64{v.from, v.at})
	}
	v.from = v.at
}

func (v *viewing) pause() {
	v.cut()
	v.tell(paused, v.progress())
	v.pass(int64(v.random.between(3, 150)) * second)
	v.tell(played, v.time(videoExtension+"time"))
	v.send()
}

func (v *viewing) seek(to int64) {
	v.cut()
	result := v.time(videoExtension + "time-from")
	v.at, v.from = to, to
	v.pass(int64(v.random.between(300, 2500)))
	v.tell(seeked, result.thousandths(videoExtension+"time-to", to))
	v.send()
}

// finish ends the viewing. Whoever skipped little and saw the end has completed it.
func (v *viewing) finish(ended bool) bool {
	v.cut()
	v.tell(paused, v.progress())
	if ended {
		v.say(v.telling(completed, members(nil).json("completion", "true").duration(v.now-v.began), v.progress()))
	}
	v.pass(int64(v.random.between(200, 9000)))
	v.tell(terminated, v.progress())
	return ended
}

func (v *viewing) time(name string) members { return members(nil).thousandths(name, v.at) }

// progress is where the video stands, what was played in which order, and how much of the whole that is.
func (v *viewing) progress() members {
	m := append(v.time(videoExtension+"time").name(videoExtension+"played-segments"), '"')
	for i, s := range v.segments {
		if i > 0 {
			m = append(m, "[,]"...)
		}
		m = append(appendThousandths(m, s[0]), "[.]"...)
		m = appendThousandths(m, s[1])
	}
	m = append(m, '"')
	return m.thousandths(videoExtension+"progress", v.seen()*1000/v.length)
}

// seen is how much of the video was played, however often.
func (v *viewing) seen() (sum int64) {
	parts := slices.SortedFunc(slices.Values(v.segments), func(a, b [2]int64) int { return int(a[0] - b[0]) })
	end := int64(0)
	for _, p := range parts {
		if p[1] > end {
			sum += p[1] - max(p[0], end)
			end = p[1]
		}
	}
	return sum
}

// tell says what the player did. set is a name and value among the context's extensions.
func (v *viewing) tell(verb verb, extensions members, set ...string) {
	t := v.telling(verb, nil, extensions)
	if len(set) > 0 {
		t.extensions = append(members(nil), v.extensions...).plain(videoExtension+set[0], set[1])
	}
	v.say(t)
}

func (v *viewing) telling(verb verb, result, extensions members) telling {
	return telling{verb: verb, object: v.module.activity.whole, result: result.object("extensions", extensions), activities: v.module.activities.profile}
}
