package report

import (
	"context"
	"encoding/json"

	"cairn/internal/fold"
)

// activities tells of activities by their ids, by what is known of them now.
func (r *Reports) activities(ctx context.Context, ids []string) (map[string]Activity, error) {
	out := make(map[string]Activity, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	definitions, err := r.index.Definitions(ctx, distinct(ids))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		var d struct {
			Name            Name   `json:"name"`
			Type            string `json:"type"`
			InteractionType string `json:"interactionType"`
		}
		if text := definitions[id]; text != nil {
			if err := json.Unmarshal(text, &d); err != nil {
				d.Name = nil // it was valid when it was stored, and an answer is not to fail for it
			}
		}
		if d.Name == nil {
			d.Name = Name{}
		}
		out[id] = Activity{ID: id, Name: d.Name, Type: d.Type, interaction: d.InteractionType}
	}
	return out, nil
}

func distinct(ids []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// called tells of activities by their numbers.
func (q *question) called(ctx context.Context, kind nameKind, numbers []fold.Number) (map[fold.Number]Activity, error) {
	spelt, err := q.names.spell(ctx, q.generation, kind, numbers)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(spelt))
	for _, id := range spelt {
		ids = append(ids, id)
	}
	known, err := q.activities(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[fold.Number]Activity, len(numbers))
	for _, n := range numbers {
		out[n] = known[spelt[n]]
		if n == fold.Other {
			out[n] = Activity{Name: Name{"en": "Other activities", "fr": "Autres activités"}}
		}
	}
	return out, nil
}
