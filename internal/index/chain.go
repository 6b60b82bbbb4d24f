package index

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// maxChain bounds how far references are followed; longer chains are of nobody's making but a tester's.
const maxChain = 32

// giveTerms gives each statement that refers to another the terms of its target, and of the target's target, in the second
// list of each term (xAPI 1.0.3 Communication 2.1.3). Target and referrer come in either order, so "who refers to this id" is
// written before the target is looked for: whichever of the two is applied later finds the other.
func (x *Index) giveTerms(ctx context.Context, generation byte, statements []*statement) error {
	if err := x.noteReferrers(ctx, generation, statements); err != nil {
		return err
	}
	chains, err := x.chainsOf(ctx, statements)
	if err != nil {
		return err
	}
	referred, err := x.referred(ctx, generation, statements)
	if err != nil {
		return err
	}
	given := newGiven(generation)
	for _, s := range statements {
		var inherited []Term
		for _, target := range chains[s.id] {
			inherited = append(inherited, target.terms...)
		}
		given.add(inherited, s.Place)
		if !referred[s.id] {
			continue
		}
		terms := append(inherited, s.terms...)
		err := x.eachReferrer(ctx, generation, s.id, func(r referrer) { given.add(terms, r.Place) })
		if err != nil {
			return err
		}
	}
	return x.insert(ctx, given.items)
}

// given collects rows of second lists, each once.
type given struct {
	generation byte
	seen       map[string]bool
	items      []kv.Item
}

func newGiven(generation byte) *given { return &given{generation: generation, seen: map[string]bool{}} }

func (g *given) add(terms []Term, at ledger.Place) {
	for _, t := range terms {
		key := secondKey(g.generation, t, at)
		name := string(t[:]) + string(key.Sort)
		if !g.seen[name] {
			g.seen[name] = true
			g.items = append(g.items, item(key, []byte{1}))
		}
	}
}

// chainsOf follows the references of statements, level by level, and returns the statements that each leads to, by id. What
// is not stored ends a chain, a cycle too.
func (x *Index) chainsOf(ctx context.Context, statements []*statement) (map[uuid.UUID][]*statement, error) {
	chains := map[uuid.UUID][]*statement{}
	known := map[uuid.UUID]*statement{}
	open := map[uuid.UUID]uuid.UUID{} // whose chain goes on where
	for _, s := range statements {
		known[s.id] = s
		if s.refers != uuid.Nil {
			open[s.id] = s.refers
		}
	}
	for depth := 0; len(open) > 0 && depth < maxChain; depth++ {
		if err := x.learn(ctx, known, open); err != nil {
			return nil, err
		}
		further := map[uuid.UUID]uuid.UUID{} // of its own: what is added to a map while it is walked may be met at once, and nobody has read it yet
		for from, to := range open {
			target := known[to]
			if target == nil || target.id == from {
				continue
			}
			chains[from] = append(chains[from], target)
			if target.refers != uuid.Nil {
				further[from] = target.refers
			}
		}
		open = further
	}
	return chains, nil
}

// learn reads the statements that open chains lead to and that are not known yet.
func (x *Index) learn(ctx context.Context, known map[uuid.UUID]*statement, open map[uuid.UUID]uuid.UUID) error {
	missing := map[uuid.UUID]bool{}
	for _, to := range open {
		if _, ok := known[to]; !ok {
			missing[to] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(missing))
	for id := range missing {
		ids = append(ids, id)
		known[id] = nil
	}
	records, err := x.ledger.FindMany(ctx, ids)
	if err != nil {
		return fmt.Errorf("following references: %w", err)
	}
	for id, r := range records {
		s, err := x.read(r)
		if err != nil {
			continue // it is pending for what it is; those who refer to it are found when it is mended
		}
		known[id] = s
	}
	return nil
}
