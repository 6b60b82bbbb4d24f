package fold

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
)

// State is what is known of one learner in one course.
type State struct {
	Identity, Name string
	Newest         Order // of the facts in it
	Last           int64 // timestamp of the newest that tells of learning; 0 for none
	Sessions       int64
	Course         Track
	Modules        []Module    // in the order in which they were begun
	Cells          []Cell      // sorted
	Verbs          []VerbCount // sorted
	Teams          []Number    // that the learner was in, in the order of their first statements
}

// Track is how far somebody has come with a course or a module.
type Track struct {
	First, Last, Ended int64 // Ended: first completed or passed; 0: not yet
	Millis             int64
	Attempts, Failures int64
	// Of the attempt that is open or was the last.
	Open, Judged, Done, Scored bool
	Passed                     bool
	Failing                    bool // failed, and never passed
	Score, Best                int32
}

// Module is how far somebody has come with a module.
type Module struct {
	Module Number
	Track
	Questions []Question
	Video     *Video
}

// Cell counts what happened in a day, in a module, on a platform, in a modality.
type Cell struct {
	Day      int32
	Module   Number
	Platform Number
	Modality Modality
	Counts   Counts
}

// VerbCount counts statements with a verb in a day and a module.
type VerbCount struct {
	Day    int32
	Module Number
	Verb   Number
	N      int64
}

// Figure is what is counted in a cell.
type Figure byte

// The figures. Their values are written to storage. From ScoreBands on there are ten, for scores of 0 to below 10 per cent and so on.
const (
	Statements Figure = iota
	Sessions
	Millis
	Attempts
	Completions
	Passes
	Failures
	Scores
	ScoreSum     // hundredths of a per cent
	ScoreSquares // of their squares
	ScoreBands
	Figures = ScoreBands + 10
)

// Counts are the figures of a cell.
type Counts [Figures]int64

// Folded are the numbers and the fact for which they stand.
type Folded struct {
	Fact
	Numbers Numbers
}

// New is the state of somebody of whom nothing is known.
func New() *State { return &State{Course: newTrack()} }

func newTrack() Track { return Track{Score: NoScore, Best: NoScore} }

// Add takes a fact, which must be newer than those in the state.
func (s *State) Add(f *Folded) {
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
	s.Course.touch(f.At, spent)
	if module != nil {
		module.touch(f.At, spent)
	}
	s.act(f, module, c)
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
}

func (t *Track) touch(at, spent int64) {
	if t.First == 0 {
		t.First = at
	}
	t.Last = at
	t.Millis += spent
}

func (t *Track) begin(c *Counts) {
	t.Open, t.Judged, t.Done, t.Scored = true, false, false, false
	t.Attempts++
	c[Attempts]++
}

func (t *Track) act(f *Folded, c *Counts) {
	const outcome = Complete | Pass | Fail
	switch {
	case f.Acts&Begin != 0 && !t.Open,
		(f.Acts&outcome != 0 || f.Score != NoScore) && t.Attempts == 0,
		f.Acts&Judge != 0 && t.Judged:
		t.begin(c)
	}
	if f.Acts&(Pass|Fail) != 0 && !t.Judged {
		t.judge(f.Acts&Pass != 0, c)
	}
	if f.Acts&Complete != 0 && !t.Done {
		t.Done = true
		c[Completions]++
	}
	if f.Score != NoScore {
		t.score(f.Score, c)
	}
	if f.Acts&(Complete|Pass) != 0 && t.Ended == 0 {
		t.Ended = f.At
	}
	if f.Acts&End != 0 {
		t.Open = false
	}
}

func (t *Track) judge(passed bool, c *Counts) {
	t.Judged = true
	if passed {
		c[Passes]++
		t.Passed, t.Failing = true, false
		return
	}
	c[Failures]++
	t.Failures++
	t.Failing = !t.Passed
}

func (t *Track) score(score int32, c *Counts) {
	t.Score, t.Best = score, max(t.Best, score)
	if t.Scored {
		return
	}
	t.Scored = true
	c[Scores]++
	c[ScoreSum] += int64(score)
	c[ScoreSquares] += int64(score) * int64(score)
	c[ScoreBands+Figure(min(score/1000, 9))]++
}

// module finds the fact's module, or begins one; nil when there is none.
func (s *State) module(f *Folded) *Module {
	n := f.Numbers.Module
	if n == None {
		return nil
	}
	for i := range s.Modules {
		if s.Modules[i].Module == n {
			return &s.Modules[i]
		}
	}
	if len(s.Modules) >= maxModules && n != Other {
		f.Numbers.Module = Other
		return s.module(f)
	}
	s.Modules = append(s.Modules, Module{Module: n, Track: newTrack()})
	return &s.Modules[len(s.Modules)-1]
}

func (c Cell) compare(o Cell) int {
	return cmp.Or(cmp.Compare(c.Day, o.Day), cmp.Compare(c.Module, o.Module), cmp.Compare(c.Platform, o.Platform), cmp.Compare(c.Modality, o.Modality))
}

// cell finds the cell, or makes it.
func (s *State) cell(c Cell) *Cell {
	i, found := slices.BinarySearchFunc(s.Cells, c, Cell.compare)
	if !found {
		if len(s.Cells) >= maxCells {
			return &s.Cells[len(s.Cells)-1]
		}
		s.Cells = slices.Insert(s.Cells, i, c)
	}
	return &s.Cells[i]
}

func (v VerbCount) compare(o VerbCount) int {
	return cmp.Or(cmp.Compare(v.Day, o.Day), cmp.Compare(v.Module, o.Module), cmp.Compare(v.Verb, o.Verb))
}

// verb finds the count of a verb, or makes it: somebody who did it with others has one too, of none.
func (s *State) verb(v VerbCount) *VerbCount {
	i, found := slices.BinarySearchFunc(s.Verbs, v, VerbCount.compare)
	switch {
	case !found && len(s.Verbs) >= maxCells:
		i = len(s.Verbs) - 1
	case !found:
		s.Verbs = slices.Insert(s.Verbs, i, v)
	}
	return &s.Verbs[i]
}
