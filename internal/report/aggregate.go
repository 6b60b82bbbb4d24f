package report

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"cairn/internal/fold"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// ProjectionName is under which its checkpoint stands.
const ProjectionName = "reports"

// How many rows are written at a time. A store that this process has to itself commits together what waits, at the price of one.
const (
	writesAtOnce      = 32
	writesAtOnceAlone = 512
)

func (a *Aggregate) writesAtOnce() int {
	if a.ledger.Alone() {
		return writesAtOnceAlone
	}
	return writesAtOnce
}

// Aggregate projects statements into the reporting tables, each exactly once. Every range takes three steps:
//
//  1. Facts are folded into the progress of their learners, one row each in a course, on condition that the row is folded to below the range.
//     With the state a row keeps what this range adds to the figures: whoever applies the range again takes it from there.
//  2. When all progress stands, what it adds is summed and added to the rows of figures, on the same condition.
//  3. The runner moves the checkpoint.
//
// A fact that a state has passed cannot be folded in: an older timestamp, an entry out of turn, a voided statement. Then all of the
// learner's statements in the course are read from the log, through the index, and folded anew; what this adds is the difference.
type Aggregate struct {
	store  kv.Store
	ledger *ledger.Ledger
	index  *index.Index
	names  *names
}

var _ projection.Projection = (*Aggregate)(nil)

// NewAggregate returns the projection over a store, the ledger in it and its index.
func NewAggregate(store kv.Store, l *ledger.Ledger, x *index.Index) *Aggregate {
	return &Aggregate{store: store, ledger: l, index: x, names: newNames(store, l.Secret())}
}

// Apply implements projection.Projection.
func (a *Aggregate) Apply(ctx context.Context, generation byte, r projection.Range) error {
	rules, err := a.names.roster.Modalities(ctx)
	if err != nil {
		return err
	}
	work := &rangeWork{Aggregate: a, rules: rules, generation: generation, number: r.Number, to: r.To, parts: map[part]*work{}, room: semaphore.NewWeighted(mostAnew)}
	work.found = sync.OnceValues(func() (*index.Moment, error) { return a.index.Moment(ctx) })
	inTurn, anew, err := work.facts(ctx, r)
	if err != nil {
		return err
	}
	if err := work.take(ctx, inTurn, false); err != nil {
		return err
	}
	if err := work.take(ctx, anew, true); err != nil {
		return err
	}
	if err := work.fold(ctx); err != nil || work.passed {
		return err
	}
	return work.count(ctx)
}

// part is one learner in one course.
type part struct{ learner, course fold.Number }

// work is what a range does to a part.
type work struct {
	facts []*fold.Folded
	who   map[asked]bool
	anew  bool
	delta *fold.Tally
}

// asked is what the log is asked for: somebody's statements, in a course unless it is one of those that have no number of their own.
type asked struct{ identity, course string }

func askFor(f numberedFact) asked {
	if f.Numbers.Course == fold.Other {
		return asked{f.Learner.Identity, ""}
	}
	return asked{f.Learner.Identity, f.Course}
}

// rangeWork is one range on its way.
type rangeWork struct {
	*Aggregate
	rules      []fold.Rule
	generation byte
	number     uint64
	to         ledger.Instant
	parts      map[part]*work
	room       *semaphore.Weighted           // for statements that are being folded anew
	found      func() (*index.Moment, error) // where statements are found that are folded anew: what the index has not applied is read once, not for each learner
	passed     bool                          // somebody has come further: everything of this range stands
}

// take gives numbers to the names of facts, and sorts them by learner and course.
func (w *rangeWork) take(ctx context.Context, facts []fold.Fact, anew bool) error {
	folded, err := w.numbered(ctx, facts)
	if err != nil {
		return err
	}
	if !anew {
		if err := w.nameTeams(ctx, folded); err != nil {
			return err
		}
	}
	for i, f := range folded {
		p := part{f.learner, f.Numbers.Course}
		if w.parts[p] == nil {
			w.parts[p] = &work{who: map[asked]bool{}}
		}
		of := w.parts[p]
		of.who[askFor(f)] = true
		if anew {
			of.anew = true
		} else {
			of.facts = append(of.facts, &folded[i].Folded)
		}
	}
	return nil
}

// fold brings the progress of all parts to the range.
func (w *rangeWork) fold(ctx context.Context) error {
	keys := make([]kv.Key, 0, len(w.parts))
	for p := range w.parts {
		keys = append(keys, progressKey(w.generation, p.learner, p.course))
	}
	if len(keys) == 0 {
		return nil
	}
	items, err := w.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return err
	}
	stood := map[part]*progress{}
	for _, item := range items {
		read, err := decodeProgress(item)
		if err != nil {
			return err
		}
		stood[read.part] = read
	}
	folding, at := errgroup.WithContext(ctx)
	folding.SetLimit(w.writesAtOnce())
	for p, of := range w.parts {
		folding.Go(func() error { return w.foldPart(at, p, of, stood[p]) })
	}
	err = folding.Wait()
	if errors.Is(err, errPassed) {
		w.passed = true
		return nil
	}
	return err
}

var errPassed = errors.New("report: another worker has come further")

// foldPart folds the range into one part's progress, which stood as given when it was read; nil for nothing.
func (w *rangeWork) foldPart(ctx context.Context, p part, of *work, stood *progress) error {
	for {
		if stood == nil {
			stood = &progress{part: p, state: fold.New()}
		}
		switch {
		case stood.through > w.number:
			return errPassed
		case stood.through == w.number:
			of.delta = stood.delta
			return nil
		}
		state, err := w.next(ctx, p, of, stood.state)
		if err != nil {
			return err
		}
		next := &progress{part: p, through: w.number, state: state, delta: state.Tally(p.course).Sub(stood.state.Tally(p.course))}
		cond := kv.Absent
		if stood.version != 0 {
			cond = kv.IfVersion(stood.version)
		}
		item := next.item(w.generation)
		if item.Check() != nil { // whoever applies the range finds the same: it is not counted, and holds nobody up
			leaveOut(ctx, "a learner's course has become too large to be counted any further", "learner", p.learner, "course", p.course)
			of.delta = &fold.Tally{}
			return nil
		}
		err = w.store.Put(ctx, item, cond)
		if !stands(err) {
			of.delta = next.delta
			return err
		}
		if stood, err = readProgress(ctx, w.store, w.generation, p); err != nil {
			return err
		}
	}
}

// next is the state after the range.
func (w *rangeWork) next(ctx context.Context, p part, of *work, before *fold.State) (*fold.State, error) {
	facts := of.facts
	slices.SortFunc(facts, func(a, b *fold.Folded) int { return a.Compare(b.Order) })
	old := func(f *fold.Folded) bool {
		return before.Newest != (fold.Order{}) && f.Compare(before.Newest) <= 0
	}
	if of.anew || len(facts) > 0 && old(facts[0]) {
		if before.Facts() <= mostAnew {
			return w.foldAnew(ctx, p, of, before)
		}
		// Whoever applies the range finds the same state, and leaves out the same.
		leaveOut(ctx, "a learner's course has too many statements to be folded anew: what is late is not counted", "learner", p.learner, "course", p.course)
		facts = slices.DeleteFunc(facts, old)
	}
	encoded := before.Encode() // the state before is still needed
	return addAll(ctx, p, facts, func() (*fold.State, error) { return fold.Decode(encoded) })
}
