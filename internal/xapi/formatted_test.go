package xapi_test

import (
	"strings"
	"testing"

	"cairn/internal/xapi"
)

func TestAppendIDs(t *testing.T) {
	for _, c := range []struct{ name, stored, want string }{
		{"Agents, verb and Activities", `{"actor":{"objectType":"Agent","name":"Ana","mbox":"mailto:a@e.org"},` +
			`"verb":{"id":"a:v","display":{"en":"x"}},
			"object":{"objectType":"Activity","id":"a:o","definition":{}},"result":{"success":true},
			"stored":"2026-01-01T00:00:00.000000Z",
			"authority":{"name":"Key","account":{"homePage":"https://e.org","name":"k"}},
			"context":{"platform":"web","instructor":{"name":"I","openid":"https://e.org/i"},
			"contextActivities":{"parent":[{"id":"a:1","definition":{}},{"id":"a:2"}]},
			"contextAgents":[{"objectType":"contextAgent","agent":{"name":"C","mbox":"mailto:c@e.org"},
			"relevantTypes":["a:t"]}]}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"id":"a:o"},"result":{"success":true},` +
				`"stored":"2026-01-01T00:00:00.000000Z",` +
				`"authority":{"account":{"homePage":"https://e.org","name":"k"}},` +
				`"context":{"platform":"web","instructor":{"openid":"https://e.org/i"},` +
				`"contextActivities":{"parent":[{"id":"a:1"},{"id":"a:2"}]},` +
				`"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:c@e.org"},"relevantTypes":["a:t"]}]}}`},
		{"Groups", `{"actor":{"name":"G","objectType":"Group","mbox":"mailto:g@e.org",` +
			`"member":[{"mbox":"mailto:a@e.org"}]},"verb":{"id":"a:v"},
			"object":{"objectType":"Group","name":"H","member":[{"objectType":"Agent","name":"A",
			"mbox":"mailto:a@e.org"},{"mbox_sha1sum":"ab"}]}}`,
			`{"actor":{"objectType":"Group","mbox":"mailto:g@e.org"},"verb":{"id":"a:v"},` +
				`"object":{"objectType":"Group","member":[{"mbox":"mailto:a@e.org"},{"mbox_sha1sum":"ab"}]}}`},
		{"an Agent as object keeps its type", `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},` +
			`"object":{"name":"B","mbox":"mailto:b@e.org","objectType":"Agent"}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"Agent","mbox":"mailto:b@e.org"}}`},
		{"StatementRef", `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"StatementRef",` +
			`"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0"}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"StatementRef",` +
				`"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0"}}`},
		{"SubStatement", `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"SubStatement",` +
			`"actor":{"name":"B","mbox":"mailto:b@e.org"},
			"verb":{"id":"a:w","display":{}},"object":{"id":"a:o","definition":{}}}}`,
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"SubStatement",` +
				`"actor":{"mbox":"mailto:b@e.org"},"verb":{"id":"a:w"},"object":{"id":"a:o"}}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(parsed(t, c.stored).AppendIDs(nil)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func parsed(t *testing.T, stored string) *xapi.Statement {
	t.Helper()
	s, err := xapi.Parse([]byte(stored))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAppendCanonicalPicksOneLanguage(t *testing.T) {
	const languages = `{"en-US":"1","de":"2","fr-CA":"3","en-GB":"4"}`
	for accept, want := range map[string]string{
		"en-GB":                  `{"en-GB":"4"}`,
		"EN-gb":                  `{"en-GB":"4"}`,
		"de-CH":                  `{"de":"2"}`,
		"fr":                     `{"fr-CA":"3"}`,
		"fr-FR":                  `{"fr-CA":"3"}`,
		"fr-FR, de;q=0.5":        `{"de":"2"}`,
		"de;q=0.5, fr-CA;q=0.7":  `{"fr-CA":"3"}`,
		"en":                     `{"en-US":"1"}`,
		"en;q=0.1,*;q=0.9":       `{"en-US":"1"}`,
		"en;q=0, *":              `{"de":"2"}`,
		"it":                     `{"en-US":"1"}`,
		"it, en-US;q=0":          `{"en-GB":"4"}`,
		"":                       `{"en-US":"1"}`,
		"*":                      `{"en-US":"1"}`,
		";;q=,de;q=x,fr-CA;q=.1": `{"fr-CA":"3"}`,
		"*;q=0":                  `{"en-US":"1"}`,
		"de-a-phonebk":           `{"de":"2"}`,
	} {
		s := parsed(t, `{"verb":{"id":"a:v","display":`+languages+`}}`)
		if got := string(s.AppendCanonical(nil, accept, none)); got != `{"verb":{"id":"a:v","display":`+want+`}}` {
			t.Errorf("%q: got %s, want %s", accept, got, want)
		}
	}
}

func none(string) []byte { return nil }

func TestAppendCanonicalReachesEveryLanguageMap(t *testing.T) {
	const both, one = `{"en":"a","fr":"b"}`, `{"fr":"b"}`
	definition := `{"name":` + both + `,"description":` + both + `,"type":"a:t","interactionType":"choice",` +
		`"choices":[{"id":"name","description":` + both + `}],` +
		`"extensions":{"a:x":{"name":` + both + `}}}`
	activity := `{"id":"a:o","definition":` + definition + `}`
	stored := `{"actor":{"name":"Ana","mbox":"mailto:a@e.org"},"verb":{"id":"a:v","display":` + both +
		`},"object":{"objectType":"SubStatement","verb":{"id":"a:v","display":` + both + `},"object":` + activity + `},` +
		`"context":{"contextActivities":{"parent":[` + activity + `]},"extensions":{"a:y":` + both +
		`}},"attachments":[{"display":` + both + `,"description":{}}]}`
	want := strings.ReplaceAll(stored, both, one)
	want = strings.ReplaceAll(want, `{"a:x":{"name":`+one, `{"a:x":{"name":`+both)
	want = strings.ReplaceAll(want, `{"a:y":`+one, `{"a:y":`+both)
	if got := string(parsed(t, stored).AppendCanonical(nil, "fr", none)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAppendCanonicalTakesTheKnownDefinition(t *testing.T) {
	known := func(id string) []byte {
		if id == "a:1" {
			return []byte(`{"name": {"en":"known","fr":"connu"}}`)
		}
		return nil
	}
	s := parsed(t, `{"object":{"id":"a:1"},"context":{"contextActivities":{"other":[{"id":"a:1",`+
		`"definition":{"name":{"en":"sent"}}},{"id":"a:2","definition":{"name":{"en":"sent"}}}]}}}`)
	want := `{"object":{"id":"a:1","definition":{"name":{"fr":"connu"}}},` +
		`"context":{"contextActivities":{"other":[{"id":"a:1","definition":{"name":{"fr":"connu"}}},{"id":"a:2",` +
		`"definition":{"name":{"en":"sent"}}}]}}}`
	if got := string(s.AppendCanonical(nil, "fr", known)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMergeDefinition(t *testing.T) {
	for _, c := range []struct{ name, known, newer, want string }{
		{"nothing known", ``, `{ "name": {"en": "a"} }`, `{"name":{"en":"a"}}`},
		{"nothing newer", `{"name":{"en":"a"}}`, ``, `{"name":{"en":"a"}}`},
		{"languages", `{"name":{"en":"a","de":"b"},"type":"a:t"}`, `{"name":{"fr":"c","de":"d"},"description":{"en":"e"}}`,
			`{"name":{"en":"a","de":"d","fr":"c"},"type":"a:t","description":{"en":"e"}}`},
		{"properties", `{"type":"a:t","moreInfo":"a:m"}`, `{"type":"a:u"}`, `{"type":"a:u","moreInfo":"a:m"}`},
		{"extensions", `{"extensions":{"a:1":{"x":1},"a:2":2}}`, `{"extensions":{"a:1":{"y":1}}}`,
			`{"extensions":{"a:1":{"y":1},"a:2":2}}`},
		{"components", `{"interactionType":"choice","choices":[{"id":"a","description":{"en":"A"}},{"id":"b"}]}`,
			`{"choices":[{"id":"c"},{"id":"a","description":{"fr":"Á"}}]}`,
			`{"interactionType":"choice","choices":[{"id":"c"},{"id":"a","description":{"en":"A","fr":"Á"}}]}`},
		{"empty", `{}`, `{"name":{}}`, `{"name":{}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := xapi.MergeDefinition(optional(c.known), optional(c.newer))
			if string(got) != c.want {
				t.Fatalf("got  %s\nwant %s", got, c.want)
			}
			if again := xapi.MergeDefinition(got, optional(c.newer)); &again[0] != &got[0] {
				t.Errorf("merging the same again makes %s anew", again)
			}
		})
	}
}

func optional(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}

func TestMergeDefinitionSaysWhenNothingChanged(t *testing.T) {
	known := []byte(`{"name":{"en":"a","de":"b"},"extensions":{"a:1":1}}`)
	for _, newer := range []string{`{}`, `{"extensions": {}}`, `{"name":{"de":"b"}}`,
		`{"extensions":{"a:1":1},"name":{"de":"b","en":"a"}}`} {
		if got := xapi.MergeDefinition(known, []byte(newer)); &got[0] != &known[0] {
			t.Errorf("%s makes %s", newer, got)
		}
	}
}

func TestAppendActivity(t *testing.T) {
	if got := string(xapi.AppendActivity(nil, `a:"é`, []byte(`{ "type": "a:t" }`))); got != `{"objectType":"Activity",`+
		`"id":"a:\"é","definition":{"type":"a:t"}}` {
		t.Error(got)
	}
	if got := string(xapi.AppendActivity(nil, "a:b", nil)); got != `{"objectType":"Activity","id":"a:b"}` {
		t.Error(got)
	}
}
