package report

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// ProjectionName is under which its checkpoint stands.
const ProjectionName = "reports"

// writesAtOnce bounds how many rows are written at a time.
const writesAtOnce = 32

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
	rules  []fold.Rule
}

var _ projection.Projection = (*Aggregate)(nil)

// NewAggregate returns the projection over a store, the ledger in it and its index.
func NewAggregate(store kv.Store, l *ledger.Ledger, x *index.Index, rules []fold.Rule) *Aggregate {
	return &Aggregate{store: store, ledger: l, index: x, names: newNames(store, l.Secret()), rules: rules}
}

// Apply implements projection.Projection.
func (a *Aggregate) Apply(ctx context.Context, generation byte, r projection.Range) error {
	if err := a.nameLate(ctx, r.Late); err != nil {
		return err
	}
	inTurn, anew, err := a.facts(ctx, r)
	if err != nil {
		return err
	}
	work := &rangeWork{Aggregate: a, generation: generation, number: r.Number, to: r.To, parts: map[part]*work{}}
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

// nameLate names late entries pending to the index, which may not have heard of them yet: what is folded anew is found through it.
func (a *Aggregate) nameLate(ctx context.Context, late []ledger.Record) error {
	var entries []ledger.EntryRef
	for _, r := range late {
		if !slices.Contains(entries, r.EntryRef) {
			entries = append(entries, r.EntryRef)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return projection.AddPending(ctx, a.store, index.Name, "late for the reports", entries)
}

// facts are those of the statements in turn, and those of which the learner's course must be folded anew.
func (a *Aggregate) facts(ctx context.Context, r projection.Range) (inTurn, anew []fold.Fact, err error) {
	var voidings []ledger.Voiding
	var by []ledger.EntryRef
	voided := map[uuid.UUID]bool{}
	read := func(records []ledger.Record, out *[]fold.Fact) error {
		for _, record := range records {
			s, err := xapi.Parse(record.Text)
			if err != nil {
				return &projection.EntryError{Entry: record.EntryRef, Err: err}
			}
			if target, ok := s.Voids(); ok {
				voidings, by = append(voidings, ledger.Voiding{Target: target, By: record.Position}), append(by, record.EntryRef)
				voided[target] = true
			}
			if record.Voided {
				// Perhaps only since: somebody may have folded it in, and then died. Whose range it is must not hang on that.
				anew = append(anew, factsOf(s, record, a.rules)...)
			} else {
				*out = append(*out, factsOf(s, record, a.rules)...)
			}
		}
		return nil
	}
	if err := read(r.Records, &inTurn); err != nil {
		return nil, nil, err
	}
	if err := read(r.Late, &anew); err != nil {
		return nil, nil, err
	}
	if len(voided) == 0 {
		return inTurn, anew, nil
	}
	if err := projection.Void(ctx, a.ledger, voidings, by); err != nil {
		return nil, nil, err
	}
	lost, err := a.voidedFacts(ctx, voided, r.To)
	return inTurn, append(anew, lost...), err
}

// voidedFacts are what statements told before they were voided. Those that are not there yet are born voided: one that is stored after the
// range is none of it, whether or not it was there already when somebody looked.
func (a *Aggregate) voidedFacts(ctx context.Context, voided map[uuid.UUID]bool, to ledger.Instant) (facts []fold.Fact, err error) {
	ids := make([]uuid.UUID, 0, len(voided))
	for id := range voided {
		ids = append(ids, id)
	}
	records, err := a.ledger.FindMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		if s, err := xapi.Parse(record.Text); err == nil && record.Stored() < to {
			facts = append(facts, factsOf(s, record, a.rules)...)
		}
	}
	return facts, nil
}

func factsOf(s *xapi.Statement, r ledger.Record, rules []fold.Rule) []fold.Fact {
	return fold.Facts(s, int64(r.Stored()), binary.BigEndian.Uint64(r.Position[8:]), rules)
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
	generation byte
	number     uint64
	to         ledger.Instant
	parts      map[part]*work
	passed     bool // somebody has come further: everything of this range stands
}

// take gives numbers to the names of facts, and sorts them by learner and course.
func (w *rangeWork) take(ctx context.Context, facts []fold.Fact, anew bool) error {
	folded, err := w.numbered(ctx, facts)
	if err != nil {
		return err
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

type numberedFact struct {
	fold.Folded
	learner fold.Number
}

func (w *rangeWork) numbered(ctx context.Context, facts []fold.Fact) ([]numberedFact, error) {
	asked := make([]name, 0, 6*len(facts))
	for i := range facts {
		asked = append(asked, namesOf(&facts[i])...)
	}
	numbers, err := w.names.numbers(ctx, w.generation, asked)
	if err != nil {
		return nil, err
	}
	out := make([]numberedFact, len(facts))
	for i, f := range facts {
		of := namesOf(&f)
		out[i] = numberedFact{fold.Folded{Fact: f, Numbers: fold.Numbers{
			Course: numbers[of[1]], Module: numbers[of[2]], Question: numbers[of[3]], Verb: numbers[of[4]], Platform: numbers[of[5]],
		}}, numbers[of[0]]}
	}
	return out, nil
}

func namesOf(f *fold.Fact) []name {
	return []name{
		{learnerName, f.Learner.Identity}, {courseName, f.Course}, {moduleName, f.Module}, {questionName, f.Question},
		{verbName, f.Verb}, {platformName, f.Platform},
	}
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
	folding.SetLimit(writesAtOnce)
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
		err = w.store.Put(ctx, next.item(w.generation), cond)
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
	if of.anew || len(facts) > 0 && before.Newest != (fold.Order{}) && facts[0].Compare(before.Newest) <= 0 {
		all, err := w.all(ctx, p, of)
		if err != nil {
			return nil, err
		}
		state := fold.New()
		for _, f := range all {
			state.Add(f)
		}
		return state, nil
	}
	state, err := fold.Decode(before.Encode()) // the state before is still needed
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		state.Add(f)
	}
	return state, nil
}

// all are the facts of a part up to the range's end, as the log has them now.
func (w *rangeWork) all(ctx context.Context, p part, of *work) ([]*fold.Folded, error) {
	var facts []fold.Fact
	for ask := range of.who {
		q := index.Query{Filters: []index.Filter{w.index.NewFilter(xapi.Agent, ask.identity)}, To: w.to, Limit: 1000, Bytes: 8 << 20}
		if ask.course != "" {
			q.Filters = append(q.Filters, w.index.NewFilter(xapi.RelatedActivity, ask.course))
		}
		for {
			page, err := w.index.Search(ctx, q)
			if err != nil {
				return nil, err
			}
			for _, record := range page.Records {
				s, err := xapi.Parse(record.Text)
				if err != nil {
					continue // it is pending
				}
				for _, f := range factsOf(s, record, w.rules) {
					if f.Learner.Identity == ask.identity {
						facts = append(facts, f)
					}
				}
			}
			if page.More.Position.Zero() {
				break
			}
			q.After = page.More
		}
	}
	folded, err := w.numbered(ctx, facts)
	if err != nil {
		return nil, err
	}
	out := make([]*fold.Folded, 0, len(folded))
	for i := range folded {
		if folded[i].learner == p.learner && folded[i].Numbers.Course == p.course {
			out = append(out, &folded[i].Folded)
		}
	}
	slices.SortFunc(out, func(a, b *fold.Folded) int { return a.Compare(b.Order) })
	return out, nil
}
