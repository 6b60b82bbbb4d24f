package kvtest

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"cairn/internal/kv"
)

// Explorer runs the real code of a few processes on one store in every order that their calls can take, each call working,
// failing, failing after it took effect or before it takes effect, and with a death before any call, up to a number of such
// faults. Time is fake (testing/synctest), so limits and pauses are the real ones.
//
// It goes through schedules depth first, by running them again from the beginning. A state is what stands in the store and
// what each actor has learnt; one that was met before is not gone on from. Beyond the bound, Walks are schedules at random.
type Explorer struct {
	// New makes the world that each schedule begins with. All that an actor's code does must follow from what its calls return.
	New func() World
	// Faults is how many calls of a schedule fail or die.
	Faults int
	// Walks is how many schedules are walked at random, in any order of the items of a call, time as a choice, and a fault more.
	Walks int
	// Pause is longer than any pause of the code, and much shorter than its time limits.
	Pause time.Duration
	// Pauses is how many pauses a schedule has at most: what would need another is left to the walks.
	Pauses int
	// Turns is how often a schedule turns from an actor that could go on to another; 0 for any number. A fault is no turn.
	Turns int
	// Mask takes out of an item's key and value what is random in it, and sets its version 0 when nobody asks for it. It may be nil.
	Mask func(kv.Item) kv.Item
	// Show writes an item, what is random in it left out; one without a value is a key to be read. Nil writes all of it.
	Show func(kv.Item) string
}

// World is what a schedule runs: a store, processes, and what must hold.
type World struct {
	Store  *Memory
	Actors []Actor
	// Check is asked in every state. It must not tell a fault of the storage from a death.
	Check func(ends []Outcome) error
	// Heal is called when no actor has a step left, to put right in peace what they left; Check is asked again. It may be nil.
	Heal func(ctx context.Context, ends []Outcome) error
}

// Actor is one process.
type Actor struct {
	Name string
	Do   func(ctx context.Context, store kv.Store) error
}

// Outcome is how an actor ended; one that did not is at work, or dead.
type Outcome struct {
	Ended bool
	Err   error
}

// Failure is a schedule that broke what must hold.
type Failure struct {
	Err      error
	Schedule string // for EXPLORE_SCHEDULE
	Trace    []string
}

// Counts says what an exploration came to.
type Counts struct{ States, Schedules, Steps, Faults int }

// Run explores, walks, and says what it did. With EXPLORE_SCHEDULE it runs that schedule alone, and tells its steps.
func (e *Explorer) Run(t *testing.T) {
	t.Helper()
	var counts Counts
	var failure *Failure
	if wanted := os.Getenv("EXPLORE_SCHEDULE"); wanted != "" {
		trace, err := e.Replay(t, wanted)
		failure = &Failure{err, wanted, trace}
		t.Log("steps:\n\t" + strings.Join(trace, "\n\t"))
		if err == nil {
			return
		}
	} else if counts, failure = e.All(t); failure == nil {
		t.Logf("all of %d faults: %d states, %d schedules, %d steps, %d of them faults", e.Faults, counts.States, counts.Schedules, counts.Steps, counts.Faults)
		if counts, failure = e.Walk(t); e.Walks > 0 {
			t.Logf("at random, %d faults: %d schedules, %d steps, %d of them faults", e.Faults+1, counts.Schedules, counts.Steps, counts.Faults)
		}
	}
	if failure != nil {
		t.Fatalf("%v\nsteps:\n\t%s\nagain: EXPLORE_SCHEDULE=%s go test -run '%s$'", failure.Err, strings.Join(failure.Trace, "\n\t"), failure.Schedule, t.Name())
	}
}
