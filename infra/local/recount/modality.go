package recount

import (
	"regexp"
	"slices"
)

var (
	meetings    = regexp.MustCompile("/meeting$")
	simulations = regexp.MustCompile("/simulation$")
	jobs        = regexp.MustCompile("/(checklist|performance)$")
	headsets    = word("vr|xr|headset")
	phones      = word("mobile|phone|android|ios|pocket|app")
)

func word(any string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\pL\pN])(` + any + `)($|[^\pL\pN])`)
}

// modality goes by the words of platform and types.
func modality(s *statement) string {
	var types []string
	if s.aboutActivity() {
		types = append(types, s.Object.Definition.Type)
		for _, p := range s.Context.ContextActivities.Parent {
			types = append(types, p.Definition.Type)
		}
	}
	typed := func(kinds *regexp.Regexp) bool { return slices.ContainsFunc(types, kinds.MatchString) }
	says := func(words *regexp.Regexp) bool { return words.MatchString(s.Context.Platform) }
	switch {
	case attends[s.Verb.ID] || typed(meetings):
		return "classroom"
	case says(headsets):
		return "vr"
	case typed(simulations):
		return "simulation"
	case typed(jobs):
		return "on-the-job"
	case says(phones):
		return "mobile"
	}
	return "e-learning"
}
