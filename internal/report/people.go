package report

import (
	"context"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// giveTheSame gives learners who are the same person the number of the first of their identities. It returns the names that are left.
func (n *names) giveTheSame(ctx context.Context, generation byte, unknown []name, out map[name]fold.Number) (rest []name, err error) {
	var identities []string
	for _, x := range unknown {
		if x.kind == learnerName {
			identities = append(identities, x.value)
		}
	}
	people, err := n.roster.People(ctx, identities)
	if err != nil || len(people) == 0 {
		return unknown, err
	}
	var first, given []name
	for _, x := range unknown {
		same := people[x.value]
		if x.kind != learnerName || len(same) == 0 || same[0] == x.value || !slices.Contains(same, x.value) {
			rest = append(rest, x)
			continue
		}
		given = append(given, x)
		first = append(first, name{learnerName, same[0]})
	}
	if len(given) == 0 {
		return rest, nil
	}
	// By look and give alone: what is said of the first identity itself leads nowhere else.
	numbers, missing, err := n.look(ctx, generation, first)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		if err := n.give(ctx, generation, learnerName, missing, numbers); err != nil {
			return nil, err
		}
	}
	lookups := make([]kv.Item, len(given))
	for i, x := range given {
		out[x] = numbers[first[i]]
		lookups[i] = n.lookupItem(generation, x, out[x])
	}
	return rest, n.assign(ctx, lookups, given, out)
}
