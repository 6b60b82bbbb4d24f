package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// damage breaks the head of a statement's entry, and returns what mends it.
func (w *world) damage(id uuid.UUID) (mend func()) {
	w.t.Helper()
	r, err := w.ledger.Find(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	head, err := w.store.Get(w.t.Context(), kv.Key{Table: kv.Log, Partition: []byte{r.Shard}, Sort: append(r.Position[:len(r.Position):len(r.Position)], 0)}, kv.Strong)
	if err != nil {
		w.t.Fatal(err)
	}
	put := func(value []byte) {
		w.t.Helper()
		item := kv.Item{Key: head.Key, Value: value, Version: kv.NewVersion()}
		if err := w.store.Put(w.t.Context(), item, kv.Always); err != nil {
			w.t.Fatal(err)
		}
	}
	put([]byte("?"))
	return func() { put(head.Value) }
}

// say stores a statement of Ada's by itself.
func (w *world) say(verb, object string) uuid.UUID {
	w.t.Helper()
	id := uuid.New()
	text := fmt.Sprintf(`{"id":%q,"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":%q},"object":%s}`, id, verb, object)
	if err := w.ledger.Append(w.t.Context(), []ledger.Draft{draftOf(w.t, id, text)}, true); err != nil && !errors.Is(err, ledger.ErrDamaged) {
		w.t.Fatal(err)
	}
	return id
}

const did, course = "http://example.com/did", `{"id":"http://example.com/course"}`

// adas holds what is found of Ada's against what there must be, each once, in both directions.
func (w *world) adas(want int) {
	w.t.Helper()
	for _, descending := range []bool{false, true} {
		q := Query{To: math.MaxInt64, Descending: descending, Limit: 500, Bytes: math.MaxInt,
			Filters: []Filter{w.index.NewFilter(xapi.Agent, "mbox:mailto:ada@example.com")}}
		found, seen := w.follow(q, func() {}), map[ledger.Place]bool{}
		for _, p := range found {
			seen[p] = true
		}
		if len(found) != want || len(seen) != want {
			w.t.Errorf("%d statements are listed, %d of them different, want %d", len(found), len(seen), want)
		}
	}
}

func (w *world) whole(store kv.Store) *projection.Runner {
	r := w.runner(store)
	r.FlushSize = 0
	return r
}

// TestAVoidOfWhatIsDamagedLeavesNoRow: the range is applied without the statement that voids, and nothing of it stands there before.
func TestAVoidOfWhatIsDamagedLeavesNoRow(t *testing.T) {
	w := newWorld(t, 1)
	target := w.say(did, course)
	w.run()
	mend := w.damage(target)
	for range 3 {
		w.say(did, course)
	}
	w.say("http://adlnet.gov/expapi/verbs/voided", fmt.Sprintf(`{"objectType":"StatementRef","id":%q}`, target))
	for range 2 {
		if err := w.whole(w.store).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.adas(4) // the target cannot be read
	}
	mend()
	w.run()
	w.adas(4) // it is voided
}

// dying is a store of a worker that dies before it moves the checkpoint.
type dying struct{ kv.Store }

func (d dying) InsertMany(ctx context.Context, items []kv.Item) []error {
	outcomes := d.Store.InsertMany(ctx, items)
	for i := range outcomes {
		outcomes[i] = kv.ErrUnavailable
	}
	return outcomes
}

// TestAnEntryIsMendedBetweenTwoWorkers: one could not read it and dies half way through the rest, the other can.
func TestAnEntryIsMendedBetweenTwoWorkers(t *testing.T) {
	w := newWorld(t, 1)
	mend := w.damage(w.say(did, course))
	w.say(did, course)
	if err := w.whole(dying{w.store}).Run(t.Context()); err == nil {
		t.Fatal("the worker did not die")
	}
	mend()
	w.pass(time.Minute)
	if err := w.whole(w.store).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.adas(2)
}

// TestALateDefinitionStaysBelow: what came late is older than what is known, while it is pending and after.
func TestALateDefinitionStaysBelow(t *testing.T) {
	w := newWorld(t, 1)
	named := func(name string) string {
		return fmt.Sprintf(`{"id":"http://example.com/course","definition":{"name":{"en":%q}}}`, name)
	}
	w.say(did, named("new"))
	w.run()
	now := w.ledger
	w.ledger = w.slow
	late := w.say(did, named("old"))
	w.ledger = now
	r, err := w.ledger.Find(t.Context(), late)
	if err != nil {
		t.Fatal(err)
	}
	if err := projection.AddPending(t.Context(), w.store, Name, "late", []ledger.EntryRef{r.EntryRef}); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"pending", "applied"} {
		known, err := w.index.Definitions(t.Context(), []string{"http://example.com/course"})
		if got := string(known["http://example.com/course"]); err != nil || got != `{"name":{"en":"new"}}` {
			t.Errorf("%s: %s, %v", when, got, err)
		}
		w.run()
	}
}
