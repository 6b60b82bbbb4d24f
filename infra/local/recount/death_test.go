package recount

import (
	"errors"
	"fmt"
	"testing"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// TestEveryDeathBeforeAVoid has a worker of the tables die at each of its calls in turn, before or after its effect; then what he counted is voided,
// and another takes up the range that he left.
func TestEveryDeathBeforeAVoid(t *testing.T) {
	statement := func(n int, verb string) []byte {
		return fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/%s"},"object":{"id":"http://example.com/%d"},"timestamp":"2026-01-05T10:0%d:00Z"}`,
			id(n), verb, n, n)
	}
	deaths := 0
	for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
		for nth := 1; ; nth++ {
			c := newChaos(t, 0, nil)
			c.must(Append(t.Context(), c.writer, statement(1, "completed"), statement(2, "passed")))
			c.clock.Add(1)
			store := kvtest.Fail(c.store, kvtest.Plan{Nth: nth, Effect: effect, Forever: true})
			if err := c.world(store).Reports.Run(t.Context()); err != nil && !errors.Is(err, kv.ErrUnavailable) {
				t.Fatal(err)
			}
			if !store.Fired() {
				break
			}
			deaths++
			c.clock.Add(1)
			c.must(Append(t.Context(), c.writer, fmt.Appendf(nil, `{"id":%q,"actor":{"mbox":"mailto:admin@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},`+
				`"object":{"objectType":"StatementRef","id":%q},"timestamp":"2026-01-06T00:00:00Z"}`, id(3), id(1))))
			if differences := c.settle(); len(differences) > 0 {
				t.Errorf("death at call %d, effect %d: %d differences, such as %s", nth, effect, len(differences), differences[0])
			}
		}
	}
	if t.Logf("%d deaths", deaths); deaths < 40 {
		t.Errorf("only %d deaths", deaths)
	}
}
