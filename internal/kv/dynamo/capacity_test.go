package dynamo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"cairn/infra/local/partstest"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/telemetry"
)

// TestCountEqualsWhatDynamoDBReports makes kvtest.Count fit to assert cost on any store. Where DynamoDB Local reports less than
// DynamoDB bills there is no step: it takes nothing for inserts by PartiQL (billed as puts), for absent keys of a batch, and for
// a query that finds nothing (billed the least that such reads cost).
func TestCountEqualsWhatDynamoDBReports(t *testing.T) {
	store, _ := partstest.Store(t)
	counted := kvtest.Count(store)
	for _, step := range capacitySteps {
		counted.Reset()
		ctx, record := telemetry.Begin(t.Context())
		if err := step.run(ctx, counted); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		reported := map[kv.Table]kvtest.Units{}
		read, write := record.Consumed()
		for _, table := range kv.Tables {
			if units := (kvtest.Units{Read: read[string(table)], Write: write[string(table)]}); units != (kvtest.Units{}) {
				reported[table] = units
			}
		}
		if got := counted.Snapshot().Tables; !maps.Equal(got, reported) {
			t.Errorf("%s: counted %v, reported %v", step.name, got, reported)
		}
	}
}

// atSize is an item that counts so many bytes in DynamoDB: keys, value, version and names.
func atSize(table kv.Table, sort string, bytesInAll int) kv.Item {
	item := kv.Item{Key: kv.Key{Table: table, Partition: []byte("p"), Sort: []byte(sort)}, Version: kv.NewVersion()}
	item.Value = bytes.Repeat([]byte{'x'}, bytesInAll-item.Size()-12)
	return item
}

func put(table kv.Table, sort string, size int) func(context.Context, kv.Store) error {
	return func(ctx context.Context, s kv.Store) error { return s.Put(ctx, atSize(table, sort, size), kv.Always) }
}

func get(sort string, strength kv.Strength) func(context.Context, kv.Store) error {
	return func(ctx context.Context, s kv.Store) error {
		_, err := s.Get(ctx, atSize(kv.Log, sort, 50).Key, strength)
		if errors.Is(err, kv.ErrAbsent) {
			return nil
		}
		return err
	}
}

func getMany(strength kv.Strength) func(context.Context, kv.Store) error {
	return func(ctx context.Context, s kv.Store) error {
		var keys []kv.Key
		for i := range 130 {
			keys = append(keys, atSize(kv.Tables[i%2], fmt.Sprintf("many %03d", i), 50).Key)
		}
		_, err := s.GetMany(ctx, keys, strength)
		return err
	}
}

func query(span kv.Span) func(context.Context, kv.Store) error {
	return func(ctx context.Context, s kv.Store) error {
		span.Table, span.Partition = kv.Log, []byte("p")
		_, err := s.Query(ctx, span)
		return err
	}
}

func remove(sort string) func(context.Context, kv.Store) error {
	return func(ctx context.Context, s kv.Store) error {
		return s.Delete(ctx, atSize(kv.Log, sort, 50).Key, kv.Always)
	}
}

func putMany(ctx context.Context, s kv.Store) error {
	for i := range 130 {
		if err := s.Put(ctx, atSize(kv.Tables[i%2], fmt.Sprintf("many %03d", i), 60+i*97), kv.Absent); err != nil {
			return err
		}
	}
	return nil
}

var capacitySteps = []struct {
	name string
	run  func(context.Context, kv.Store) error
}{
	{"put of a small item", put(kv.Log, "a", 100)},
	{"put of 1024 bytes", put(kv.Log, "b", 1024)},
	{"put of 1025 bytes", put(kv.Log, "c", 1025)},
	{"put over a smaller item", put(kv.Log, "a", 3000)},
	{"put over a larger item", put(kv.Log, "a", 200)},
	{"put of 300 KB", put(kv.Documents, "d", 300<<10)},
	{"strong get", get("c", kv.Strong)},
	{"eventual get", get("c", kv.Eventual)},
	{"put of 4096 bytes", put(kv.Log, "4096", 4096)},
	{"put of 4097 bytes", put(kv.Log, "4097", 4097)},
	{"get of 4096 bytes", get("4096", kv.Strong)},
	{"strong get of 4097 bytes", get("4097", kv.Strong)},
	{"eventual get of 4097 bytes", get("4097", kv.Eventual)},
	{"strong get of nothing", get("none", kv.Strong)},
	{"eventual get of nothing", get("none", kv.Eventual)},
	{"puts of growing size", putMany},
	{"strong get many", getMany(kv.Strong)},
	{"eventual get many", getMany(kv.Eventual)},
	{"strong query", query(kv.Span{Strength: kv.Strong})},
	{"eventual query, descending, from the middle", query(kv.Span{From: []byte("many 03"), Descending: true})},
	{"query of three", query(kv.Span{Limit: 3, Strength: kv.Strong})},
	{"delete of a small item", remove("a")},
	{"delete of 4097 bytes", remove("4097")},
	{"delete of nothing", remove("none")},
}
