package fold

import (
	"cmp"
	"slices"
)

// State is what is known of one learner in one course.
type State struct {
	Identity, Name string
	Also           []string // identities of the facts before, where one person goes by several
	Newest         Order    // of the facts in it
	Last           int64    // timestamp of the newest that tells of learning; 0 for none
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
	Recent                     []Attempt // in order; the last of them is the attempt that is number Attempts
}

// Attempt is one at a course or a module.
type Attempt struct {
	Began, Last               int64 // Last: of its newest fact
	Completed, Judged, Passed bool
	Score                     int32 // the first
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

// New is the state of somebody of whom nothing is known.
func New() *State { return &State{Course: newTrack()} }

func newTrack() Track { return Track{Score: NoScore, Best: NoScore} }

// Facts is how many facts the state is made of, but for what others of a Group count.
func (s *State) Facts() (n int64) {
	for _, v := range s.Verbs {
		n += v.N
	}
	return n
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
