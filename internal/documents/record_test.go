package documents

import (
	"bytes"
	"crypto/sha1"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/kv"
)

func TestRecordsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })
		want := &record{
			key: kv.Key{Table: kv.Documents}, version: rapid.Uint64().Draw(t, "version"), id: text.Draw(t, "id"),
			contentType: text.Draw(t, "type"), blob: text.Draw(t, "blob"), updated: rapid.Int64().Draw(t, "updated"),
			sum: sha1.Sum(rapid.SliceOf(rapid.Byte()).Draw(t, "summed")), inline: rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
		}
		got, err := decode(want.item())
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("read %+v, %v, want %+v", got, err, want)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte{format})
	f.Add((&record{id: "id", contentType: "text/plain", updated: 1, inline: []byte("body")}).item().Value)
	f.Add((&record{id: "id", blob: "documents/00"}).item().Value)
	f.Add([]byte{format, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, value []byte) {
		r, err := decode(kv.Item{Value: value})
		if err != nil {
			return
		}
		again, err := decode(r.item())
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("%q is read as %+v, and that as %+v, %v", value, r, again, err)
		}
	})
}

// FuzzMerge merges what clients send: it never fails on what was accepted, and what it makes is accepted in turn.
func FuzzMerge(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a":1}`, ` { "a" : [ 1 , {"b":"\u0061"} ] } `, `{"\u0061":1}`, `{"\ud800":1}`, `[]`, `{"a":1}{`, `{"a":1,"a":2}`,
	} {
		f.Add([]byte(text), []byte(`{"a":null}`))
		f.Add([]byte(`{"b":"x"}`), []byte(text))
	}
	f.Fuzz(func(t *testing.T, stored, posted []byte) {
		a, b := Document{ContentType: "application/json", Body: stored}, Document{ContentType: "application/json", Body: posted}
		if check("id", a) != nil || check("id", b) != nil {
			return
		}
		before := bytes.Clone(stored)
		merged, err := merge(a, b)
		isObject := func(text []byte) bool { return bytes.TrimLeft(text, " \t\r\n")[0] == '{' }
		if (err == nil) != (isObject(stored) && isObject(posted)) {
			t.Fatalf("merging %q into %q: %v", posted, stored, err)
		}
		if err != nil {
			return
		}
		if err := check("id", merged); err != nil {
			t.Fatalf("merging %q into %q makes %q: %v", posted, stored, merged.Body, err)
		}
		if again, err := merge(merged, b); err != nil || !bytes.Equal(again.Body, merged.Body) {
			t.Fatalf("merging %q into %q makes %q, and once more %q, %v", posted, stored, merged.Body, again.Body, err)
		}
		if !bytes.Equal(before, stored) {
			t.Fatalf("merging wrote into the stored body %q", before)
		}
	})
}
