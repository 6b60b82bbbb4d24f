package console

import (
	"context"
	"slices"

	"cairn/internal/report"
)

// mostGroups is how many groups the form of the filter lists, and how many teams.
const mostGroups = 200

// suggest reads what the form of the filter lets choose from. A group that was chosen is among them, whatever becomes of it.
func (v *view) suggest(ctx context.Context, q report.Questions) (err error) {
	if v.Platforms, err = q.Platforms(ctx); err != nil {
		return err
	}
	if v.Groups, err = q.Groups(ctx, mostGroups); err != nil {
		return err
	}
	id := v.Filter.Group
	if known := slices.ContainsFunc(v.Groups, func(g report.Group) bool { return g.ID == id }); id != "" && !known {
		v.Groups = append(v.Groups, report.Group{ID: id, Label: id})
	}
	return nil
}

// groupLabel is what the chosen group is called.
func (v *view) groupLabel() string {
	for _, g := range v.Groups {
		if g.ID == v.Filter.Group {
			return g.Label
		}
	}
	return v.Filter.Group
}
