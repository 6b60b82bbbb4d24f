package xapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/internal/xapi"

	"pgregory.net/rapid"
)

// comparable is the form by which a statement is compared.
func comparable(s *xapi.Statement) string {
	var b bytes.Buffer
	s.WriteComparable(&b)
	return b.String()
}

// One id in both cases.
const lowerID, upperID = "8f87ccde-bb56-4c2e-ab83-44982ef22df0", "8F87CCDE-BB56-4C2E-AB83-44982EF22DF0"

func TestSameStatements(t *testing.T) {
	for name, pair := range map[string][2]string{
		"order of keys and white space": {
			minimal,
			` { "object" : {"id":"https://example.org/o"}, "verb":{"id":"https://example.org/v"},` + "\r\n" +
				`"actor":{"mbox":"mailto:a@example.org"}}`},
		"what an LRS assigns": {
			minimal, with(`"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0","stored":"2026-01-01T00:00:00Z","version":"1.0.0",` +
				`"authority":{"mbox":"mailto:x@e.org"}`)},
		"objectType of the actor and the Activity": {
			minimal, `{"actor":{"objectType":"Agent","mbox":"mailto:a@example.org"},` +
				`"verb":{"id":"https://example.org/v"},"object":{"objectType":"Activity","id":"https://example.org/o"}}`},
		"verb display and Activity Definition": {
			minimal, `{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v",` +
				`"display":{"en":"x"}},"object":{"id":"https://example.org/o","definition":{"name":{"en":"y"}}}}`},
		"domain of an mbox": {minimal, strings.Replace(minimal, "example.org", "EXAMPLE.org", 1)},
		"escapes": {with(`"result":{"response":"é/\n"}`),
			with(`"\u0072esult":{"response":"\u00e9\/\u000a"}`)},
		"numbers by value": {with(`"result":{"score":{"raw":100,"min":-0.0}}`),
			with(`"result":{"score":{"raw":1.00e2,"min":0}}`)},
		"the instant of timestamp": {with(`"timestamp":"2026-01-01T02:00:00.50+02:00"`),
			with(`"timestamp":"2026-01-01T00:00:00.5Z"`)},
		"duration below 0.01 s": {with(`"result":{"duration":"P1DT12H36M0.1237S"}`),
			with(`"result":{"duration":"P1DT12H36M0.12S"}`)},
		"zeros at the end of seconds": {with(`"result":{"duration":"PT5.00S"}`), with(`"result":{"duration":"PT5S"}`)},
		"one context activity": {
			with(`"context":{"contextActivities":{"parent":{"id":"a:1"}}}`),
			with(`"context":{"contextActivities":{"parent":[{"objectType":"Activity","id":"a:1"}]}}`)},
		"order of members": {
			with(`"context":{"team":{"objectType":"Group","member":[{"mbox":"mailto:a@e.org"},{"mbox":"mailto:b@e.org"}]}}`),
			with(`"context":{"team":{"member":[{"mbox":"mailto:b@e.org"},{"objectType":"Agent","mbox":"mailto:a@e.org"}],` +
				`"objectType":"Group"}}`)},
		"order of attachments": {
			with(`"attachments":[` + attachment("1") + `,` + attachment("2") + `]`), with(`"attachments":[` +
				attachment("2") + `,` + attachment("1") + `]`)},
		"case of UUIDs and language": {
			with(`"context":{"registration":"8F87CCDE-BB56-4C2E-AB83-44982EF22DF0","language":"en-us"}`),
			with(`"context":{"registration":"8f87ccde-bb56-4c2e-ab83-44982ef22df0","language":"en-US"}`)},
		"case of a StatementRef's id": {
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"StatementRef","id":"` + lowerID + `"}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"StatementRef","id":"` + upperID + `"}}`},
		"members of a Group as object": {
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},` +
				`"object":{"objectType":"Group","member":[{"mbox":"mailto:a@e.org"},{"mbox":"mailto:b@e.org"}]}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},` +
				`"object":{"objectType":"Group","member":[{"mbox":"mailto:b@E.org"},{"mbox":"mailto:a@e.org"}]}}`},
		"context Agents and Groups, and a statement in the context": {
			with(`"context":{"statement":{"objectType":"StatementRef","id":"` + lowerID + `"},` +
				`"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:a@e.org"}}],` +
				`"contextGroups":[{"objectType":"contextGroup","group":{"objectType":"Group","openid":"https://e.org/"}}]}`),
			with(`"context":{"statement":{"id":"` + upperID + `","objectType":"StatementRef"},` +
				`"contextAgents":[{"agent":{"objectType":"Agent","mbox":"mailto:a@E.org"},"objectType":"contextAgent"}],` +
				`"contextGroups":[{"objectType":"contextGroup","group":{"openid":"https://e.org/","objectType":"Group"}}]}`)},
		"inside a SubStatement": {
			subWith(`"timestamp":"2026-01-01T02:00:00+02:00","context":{"contextActivities":{"other":{"id":"a:1",` +
				`"definition":{}}}}`),
			subWith(`"timestamp":"2026-01-01T00:00:00Z","context":{"contextActivities":{"other":[{"id":"a:1"}]}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			if a, b := comparable(decoded(t, pair[0])), comparable(decoded(t, pair[1])); a != b {
				t.Errorf("not the same:\n%s\n%s", a, b)
			}
		})
	}
}

func TestDifferentStatements(t *testing.T) {
	for name, pair := range map[string][2]string{
		"actor":             {minimal, strings.Replace(minimal, "a@", "b@", 1)},
		"case of an mbox":   {minimal, strings.Replace(minimal, "a@", "A@", 1)},
		"name of the actor": {minimal, strings.Replace(minimal, `"mbox"`, `"name":"Ana","mbox"`, 1)},
		"verb":              {minimal, strings.Replace(minimal, "/v", "/V", 1)},
		"object":            {minimal, strings.Replace(minimal, "/o", "/o/", 1)},
		"a result":          {minimal, with(`"result":{}`)},
		"numbers beyond a float": {with(`"result":{"score":{"raw":12345678901234567890}}`),
			with(`"result":{"score":{"raw":12345678901234567891}}`)},
		"sign": {with(`"result":{"score":{"raw":1}}`), with(`"result":{"score":{"raw":-1}}`)},
		"exponents beyond all": {with(`"result":{"score":{"raw":1e99999999999999999999}}`),
			with(`"result":{"score":{"raw":1e99999999999999999998}}`)},
		"a number and a string": {with(`"result":{"extensions":{"a:b":1}}`), with(`"result":{"extensions":{"a:b":"1"}}`)},
		"null and nothing":      {with(`"result":{"extensions":{"a:b":null}}`), with(`"result":{"extensions":{}}`)},
		"order in an extension": {with(`"result":{"extensions":{"a:b":[1,2]}}`),
			with(`"result":{"extensions":{"a:b":[2,1]}}`)},
		"duration":                  {with(`"result":{"duration":"PT1.12S"}`), with(`"result":{"duration":"PT1.13S"}`)},
		"duration, spelt otherwise": {with(`"result":{"duration":"PT60S"}`), with(`"result":{"duration":"PT1M"}`)},
		"timestamp": {with(`"timestamp":"2026-01-01T00:00:00Z"`),
			with(`"timestamp":"2026-01-01T00:00:00.001Z"`)},
		"a timestamp": {minimal, with(`"timestamp":"2026-01-01T00:00:00Z"`)},
		"how often a member comes": {
			with(`"context":{"instructor":{"objectType":"Group","member":[{"mbox":"mailto:a@e.org"},` +
				`{"mbox":"mailto:b@e.org"},{"mbox":"mailto:b@e.org"}]}}`),
			with(`"context":{"instructor":{"objectType":"Group","member":[{"mbox":"mailto:a@e.org"},` +
				`{"mbox":"mailto:a@e.org"},{"mbox":"mailto:b@e.org"}]}}`)},
		"a StatementRef": {
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"StatementRef","id":"` + lowerID + `"}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},` +
				`"object":{"objectType":"StatementRef","id":"8f87ccde-bb56-4c2e-ab83-44982ef22df1"}}`},
		"relevantTypes": {
			with(`"context":{"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:a@e.org"}}]}`),
			with(`"context":{"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:a@e.org"},"relevantTypes":["a:t"]}]}`)},
		"kind of context activity": {
			with(`"context":{"contextActivities":{"parent":{"id":"a:1"}}}`),
			with(`"context":{"contextActivities":{"other":{"id":"a:1"}}}`)},
		"a display in an extension": {
			with(`"result":{"extensions":{"a:b":{"display":1,"id":2}}}`),
			with(`"result":{"extensions":{"a:b":{"display":2,"id":2}}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			if a, b := comparable(decoded(t, pair[0])), comparable(decoded(t, pair[1])); a == b {
				t.Errorf("the same: %s", a)
			}
		})
	}
}

func attachment(display string) string {
	return `{"usageType":"a:u","display":{"en":"` + display + `"},"contentType":"a/b","length":1,"sha2":"` +
		strings.Repeat("ab", 32) + `"}`
}

// Any JSON in an extension, written in another order and spelling, is the same; with one leaf changed it is not.
func TestSamenessOfAnyJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := anyJSON(3).Draw(t, "value")
		one := decoded(t, with(`"result":{"extensions":{"a:b":`+respell(t, value)+`}}`))
		two := decoded(t, with(`"result":{"extensions":{"a:b":`+respell(t, value)+`}}`))
		if comparable(one) != comparable(two) {
			t.Fatalf("not the same:\n%s\n%s", one.Raw(), two.Raw())
		}
		other := decoded(t, with(`"result":{"extensions":{"a:b":[`+respell(t, value)+`]}}`))
		if comparable(one) == comparable(other) {
			t.Fatalf("the same:\n%s\n%s", one.Raw(), other.Raw())
		}
	})
}

// Statements compare as equal exactly when their parts do.
func TestSamenessFollowsTheParts(t *testing.T) {
	part := rapid.Custom(func(t *rapid.T) map[string]string {
		return map[string]string{
			"timestamp": rapid.SampledFrom([]string{``, `"2026-01-01T00:00:00Z"`, `"2026-01-01T00:00:00.1Z"`}).Draw(t,
				"timestamp"),
			"result": rapid.SampledFrom([]string{``, `{"success":true}`, `{"success":false}`, `{"response":"a"}`}).Draw(t,
				"result"),
			"context": rapid.SampledFrom([]string{``, `{}`, `{"platform":"a"}`, `{"revision":"a"}`}).Draw(t, "context"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := part.Draw(t, "a"), part.Draw(t, "b")
		got := comparable(decoded(t, withParts(a))) == comparable(decoded(t, withParts(b)))
		if want := maps.Equal(a, b); got != want {
			t.Fatalf("same: %v, want %v", got, want)
		}
	})
}

func withParts(parts map[string]string) string {
	var members []string
	for key, value := range parts {
		if value != "" {
			members = append(members, `"`+key+`":`+value)
		}
	}
	if len(members) == 0 {
		return minimal
	}
	return with(strings.Join(members, ","))
}

func anyJSON(depth int) *rapid.Generator[any] {
	leaf := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Int64().AsAny(), rapid.String().AsAny(),
		rapid.Map(rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?`),
			func(s string) any { return json.Number(s) }),
	}
	if depth == 0 {
		return rapid.OneOf(leaf...)
	}
	inner := anyJSON(depth - 1)
	return rapid.OneOf(append(leaf, rapid.SliceOfN(inner, 0, 4).AsAny(), rapid.MapOfN(rapid.String(), inner, 0, 4).AsAny())...)
}

// respell writes a value as one of the many texts that mean it.
func respell(t *rapid.T, value any) string {
	space := rapid.SampledFrom([]string{"", " ", "\n\t"}).Draw(t, "space")
	switch v := value.(type) {
	case map[string]any:
		var members []string
		for _, key := range rapid.Permutation(slices.Sorted(maps.Keys(v))).Draw(t, "order") {
			members = append(members, respell(t, key)+":"+respell(t, v[key]))
		}
		return "{" + strings.Join(members, ","+space) + "}" + space
	case []any:
		var elements []string
		for _, element := range v {
			elements = append(elements, respell(t, element))
		}
		return space + "[" + strings.Join(elements, space+",") + "]"
	case string:
		return respellString(t, v)
	case int64:
		if v != 0 && v%1000 == 0 && rapid.Bool().Draw(t, "exponent") {
			return fmt.Sprintf("%d.0E+3", v/1000)
		}
		return fmt.Sprint(v) + rapid.SampledFrom([]string{"", ".0", "e0", "e-00"}).Draw(t, "tail")
	}
	plain, _ := json.Marshal(value)
	return string(plain)
}

func respellString(t *rapid.T, s string) string {
	if rapid.Bool().Draw(t, "plain") {
		plain, _ := json.Marshal(s)
		return string(plain)
	}
	var b strings.Builder
	for _, r := range s {
		if r > 0xFFFF {
			fmt.Fprintf(&b, `\u%04x\u%04X`, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
			continue
		}
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}

func TestTimestampsCompareAsInstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
		spell := func(label string) string {
			zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Filter(func(m int) bool { return m != 0 }).Draw(t,
				label))
			return `"timestamp":"` + at.In(zone).Format("2006-01-02T15:04:05.000000000Z07:00") + `"`
		}
		if comparable(decoded(t, with(spell("a")))) != comparable(decoded(t, with(spell("b")))) {
			t.Fatal("not the same")
		}
	})
}
