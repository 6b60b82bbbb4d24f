// Package projection runs what is derived from the log: it reads the log in order, from a projection's checkpoint to the
// horizon, has each range applied, and moves the checkpoint. Running, catching up and repairing are this one piece of code.
//
// Two rules keep it exact: a range that is applied twice, by two workers, or half before a crash, leaves the same rows; and
// ranges of one projection never overlap.
package projection

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/telemetry"
)

// Projection is derived from the log.
type Projection interface {
	// Apply takes the statements of a range. It may be called again for the same, also by two workers at once, and must then leave the same
	// rows. An *EntryError says that one entry cannot be applied; any other error is a fault of the storage, and everything is tried again.
	Apply(ctx context.Context, generation byte, r Range) error
}

// Range is the statements with From <= stored < To, and some that are out of turn.
type Range struct {
	From, To ledger.Instant
	// Number is above those of all ranges before: whoever finds it on a row knows that the range is applied there.
	Number  uint64
	Records []ledger.Record // in the order of their places
	// Late are statements that came late, or could not be applied before. They may be applied already.
	Late []ledger.Record
}

// EntryError says that an entry cannot be applied, and why, in words without a learner's data.
type EntryError struct {
	Entry ledger.EntryRef
	Err   error
}

func (e *EntryError) Error() string { return e.Err.Error() }
func (e *EntryError) Unwrap() error { return e.Err }

// Runner runs one projection.
type Runner struct {
	Name       string
	Projection Projection
	Store      kv.Store
	Ledger     *ledger.Ledger
	// FlushAfter is how long statements may wait for company before a range is made of them; 0: not at all.
	FlushAfter time.Duration
	// FlushSize is how many bytes of the log make a range that does not wait; 0 for 256 KB.
	FlushSize int
	// Alone says that no other worker can be at it: a lease that stands is of one that died.
	Alone bool
}

const (
	flushSize = 256 << 10
	leaseTime = 30 * time.Second
	rangeTime = 5 * time.Second // that a range takes at most, as a rule
)

// Run applies all that waits to the generations that answer. It returns when nothing is left before the horizon, or another worker
// is at it.
func (r *Runner) Run(ctx context.Context) error {
	g, err := ReadGenerations(ctx, r.Store, r.Name)
	if err != nil {
		return err
	}
	if g.Previous != 0 && g.Until < r.Ledger.Now() {
		g, err = r.change(ctx, func(g *Generations) error {
			if g.Until < r.Ledger.Now() { // another worker may have switched meanwhile
				g.Previous, g.Until = 0, 0
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	err = r.run(ctx, g.Current, nil)
	if untold := r.tell(ctx, g.Current); untold != nil {
		slog.WarnContext(ctx, "how far a projection has come cannot be told", "projection", r.Name, "error", untold.Error())
	}
	if g.Previous != 0 {
		err = errors.Join(err, r.run(ctx, g.Previous, nil))
	}
	return err
}

// tell notes how far the generation that answers has come, for whoever watches.
func (r *Runner) tell(ctx context.Context, generation byte) error {
	if !telemetry.On(ctx) {
		return nil
	}
	cp, err := Read(ctx, r.Store, r.Name, generation)
	if err != nil {
		return err
	}
	lag, err := Lag(ctx, r.Ledger, cp)
	if err != nil {
		return err
	}
	telemetry.Progress(ctx, r.Name, telemetry.IndexLag, lag.Seconds())
	telemetry.Progress(ctx, r.Name, telemetry.Pending, float64(len(cp.Pending)))
	return nil
}

// run applies all that waits to one generation, as long as there is time for another range; report is told of each.
func (r *Runner) run(ctx context.Context, generation byte, report func(ledger.Instant, int)) error {
	retried := false // pending entries are tried once a run, and make no range of their own twice
	for enoughTime(ctx) {
		cp, err := Read(ctx, r.Store, r.Name, generation)
		if err != nil {
			return err
		}
		r.Ledger.Advance(cp.Through)
		if cp.Lease > r.Ledger.Now() && !r.Alone {
			return nil
		}
		stood := cp.Work != nil // and then its list is older than what may have been named since
		entries, idle, err := r.take(ctx, &cp, retried)
		if idle || errors.Is(err, errMoved) {
			return nil
		}
		if err != nil {
			return err
		}
		s := &step{Runner: r, cp: cp}
		applied, err := s.apply(ctx, entries)
		if errors.Is(err, errMoved) {
			return nil
		}
		if err != nil {
			s.cp.Lease = 0 // whoever comes next need not wait
			return errors.Join(err, write(ctx, r.Store, r.Name, &s.cp))
		}
		retried = retried || !stood
		if err := s.move(ctx); err != nil {
			return err
		}
		if report != nil {
			report(s.cp.Work.To, applied)
		}
	}
	return nil
}

// enoughTime says whether the context leaves time for a range: one that is cut off is applied again.
func enoughTime(ctx context.Context) bool {
	end, bounded := ctx.Deadline()
	return !bounded || time.Until(end) > rangeTime
}

// take fixes the next range and its entries on the checkpoint row, or takes up the one that stands there.
func (r *Runner) take(ctx context.Context, cp *Checkpoint, retried bool) (entries []*ledger.Entry, idle bool, err error) {
	if cp.Work != nil {
		if entries, err = r.Ledger.Load(ctx, cp.Work.Entries); err != nil {
			return nil, false, err
		}
	} else {
		size := cmp.Or(r.FlushSize, flushSize)
		horizon := r.Ledger.Horizon()
		var through ledger.Instant
		if len(cp.Pending) < maxPending && horizon > cp.Through {
			if entries, through, err = r.Ledger.Entries(ctx, cp.Through, horizon, size); err != nil {
				return nil, false, err
			}
		}
		if r.waits(entries, size, horizon) {
			entries, through = nil, cp.Through
		}
		if len(entries) == 0 && (len(cp.Pending) == 0 || retried) {
			return nil, true, nil
		}
		cp.Number++
		cp.Work = &Work{To: max(through, cp.Through)}
		for _, e := range entries {
			cp.Work.Entries = append(cp.Work.Entries, e.EntryRef)
		}
		if !retried {
			cp.Work.Late = cp.PendingEntries()
		}
	}
	cp.Lease = r.Ledger.Now() + ledger.Instant(leaseTime/time.Microsecond)
	return entries, false, write(ctx, r.Store, r.Name, cp)
}

// waits says whether so little is there, and so young, that it is better applied with what follows.
func (r *Runner) waits(entries []*ledger.Entry, size int, horizon ledger.Instant) bool {
	if len(entries) == 0 {
		return false
	}
	total := 0
	for _, e := range entries {
		total += e.Size
	}
	return total < size && horizon-entries[0].Position.Instant() < ledger.Instant(r.FlushAfter/time.Microsecond)
}
