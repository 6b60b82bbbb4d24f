package report

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// longestTitle is how many bytes of a team's name are kept.
const longestTitle = 255

// nameTeams keeps what the statements of a range call their teams: the last word holds. The same range changes nothing twice, and an older one nothing.
func (w *rangeWork) nameTeams(ctx context.Context, facts []numberedFact) error {
	said := map[fold.Number]string{}
	var keys []kv.Key
	for _, f := range facts {
		team := f.Numbers.Team
		if f.TeamName == "" || team < fold.First {
			continue
		}
		if said[team] == "" {
			keys = append(keys, nameKey(w.generation, teamTitle, team))
		}
		said[team] = strings.ToValidUTF8(f.TeamName[:min(len(f.TeamName), longestTitle)], "")
	}
	if len(keys) == 0 {
		return nil
	}
	items, err := w.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return fmt.Errorf("reading what teams are called: %w", err)
	}
	stood := map[fold.Number]kv.Item{}
	for _, item := range items {
		stood[numberAt(item.Sort)] = item
	}
	for team, title := range said {
		if err := w.nameTeam(ctx, team, title, stood[team]); err != nil {
			return fmt.Errorf("keeping what a team is called: %w", err)
		}
	}
	return nil
}

// nameTeam keeps a team's title over what stood when it was read; a zero item for nothing.
func (w *rangeWork) nameTeam(ctx context.Context, team fold.Number, title string, stood kv.Item) error {
	for {
		cond := kv.Absent
		if stood.Version != 0 {
			since, before, err := readUvarint(stood.Value)
			if err != nil || since >= w.number || string(before) == title {
				return err
			}
			cond = kv.IfVersion(stood.Version)
		}
		key := nameKey(w.generation, teamTitle, team)
		err := w.store.Put(ctx, itemOf(key, append(binary.AppendUvarint(nil, w.number), title...)), cond)
		if !stands(err) {
			return err
		}
		if stood, err = w.store.Get(ctx, key, kv.Strong); err != nil && !errors.Is(err, kv.ErrAbsent) {
			return err
		}
	}
}

// titles are what teams are called; one that was given no name is left out.
func (n *names) titles(ctx context.Context, generation byte, teams []fold.Number) (map[fold.Number]string, error) {
	if len(teams) == 0 {
		return nil, nil
	}
	keys := make([]kv.Key, len(teams))
	for i, team := range teams {
		keys[i] = nameKey(generation, teamTitle, team)
	}
	items, err := n.store.GetMany(ctx, keys, kv.Eventual)
	if err != nil {
		return nil, fmt.Errorf("reading what teams are called: %w", err)
	}
	out := map[fold.Number]string{}
	for _, item := range items {
		_, title, err := readUvarint(item.Value)
		if err != nil {
			return nil, err
		}
		out[numberAt(item.Sort)] = string(title)
	}
	return out, nil
}
