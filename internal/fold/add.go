package fold

import (
	"hash/fnv"
	"slices"
	"strconv"
)

// Folded are the numbers and the fact for which they stand.
type Folded struct {
	Fact
	Numbers Numbers
}

// Add takes a fact, which must be newer than those in the state.
func (s *State) Add(f *Folded) {
	if s.Identity != "" && s.Identity != f.Learner.Identity && !slices.Contains(s.Also, s.Identity) {
		s.Also = append(s.Also, s.Identity)
	}
	s.Newest, s.Identity = f.Order, f.Learner.Identity
	if f.Learner.Name != "" {
		s.Name = f.Learner.Name
	}
	module := s.module(f)
	number := None
	if module != nil {
		number = module.Module
	}
	c := &s.cell(Cell{Day: DayOf(f.At), Module: number, Platform: f.Numbers.Platform, Modality: f.Modality}).Counts
	verb := s.verb(VerbCount{Day: DayOf(f.At), Module: number, Verb: f.Numbers.Verb})
	if f.Counts {
		c[Statements]++
		verb.N++
	}
	if f.Course == "" {
		return
	}
	if t := f.Numbers.Team; t != None && len(s.Teams) < maxTeams && !slices.Contains(s.Teams, t) {
		s.Teams = append(s.Teams, t)
	}
	spent := s.spend(f, c)
	s.act(f, module, c)
	s.Course.touch(f.At, spent)
	if module != nil {
		module.touch(f.At, spent)
	}
	if f.Answer != nil {
		s.answer(f, module)
	}
	if f.Watched != nil && module != nil {
		if module.Video == nil {
			module.Video = &Video{}
		}
		module.Video.watch(f.Watched, s.sessionOf(f), DayOf(f.At))
	}
}

// spend counts time and sessions.
func (s *State) spend(f *Folded, c *Counts) (spent int64) {
	since := f.At - s.Last
	switch {
	case s.Course.First == 0:
		spent = f.Duration
		c[Sessions]++
		s.Sessions++
	case since <= SessionGap:
		spent = since
	default:
		spent = min(f.Duration, since)
		if since-f.Duration > SessionGap {
			c[Sessions]++
			s.Sessions++
		}
	}
	s.Last = f.At
	c[Millis] += spent
	return spent
}

// sessionOf names the viewing that a fact belongs to.
func (s *State) sessionOf(f *Folded) uint64 {
	h := fnv.New64a()
	h.Write([]byte(f.Watched.Session))
	if f.Watched.Session == "" {
		h.Write([]byte(strconv.FormatInt(s.Sessions, 10)))
	}
	return h.Sum64() | 1
}

// act takes what the fact means for the attempts at what it is about. What is course and module in one is counted once.
func (s *State) act(f *Folded, module *Module, c *Counts) {
	if f.OnCourse {
		s.Course.act(f, c)
		c = &Counts{}
	}
	if module != nil {
		before := module.Attempts
		module.act(f, c)
		if f.Acts&Begin != 0 && module.Attempts != before {
			module.forgetAnswers()
		}
		if f.Score != NoScore {
			module.pair(f.Score)
		}
	}
	s.forgetAttempts()
}

// forgetAttempts leaves out the oldest attempts where there are most, so that a state stays small whatever somebody tries.
func (s *State) forgetAttempts() {
	for {
		most, all := &s.Course, len(s.Course.Recent)
		for i := range s.Modules {
			all += len(s.Modules[i].Recent)
			if len(s.Modules[i].Recent) > len(most.Recent) {
				most = &s.Modules[i].Track
			}
		}
		if all <= maxKept {
			return
		}
		most.Recent = slices.Delete(most.Recent, 0, 1)
	}
}
