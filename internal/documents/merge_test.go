package documents_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/documents"
)

// xAPI 1.0.3 Communication 2.2: only properties at the top are merged, each replaced whole; names and values stay as sent.
func TestMerge(t *testing.T) {
	for _, test := range []struct{ stored, posted, want string }{
		{`{"x":"foo","y":"bar"}`, `{"x":"bash","z":"faz"}`, `{"x":"bash","y":"bar","z":"faz"}`},
		{`{}`, `{}`, `{}`},
		{`{"a":1}`, `{}`, `{"a":1}`},
		{`{}`, `{"a":null}`, `{"a":null}`},
		{`{"a":{"b":1,"c":2}}`, `{"a":{"b":3}}`, `{"a":{"b":3}}`},
		{`{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`},
		{`{"big":12345678901234567890,"one":1.0}`, `{"tiny":1.10e-400}`, `{"big":12345678901234567890,"one":1.0,"tiny":1.10e-400}`},
		{" {\n \"a\" : { \"deep\" : [ 1 , 2 ] } }\n", "\t{ \"b\":\r\n2}", `{"a":{ "deep" : [ 1 , 2 ] },"b":2}`},
		{`{"ä":1,"b":2}`, `{"\u00e4":3}`, `{"\u00e4":3,"b":2}`},
		{`{"a":1,"A":2}`, `{"A":3}`, `{"a":1,"A":3}`},
		{`{"":1}`, `{"":2}`, `{"":2}`},
		{`{"a":"}{,:\""}`, `{"b":"\\"}`, `{"a":"}{,:\"","b":"\\"}`},
		{`{"suspend":"\ud800"}`, `{"b":"\udc00x"}`, `{"suspend":"\ud800","b":"\udc00x"}`},
	} {
		w, res := newWorld(t), state("merge")
		for _, contentType := range []string{asJSON, "application/json; charset=utf-8", "Application/JSON;charset=UTF-8;odd"} {
			w.put(res, "id", contentType, []byte(test.stored))
			w.merge(res, "id", test.posted)
			w.holds(res, "id", contentType, []byte(test.want))
		}
	}
}

func TestMergeIntoNothingIsAPut(t *testing.T) {
	w, res := newWorld(t), state("merge")
	for i, d := range []documents.Document{doc(asJSON, []byte(`{"a":1}`)), doc(asJSON, []byte("[1]")), doc(octets, every(large))} {
		id := fmt.Sprint(i)
		if err := w.Merge(t.Context(), res, id, d, anyone); err != nil {
			t.Fatal(err)
		}
		w.holds(res, id, d.ContentType, d.Body)
	}
}

func TestMergeThatCannotBe(t *testing.T) {
	object := doc(asJSON, []byte(`{"a":1}`))
	for _, test := range []struct {
		name           string
		stored, posted documents.Document
	}{
		{"the posted is no JSON by its type", object, doc("not/json", []byte(`{}`))},
		{"the posted has no type", object, doc("", []byte(`{}`))},
		{"the posted is another JSON", object, doc("application/problem+json", []byte(`{}`))},
		{"the posted is an array", object, doc(asJSON, []byte(`[]`))},
		{"the posted is null", object, doc(asJSON, []byte(`null`))},
		{"the posted is broken", object, doc(asJSON, []byte(`{"a"}`))},
		{"the posted is empty", object, doc(asJSON, nil)},
		{"the stored is no JSON by its type", doc(octets, []byte(`{}`)), object},
		{"the stored is an array", doc(asJSON, []byte(`[{}]`)), object},
		{"the stored is a large array", doc(asJSON, []byte("["+strings.Repeat("1,", inline)+"1]")), object},
	} {
		w, res := newWorld(t), state("merge")
		w.put(res, "id", test.stored.ContentType, test.stored.Body)
		before := w.get(res, "id")
		var problem *documents.Problem
		err := w.Merge(t.Context(), res, "id", test.posted, anyone)
		if !errors.As(err, &problem) || problem.Message == "" || problem.Rule == "" {
			t.Errorf("%s: %v", test.name, err)
		}
		if after := w.get(res, "id"); !bytes.Equal(after.Body, before.Body) || !after.Updated.Equal(before.Updated) {
			t.Errorf("%s: the document changed", test.name)
		}
	}
}

func TestWhatSaysItIsJSONMustBe(t *testing.T) {
	for body, where := range map[string]string{
		``: "", ` `: "", `{`: "", `{}{`: "", `{} {}`: "", `{},`: "", `{"a":01}`: "", `NaN`: "", `'a'`: "", "\ufeff{}": "",
		"{\"a\":\"\xff\"}": "", "{\"a\":\"\x01\"}": "/a", `{"a":[1,{"b":tru}]}`: "/a/1/b",
		`{"a":1,"b":2,"\u0061":3}`: "/a", `[{"x":{"a":1,"a":1}}]`: "/0/x/a",
	} {
		w, res := newWorld(t), state("json")
		for name, write := range map[string]func(d documents.Document) error{
			"put":   func(d documents.Document) error { return w.Put(t.Context(), res, "id", d, anyone) },
			"merge": func(d documents.Document) error { return w.Merge(t.Context(), res, "id", d, anyone) },
		} {
			var problem *documents.Problem
			for _, contentType := range []string{asJSON, "application/json; charset=utf-8", "APPLICATION/JSON"} {
				if err := write(doc(contentType, []byte(body))); !errors.As(err, &problem) || problem.Pointer != where {
					t.Errorf("%s of %q as %s: %v at %q, want %q", name, body, contentType, err, problem.Pointer, where)
				}
			}
			w.lacks(res, "id")
			if err := write(doc(octets, []byte(body))); err != nil {
				t.Errorf("%s of %q as bytes: %v", name, body, err)
			}
			if err := w.Delete(t.Context(), res, "id", anyone); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, res := newWorld(t), state("json")
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, body := range []string{`null`, ` 1.50 `, `"a"`, `[]`, `{"a":{"a":{}}}`, `"\ud800"`, deep} {
		w.put(res, "id", asJSON, []byte(body))
		w.holds(res, "id", asJSON, []byte(body))
	}
}

// Merging as bytes says the same as merging what was decoded.
func TestMergeMeansWhatItSays(t *testing.T) {
	w, res := newWorld(t), state("property")
	value := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "string") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.Float64().Draw(t, "number") }),
		rapid.Custom(func(t *rapid.T) any {
			return map[string]any{rapid.String().Draw(t, "name"): rapid.SliceOf(rapid.Bool()).Draw(t, "list")}
		}),
		rapid.Just[any](nil),
	)
	object := rapid.MapOf(rapid.StringMatching(`[abä"\\]{0,2}`), value)
	rapid.Check(t, func(t *rapid.T) {
		stored, posted := object.Draw(t, "stored"), object.Draw(t, "posted")
		w.put(res, "id", asJSON, marshal(stored, rapid.Bool().Draw(t, "indented")))
		w.merge(res, "id", string(marshal(posted, rapid.Bool().Draw(t, "indented"))))
		maps.Copy(stored, posted)
		var got any
		if err := json.Unmarshal(w.get(res, "id").Body, &got); err != nil {
			t.Fatal(err)
		}
		if got := marshal(got, false); !bytes.Equal(got, marshal(stored, false)) {
			t.Fatalf("merged into %s, want %s", got, marshal(stored, false))
		}
	})
}

func marshal(v any, indented bool) []byte {
	if indented {
		b, _ := json.MarshalIndent(v, " ", "\t")
		return b
	}
	b, _ := json.Marshal(v)
	return b
}
