package index

import (
	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// statement is a record of the log as the index sees it.
type statement struct {
	ledger.Record
	parsed *xapi.Statement
	id     uuid.UUID
	refers uuid.UUID // the statement that its object refers to; uuid.Nil for none
	terms  []Term
	prints prints
}

func (s *statement) posting() posting { return posting{Place: s.Place, prints: s.prints} }

// has says whether the statement itself meets every filter.
func (s *statement) has(filters []Filter) bool {
	for _, f := range filters {
		if !s.hasAny(f) {
			return false
		}
	}
	return true
}

func (s *statement) hasAny(f Filter) bool {
	for _, want := range f.Terms {
		for _, t := range s.terms {
			if t == want {
				return true
			}
		}
	}
	return false
}

// printKinds are the kinds of which a statement has at most one value, in the order of prints.
var printKinds = [...]xapi.Kind{xapi.Verb, xapi.Activity, xapi.Registration}

// read parses a record. What cannot be parsed is an *projection.EntryError.
func (x *Index) read(r ledger.Record) (*statement, error) {
	parsed, err := xapi.Parse(r.Text)
	if err != nil {
		return nil, &projection.EntryError{Entry: r.EntryRef, Err: err}
	}
	s := &statement{Record: r, parsed: parsed}
	s.id, _ = parsed.ID()
	s.refers, _ = parsed.Refers()
	for _, f := range parsed.Facets() {
		t := x.Term(f.Kind, f.Value)
		s.terms = append(s.terms, t)
		for i, kind := range printKinds {
			if f.Kind == kind {
				s.prints[i] = t.print()
			}
		}
	}
	return s, nil
}

func (x *Index) readAll(records []ledger.Record) ([]*statement, error) {
	out := make([]*statement, 0, len(records))
	for _, r := range records {
		s, err := x.read(r)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
