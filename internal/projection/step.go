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

// step is one range on its way.
type step struct {
	*Runner
	cp Checkpoint
}

// errTooManyPending: another entry cannot be applied, and so many are pending already that the checkpoint stays.
var errTooManyPending = errors.New("projection: too many entries are pending")

// apply applies the range in work, and returns how many statements it has. An entry that fails by itself is pending, and the rest goes on.
func (s *step) apply(ctx context.Context, entries []*ledger.Entry) (statements int, err error) {
	late, err := s.Ledger.Load(ctx, s.cp.Work.Late)
	if err != nil {
		return 0, err
	}
	for {
		r, err := s.readRange(entries, late)
		if err == nil {
			err = s.Projection.Apply(ctx, s.cp.Generation, r)
		}
		var broken *EntryError
		if !errors.As(err, &broken) {
			return len(r.Records), err
		}
		if !s.cp.Work.has(broken.Entry) {
			return 0, fmt.Errorf("%s: an entry fails that is not in the range: %w", s.Name, broken)
		}
		if err := s.demote(ctx, broken); err != nil {
			return 0, err
		}
		entries, late = listed(entries, s.cp.Work.Entries), listed(late, s.cp.Work.Late)
	}
}

// readRange unpacks the statements of the range in work.
func (s *step) readRange(entries, late []*ledger.Entry) (Range, error) {
	r := Range{From: s.cp.Through, To: s.cp.Work.To, Number: s.cp.Number}
	records, err := s.records(entries)
	if err != nil {
		return r, err
	}
	r.Records = slices.DeleteFunc(records, func(x ledger.Record) bool { return x.Stored() < r.From || x.Stored() >= r.To })
	slices.SortFunc(r.Records, func(a, b ledger.Record) int { return a.Compare(b.Place) })
	r.Late, err = s.records(late)
	return r, err
}

func (w *Work) has(ref ledger.EntryRef) bool {
	return slices.Contains(w.Entries, ref) || slices.Contains(w.Late, ref)
}

// without is the range without an entry.
func (w *Work) without(ref ledger.EntryRef) *Work {
	is := func(other ledger.EntryRef) bool { return other == ref }
	return &Work{To: w.To, Entries: slices.DeleteFunc(slices.Clone(w.Entries), is), Late: slices.DeleteFunc(slices.Clone(w.Late), is)}
}

// listed keeps the entries that stand in a list.
func listed(entries []*ledger.Entry, list refs) []*ledger.Entry {
	return slices.DeleteFunc(entries, func(e *ledger.Entry) bool { return !slices.Contains(list, e.EntryRef) })
}

// demote takes an entry from the range's lists, and has it be pending, on the checkpoint row, before the range is applied without it: whoever
// applies the range later goes by the same list, though the entry may have been mended by then.
func (s *step) demote(ctx context.Context, broken *EntryError) error {
	for {
		next := s.cp
		next.Work = s.cp.Work.without(broken.Entry)
		next.Pending = slices.Clone(s.cp.Pending)
		news := next.addPending(broken.Entry, broken.Error())
		if len(next.Pending) > maxPending {
			return errTooManyPending
		}
		err := write(ctx, s.Store, s.Name, &next)
		if err == nil {
			s.cp = next
			if news {
				slog.ErrorContext(ctx, "entry pending", "projection", s.Name, "shard", broken.Entry.Shard,
					"at", broken.Entry.Position.Instant().Time(), "reason", broken.Error())
			}
			return nil
		}
		if !errors.Is(err, errMoved) {
			return err
		}
		same, err := s.readAgain(ctx)
		if err != nil || !same {
			return cmp.Or(err, errMoved)
		}
		if !s.cp.Work.has(broken.Entry) {
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

// move sets the checkpoint behind the range in work. The row may have been changed meanwhile: to name a pending entry, and
// then it is moved as it now stands; or by a worker that applied the same range too, and then nothing is left to do.
func (s *step) move(ctx context.Context) error {
	for {
		next := s.cp
		next.Through, next.Work, next.Lease = s.cp.Work.To, nil, 0
		next.Pending = slices.DeleteFunc(slices.Clone(s.cp.Pending), func(p Pending) bool {
			return slices.Contains(s.cp.Work.Late, p.Entry[0])
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
