package documents_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/internal/documents"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// xAPI 1.0.3 Communication 2.2: contents are arbitrary binary data.
func TestBytesAndTypeAreKeptExactly(t *testing.T) {
	w, res := newWorld(t), state("bytes")
	types := []string{octets, "", "text/plain; charset=ISO-8859-1", "Image/PNG", `multipart/mixed; boundary="a b"`, " odd;;", "\xe9"}
	for i, size := range []int{0, 1, 256, 4096, inline - 1, inline, large, 399 << 10, 1 << 20, documents.MaxBody} {
		id, contentType, body := fmt.Sprint("document ", i), types[i%len(types)], every(size)
		w.put(res, id, contentType, body)
		w.holds(res, id, contentType, body)
		if d := w.get(res, id); d.ETag != fmt.Sprintf(`"%x"`, sha1.Sum(body)) {
			t.Errorf("the ETag of %d bytes is %s", size, d.ETag)
		}
	}
}

func TestReplacingAndDeleting(t *testing.T) {
	w, res := newWorld(t), state("replace")
	for _, size := range []int{3, large, large + 1, 2, large, 0} {
		w.put(res, "id", octets, every(size))
		w.holds(res, "id", octets, every(size))
		if n, want := w.bodies(), min(size/large, 1); n != want {
			t.Errorf("after a body of %d bytes %d blobs lie about, want %d", size, n, want)
		}
	}
	w.put(res, "large", octets, every(large))
	for _, id := range []string{"id", "large", "large"} { // what is gone can be deleted again
		if err := w.Delete(t.Context(), res, id, anyone); err != nil {
			t.Fatal(err)
		}
		w.lacks(res, id)
	}
	if n := w.bodies(); n != 0 {
		t.Errorf("of deleted documents %d blobs are left", n)
	}
}

func TestResourcesAreApart(t *testing.T) {
	w := newWorld(t)
	resources := []documents.Resource{
		{Kind: "state", Parts: []string{"a", "b"}},
		{Kind: "state", Parts: []string{"a", "b", "c"}},
		{Kind: "state", Parts: []string{"a", "bc"}},
		{Kind: "state", Parts: []string{"ab", ""}},
		{Kind: "state", Parts: []string{"", "ab"}},
		{Kind: "state", Parts: []string{"ab"}},
		{Kind: "statea", Parts: []string{"b"}},
		{Kind: "agent profile", Parts: []string{"a"}},
		{Kind: "activity profile", Parts: []string{"a"}},
		{Kind: "activity profile", Parts: []string{"A"}},
	}
	for i, res := range resources {
		w.put(res, "id", octets, []byte{byte(i)})
		w.put(res, fmt.Sprint(i), octets, nil)
	}
	for i, res := range resources {
		w.holds(res, "id", octets, []byte{byte(i)})
		if ids, _ := w.list(res, time.Time{}); !slices.Equal(ids, []string{fmt.Sprint(i), "id"}) {
			t.Errorf("%v lists %q", res, ids)
		}
	}
	if err := w.DeleteAll(t.Context(), resources[0]); err != nil {
		t.Fatal(err)
	}
	for i, res := range resources {
		if ids, _ := w.list(res, time.Time{}); len(ids) != 2 && i > 0 || len(ids) != 0 && i == 0 {
			t.Errorf("after %v was emptied, %v lists %q", resources[0], res, ids)
		}
	}
}

func TestIDs(t *testing.T) {
	w, res := newWorld(t), state("ids")
	long := strings.Repeat("ä", 511)
	ids := []string{
		"a", "A", " ", "a ", "\x00", "\x00a", "\x01", "ä", "日本語/?&=#%2F", "http://example.com/x", "*", `"`,
		long, long + "x", long + "xy", long + "xz", strings.Repeat("y", documents.MaxID),
	}
	for i, id := range ids {
		w.put(res, id, octets, []byte{byte(i)})
	}
	for i, id := range ids {
		w.holds(res, id, octets, []byte{byte(i)})
	}
	listed, _ := w.list(res, time.Time{})
	if slices.Sort(listed); !slices.Equal(listed, slices.Sorted(slices.Values(ids))) {
		t.Errorf("the list is %.80q", listed)
	}
	var problem *documents.Problem
	for _, id := range []string{"", "\xff", strings.Repeat("y", documents.MaxID+1)} {
		err := w.Put(t.Context(), res, id, doc(octets, nil), anyone)
		if !errors.As(err, &problem) {
			t.Errorf("put %.10q: %v", id, err)
		}
		if err := w.Merge(t.Context(), res, id, doc(asJSON, []byte("{}")), anyone); !errors.As(err, &problem) {
			t.Errorf("merge %.10q: %v", id, err)
		}
		w.lacks(res, id)
	}
}

// spy sees what is put.
type spy struct {
	kv.Store
	items []kv.Item
}

func (s *spy) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	s.items = append(s.items, item)
	return s.Store.Put(ctx, item, cond)
}

func TestNobodyCanGuessAMailboxBack(t *testing.T) {
	w := newWorld(t)
	store := &spy{Store: w.kv}
	w.over(store, w.blobs).put(state("keys"), "id", octets, nil)
	documents.New(store, w.blobs, []byte("another secret"), w.time).Put(t.Context(), state("keys"), "id", doc(octets, nil), anyone)
	ours, theirs := store.items[0], store.items[1]
	if len(ours.Partition) != 16 || bytes.Contains(append(ours.Partition, ours.Value...), []byte("ada")) {
		t.Errorf("stored as %q: %q", ours.Partition, ours.Value)
	}
	if bytes.Equal(ours.Partition, theirs.Partition) {
		t.Error("the key is the same under another secret, so it can be worked out without one")
	}
}

func TestTooLarge(t *testing.T) {
	w, res := newWorld(t), state("size")
	err := w.Put(t.Context(), res, "id", doc(octets, make([]byte, documents.MaxBody+1)), anyone)
	if !errors.Is(err, documents.ErrTooLarge) {
		t.Errorf("put: %v", err)
	}
	var problem *documents.Problem
	err = w.Put(t.Context(), res, "id", doc(strings.Repeat("t", documents.MaxContentType+1), nil), anyone)
	if !errors.As(err, &problem) {
		t.Errorf("put of a long type: %v", err)
	}
	w.lacks(res, "id")
	half := `":"` + strings.Repeat("x", documents.MaxBody/2) + `"}`
	w.merge(res, "id", `{"a`+half)
	before := w.get(res, "id")
	if err := w.Merge(t.Context(), res, "id", doc(asJSON, []byte(`{"b`+half)), anyone); !errors.Is(err, documents.ErrTooLarge) {
		t.Errorf("merge: %v", err)
	}
	if after := w.get(res, "id"); after.ETag != before.ETag {
		t.Error("a refused merge changed the document")
	}
}

// xAPI 1.0.3 Communication 2.3, 2.6, 2.7: since is exclusive; 2.2: the list's Last-Modified is the latest of its documents.
func TestSince(t *testing.T) {
	w, res := newWorld(t), state("since")
	if ids, latest := w.list(res, time.Time{}); len(ids) != 0 || !latest.IsZero() {
		t.Errorf("an empty resource lists %q, latest %v", ids, latest)
	}
	var updated []time.Time
	for _, id := range []string{"a", "b", "c"} {
		w.put(res, id, octets, nil)
		updated = append(updated, w.get(res, id).Updated)
		w.turn(time.Microsecond)
	}
	for _, test := range []struct {
		since time.Time
		want  []string
	}{
		{time.Time{}, []string{"a", "b", "c"}},
		{updated[0].Add(-1), []string{"a", "b", "c"}},
		{updated[0], []string{"b", "c"}},
		{updated[1].Add(-1).In(time.FixedZone("", 3600)), []string{"b", "c"}},
		{updated[1], []string{"c"}},
		{updated[2], nil},
	} {
		ids, latest := w.list(res, test.since)
		if !slices.Equal(ids, test.want) {
			t.Errorf("since %v lists %q, want %q", test.since, ids, test.want)
		}
		if len(ids) > 0 && !latest.Equal(updated[2]) || len(ids) == 0 && !latest.IsZero() {
			t.Errorf("since %v the latest is %v", test.since, latest)
		}
	}
	w.put(res, "a", octets, nil)
	if ids, _ := w.list(res, updated[2]); !slices.Equal(ids, []string{"a"}) {
		t.Errorf("after it was written again, the list is %q", ids)
	}
}

func TestUpdatedRisesThoughTheClockFalls(t *testing.T) {
	w, res := newWorld(t), state("clock")
	w.put(res, "id", asJSON, []byte(`{}`))
	last := w.get(res, "id").Updated
	if !last.Equal(w.time()) {
		t.Errorf("written at %v, updated %v", w.time(), last)
	}
	for _, turn := range []time.Duration{time.Second, 0, -time.Hour, -time.Hour, 0} {
		w.turn(turn)
		w.merge(res, "id", `{"a":1}`)
		now := w.get(res, "id").Updated
		if !now.After(last) {
			t.Errorf("updated was %v and is %v", last, now)
		}
		last = now
	}
}

func TestManyDocuments(t *testing.T) {
	w, res := newWorld(t), state("many")
	var ids []string
	for i := range 60 {
		ids = append(ids, fmt.Sprintf("%03d", i))
		w.put(res, ids[i], octets, every(inline)) // more than a page of the store
	}
	if listed, _ := w.list(res, time.Time{}); !slices.Equal(listed, ids) {
		t.Errorf("lists %d of them: %q", len(listed), listed)
	}
	if err := w.DeleteAll(t.Context(), res); err != nil {
		t.Fatal(err)
	}
	if listed, _ := w.list(res, time.Time{}); len(listed) != 0 {
		t.Errorf("after all were deleted, lists %q", listed)
	}
}

// What one request costs: a read, and for a write a write. Large bodies are not written to the table.
func TestCost(t *testing.T) {
	w, res := newWorld(t), state("cost")
	count := kvtest.Count(w.kv)
	w = w.over(count, w.blobs)
	for _, test := range []struct {
		name          string
		do            func()
		reads, writes int
		units         float64
	}{
		{"a new document", func() { w.put(res, "id", asJSON, []byte(`{"a":1}`)) }, 1, 1, 1},
		{"a document again", func() { w.put(res, "id", asJSON, []byte(`{"a":2}`)) }, 1, 1, 1},
		{"a merge", func() { w.merge(res, "id", `{"b":1}`) }, 1, 1, 1},
		{"a get", func() { w.get(res, "id") }, 1, 0, 0},
		{"a large document", func() { w.put(res, "large", octets, every(1<<20)) }, 1, 1, 1},
		{"a large get", func() { w.get(res, "large") }, 1, 0, 0},
	} {
		count.Reset()
		test.do()
		usage := count.Snapshot()
		reads, writes, units := usage.Calls[kvtest.OpGet], usage.Calls[kvtest.OpPut], usage.Units().Write
		if reads != test.reads || writes != test.writes || units > test.units {
			t.Errorf("%s takes %d reads, %d writes of %v units", test.name, reads, writes, units)
		}
	}
}
