package report

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// TestRows: a row reads as it was written, whatever is in it.
func TestRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := emptyRow()
		r.through = rapid.Uint64().Draw(t, "through")
		for range rapid.IntRange(0, 40).Draw(t, "counts") {
			k := fold.Key{Kind: fold.Views, A: rapid.Uint32Range(0, 300).Draw(t, "a"), B: rapid.Uint32Range(0, 5).Draw(t, "b")}
			if rapid.Bool().Draw(t, "worded") {
				k = fold.Key{Kind: fold.Response, Text: rapid.String().Draw(t, "text")}
			}
			r.counts[k] = rapid.Int64().Draw(t, "n")
		}
		for range rapid.IntRange(0, 5).Draw(t, "lists") {
			k := fold.Key{Kind: fold.Learners, A: rapid.Uint32().Draw(t, "a"), B: rapid.Uint32().Draw(t, "b")}
			r.lists[k] = &bitset{}
			step := uint16(rapid.IntRange(1, 3000).Draw(t, "step"))
			for n := uint16(rapid.IntRange(0, blockSize-1).Draw(t, "first")); n < blockSize; n += step {
				r.lists[k].set(n)
			}
		}
		back, err := decodeRow(kv.Item{Value: r.encode(), Version: 0})
		if err != nil || !reflect.DeepEqual(back, r) {
			t.Fatalf("%v\n%+v\n%+v", err, r, back)
		}
	})
}

// FuzzRow reads what may be anything.
func FuzzRow(f *testing.F) {
	r := emptyRow()
	r.counts[fold.Key{Kind: fold.Views, A: 3}] = 7
	r.lists[fold.Key{Kind: fold.Learners}] = &bitset{5}
	f.Add(r.encode())
	f.Add(pack(make([]byte, 5000)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if read, err := decodeRow(kv.Item{Value: b}); err == nil {
			if _, err := decodeRow(kv.Item{Value: read.encode()}); err != nil {
				t.Error(err)
			}
		}
		decodeProgress(kv.Item{Key: kv.Key{Partition: make([]byte, 6), Sort: make([]byte, 4)}, Value: b}) //nolint:errcheck // it must return
	})
}
