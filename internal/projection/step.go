package projection

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"cairn/internal/ledger"
)

// step is one range on its way: what was found out about entries while it was applied.
type step struct {
	*Runner
	cp     Checkpoint
	mended []ledger.EntryRef // pending entries that could be applied
}

// errTooManyPending: another entry cannot be applied, and so many are pending already that the checkpoint stays.
var errTooManyPending = errors.New("projection: too many entries are pending")

// apply applies the range in work, and returns how many statements it has. An entry that fails by itself is named pending, and the rest
// goes on.
func (s *step) apply(ctx context.Context, entries []*ledger.Entry) (statements int, err error) {
	for {
		records, err := s.records(entries)
		if err == nil {
			in := slices.DeleteFunc(records, func(x ledger.Record) bool {
				return x.Stored() < s.cp.Through || x.Stored() >= s.cp.Work.To
			})
			slices.SortFunc(in, func(a, b ledger.Record) int { return a.Compare(b.Place) })
			statements = len(in)
			err = s.Projection.Apply(ctx, s.cp.Generation, Range{From: s.cp.Through, To: s.cp.Work.To, Records: in})
		}
		var broken *EntryError
		if !errors.As(err, &broken) {
			return statements, err
		}
		if !slices.Contains(s.cp.Work.Entries, broken.Entry) {
			return 0, fmt.Errorf("%s: an entry fails that is not in the range: %w", s.Name, broken)
		}
		if err := s.demote(ctx, broken); err != nil {
			return 0, err
		}
		entries = slices.DeleteFunc(entries, func(e *ledger.Entry) bool { return !slices.Contains(s.cp.Work.Entries, e.EntryRef) })
	}
}

// demote moves an entry from the range's list to the pending ones, on the checkpoint row, before the range is applied without it: whoever
// applies the range later goes by the same list, though the entry may have been mended by then.
func (s *step) demote(ctx context.Context, broken *EntryError) error {
	for {
		if len(s.cp.Pending) >= maxPending {
			return errTooManyPending
		}
		next := s.cp
		next.Work = &Work{To: s.cp.Work.To, Entries: slices.DeleteFunc(slices.Clone(s.cp.Work.Entries),
			func(ref ledger.EntryRef) bool { return ref == broken.Entry })}
		next.Pending = slices.Clone(s.cp.Pending)
		next.addPending(broken.Entry, broken.Error())
		err := write(ctx, s.Store, s.Name, &next)
		if err == nil {
			s.cp = next
			slog.ErrorContext(ctx, "entry pending", "projection", s.Name, "shard", broken.Entry.Shard,
				"at", broken.Entry.Position.Instant().Time(), "reason", broken.Error())
			return nil
		}
		if !errors.Is(err, errMoved) {
			return err
		}
		same, err := s.readAgain(ctx)
		if err != nil || !same {
			return cmp.Or(err, errMoved)
		}
		if !slices.Contains(s.cp.Work.Entries, broken.Entry) {
			return nil // another worker of this range has done it
		}
	}
}

// readAgain reads the checkpoint row, which somebody has changed, and says whether the range in work is still the same.
func (s *step) readAgain(ctx context.Context) (same bool, err error) {
	now, err := Read(ctx, s.Store, s.Name, s.cp.Generation)
	if err != nil || now.Work == nil || now.Through != s.cp.Through || now.Work.To != s.cp.Work.To {
		return false, err
	}
	s.cp = now
	return true, nil
}

func (r *Runner) records(entries []*ledger.Entry) ([]ledger.Record, error) {
	var out []ledger.Record
	for _, e := range entries {
		records, err := r.Ledger.Records(e)
		if err != nil {
			return nil, &EntryError{Entry: e.EntryRef, Err: err}
		}
		out = append(out, records...)
	}
	return out, nil
}

// retryPending tries the pending entries once more.
func (s *step) retryPending(ctx context.Context) {
	for _, ref := range s.cp.PendingEntries() {
		if !enoughTime(ctx) {
			return
		}
		if err := s.applyLate(ctx, ref); err != nil {
			slog.WarnContext(ctx, "entry still pending", "projection", s.Name, "reason", err.Error())
			continue
		}
		s.mended = append(s.mended, ref)
	}
}

func (s *step) applyLate(ctx context.Context, late ledger.EntryRef) error {
	entries, err := s.Ledger.Load(ctx, []ledger.EntryRef{late})
	if err != nil {
		return err
	}
	records, err := s.records(entries)
	if err != nil {
		return err
	}
	return s.Projection.ApplyLate(ctx, s.cp.Generation, records)
}

// move sets the checkpoint behind the range in work. The row may have been changed meanwhile: to name a pending entry, and
// then it is moved as it now stands; or by a worker that applied the same range too, and then nothing is left to do.
func (s *step) move(ctx context.Context) error {
	for {
		next := s.cp
		next.Through, next.Work, next.Lease = s.cp.Work.To, nil, 0
		next.Pending = slices.DeleteFunc(slices.Clone(s.cp.Pending), func(p Pending) bool {
			return slices.Contains(s.mended, p.Entry[0])
		})
		err := write(ctx, s.Store, s.Name, &next)
		if !errors.Is(err, errMoved) {
			return err
		}
		if same, err := s.readAgain(ctx); err != nil || !same {
			return err
		}
	}
}
