package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/roster"
)

// Groups implements Questions.
func (r *Reports) Groups(ctx context.Context, limit int) ([]Group, error) {
	kept, _, err := r.names.roster.Groups(ctx, "", limit)
	if err != nil {
		return nil, err
	}
	out := []Group{}
	for _, g := range kept {
		out = append(out, Group{ID: g.ID, Label: cmp.Or(g.Label, g.ID)})
	}
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := r.firstNames(ctx, cp.Generation, teamName, limit)
	if err != nil {
		return nil, err
	}
	numbers := make([]fold.Number, len(teams))
	for i, n := range teams {
		numbers[i] = n.number
	}
	titles, err := r.names.titles(ctx, cp.Generation, numbers)
	if err != nil {
		return nil, err
	}
	for _, n := range teams {
		_, bare, _ := strings.Cut(n.value, ":")
		out = append(out, Group{ID: roster.Team + n.value, Label: cmp.Or(titles[n.number], bare), Team: true})
	}
	return out, nil
}

// Platforms implements Questions.
func (r *Reports) Platforms(ctx context.Context) ([]string, error) {
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.firstNames(ctx, cp.Generation, platformName, mostNames[platformName])
	out := []string{}
	for _, n := range found {
		out = append(out, n.value)
	}
	slices.Sort(out)
	return out, err
}

// called is a name by its number.
type called struct {
	number fold.Number
	value  string
}

// firstNames are the names of a kind that came first, at most limit.
func (r *Reports) firstNames(ctx context.Context, generation byte, kind nameKind, limit int) (list []called, err error) {
	first := nameKey(generation, kind, fold.First)
	span := &kv.Span{Table: kv.Reports, Partition: first.Partition, From: first.Sort, Limit: limit}
	for span != nil && len(list) < limit {
		page, err := r.store.Query(ctx, *span)
		if err != nil {
			return nil, fmt.Errorf("reading names: %w", err)
		}
		for _, item := range page.Items {
			list = append(list, called{numberAt(item.Sort), string(item.Value)})
		}
		span = page.Next
	}
	return list[:min(len(list), limit)], nil
}
