package fold

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// at2026 is when the tests of attempts begin.
const at2026 = 1_767_225_600_000

// trier is somebody who tries modules of one course.
type trier struct {
	numbers
	*State
	at int64
}

func newTrier() *trier { return &trier{numbers{}, New(), at2026} }

// does something a while after what he did before.
func (s *trier) does(after int64, module string, acts Act, score int32) {
	s.at += after
	s.Add(s.folded(Fact{Order: Order{At: s.at, Stored: s.at * 1000}, Names: Names{Course: "c", Module: module, Verb: "v"}, Counts: true, OnModule: true, Acts: acts, Score: score}))
}

// back is the state as it is read again.
func (s *trier) back(t *testing.T) *State {
	t.Helper()
	back, err := Decode(s.Encode())
	if err != nil || !reflect.DeepEqual(back, s.State) {
		t.Fatalf("%v\n%+v\n%+v", err, back, s.State)
	}
	return back
}

func TestAttempts(t *testing.T) {
	s := newTrier()
	s.does(0, "m", Begin, NoScore)
	s.does(1000, "m", Fail, 4000)
	s.does(1000, "m", Pass, 8000) // judged already, and not by its verb: the first of each is the attempt's
	s.does(1000, "m", 0, NoScore) // a page of the module
	s.does(1000, "m", End, NoScore)
	s.does(1000, "m", 0, NoScore)        // nobody is at it
	s.does(1000, "m", Complete, NoScore) // told late
	s.does(1000, "m", 0, NoScore)
	s.does(day, "m", Begin, NoScore)
	s.does(1000, "m", 0, NoScore)
	s.does(1000, "m", Pass|Judge, NoScore)
	s.does(1000, "m", Fail|Judge, NoScore) // which nothing began
	want := []Attempt{
		{Began: at2026, Last: at2026 + 6000, Completed: true, Judged: true, Score: 4000},
		{Began: at2026 + 7000 + day, Last: at2026 + 9000 + day, Judged: true, Passed: true, Score: NoScore},
		{Began: at2026 + 10000 + day, Last: at2026 + 10000 + day, Judged: true, Score: NoScore},
	}
	if got := s.back(t).Modules[0]; !slices.Equal(got.Recent, want) || got.Attempts != 3 {
		t.Errorf("%d attempts:\ngot  %+v\nwant %+v", got.Attempts, got.Recent, want)
	}
}

// TestAttemptsEnd has more attempts than are kept: the newest stay, all are counted, and the state stays small.
func TestAttemptsEnd(t *testing.T) {
	s := newTrier()
	for range 150 {
		s.does(1000, "m", Begin, NoScore)
		s.does(1000, "m", End, NoScore)
	}
	if m := s.back(t).Modules[0]; m.Attempts != 150 || len(m.Recent) != 100 || m.Recent[99].Last != s.at || m.Recent[0].Began != at2026+1000*(2*50+1) {
		t.Errorf("of %d attempts %d are kept, from %+v", m.Attempts, len(m.Recent), m.Recent[0])
	}
	for module := range 70 {
		for range 80 {
			s.does(1000, fmt.Sprint("n", module), Begin, NoScore)
			s.does(1000, fmt.Sprint("n", module), End, NoScore)
		}
	}
	kept := 0
	for _, m := range s.back(t).Modules {
		kept += len(m.Recent)
		if len(m.Recent) < 50 || m.Recent[len(m.Recent)-1].Began < m.Last-1000 {
			t.Errorf("of module %d %d attempts are kept, not the newest", m.Module, len(m.Recent))
		}
	}
	if size := len(s.Encode()); kept != maxKept || size > 100_000 {
		t.Errorf("%d attempts are kept, in %d bytes", kept, size)
	}
}

// TestStatesFromBefore reads a state of two attempts that was written before attempts were kept.
func TestStatesFromBefore(t *testing.T) {
	old, err := base64.StdEncoding.DecodeString("AAAAoJeQwO9mgNK1/ozXowYAAASf97pSAACghwgAAAEDn/e6UgDbAQCghwgEAtCMAdCMAQAAAsy/AgMAAM+HAQYCkLkHAgICwD6AkKEPAgIDAACvhyAEApBOAgIC0IwBgNmfTQICzL8CAwQGAgMEBAA=")
	if err != nil {
		t.Fatal(err)
	}
	s := newTrier()
	s.of("c", "c")
	s.of("m", "m")
	if s.State, err = Decode(old); err != nil {
		t.Fatal(err)
	}
	s.at = s.Newest.At
	if !slices.Equal(s.Encode(), old) {
		t.Error("it is written otherwise than it was read")
	}
	s.does(1000, "m", Complete, NoScore)
	if m := s.back(t).Modules[0]; m.Attempts != 2 || len(m.Recent) != 0 {
		t.Errorf("an attempt of which the beginning is not known is told: %+v", m)
	}
	s.does(1000, "m", Fail|Judge, NoScore)
	want := []Attempt{{Began: s.at, Last: s.at, Judged: true, Score: NoScore}}
	if m := s.back(t).Modules[0]; m.Attempts != 3 || !slices.Equal(m.Recent, want) {
		t.Errorf("%+v", m)
	}
}
