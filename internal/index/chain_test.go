package index

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// TestLongChainsAreFollowedToTheirEnd stores chains of different lengths, a range for each level and at last one with the heads of all,
// and finds every statement of a chain by what only its last one says.
func TestLongChainsAreFollowedToTheirEnd(t *testing.T) {
	w := newWorld(t, 1)
	const chains, longest = 200, 6
	length := func(chain int) int { return 2 + chain%(longest-1) }
	id := func(chain, level int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Append(nil, chain, " ", level)) }
	draft := func(chain, level int) ledger.Draft {
		object := fmt.Sprintf(`{"id":"http://example.com/end/%d"}`, chain)
		if level > 0 {
			object = fmt.Sprintf(`{"objectType":"StatementRef","id":%q}`, id(chain, level-1))
		}
		return draftOf(t, id(chain, level), fmt.Sprintf(
			`{"id":%q,"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},"object":%s}`, id(chain, level), object))
	}
	ranges := make([][]ledger.Draft, longest)
	for chain := range chains {
		for level := range length(chain) - 1 {
			ranges[level] = append(ranges[level], draft(chain, level))
		}
		ranges[longest-1] = append(ranges[longest-1], draft(chain, length(chain)-1))
	}
	for _, drafts := range ranges {
		if err := w.ledger.Append(t.Context(), drafts, true); err != nil {
			t.Fatal(err)
		}
		w.run()
	}
	for chain := range chains {
		q := Query{To: 1 << 62, Limit: 100, Bytes: 1 << 30, Filters: []Filter{w.index.NewFilter(xapi.Activity, fmt.Sprint("http://example.com/end/", chain))}}
		if found := w.follow(q, func() {}); len(found) != length(chain) {
			t.Errorf("chain %d: %d of %d statements are found", chain, len(found), length(chain))
		}
	}
	heads := map[uuid.UUID]int{} // with the length of the chain behind each
	for chain := range chains {
		heads[id(chain, length(chain)-1)] = length(chain) - 1
	}
	var some []*statement
	for _, s := range w.all() {
		if _, ok := heads[s.id]; ok {
			some = append(some, s)
		}
	}
	for range 300 { // several at once, some of which end before others
		w.random.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		asked := some[:1+w.random.IntN(60)]
		found, err := w.index.chainsOf(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range asked {
			if got, want := len(found[s.id]), heads[s.id]; got != want {
				t.Fatalf("a chain of %d is followed to %d", want, got)
			}
		}
	}
}
