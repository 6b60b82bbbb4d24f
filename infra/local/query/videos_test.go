package query

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// What is asked of videos.

var _ = expect("most-rewatched-passages", func(e *expected) []row { return e.passages(10) })

// passages goes through each passage of a number of seconds of each video that anybody played.
func (e *expected) passages(seconds int) (rows []row) {
	type viewer struct{ video, course, learner string }
	told := map[viewer]map[string][][][2]float64{} // by viewing, statement by statement
	for _, s := range e.counts {
		segments := played(s)
		if len(segments) == 0 {
			continue
		}
		viewing := strings.ToLower(s.Context.Registration)
		if id := s.Context.Extensions["https://w3id.org/xapi/video/extensions/session-id"]; id != nil {
			must(e.t, json.Unmarshal(id, &viewing))
		}
		for _, l := range s.learners() {
			v := viewer{s.Object.ID, s.course(), l}
			if told[v] == nil {
				told[v] = map[string][][][2]float64{}
			}
			told[v][cmp.Or(viewing, s.day())] = append(told[v][cmp.Or(viewing, s.day())], segments)
		}
	}
	views, viewers := map[string]map[int]int{}, map[string]map[int]int{}
	for v, viewings := range told {
		if views[v.video] == nil {
			views[v.video], viewers[v.video] = map[int]int{}, map[int]int{}
		}
		for passage := range 36000 / seconds {
			middle, all := (float64(passage)+0.5)*float64(seconds), 0
			for _, statements := range viewings {
				most := 0
				for _, segments := range statements {
					most = max(most, many(segments, func(s [2]float64) bool { return s[0] <= middle && middle < s[1] }))
				}
				all += most
			}
			if all > 0 {
				views[v.video][passage] += all
				viewers[v.video][passage]++
			}
		}
	}
	for video, passages := range views {
		for passage, n := range passages {
			rows = append(rows, row{"video_id": video, "from_second": passage * seconds, "to_second": (passage + 1) * seconds, "views": n, "viewers": viewers[video][passage], "repeats": n - viewers[video][passage]})
		}
	}
	return rows
}

var segment = regexp.MustCompile(`([\d.]+)\[\.\]([\d.]+)`)

func played(s *said) (segments [][2]float64) {
	for _, found := range segment.FindAllStringSubmatch(string(s.Result.Extensions["https://w3id.org/xapi/video/extensions/played-segments"]), -1) {
		from, _ := strconv.ParseFloat(found[1], 64)
		to, _ := strconv.ParseFloat(found[2], 64)
		segments = append(segments, [2]float64{from, to})
	}
	return segments
}
