package roster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cairn/internal/kv"
)

// Group is a list of learners that somebody keeps: a site, a cohort, a department.
type Group struct {
	ID      string
	Label   string   // what it is called; may be empty
	Members []string // identities
	Size    int      // how many there are; where groups are listed, their members are left out
}

// Team is what the id of a group begins with that nobody keeps: it is the team that statements name, whose identity follows.
const Team = "team:"

// Bounds of groups.
const (
	MaxGroup = 1000 // members: all their progress is read when a group is asked for
	MaxID    = 255  // bytes, as of a label
)

// head is a group's row.
type head struct {
	Label string `json:"label,omitempty"`
	Size  int    `json:"size"`
}

func isGroupID(id string) bool { return id != "" && plain(id) && !strings.HasPrefix(id, Team) }

func plain(s string) bool {
	return len(s) <= MaxID && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Check says whether a group can be kept; the error is a *Refused.
func (g Group) Check() error {
	switch {
	case !isGroupID(g.ID):
		return refused("", "the id of a group has 1 to %d bytes of UTF-8, without control characters, and does not begin with %s", MaxID, Team)
	case !plain(g.Label):
		return refused("/label", "a label has at most %d bytes of UTF-8, without control characters", MaxID)
	case len(g.Members) > MaxGroup:
		return refused("/members", "a group has at most %d members, and this one has %d", MaxGroup, len(g.Members))
	}
	return nil
}

// PutGroup keeps a group in place of what had its id. Its members are those of reports from then on, whenever they were counted.
func (r *Roster) PutGroup(ctx context.Context, g Group) error {
	if err := g.Check(); err != nil {
		return err
	}
	members, err := encode(g.Members)
	if err != nil {
		return err
	}
	value, err := encode(head{g.Label, len(g.Members)})
	if err != nil {
		return err
	}
	for _, item := range []kv.Item{itemOf(membersKey(g.ID), members), itemOf(groupKey(g.ID), value)} { // listed when it is there
		if errors.Is(item.Check(), kv.ErrBounds) {
			return refused("/members", "the members take more than %d KB", kv.MaxItem>>10)
		}
		if err := r.store.Put(ctx, item, kv.Always); err != nil {
			return fmt.Errorf("storing a group: %w", err)
		}
	}
	return nil
}

// encode writes JSON that is not meant for browsers.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	err := to.Encode(value)
	return out.Bytes(), err
}

// DeleteGroup takes a group away, if there is one.
func (r *Roster) DeleteGroup(ctx context.Context, id string) error {
	if !isGroupID(id) {
		return ErrNoGroup
	}
	for _, key := range []kv.Key{groupKey(id), membersKey(id)} {
		if err := r.store.Delete(ctx, key, kv.Always); err != nil {
			return fmt.Errorf("deleting a group: %w", err)
		}
	}
	return nil
}

// Group returns a group with its members, or ErrNoGroup.
func (r *Roster) Group(ctx context.Context, id string) (g Group, err error) {
	if !isGroupID(id) {
		return g, ErrNoGroup
	}
	items, err := r.store.GetMany(ctx, []kv.Key{groupKey(id), membersKey(id)}, kv.Strong)
	if err != nil {
		return g, fmt.Errorf("reading a group: %w", err)
	}
	for _, item := range items {
		if bytes.Equal(item.Partition, groupKey(id).Partition) {
			err = errors.Join(err, g.read(item))
		} else {
			err = errors.Join(err, json.Unmarshal(item.Value, &g.Members))
		}
	}
	if err != nil {
		return g, fmt.Errorf("a group cannot be read: %w", err)
	}
	if g.ID == "" { // its members may be there still, or already
		return g, ErrNoGroup
	}
	return g, nil
}

func (g *Group) read(item kv.Item) error {
	var h head
	err := json.Unmarshal(item.Value, &h)
	g.ID, g.Label, g.Size = string(item.Sort), h.Label, h.Size
	return err
}

// Groups lists groups without their members, in order of their ids behind the id after; next is the id to go on behind, "" at the end.
func (r *Roster) Groups(ctx context.Context, after string, limit int) (list []Group, next string, err error) {
	span := &kv.Span{Table: kv.Control, Partition: groupKey(" ").Partition, Limit: limit, Strength: kv.Strong}
	if after != "" {
		span.From = append([]byte(after[:min(len(after), MaxID)]), 0) // the first behind it; none is between
	}
	for span != nil {
		page, err := r.store.Query(ctx, *span)
		if err != nil {
			return nil, "", fmt.Errorf("listing groups: %w", err)
		}
		for _, item := range page.Items {
			if len(list) == limit {
				return list, list[limit-1].ID, nil
			}
			var g Group
			if err := g.read(item); err != nil {
				return nil, "", fmt.Errorf("a group cannot be read: %w", err)
			}
			list = append(list, g)
		}
		span = page.Next
	}
	return list, "", nil
}
