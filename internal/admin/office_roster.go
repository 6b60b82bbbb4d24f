package admin

import (
	"context"
	"fmt"

	"cairn/internal/fold"
	"cairn/internal/roster"
)

// What is written into the trail of the roster names groups, and never a learner.

// PutGroup keeps a group in place of what had its id.
func (o *Office) PutGroup(ctx context.Context, who Operator, g roster.Group) error {
	if err := g.Check(); err != nil {
		return err
	}
	if err := o.write(ctx, who, "put group", "", fmt.Sprintf("group %q, label %q, %d members", g.ID, g.Label, len(g.Members))); err != nil {
		return err
	}
	return o.Roster.PutGroup(ctx, g)
}

// ListGroups lists groups, without their members, behind the id after; next is "" at the end.
func (o *Office) ListGroups(ctx context.Context, who Operator, after string, limit int) (list []roster.Group, next string, err error) {
	if err := o.write(ctx, who, "list groups", "", ""); err != nil {
		return nil, "", err
	}
	return o.Roster.Groups(ctx, after, limit)
}

// LookAtGroup tells of a group and its members.
func (o *Office) LookAtGroup(ctx context.Context, who Operator, id string) (roster.Group, error) {
	if err := o.write(ctx, who, "look at group", "", fmt.Sprintf("group %q", id)); err != nil {
		return roster.Group{}, err
	}
	return o.Roster.Group(ctx, id)
}

// DeleteGroup takes a group away.
func (o *Office) DeleteGroup(ctx context.Context, who Operator, id string) error {
	if err := o.write(ctx, who, "delete group", "", fmt.Sprintf("group %q", id)); err != nil {
		return err
	}
	return o.Roster.DeleteGroup(ctx, id)
}

// PutPerson says which identities are one person.
func (o *Office) PutPerson(ctx context.Context, who Operator, identities []string) ([]string, error) {
	if err := o.write(ctx, who, "put person", "", fmt.Sprintf("%d identities", len(identities))); err != nil {
		return nil, err
	}
	return o.Roster.PutPerson(ctx, identities)
}

// LookAtPerson tells which identities are the same person as one: at least that one.
func (o *Office) LookAtPerson(ctx context.Context, who Operator, identity string) ([]string, error) {
	if err := o.write(ctx, who, "look at person", "", ""); err != nil {
		return nil, err
	}
	people, err := o.Roster.People(ctx, []string{identity})
	if err != nil || people[identity] != nil {
		return people[identity], err
	}
	return []string{identity}, nil
}

// PartPerson takes back what was said of whoever has an identity.
func (o *Office) PartPerson(ctx context.Context, who Operator, identity string) error {
	if err := o.write(ctx, who, "part person", "", ""); err != nil {
		return err
	}
	return o.Roster.PartPerson(ctx, identity)
}

// Modalities tells the rules of modalities.
func (o *Office) Modalities(ctx context.Context, who Operator) ([]fold.Rule, error) {
	if err := o.write(ctx, who, "look at modalities", "", ""); err != nil {
		return nil, err
	}
	return o.Roster.Modalities(ctx)
}

// PutModalities replaces the rules of modalities.
func (o *Office) PutModalities(ctx context.Context, who Operator, rules []fold.Rule) error {
	if err := o.write(ctx, who, "put modalities", "", fmt.Sprintf("%d rules", len(rules))); err != nil {
		return err
	}
	return o.Roster.PutModalities(ctx, rules)
}
