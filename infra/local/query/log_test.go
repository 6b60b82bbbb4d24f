package query

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// What is asked of statements.

// inSpan are the statements of the made-up traffic's days.
func inSpan(all []*said) (some []*said) {
	for _, s := range all {
		if firstDay <= s.day() && s.day() <= lastDay {
			some = append(some, s)
		}
	}
	return some
}

func (s *said) answers() bool {
	return s.question() && (strings.HasSuffix(s.Verb.ID, "/answered") || s.Result.Response != "" || s.Result.Success != nil)
}

// answered are the statements in which a question was answered, by question.
func (e *expected) answered() map[string][]*said {
	var all []*said
	for _, s := range inSpan(e.counts) {
		if s.answers() {
			all = append(all, s)
		}
	}
	return grouped(all, func(s *said) string { return s.Object.ID })
}

func judged(s *said) bool { return s.Result.Success != nil }

func right(s *said) bool { return s.Result.Success != nil && *s.Result.Success }

var _ = expect("hardest-questions", func(e *expected) (rows []row) {
	for question, all := range e.answered() {
		if many(all, judged) == 0 {
			continue
		}
		rows = append(rows, row{"question_id": question, "interaction_type": all[0].Object.Definition.InteractionType, "answers": len(all), "learners": distinct(all, (*said).learners),
			"judged": many(all, judged), "right_answers": many(all, right), "share_right": per(many(all, right), many(all, judged)), "average_seconds": mean(all, (*said).seconds)})
	}
	return rows
})

var _ = expect("wrong-answers", func(e *expected) (rows []row) {
	for question, all := range e.answered() {
		shown := slices.DeleteFunc(all, func(s *said) bool {
			kind := s.Object.Definition.InteractionType
			return kind == "" || kind == "other" || kind == "performance" || strings.HasSuffix(kind, "fill-in") || s.Result.Response == "" || len(s.Result.Response) > 120
		})
		for response, some := range grouped(shown, func(s *said) string { return s.Result.Response }) {
			rows = append(rows, row{"question_id": question, "response": response, "answers": len(some), "right_answers": many(some, right), "share_of_responses": per(len(some), len(shown))})
		}
	}
	return rows
})

// seconds that a duration says; traffic has hours, minutes and seconds alone.
func (s *said) seconds() (float64, bool) {
	d, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(s.Result.Duration, "PT")))
	return d.Seconds(), err == nil
}

var _ = expect("time-by-platform", func(e *expected) (rows []row) {
	type of struct{ platform, modality string }
	figures, learners, seconds := map[of]map[string]int64{}, map[of]map[string]bool{}, 0.0
	for k, day := range e.days {
		if k.day < firstDay || k.day > lastDay {
			continue
		}
		o := of{k.platform, k.modality}
		if figures[o] == nil {
			figures[o], learners[o] = map[string]int64{}, map[string]bool{}
		}
		for name, n := range day {
			figures[o][name] += n
		}
		for _, l := range e.learners[k] {
			learners[o][l] = true
		}
		seconds += float64(day["milliseconds"]) / 1000
	}
	for o, f := range figures {
		r := row{"platform": text(o.platform), "modality": o.modality, "learners": nil, "statements": f["statements"], "sessions": f["sessions"],
			"hours": float64(f["milliseconds"]) / 3600e3, "share_of_time": float64(f["milliseconds"]) / 1000 / seconds}
		if n := len(learners[o]); n > 0 {
			r["learners"] = n
		}
		rows = append(rows, r)
	}
	return rows
})

var _ = expect("activity-by-day", func(e *expected) (rows []row) {
	figures, learners := map[string]map[string]int64{}, map[string]map[string]bool{}
	for k, day := range e.days {
		if k.day < firstDay || k.day > lastDay {
			continue
		}
		if figures[k.day] == nil {
			figures[k.day], learners[k.day] = map[string]int64{}, map[string]bool{}
		}
		for name, n := range day {
			figures[k.day][name] += n
		}
		for _, l := range e.learners[k] {
			learners[k.day][l] = true
		}
	}
	for day, f := range figures {
		rows = append(rows, row{"of_day": day, "learners": len(learners[day]), "statements": f["statements"], "sessions": f["sessions"], "hours": float64(f["milliseconds"]) / 3600e3,
			"attempts": f["attempts"], "completions": f["completions"], "passes": f["passes"], "failures": f["failures"], "average_score": per(float64(f["score sum"])/10_000, float64(f["scores"]))})
	}
	return rows
})

func monday(t time.Time) time.Time {
	t = t.Truncate(24 * time.Hour)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

var _ = expect("cohort-retention", func(e *expected) (rows []row) {
	cohort, weeks := map[string]time.Time{}, map[string]map[time.Time]bool{}
	for _, p := range e.ofCourses() {
		if before, known := cohort[p.learner]; !known || p.first.Before(before) {
			cohort[p.learner] = monday(p.first)
		}
	}
	for _, s := range e.counts {
		for _, l := range s.learners() {
			if s.course() != "" {
				if weeks[l] == nil {
					weeks[l] = map[time.Time]bool{}
				}
				weeks[l][monday(s.Timestamp)] = true
			}
		}
	}
	sizes, active := map[time.Time]int{}, map[[2]time.Time]int{}
	for l, first := range cohort {
		sizes[first]++
		for week := range weeks[l] {
			active[[2]time.Time{first, week}]++
		}
	}
	for of, n := range active {
		if later := int(of[1].Sub(of[0]).Hours() / 24 / 7); later <= 12 {
			rows = append(rows, row{"cohort_week": of[0].Format(time.DateOnly), "learners": sizes[of[0]], "weeks_later": later, "active_learners": n, "share_active": per(n, sizes[of[0]])})
		}
	}
	return rows
})

var _ = expect("sittings-by-hour", func(e *expected) (rows []row) {
	type path struct{ learner, course string }
	type hour struct{ weekday, hour int }
	paths, sittings, learners := map[path][]*said{}, map[hour]int{}, map[hour]map[string]bool{}
	for _, s := range e.counts {
		for _, l := range s.learners() {
			if s.course() != "" {
				paths[path{l, s.course()}] = append(paths[path{l, s.course()}], s)
			}
		}
	}
	for of, all := range paths {
		slices.SortStableFunc(all, func(a, b *said) int { return cmp.Or(a.Timestamp.Compare(b.Timestamp), a.stored.Compare(b.stored)) })
		for i, s := range all {
			took, _ := s.seconds()
			if i > 0 && s.Timestamp.Sub(all[i-1].Timestamp).Seconds()-took <= 1800 {
				continue
			}
			local := s.Timestamp.Add(time.Hour)
			h := hour{(int(local.Weekday())+6)%7 + 1, local.Hour()}
			sittings[h]++
			if learners[h] == nil {
				learners[h] = map[string]bool{}
			}
			learners[h][of.learner] = true
		}
	}
	for h, n := range sittings {
		rows = append(rows, row{"weekday": h.weekday, "from_hour": h.hour, "sittings": n, "learners": len(learners[h])})
	}
	return rows
})

var _ = expect("names-behind-keys", func(e *expected) (rows []row) {
	known := map[string]bool{}
	for _, s := range e.counts {
		for _, l := range s.learners() {
			if !known[l] {
				known[l] = true
				rows = append(rows, row{"actor_key": e.key(l), "identity": l})
			}
		}
	}
	return rows
})

var _ = expect("learning", func(e *expected) (rows []row) {
	for _, s := range e.counts {
		for _, l := range s.learners() {
			seconds, has := s.seconds()
			r := row{"dt": s.day(), "statement_id": strings.ToLower(s.ID), "learner_key": e.key(l), "occurred": s.Timestamp.Truncate(time.Microsecond), "stored": s.stored, "verb": s.Verb.ID,
				"activity_id": text(s.activity()), "activity_type": text(s.Object.Definition.Type), "course_id": text(s.course()), "module_id": text(s.module()), "score": s.score(), "success": s.Result.Success, "completion": s.Result.Completion,
				"duration_seconds": nil, "registration": text(strings.ToLower(s.Context.Registration)), "platform": text(s.Context.Platform), "authority": s.authority()}
			if has {
				r["duration_seconds"] = seconds
			}
			rows = append(rows, r)
		}
	}
	return rows
})

// correlation is Pearson's; null where one of the two is always the same.
func correlation(x, y []float64) any {
	mx, my := mean(x, is), mean(y, is)
	if mx == nil || slices.Min(x) == slices.Max(x) || slices.Min(y) == slices.Max(y) {
		return nil
	}
	xy, xx, yy := 0.0, 0.0, 0.0
	for i := range x {
		dx, dy := x[i]-mx.(float64), y[i]-my.(float64)
		xy, xx, yy = xy+dx*dy, xx+dx*dx, yy+dy*dy
	}
	return xy / math.Sqrt(xx*yy)
}

func is(x float64) (float64, bool) { return x, true }
