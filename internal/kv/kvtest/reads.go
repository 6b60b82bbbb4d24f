package kvtest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"cairn/internal/kv"
)

func (s *suite) getMany() {
	if items, err := s.store.GetMany(s.Context(), nil, kv.Strong); err != nil || len(items) != 0 {
		s.Errorf("get many of nothing: %v, %v", items, err)
	}
	var items []kv.Item
	var keys []kv.Key
	for i := range 250 {
		item := s.item(fmt.Sprint(i), strings.Repeat("x", i))
		item.Table = kv.Tables[i%len(kv.Tables)]
		keys = append(keys, item.Key)
		if i%3 != 0 {
			items = append(items, item)
		}
	}
	for i, err := range s.store.InsertMany(s.Context(), items) {
		if err != nil {
			s.Fatalf("insert %d: %v", i, err)
		}
	}
	got, err := s.store.GetMany(s.Context(), keys, kv.Strong)
	if err != nil {
		s.Fatal(err)
	}
	order := func(a, b kv.Item) int { return cmp.Compare(a.Version, b.Version) }
	slices.SortFunc(got, order)
	slices.SortFunc(items, order)
	if !slices.EqualFunc(got, items, same) {
		s.Errorf("got %d items, want the %d that stand, each once", len(got), len(items))
	}
}

func (s *suite) anyBytes() {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	items := []kv.Item{s.item("no value", ""), s.item(string(every), string(every))}
	items = append(items, s.item("many", strings.Repeat(string(every), 64)))
	for i := range every {
		one := s.item(string(every[i:i+1]), string(every[i:i+1]))
		if i%16 == 0 { // the partition too, which is then no longer the suite's own
			one.Partition = append(bytes.Clone(s.part), every[i:]...)
		}
		items = append(items, one)
	}
	for i, err := range s.store.InsertMany(s.Context(), items) {
		if err != nil {
			s.Errorf("item %d: %v", i, err)
		}
	}
	for _, item := range items {
		s.stands(item.Key, &item)
	}
}

func (s *suite) versions() {
	for _, v := range []uint64{1, 255, 256, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		first, second := s.item("v", "first"), s.item("v", "second")
		first.Version = v
		s.put(first)
		s.stands(first.Key, &first)
		if err := s.store.Put(s.Context(), second, kv.IfVersion(v)); err != nil {
			s.Errorf("put if version %d: %v", v, err)
		}
	}
}

func (s *suite) bounds() {
	large := s.item("large", "")
	large.Value = bytes.Repeat([]byte{'x'}, kv.MaxItem-large.Size())
	long := s.item(strings.Repeat("\xff", kv.MaxSort), "longest keys")
	long.Partition = append(bytes.Clone(s.part), bytes.Repeat([]byte{0xff}, kv.MaxPartition-len(s.part))...)
	for _, item := range []kv.Item{large, long} {
		s.put(item)
		s.stands(item.Key, &item)
	}
	rest, _ := s.all(kv.Span{Table: long.Table, Partition: long.Partition, Limit: 1, Strength: kv.Strong})
	if len(rest) != 1 {
		s.Errorf("%d items under the longest keys", len(rest))
	}

	tooLarge, longSort, longPart := large, long, long
	tooLarge.Value = append(bytes.Clone(large.Value), 'x')
	longSort.Sort = append(bytes.Clone(long.Sort), 0xff)
	longPart.Partition = append(bytes.Clone(long.Partition), 0xff)
	noSort, noPart, noVersion := long, long, long
	noSort.Sort, noPart.Partition, noVersion.Version = nil, nil, 0
	for i, bad := range []kv.Item{tooLarge, longSort, longPart, noSort, noPart, noVersion} {
		if err := s.store.Put(s.Context(), bad, kv.Always); !errors.Is(err, kv.ErrBounds) {
			s.Errorf("put of bad item %d: %v", i, err)
		}
		good := s.item(fmt.Sprint("good beside ", i), "")
		outcomes := s.store.InsertMany(s.Context(), []kv.Item{bad, good})
		if !errors.Is(outcomes[0], kv.ErrBounds) || outcomes[1] != nil {
			s.Errorf("insert of bad item %d and a good one: %v", i, outcomes)
		}
		s.stands(good.Key, &good)
	}
}

func (s *suite) strongReads() {
	span := kv.Span{Table: kv.Documents, Partition: s.part, Strength: kv.Strong}
	for i := range 10 {
		item := s.put(s.item("k", fmt.Sprint(i)))
		s.stands(item.Key, &item)
		many, err := s.store.GetMany(s.Context(), []kv.Key{item.Key}, kv.Strong)
		if err != nil || len(many) != 1 || !same(many[0], item) {
			s.Errorf("get many: %v, %v", many, err)
		}
		if got, _ := s.all(span); len(got) != 1 || !same(got[0], item) {
			s.Errorf("query: %v", got)
		}
		if err := s.store.Delete(s.Context(), item.Key, kv.IfVersion(item.Version)); err != nil {
			s.Errorf("delete: %v", err)
		}
		s.stands(item.Key, nil)
		if got, _ := s.all(span); len(got) != 0 {
			s.Errorf("query of what was deleted: %v", got)
		}
	}
}

func (s *suite) ownership() {
	item := s.put(s.item("mine", "value"))
	want := kv.Item{Key: s.key("mine"), Value: []byte("value"), Version: item.Version}
	clear(item.Value)
	got, err := s.store.Get(s.Context(), s.key("mine"), kv.Strong)
	if err != nil {
		s.Fatal(err)
	}
	clear(got.Value)
	clear(got.Sort)
	s.stands(want.Key, &want)
}

func (s *suite) endedContext() {
	ctx := cancelled()
	standing := s.put(s.item("standing", ""))
	_, get := s.store.Get(ctx, standing.Key, kv.Strong)
	_, getMany := s.store.GetMany(ctx, []kv.Key{standing.Key, s.key("other")}, kv.Strong)
	_, query := s.store.Query(ctx, kv.Span{Table: kv.Documents, Partition: s.part})
	inserts := s.store.InsertMany(ctx, []kv.Item{s.item("a", ""), s.item("b", "")})
	for i, err := range append(inserts, get, getMany, query, s.store.Put(ctx, s.item("c", ""), kv.Always),
		s.store.Delete(ctx, s.key("d"), kv.Always)) {
		if !errors.Is(err, context.Canceled) || !errors.Is(err, kv.ErrUnavailable) {
			s.Errorf("call %d under an ended context: %v", i, err)
		}
	}
}
