package kvtest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cairn/internal/kv"
)

// spanSorts are the sort keys of a partition, in their order, and bounds to query it by; those with a "+" stand nowhere.
var spanSorts = []string{"\x00", "\x00\x00", "\x00\xff", "\x01", "a", "a\x00", "ab", "\x7f", "\x80", "\xfe\xff", "\xff", "\xff\xff"}

var spanBounds = [][]byte{nil, []byte("\x00"), []byte("\x00\x01+"), []byte("\x01"), []byte("a"), []byte("a+"), []byte("b+"),
	[]byte("\x80"), []byte("\xff"), []byte("\xff\xff"), []byte("\xff\xff+"), bytes.Repeat([]byte{0xff}, kv.MaxSort)}

func (s *suite) spans() {
	var items []kv.Item
	for _, sort := range spanSorts {
		items = append(items, s.item(sort, "in "+sort))
	}
	for i, err := range s.store.InsertMany(s.Context(), append(s.neighbours(), items...)) {
		if err != nil {
			s.Fatalf("insert %d: %v", i, err)
		}
	}
	for _, from := range spanBounds {
		for _, to := range spanBounds {
			for _, limit := range []int{0, 1, 5} {
				for _, descending := range []bool{false, true} {
					span := kv.Span{Table: kv.Documents, Partition: s.part, From: from, To: to, Strength: kv.Strong}
					span.Limit, span.Descending = limit, descending
					if got, _ := s.all(span); !slices.EqualFunc(got, within(items, span), same) {
						s.Errorf("from %q to %q, descending %v, limit %d: %v", from, to, descending, limit, got)
					}
				}
			}
		}
	}
}

// neighbours are items of partitions and of a table that lie about the suite's own.
func (s *suite) neighbours() (items []kv.Item) {
	less := bytes.Clone(s.part[:len(s.part)-1])
	for _, part := range [][]byte{less, append(bytes.Clone(s.part), 0), append(bytes.Clone(s.part), 0xff)} {
		for _, sort := range []string{"\x00", "a", "\xff"} {
			item := s.item(sort, "neighbour")
			item.Partition = part
			items = append(items, item)
		}
	}
	other := s.item("a", "other table")
	other.Table = kv.Reports
	return append(items, other)
}

// within is what a span holds, worked out the plain way.
func within(items []kv.Item, span kv.Span) (in []kv.Item) {
	for _, item := range items {
		if inside(item.Sort, span) {
			in = append(in, item)
		}
	}
	if span.Descending {
		slices.Reverse(in)
	}
	return in
}

func (s *suite) longSpan() {
	var items []kv.Item
	for i := range 25 {
		items = append(items, s.put(s.item(fmt.Sprintf("%02d", i), strings.Repeat("x", 100<<10))))
	}
	span := kv.Span{Table: kv.Documents, Partition: s.part, Strength: kv.Strong}
	for _, span.Descending = range []bool{false, true} {
		got, pages := s.all(span)
		if !slices.EqualFunc(got, within(items, span), same) {
			s.Errorf("descending %v: %d items in %d pages", span.Descending, len(got), pages)
		}
		if pages < 2 {
			s.Errorf("%d items of 100 KB came in one page", len(got))
		}
	}
}
