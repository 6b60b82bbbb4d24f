package upkeep

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/telemetry"
	"cairn/internal/verify"
)

// Verification is one run through a span of the log that holds all else against it, as it stands on its row and is told.
type Verification struct {
	From    time.Time `json:"from"`    // of statements' stored
	To      time.Time `json:"to"`      // before which, and before the horizon
	Through time.Time `json:"through"` // how far it has come
	// Mend: what the index has lost is named pending, and so applied.
	Mend       bool      `json:"mend"`
	Asked      time.Time `json:"asked"`
	Finished   time.Time `json:"finished,omitzero"`
	Stopped    bool      `json:"stopped,omitempty"` // by an operator
	Statements int       `json:"statements"`        // looked at
	// Findings are counted when a slice is noted: what was mended before a tick died then, only its log tells.
	Findings int       `json:"findings"`
	Newest   []Finding `json:"newest,omitempty"` // of the findings, at most maxNewest
}

// Finding is something that does not agree, as package verify says it.
type Finding struct {
	Kind     verify.Kind     `json:"kind"`
	Shard    uint8           `json:"shard"`
	Position ledger.Position `json:"position"`
	Ordinal  uint16          `json:"ordinal"`
	ID       string          `json:"id,omitempty"` // of the statement
	Message  string          `json:"message"`
}

const (
	maxNewest = 100
	// daily is how often what was stored since is held against the index.
	daily = 24 * time.Hour
	// overlap is how much of what was looked at before is looked at again: what was committed late.
	overlap = time.Hour
	// leaseTime is how long a keeper that works on the row is left alone. Nothing rests on it but economy.
	leaseTime = 2 * time.Minute
	// wrongClock is how far back is looked when a clock that was far ahead has moved the row.
	wrongClock = 35 * 24 * time.Hour
)

// Verifications are what is verified, what will be, and what was: the row.
type Verifications struct {
	Running *Verification `json:"running,omitempty"`
	Wanted  *Verification `json:"wanted,omitempty"` // by an operator, when Running has finished
	Last    *Verification `json:"last,omitempty"`
	// Daily is until when the daily look was taken, or is being; Taken is when that began.
	Daily time.Time `json:"daily,omitzero"`
	Taken time.Time `json:"taken,omitzero"`
	Due   bool      `json:"due,omitempty"` // it is to be taken at once
	// Lease is until when a keeper is at it.
	Lease time.Time `json:"lease,omitzero"`
}

// AskVerification asks for what was stored in a span of time to be verified, once what is being verified is finished; zero times are the
// beginning and now. It takes the place of one that was asked for and not begun.
func (k *Keeper) AskVerification(ctx context.Context, from, to time.Time, mend bool) error {
	now := k.now()
	v := &Verification{From: max(ledger.At(from), 0).Time(), To: now, Mend: mend, Asked: now}
	if !to.IsZero() && to.Before(now) {
		v.To = max(ledger.At(to), 0).Time()
	}
	v.Through = v.From
	_, err := alter(ctx, k.Store, func(row *Verifications) error {
		row.Wanted = v
		return nil
	})
	return err
}

// StopVerification stops what is being verified, and forgets what was asked for. The daily look goes on when the next one is due, from where it
// was stopped.
func (k *Keeper) StopVerification(ctx context.Context) error {
	_, err := alter(ctx, k.Store, func(row *Verifications) error {
		row.Wanted = nil
		if row.Running != nil {
			if left := row.Running.Through.Add(overlap); row.Running.Asked.Equal(row.Taken) && left.Before(row.Daily) {
				row.Daily = left
			}
			row.Running.Stopped = true
			row.finish(k.now())
		}
		return nil
	})
	return err
}

// Replay has everything looked at again from an instant, at once: rings for what was stored then were lost.
func (k *Keeper) Replay(ctx context.Context, from time.Time) error {
	_, err := alter(ctx, k.Store, func(row *Verifications) error {
		if again := from.UTC().Add(overlap); row.Daily.IsZero() || again.Before(row.Daily) {
			row.Daily = again
		}
		row.Due = true
		return nil
	})
	return err
}

func (row *Verifications) finish(now time.Time) {
	row.Running.Finished = now
	row.Last, row.Running, row.Lease = row.Running, nil, time.Time{}
}

// errIdle: there is nothing to verify, or another keeper is at it.
var errIdle = errors.New("upkeep: nothing to do")

// errMoved: another keeper or an operator changed what is being verified.
var errMoved = errors.New("upkeep: the verification was changed by somebody else")

// next takes up what is to be verified.
func (row *Verifications) next(now time.Time) error {
	if row.Lease.After(now) && !row.Lease.After(now.Add(leaseTime)) { // else a clock was wrong
		return errIdle
	}
	if row.Daily.After(now.Add(overlap)) { // likewise: what was looked at in truth nobody knows
		row.Daily, row.Taken = now.Add(-wrongClock), time.Time{}
	}
	due := !row.Daily.IsZero() && (row.Due || now.Sub(row.Taken) >= daily)
	if due && row.Running != nil && !row.Running.Asked.Equal(row.Taken) && row.Wanted == nil {
		row.Wanted, row.Running = row.Running, nil // what an operator asked for may take days: it goes on behind the daily look
	}
	switch {
	case row.Running != nil:
	case due:
		from := row.Daily.Add(-overlap)
		row.Running = &Verification{From: from, To: now, Through: from, Mend: true, Asked: now}
		row.Daily, row.Taken, row.Due = now, now, false
	case row.Wanted != nil:
		row.Running, row.Wanted = row.Wanted, nil
	case row.Daily.IsZero(): // a new stack: the first look is a day away
		row.Daily, row.Taken = now, now
		return nil
	default:
		return errIdle
	}
	row.Lease = now.Add(leaseTime)
	return nil
}

// verify goes on with what is being verified, and takes up what is to be, until the context ends. That it ends is no fault, unless nothing
// was got done.
func (k *Keeper) verify(ctx context.Context) error {
	gotOn := false
	for {
		row, err := alter(ctx, k.Store, func(row *Verifications) error { return row.next(k.now()) })
		if errors.Is(err, errIdle) || err == nil && row.Running == nil {
			return nil
		}
		if err == nil {
			var noted bool
			noted, err = k.slices(ctx, *row.Running)
			gotOn = gotOn || noted
		}
		switch {
		case err == nil:
		case errors.Is(err, errMoved), gotOn && ctx.Err() != nil: // somebody else goes on, or the next tick
			return nil
		default:
			return err
		}
	}
}

// mended are the projections that a verification mends.
func (k *Keeper) mended(v Verification) []string {
	if !v.Mend {
		return nil
	}
	return k.Projections
}

// slices verifies a span slice by slice, and after each notes how far it came, with what was found in it. It says whether it noted any.
func (k *Keeper) slices(ctx context.Context, v Verification) (noted bool, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var found []Finding
	verifier := &verify.Verifier{Store: k.Store, Ledger: k.Ledger, Index: k.Index, LRS: k.LRS, SliceSize: k.SliceSize, Mend: k.mended(v), Found: func(f verify.Finding) {
		finding := findingOf(f)
		telemetry.Add(ctx, telemetry.Findings, 1)
		found = append(found, finding)
		slog.ErrorContext(ctx, "what is stored does not agree", "kind", finding.Kind, "shard", finding.Shard, "position", finding.Position,
			"ordinal", finding.Ordinal, "statement", finding.ID, "what", finding.Message)
	}}
	note := func(through ledger.Instant, statements int, finished bool) error {
		err := k.note(ctx, v, through.Time(), statements, found, finished)
		v.Through, found, noted = through.Time(), nil, noted || err == nil
		return err
	}
	through, err := verifier.Run(ctx, ledger.At(v.Through), ledger.At(v.To), func(through ledger.Instant, statements int) {
		if err := note(through, statements, false); err != nil {
			stop(err)
		}
	})
	if cause := context.Cause(ctx); cause != nil {
		return noted, cause
	}
	if err != nil {
		return noted, err
	}
	err = note(through, 0, true)
	return noted, err
}

// note writes down how far a verification came, unless somebody else has moved it.
func (k *Keeper) note(ctx context.Context, v Verification, through time.Time, statements int, found []Finding, finished bool) error {
	_, err := alter(ctx, k.Store, func(row *Verifications) error {
		r := row.Running
		if r == nil || !r.Asked.Equal(v.Asked) || !r.Through.Equal(v.Through) {
			return errMoved
		}
		now := k.now()
		r.Through, r.Statements, r.Findings = through, r.Statements+statements, r.Findings+len(found)
		r.Newest = append(r.Newest, found...)
		r.Newest = slices.Clone(r.Newest[max(len(r.Newest)-maxNewest, 0):])
		row.Lease = now.Add(leaseTime)
		if finished {
			row.finish(now)
		}
		return nil
	})
	return err
}

func (k *Keeper) now() time.Time { return k.Ledger.Now().Time() }

func findingOf(f verify.Finding) Finding {
	out := Finding{Kind: f.Kind, Shard: f.Place.Shard, Position: f.Place.Position, Ordinal: f.Place.Ordinal, Message: f.Message}
	if f.ID != uuid.Nil {
		out.ID = f.ID.String()
	}
	return out
}
