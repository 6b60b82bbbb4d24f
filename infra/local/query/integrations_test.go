package query

import (
	"cmp"
	"maps"
	"slices"
)

// What is asked of who sends statements, and how.

func (s *said) authority() string { return s.Authority.Account.Name }

func (s *said) late() int64 { return int64(s.stored.Sub(s.Timestamp).Seconds()) }

var _ = expect("statements-by-authority-and-day", func(e *expected) (rows []row) {
	type of struct{ day, authority string }
	for k, all := range grouped(inSpan(e.all), func(s *said) of { return of{s.day(), s.authority()} }) {
		last := slices.MaxFunc(all, func(a, b *said) int { return a.stored.Compare(b.stored) })
		latest := slices.MaxFunc(all, func(a, b *said) int { return cmp.Compare(a.late(), b.late()) })
		rows = append(rows, row{"of_day": k.day, "authority": k.authority, "statements": len(all), "voided": many(all, func(s *said) bool { return s.voided }),
			"actors": distinct(all, func(s *said) []string { return notEmpty(s.Actor.identity()) }), "platforms": distinct(all, func(s *said) []string { return notEmpty(s.Context.Platform) }),
			"latest_by_seconds": latest.late(), "last_stored": last.stored})
	}
	return rows
})

func notEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

var _ = expect("voided-share", func(e *expected) (rows []row) {
	type of struct{ month, authority string }
	for k, all := range grouped(inSpan(e.all), func(s *said) of { return of{s.day()[:7], s.authority()} }) {
		voided := many(all, func(s *said) bool { return s.voided })
		rows = append(rows, row{"in_month": k.month, "authority": k.authority, "statements": len(all), "voided": voided, "share_voided": per(voided, len(all))})
	}
	return rows
})

var _ = expect("late-statements", func(e *expected) (rows []row) { return late(inSpan(e.all)) })

func late(some []*said) (rows []row) {
	for platform, all := range grouped(some, func(s *said) string { return s.Context.Platform }) {
		after := func(seconds int64) int { return many(all, func(s *said) bool { return s.late() >= seconds }) }
		rows = append(rows, row{"platform": text(platform), "statements": len(all), "after_an_hour": after(3600), "after_a_day": after(86400), "after_a_week": after(7 * 86400)})
	}
	return rows
}

var _ = expect("verbs-by-platform", func(e *expected) (rows []row) {
	type of struct{ platform, verb string }
	var learnt []*said
	for _, s := range inSpan(e.counts) {
		if len(s.learners()) > 0 {
			learnt = append(learnt, s)
		}
	}
	for k, all := range grouped(learnt, func(s *said) of { return of{s.Context.Platform, s.Verb.ID} }) {
		days := slices.Sorted(maps.Keys(grouped(all, (*said).day)))
		rows = append(rows, row{"platform": text(k.platform), "verb": k.verb, "statements": len(all), "learners": distinct(all, (*said).learners),
			"activities": distinct(all, func(s *said) []string { return notEmpty(s.activity()) }), "first_day": days[0], "last_day": days[len(days)-1]})
	}
	return rows
})

func (s *said) activity() string {
	if s.Object.ObjectType != "" && s.Object.ObjectType != "Activity" {
		return ""
	}
	return s.Object.ID
}
