package recount

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

type watched struct {
	viewing  string
	length   int
	told     bool
	segments [][2]int64
}

func watchedOf(s *statement) *watched {
	played, length := s.Result.Extensions[video+"played-segments"], s.Context.Extensions[video+"length"]
	if length == nil {
		length = s.Result.Extensions[video+"length"]
	}
	if played == nil && length == nil {
		return nil
	}
	w := &watched{told: played != nil}
	if json.Unmarshal(s.Context.Extensions[video+"session-id"], &w.viewing) != nil || w.viewing == "" {
		w.viewing = strings.ToLower(s.Context.Registration)
	}
	var seconds float64
	if json.Unmarshal(length, &seconds) == nil && seconds > 0 && seconds <= 36000 {
		w.length = int(math.Ceil(seconds))
	}
	var text string
	if json.Unmarshal(played, &text) != nil {
		return w
	}
	for _, segment := range strings.Split(text, "[,]") {
		ends := strings.Split(segment, "[.]")
		if len(ends) != 2 || len(w.segments) == 200 {
			continue
		}
		from, wrong1 := strconv.ParseFloat(strings.TrimSpace(ends[0]), 64)
		to, wrong2 := strconv.ParseFloat(strings.TrimSpace(ends[1]), 64)
		if wrong1 == nil && wrong2 == nil && 0 <= from && from < to && to <= 36000 {
			w.segments = append(w.segments, [2]int64{int64(math.Round(from * 1000)), int64(math.Round(to * 1000))})
		}
	}
	return w
}

// bins are where the stretches begin in which a video is looked at, in seconds, and where the last ends.
var bins = func() (starts []int64) {
	for at := int64(0); at <= 36000; {
		starts = append(starts, at)
		switch {
		case at < 600:
			at++
		case at < 3600:
			at += 5
		default:
			at += 60
		}
	}
	return starts
}()

// telling is what a viewing has told: all that it has played so far.
type telling struct {
	day      string
	segments [][2]int64
}

// viewing is one, by what it told until another told anything.
type viewing struct {
	name     string
	tellings []telling
}

// watching is how the learner watched a module that is a video.
func (p *path) watching(module string) {
	viewings, watched, length := p.viewingsOf(module)
	if !watched {
		return
	}
	of, row := p.of+" | module "+module+" | video", standing(p.course, module)
	p.say(length, of, "length")
	if length > 0 {
		p.add(1, row, "length", length)
	}
	any := false
	for bin := range len(bins) - 1 {
		views, first := played((bins[bin]+bins[bin+1])*500, viewings)
		for on, n := range views {
			any = true
			p.say(n, of, line("views of bin "+strconv.Itoa(bin)+" on "+on))
			p.add(n, "module "+module+" "+on, "views of bin", bin)
			if on == first {
				n--
			}
			p.add(n, "module "+module+" "+on, "repeated views of bin", bin)
		}
	}
	if any {
		p.add(1, row, "watches")
	}
}

// viewingsOf sorts what was told of a video by viewings; and says whether anything was, and of which length.
func (p *path) viewingsOf(module string) (viewings []viewing, watched bool, length int) {
	for i, e := range p.events {
		if e.module != module || e.watched == nil {
			continue
		}
		watched, length = true, max(length, e.watched.length)
		if !e.watched.told {
			continue
		}
		name := e.watched.viewing
		if name == "" {
			name = line("session", p.viewings[i])
		}
		if n := len(viewings); n == 0 || viewings[n-1].name != name {
			viewings = append(viewings, viewing{name: name})
		}
		last := &viewings[len(viewings)-1]
		last.tellings = append(last.tellings, telling{day(e.at), e.watched.segments})
	}
	return viewings, watched, length
}

// played is how often an instant of the video was played, by days, and on which day first.
func played(instant int64, viewings []viewing) (views map[string]int64, first string) {
	views = map[string]int64{}
	for _, v := range viewings {
		most := int64(0)
		for _, t := range v.tellings {
			often := int64(0)
			for _, s := range t.segments {
				if s[0] <= instant && instant < s[1] {
					often++
				}
			}
			if often <= most {
				continue
			}
			views[t.day] += often - most // played since
			most = often
			if first == "" || t.day < first {
				first = t.day
			}
		}
	}
	return views, first
}
