package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Person is somebody whom statements name in several ways. What is said of people holds for identities that are counted for the first time
// from then on; a rebuild has it hold for all.
type Person struct {
	Identities []string `json:"identities"`
}

// MaxIdentities is how many ways there may be to name a person.
const MaxIdentities = 20

// People keeps who is the same.
type People struct {
	store kv.Store
	names *names
}

// NewPeople returns the people of a stack with a secret.
func NewPeople(store kv.Store, secret []byte) *People {
	return &People{store, newNames(store, secret)}
}

// Put says which identities are one person. It replaces what was said of each of them.
func (p *People) Put(ctx context.Context, person Person) error {
	value, err := json.Marshal(person)
	if err != nil {
		return err
	}
	for _, identity := range person.Identities {
		if err := p.store.Put(ctx, itemOf(p.names.personKey(identity), value), kv.Always); err != nil {
			return fmt.Errorf("writing a person: %w", err)
		}
	}
	return nil
}

// Get tells which identities are the same person as one.
func (p *People) Get(ctx context.Context, identity string) (Person, error) {
	found, err := p.names.people(ctx, []string{identity})
	if err != nil || found[identity] != nil {
		return Person{found[identity]}, err
	}
	return Person{[]string{identity}}, nil
}

func (n *names) personKey(identity string) kv.Key {
	t := n.term(name{learnerName, identity})
	return kv.Key{Table: kv.Control, Partition: []byte("person"), Sort: t[:]}
}

// people finds all identities of those of whom something is said.
func (n *names) people(ctx context.Context, identities []string) (map[string][]string, error) {
	identities = distinct(identities)
	if len(identities) == 0 {
		return nil, nil
	}
	keys, of := make([]kv.Key, len(identities)), map[string]string{}
	for i, identity := range identities {
		keys[i] = n.personKey(identity)
		of[string(keys[i].Sort)] = identity
	}
	items, err := n.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return nil, fmt.Errorf("reading people: %w", err)
	}
	out := map[string][]string{}
	for _, item := range items {
		var p Person
		if err := json.Unmarshal(item.Value, &p); err != nil {
			return nil, fmt.Errorf("a person cannot be read: %w", err)
		}
		out[of[string(item.Sort)]] = p.Identities
	}
	return out, nil
}

// giveTheSame gives learners who are the same person the number of the first of their identities. It returns the names that are left.
func (n *names) giveTheSame(ctx context.Context, generation byte, unknown []name, out map[name]fold.Number) (rest []name, err error) {
	var identities []string
	for _, x := range unknown {
		if x.kind == learnerName {
			identities = append(identities, x.value)
		}
	}
	people, err := n.people(ctx, identities)
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
