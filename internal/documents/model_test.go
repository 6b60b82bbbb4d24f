package documents_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/documents"
	"cairn/internal/kv/kvtest"
)

// model is what the documents of a resource should be: properties by id, when each was written, and in what order.
type model struct {
	*world
	res     documents.Resource
	objects map[string]map[string]any
	updated map[string]time.Time
}

// TestAnyCourse holds documents to a map, through any course of requests, on a store at its weakest that loses every fifth
// answer.
func TestAnyCourse(t *testing.T) {
	base, course := newWorld(t), 0
	rapid.Check(t, func(t *rapid.T) {
		course++
		weak := kvtest.Weak(base.kv, uint64(course))
		weak.Lost = 0.2
		m := &model{world: base.over(weak, base.blobs), res: state(fmt.Sprint("course ", course)),
			objects: map[string]map[string]any{}, updated: map[string]time.Time{}}
		t.Repeat(map[string]func(*rapid.T){
			"put":        m.putAny,
			"merge":      m.mergeAny,
			"delete":     m.deleteAny,
			"delete all": m.deleteAll,
			"turn":       func(t *rapid.T) { m.turn(time.Duration(rapid.IntRange(-5, 5).Draw(t, "clock"))) },
			"":           m.agrees,
		})
	})
}

func anID(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "", strings.Repeat("c", 2000)}).Draw(t, "id") + "!"
}

func anObject(t *rapid.T) (object map[string]any, body []byte) {
	object = map[string]any{}
	for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 3).Draw(t, "names") {
		object[name] = rapid.StringN(0, 5, -1).Draw(t, "value")
	}
	if rapid.IntRange(0, 4).Draw(t, "size") == 0 {
		object["big"] = strings.Repeat("x", large)
	}
	body, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return object, body
}

// aCondition is a precondition, and what a write should answer to it.
func (m *model) aCondition(t *rapid.T, id string) (p documents.Precondition, want error) {
	_, exists := m.objects[id]
	holds := true
	switch rapid.IntRange(0, 3).Draw(t, "condition") {
	case 0:
		p.IfMatch, holds = []string{"*"}, exists
	case 1:
		p.IfNoneMatch, holds = []string{"*"}, !exists
	case 2:
		p.IfMatch, holds = []string{`"0000"`}, false
	}
	if !holds {
		return p, documents.ErrPreconditionFailed
	}
	return p, nil
}

func (m *model) putAny(t *rapid.T) {
	id := anID(t)
	object, body := anObject(t)
	cond, want := m.aCondition(t, id)
	if err := m.Put(m.Context(), m.res, id, doc(asJSON, body), cond); !errors.Is(err, want) {
		t.Fatalf("put: %v, want %v", err, want)
	}
	if want == nil {
		m.objects[id] = object
	}
}

func (m *model) mergeAny(t *rapid.T) {
	id := anID(t)
	object, body := anObject(t)
	cond, want := m.aCondition(t, id)
	if err := m.Merge(m.Context(), m.res, id, doc(asJSON, body), cond); !errors.Is(err, want) {
		t.Fatalf("merge: %v, want %v", err, want)
	}
	if want == nil {
		if m.objects[id] == nil {
			m.objects[id] = map[string]any{}
		}
		maps.Copy(m.objects[id], object)
	}
}

func (m *model) deleteAny(t *rapid.T) {
	id := anID(t)
	cond, want := m.aCondition(t, id)
	if err := m.Delete(m.Context(), m.res, id, cond); !errors.Is(err, want) {
		t.Fatalf("delete: %v, want %v", err, want)
	}
	if want == nil {
		delete(m.objects, id)
		delete(m.updated, id)
	}
}

func (m *model) deleteAll(t *rapid.T) {
	if err := m.DeleteAll(m.Context(), m.res); err != nil {
		t.Fatal(err)
	}
	clear(m.objects)
	clear(m.updated)
}

func (m *model) agrees(t *rapid.T) {
	ids, latest, err := m.List(m.Context(), m.res, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Sort(ids); !slices.Equal(ids, slices.Sorted(maps.Keys(m.objects))) {
		t.Fatalf("lists %.60q, want %d", ids, len(m.objects))
	}
	var newest time.Time
	for id, want := range m.objects {
		d, err := m.Get(m.Context(), m.res, id)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(d.Body, &got); err != nil || !maps.Equal(got, want) {
			t.Fatalf("%.10q holds %.60s, want %.60v", id, d.Body, want)
		}
		if d.Updated.Before(m.updated[id]) {
			t.Fatalf("%.10q was updated at %v, and now at %v", id, m.updated[id], d.Updated)
		}
		m.updated[id] = d.Updated
		if d.Updated.After(newest) {
			newest = d.Updated
		}
	}
	if !latest.Equal(newest) {
		t.Fatalf("the latest is %v, want %v", latest, newest)
	}
}
