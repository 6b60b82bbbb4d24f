package report

import (
	"fmt"
	"testing"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// TestLearnersGetNumbersCloseTogether has many processes meet a few new learners each, and end: most numbers up to the last are somebody's, for lists of
// learners go through all. One that goes on takes many at once.
func TestLearnersGetNumbersCloseTogether(t *testing.T) {
	store := kvtest.Count(kvtest.NewMemory())
	learners := 0
	meet := func(n *names, each, times int) {
		for range times {
			var met []name
			for range each {
				learners++
				met = append(met, name{learnerName, fmt.Sprint("mbox:mailto:", learners, "@example.com")})
			}
			if _, err := n.numbers(t.Context(), 1, met); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 30 {
		meet(newNames(store, []byte("secret")), 1+i%5, 1+i%3)
	}
	end, err := learnersEnd(t.Context(), store, 1, kv.Strong)
	if given := int(end - fold.First); err != nil || given > 2*learners {
		t.Errorf("%v: %d numbers are given for %d learners", err, given, learners)
	}
	store.Reset()
	if meet(newNames(store, []byte("secret")), 1, 200); store.Snapshot().Calls[kvtest.OpPut] > 15 {
		t.Errorf("200 learners, one by one, took %d leases", store.Snapshot().Calls[kvtest.OpPut])
	}
}

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
