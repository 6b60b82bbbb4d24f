package index

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// TestPagesThatReadEnoughMissNothing asks for what is rare among much else: each page ends where it has read as much as it may, and the
// list goes on until all was found, what came by a reference too.
func TestPagesThatReadEnoughMissNothing(t *testing.T) {
	w := newWorld(t, 2)
	w.index.readBudget = 16 << 10
	passed := w.say("http://example.com/passed", course)
	for i := range 3000 {
		w.say(did, course)
		if i%1000 == 0 {
			w.say("http://example.com/passed", course)
		}
	}
	draft := draftOf(t, w.ids[0], fmt.Sprintf(`{"id":%q,"actor":{"mbox":"mailto:bob@example.com"},"verb":{"id":"http://example.com/approved"},`+
		`"object":{"objectType":"StatementRef","id":%q}}`, w.ids[0], passed))
	if err := w.ledger.Append(t.Context(), []ledger.Draft{draft}, true); err != nil {
		t.Fatal(err)
	}
	if err := w.whole(w.store).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, descending := range []bool{true, false} {
		q := Query{To: math.MaxInt64, Descending: descending, Limit: 500, Bytes: math.MaxInt, Filters: []Filter{
			w.index.NewFilter(xapi.Agent, "mbox:mailto:ada@example.com"), w.index.NewFilter(xapi.Verb, "http://example.com/passed")}}
		pages := 1
		if got, want := w.follow(q, func() { pages++ }), w.expected(q); !slices.Equal(got, want) {
			t.Errorf("descending %v: %d statements in %d pages, want %d", descending, len(got), pages, len(want))
		}
		if pages < 2 {
			t.Error("no page ended early")
		}
	}
}
