package index

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/ledger"
)

func TestPackedPostingsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var postings []posting
		entries := make([]ledger.EntryRef, rapid.IntRange(1, 300).Draw(t, "entries"))
		for i := range entries {
			e := &entries[i]
			e.Shard = byte(random.IntN(4))
			for j := range e.Position {
				e.Position[j] = byte(random.IntN(256))
			}
			copy(e.Position[:6], "\x00\x06\x10\x00\x00\x00") // all within 65 ms, so that entries overlap
			for n := range 1 + random.IntN(5) {
				postings = append(postings, posting{
					Place:  ledger.Place{EntryRef: *e, Ordinal: uint16(n * (1 + random.IntN(4000))), Part: uint16(random.IntN(400))},
					prints: prints{byte(random.IntN(256)), byte(random.IntN(256))},
				})
			}
		}
		slices.SortFunc(postings, func(a, b posting) int { return a.Compare(b.Place) })
		postings = slices.CompactFunc(postings, func(a, b posting) bool { return a.Place == b.Place })
		var back []posting
		for _, r := range rows(postings) {
			if len(r.packed) > maxRow {
				t.Fatalf("a row holds %d bytes", len(r.packed))
			}
			part, err := postingsOf(r.packed)
			if err != nil {
				t.Fatal(err)
			}
			if last := part[len(part)-1].Stored(); last != r.last {
				t.Fatalf("a row that ends at %d says %d", last, r.last)
			}
			back = append(back, part...)
		}
		if !slices.Equal(back, postings) {
			t.Fatalf("%d postings came back as %d others", len(postings), len(back))
		}
	})
}

func TestPostingTakesAtMost24Bytes(t *testing.T) {
	one := rows([]posting{{Place: ledger.Place{EntryRef: ledger.EntryRef{Position: ledger.Position{1}}}, prints: prints{1, 2, 3}}})
	if n := len(one[0].packed); n > 24 {
		t.Errorf("a posting by itself takes %d bytes", n)
	}
}

func FuzzPostings(f *testing.F) {
	f.Add(rows([]posting{{Place: ledger.Place{EntryRef: ledger.EntryRef{Position: ledger.Position{1}}, Ordinal: 7}}})[0].packed)
	f.Fuzz(func(t *testing.T, row []byte) {
		if got, err := postingsOf(row); err == nil && len(got) > len(row) {
			t.Errorf("%d postings in %d bytes", len(got), len(row))
		}
	})
}
