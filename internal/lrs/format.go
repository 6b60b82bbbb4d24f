package lrs

import (
	"context"

	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// Format is how statements are returned (xAPI 1.0.3 Communication 2.1.3).
type Format byte

// The formats: as stored, identifiers alone, or in the caller's language with the definitions that are known.
const (
	Exact Format = iota
	IDs
	Canonical
)

// Render returns the statements' JSON in a format; language is the caller's Accept-Language.
func (l *LRS) Render(ctx context.Context, records []ledger.Record, f Format, language string) ([][]byte, error) {
	out := make([][]byte, len(records))
	if f == Exact {
		for i, r := range records {
			out[i] = r.Text
		}
		return out, nil
	}
	parsed := make([]*xapi.Statement, len(records))
	for i, r := range records {
		s, err := xapi.Parse(r.Text)
		if err != nil {
			return nil, err
		}
		parsed[i] = s
	}
	if f == IDs {
		for i, s := range parsed {
			out[i] = s.AppendIDs(nil)
		}
		return out, nil
	}
	known, err := l.definitions(ctx, parsed)
	if err != nil {
		return nil, err
	}
	for i, s := range parsed {
		out[i] = s.AppendCanonical(nil, language, func(id string) []byte { return known[id] })
	}
	return out, nil
}

// definitions reads what is known of every activity that the statements name.
func (l *LRS) definitions(ctx context.Context, statements []*xapi.Statement) (map[string][]byte, error) {
	named := map[string]bool{}
	var ids []string
	for _, s := range statements {
		for id := range s.Activities {
			if !named[id] {
				named[id] = true
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return l.index.Definitions(ctx, ids)
}

// Activity returns what is known of an activity as an Activity object; one that was never seen has its id alone (xAPI 1.0.3
// Communication 2.5).
func (l *LRS) Activity(ctx context.Context, id string) ([]byte, error) {
	known, err := l.index.Definitions(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return xapi.AppendActivity(nil, id, known[id]), nil
}
