package xapi_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/internal/xapi"

	"github.com/google/uuid"
)

// seeds are bodies for fuzzing: every case of testdata and the whole statements.
func seeds(f *testing.F) [][]byte {
	bodies := [][]byte{[]byte(minimal), content(f, statements+"whole.json")}
	files, _ := filepath.Glob(statements + "*valid/*.json")
	for _, file := range files {
		var cases []rulesCase
		if err := json.Unmarshal(content(f, file), &cases); err != nil {
			f.Fatal(err)
		}
		for _, c := range cases {
			bodies = append(bodies, []byte(c.body(f)))
		}
	}
	return bodies
}

// Whatever the bytes, Decode answers; what it takes can be stored, read back, found by the same facets, formatted, and sent again.
func FuzzDecode(f *testing.F) {
	for _, body := range seeds(f) {
		f.Add(body, true)
		f.Add(body, false)
	}
	f.Fuzz(func(t *testing.T, body []byte, first bool) {
		v := xapi.V2
		if first {
			v = xapi.V1
		}
		statements, _, err := xapi.Decode(body, v)
		if err != nil {
			if _, ok := err.(*xapi.Problem); !ok {
				t.Fatalf("%T is no Problem", err)
			}
			return
		}
		for _, s := range statements {
			checkStored(t, s, v)
		}
	})
}

func checkStored(t *testing.T, s *xapi.Statement, v xapi.Version) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	stored := s.AppendStored(nil, xapi.Stamp{ID: uuid.MustParse("8f87ccde-bb56-4c2e-ab83-44982ef22df0"), Stored: at,
		Version: v})
	back, err := xapi.Parse(stored)
	if err != nil {
		t.Fatalf("stored, but not read: %v\n%s", err, stored)
	}
	if got, want := facetsOf(back), facetsOf(s); !slices.Equal(got, want) {
		t.Fatalf("facets are %q, were %q", got, want)
	}
	if _, given := s.Timestamp(); given && comparable(back) != comparable(s) {
		t.Fatalf("the stored one is not the same:\n%s\n%s", stored, s.Raw())
	}
	if len(back.Attachments()) != len(s.Attachments()) {
		t.Fatal("attachments are lost")
	}
	for format, written := range map[string][]byte{"stored": stored, "canonical": back.AppendCanonical(nil, "de, en;q=0.5",
		none), "ids": back.AppendIDs(nil)} {
		again, _, err := xapi.Decode(written, v)
		if problem, ok := err.(*xapi.Problem); ok && strings.Contains(problem.Message, "64 deep") {
			continue // an activity in an array is one level deeper than what was sent
		}
		if err != nil {
			t.Fatalf("%s was written, but not taken: %v\n%s", format, err, written)
		}
		if got, want := facetsOf(again[0]), facetsOf(s); format != "ids" && !slices.Equal(got, want) {
			t.Fatalf("facets of %s are %q, were %q", format, got, want)
		}
	}
}

// Merging any two definitions gives JSON, and merging the newer one again changes nothing.
func FuzzMergeDefinition(f *testing.F) {
	f.Add([]byte(`{"name":{"en":"a"},"choices":[{"id":"a","description":{"en":"A"}}]}`),
		[]byte(`{"name":{"de":"b"},"choices":[{"id":"a","description":{"de":"B"}}]}`))
	f.Add([]byte(`{"extensions":{"a:b":[1]}}`), []byte(`{"extensions":{"a:c":null},"type":"a:t"}`))
	f.Fuzz(func(t *testing.T, known, newer []byte) {
		k, okKnown := definition(known)
		n, okNewer := definition(newer)
		if !okKnown || !okNewer {
			return
		}
		merged := xapi.MergeDefinition(k, n)
		if !json.Valid(merged) {
			t.Fatalf("%s", merged)
		}
		if again := xapi.MergeDefinition(merged, n); string(again) != string(merged) {
			t.Fatalf("merged again %s, was %s", again, merged)
		}
	})
}

// definition is the Activity Definition, when it is valid, as a statement would bring it.
func definition(raw []byte) (found []byte, ok bool) {
	statements, _, err := xapi.Decode([]byte(`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},`+
		`"object":{"id":"a:o","definition":`+string(raw)+`}}`), xapi.V1)
	if err != nil || len(statements) != 1 {
		return nil, false
	}
	statements[0].Activities(func(_ string, definition []byte) bool {
		found = definition
		return false
	})
	return found, found != nil
}

func FuzzParseAgent(f *testing.F) {
	f.Add([]byte(`{"objectType":"Group","name":"x","account":{"homePage":"https://e.org","name":"k"},"member":[]}`))
	f.Add([]byte(`{"mbox":"mailto:a@e.org"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		agent, err := xapi.ParseAgent(raw, xapi.V1)
		if err != nil {
			return
		}
		if agent.Identity() == "" || !json.Valid(agent.AppendPerson(nil)) {
			t.Fatalf("%q, %s", agent.Identity(), agent.AppendPerson(nil))
		}
	})
}

func FuzzParseIRI(f *testing.F) {
	f.Add("http://[::1]:80/%20?é#x")
	f.Fuzz(func(t *testing.T, s string) {
		if xapi.ParseIRI(s) == nil && strings.ContainsAny(s, " <>\"{}|\\^`\x00\n") {
			t.Fatalf("%q was taken", s)
		}
	})
}

// What is taken as a UUID is one to others too, and has 36 characters.
func FuzzParseUUID(f *testing.F) {
	for _, s := range []string{"8f87ccde-bb56-4c2e-ab83-44982ef22df0", "8F87CCDE-BB56-4C2E-AB83-44982EF22DF0",
		"8f87ccde-bb56-4c2e-ab83-44982ef22dfg", "8f87ccdebb56-4c2e-ab83-44982ef22df00", "8f87ccdebb564c2eab8344982ef22df0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := xapi.ParseUUID(s)
		want, wantErr := uuid.Parse(s)
		if taken := len(s) == 36 && wantErr == nil; taken != (err == nil) || taken && got != want {
			t.Fatalf("%q is %v, %v, to others %v, %v", s, got, err, want, wantErr)
		}
	})
}

// What is taken as a timestamp means the same when it is written as RFC 3339.
func FuzzParseTimestamp(f *testing.F) {
	f.Add("2026-01-01T00:00:00.123456789+05:30")
	f.Add("20260101T0000-0130")
	f.Fuzz(func(t *testing.T, s string) {
		at, err := xapi.ParseTimestamp(s)
		if err != nil || at.Year() < 0 || at.Year() > 9999 {
			return
		}
		if again, err := xapi.ParseTimestamp(at.Format(time.RFC3339Nano)); err != nil || !again.Equal(at) {
			t.Fatalf("%q is %v, again %v, %v", s, at, again, err)
		}
	})
}
