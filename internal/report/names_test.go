package report

import (
	"testing"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// TestTheLastNumber has one worker take the last number of a kind, and another find none left before the first has given it: both call the name the same.
func TestTheLastNumber(t *testing.T) {
	store, x := kvtest.NewMemory(), name{platformName, "phone"}
	if err := store.Put(t.Context(), itemOf(nameKey(1, platformName, fold.None), []byte{byte(mostNames[platformName] - 1)}), kv.Always); err != nil {
		t.Fatal(err)
	}
	a, b := newNames(store, []byte("secret")), newNames(store, []byte("secret"))
	last, err := a.take(t.Context(), 1, platformName, 1)
	if err != nil {
		t.Fatal(err)
	}
	found, err := b.numbers(t.Context(), 1, []name{x})
	if err != nil {
		t.Fatal(err)
	}
	given := map[name]fold.Number{x: last}
	if err := a.assign(t.Context(), []kv.Item{a.lookupItem(1, x, last)}, []name{x}, given); err != nil || given[x] != found[x] {
		t.Errorf("%v: it is %d to one and %d to the other", err, given[x], found[x])
	}
}
