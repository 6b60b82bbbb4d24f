package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"cairn/internal/kv"
)

// Bounds of how many identities are one person.
const (
	MinIdentities = 2
	MaxIdentities = 20
)

// PutPerson says which identities are one person, and returns each of them once. It replaces what was said of each: who was the same as
// one of them and is not named any more is a person alone. What is said of people holds for identities that are counted for the first time from then on; a
// rebuild has it hold for all. The error may be a *Refused.
func (r *Roster) PutPerson(ctx context.Context, identities []string) ([]string, error) {
	identities = distinct(identities)
	if n := len(identities); n < MinIdentities || n > MaxIdentities {
		return nil, refused("/identities", "a person has %d to %d identities, and these are %d that differ", MinIdentities, MaxIdentities, n)
	}
	value, err := encode(identities)
	if err != nil {
		return nil, err
	}
	if err := r.part(ctx, identities, identities); err != nil {
		return nil, err
	}
	for _, identity := range identities {
		if err := r.store.Put(ctx, itemOf(r.personKey(identity), value), kv.Always); err != nil {
			return nil, fmt.Errorf("storing a person: %w", err)
		}
	}
	return identities, nil
}

// part takes back what was said of everybody who was the same as one of these, but for those to keep.
func (r *Roster) part(ctx context.Context, identities, keep []string) error {
	said, err := r.People(ctx, identities)
	if err != nil {
		return err
	}
	for of, same := range said {
		// The one by which the others are found goes last, so that a try that ended early can be made again.
		for _, identity := range slices.Concat(slices.DeleteFunc(same, func(s string) bool { return s == of }), []string{of}) {
			if slices.Contains(keep, identity) {
				continue
			}
			if err := r.store.Delete(ctx, r.personKey(identity), kv.Always); err != nil {
				return fmt.Errorf("deleting a person: %w", err)
			}
		}
	}
	return nil
}

// PartPerson takes back what was said of whoever has an identity: each that he had is a person alone.
func (r *Roster) PartPerson(ctx context.Context, identity string) error {
	return r.part(ctx, []string{identity}, nil)
}

// People finds all identities of those of whom something is said, by the identities that are asked for: theirs among them. The first is that under
// which the person is counted.
func (r *Roster) People(ctx context.Context, identities []string) (map[string][]string, error) {
	identities = distinct(identities)
	if len(identities) == 0 {
		return nil, nil
	}
	keys, of := make([]kv.Key, len(identities)), map[string]string{}
	for i, identity := range identities {
		keys[i] = r.personKey(identity)
		of[string(keys[i].Sort)] = identity
	}
	items, err := r.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return nil, fmt.Errorf("reading people: %w", err)
	}
	out := map[string][]string{}
	for _, item := range items {
		var same []string
		if err := json.Unmarshal(item.Value, &same); err != nil {
			return nil, fmt.Errorf("a person cannot be read: %w", err)
		}
		out[of[string(item.Sort)]] = same
	}
	return out, nil
}

func distinct(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
