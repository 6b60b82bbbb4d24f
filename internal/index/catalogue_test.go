package index

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// TestDefinitionsAreTheSameFromTailAndCatalogue reads what is known of an activity before and after it was indexed: the same
// bytes, as they were sent.
func TestDefinitionsAreTheSameFromTailAndCatalogue(t *testing.T) {
	const id, sent = "http://example.com/course",
		`{"extensions":{"http://example.com/x":[12345678901234567890,1.0,1e400,-0,"\u0000\ud83d\ude00 \u003c<",{},""]}}`
	w := newWorld(t, 7)
	statements, _, err := xapi.Decode(fmt.Appendf(nil, `{"actor":{"mbox":"mailto:a@example.com"},"verb":{"id":"http://example.com/v"},`+
		`"object":{"id":%q,"definition":%s}}`, id, sent), xapi.V1)
	if err != nil {
		t.Fatal(err)
	}
	err = w.ledger.Append(t.Context(), []ledger.Draft{{ID: uuid.New(), Render: func(dst []byte, stored ledger.Instant) []byte {
		return statements[0].AppendStored(dst, xapi.Stamp{ID: uuid.New(), Stored: stored.Time(), Version: xapi.V1})
	}}}, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"tail", "catalogue"} {
		known, err := w.index.Definitions(t.Context(), []string{id})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(known[id]); got != sent {
			t.Errorf("from the %s: %s, want %s", from, got, sent)
		}
		w.run()
	}
}
