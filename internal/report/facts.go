package report

import (
	"context"
	"encoding/binary"

	"github.com/google/uuid"

	"cairn/internal/fold"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// facts are those of the statements in turn, and those of which the learner's course must be folded anew.
func (w *rangeWork) facts(ctx context.Context, r projection.Range) (inTurn, anew []fold.Fact, err error) {
	var voidings []ledger.Voiding
	var by []ledger.EntryRef
	voided := map[uuid.UUID]bool{}
	read := func(records []ledger.Record, out *[]fold.Fact) error {
		for _, record := range records {
			s, facts, err := w.told(record)
			if err != nil {
				return err
			}
			if target, ok := s.Voids(); ok {
				voidings, by = append(voidings, ledger.Voiding{Target: target, By: record.Position}), append(by, record.EntryRef)
				voided[target] = true
			}
			if record.Voided {
				// Perhaps only since: somebody may have folded it in, and then died. Whose range it is must not hang on that.
				anew = append(anew, facts...)
			} else {
				*out = append(*out, facts...)
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
	if err := projection.Void(ctx, w.ledger, voidings, by); err != nil {
		return nil, nil, err
	}
	lost, err := w.voidedFacts(ctx, voided, r.To)
	return inTurn, append(anew, lost...), err
}

// voidedFacts are what statements told before they were voided. Those that are not there yet are born voided: one that is stored after the
// range is none of it, whether or not it was there already when somebody looked.
func (w *rangeWork) voidedFacts(ctx context.Context, voided map[uuid.UUID]bool, to ledger.Instant) (facts []fold.Fact, err error) {
	ids := make([]uuid.UUID, 0, len(voided))
	for id := range voided {
		ids = append(ids, id)
	}
	records, err := w.ledger.FindMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		if _, told, err := w.told(record); err == nil && record.Stored() < to {
			facts = append(facts, told...)
		}
	}
	return facts, nil
}

// told is the statement of a record, and what it tells. What cannot be read is a *projection.EntryError.
func (w *rangeWork) told(r ledger.Record) (s *xapi.Statement, facts []fold.Fact, err error) {
	err = guarded(func() (err error) {
		if s, err = xapi.Parse(r.Text); err == nil {
			facts = factsOf(s, r, w.rules)
		}
		return err
	})
	if err != nil {
		err = &projection.EntryError{Entry: r.EntryRef, Err: err}
	}
	return s, facts, err
}

func factsOf(s *xapi.Statement, r ledger.Record, rules []fold.Rule) []fold.Fact {
	return fold.Facts(s, int64(r.Stored()), binary.BigEndian.Uint64(r.Position[8:]), rules)
}

type numberedFact struct {
	fold.Folded
	learner fold.Number
}

func (w *rangeWork) numbered(ctx context.Context, facts []fold.Fact) ([]numberedFact, error) {
	asked := make([]name, 0, 7*len(facts))
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
			Course: numbers[of[1]], Module: numbers[of[2]], Question: numbers[of[3]], Verb: numbers[of[4]], Platform: numbers[of[5]], Team: numbers[of[6]],
		}}, numbers[of[0]]}
	}
	return out, nil
}

func namesOf(f *fold.Fact) []name {
	return []name{
		{learnerName, f.Learner.Identity}, {courseName, f.Course}, {moduleName, f.Module}, {questionName, f.Question},
		{verbName, f.Verb}, {platformName, f.Platform}, {teamName, f.Team},
	}
}
