package kvtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

var errSeen = errors.New("kvtest: this state was met before")

// All goes through every schedule, and stops at the first that breaks what must hold.
func (e *Explorer) All(t *testing.T) (counts Counts, failure *Failure) {
	seen := map[uint64]bool{}
	var path, widths []int
	synctest.Test(t, func(t *testing.T) {
		for failure == nil {
			depth := 0
			err := e.run(false, &counts, nil, func(s *schedule, options []option) (int, error) {
				if depth++; depth == len(path) { // what is checked from one state to the next needs the one before the new
					if err := s.check(); err != nil {
						return 0, err
					}
				}
				if depth <= len(path) {
					return path[depth-1], nil
				}
				state := s.state()
				if seen[state] {
					return 0, errSeen
				}
				seen[state] = true
				if err := s.check(); err != nil || len(options) == 0 {
					return 0, err
				}
				path, widths = append(path, 0), append(widths, len(options))
				return 0, nil
			})
			if err != nil && err != errSeen {
				failure = e.failed(err, false, path)
			}
			for len(path) > 0 && path[len(path)-1] == widths[len(path)-1]-1 {
				path, widths = path[:len(path)-1], widths[:len(path)-1]
			}
			if len(path) == 0 {
				break
			}
			path[len(path)-1]++
		}
	})
	counts.States = len(seen)
	return counts, failure
}

// Walk runs schedules at random, by seed.
func (e *Explorer) Walk(t *testing.T) (counts Counts, failure *Failure) {
	synctest.Test(t, func(t *testing.T) {
		for seed := 0; seed < e.Walks && failure == nil; seed++ {
			dice := rand.New(rand.NewPCG(uint64(seed), 0))
			var path []int
			err := e.run(true, &counts, nil, func(s *schedule, options []option) (int, error) {
				if err := s.check(); err != nil || len(options) == 0 {
					return 0, err
				}
				chosen := dice.IntN(len(options))
				for tries := 0; options[chosen].kind.fault() && tries < 9; tries++ { // or they all come at the beginning
					chosen = dice.IntN(len(options))
				}
				path = append(path, chosen)
				return chosen, nil
			})
			if err != nil {
				failure = e.failed(err, true, path)
			}
		}
	})
	return counts, failure
}

// Replay runs one schedule, and tells its steps.
func (e *Explorer) Replay(t *testing.T, wanted string) (trace []string, err error) {
	synctest.Test(t, func(t *testing.T) { trace, err = e.replay(wanted) })
	return trace, err
}

func (e *Explorer) replay(wanted string) (trace []string, err error) {
	path := strings.Split(wanted, ".")
	wide := path[0] == "wide"
	path = path[1:]
	err = e.run(wide, &Counts{}, func(step string) { trace = append(trace, step) }, func(s *schedule, options []option) (int, error) {
		if err := s.check(); err != nil || len(path) == 0 {
			return 0, err
		}
		chosen, err := strconv.Atoi(path[0])
		if path = path[1:]; err != nil || chosen >= len(options) {
			return 0, fmt.Errorf("the schedule does not fit: step %q of %d options", path[0], len(options))
		}
		return chosen, nil
	})
	return trace, err
}

func (e *Explorer) failed(err error, wide bool, path []int) *Failure {
	name := "all"
	if wide {
		name = "wide"
	}
	for _, chosen := range path {
		name += "." + strconv.Itoa(chosen)
	}
	trace, again := e.replay(name)
	if again == nil {
		err = fmt.Errorf("%w (but not when run again)", err)
	}
	return &Failure{err, name, trace}
}

// run runs one schedule, asking pick for each choice, until there are no options or pick returns an error.
func (e *Explorer) run(wide bool, counts *Counts, trace func(string), pick func(*schedule, []option) (int, error)) error {
	ctx, cancel := context.WithCancel(context.Background())
	s := &schedule{e: e, world: e.New(), wide: wide, left: e.Faults, over: make(chan struct{}), written: map[place]uint64{}, trace: trace}
	if wide {
		s.left++
	}
	all := s.start(ctx)
	defer func() {
		close(s.over)
		cancel()
		all.Wait()
		counts.Schedules++
	}()
	for {
		if s.rest(); s.cut {
			return errSeen
		}
		options := s.options()
		chosen, err := pick(s, options)
		if err != nil {
			return err
		}
		if len(options) == 0 {
			return s.heal(ctx)
		}
		counts.Steps++
		if options[chosen].kind.fault() {
			counts.Faults++
		}
		s.do(options[chosen])
	}
}
