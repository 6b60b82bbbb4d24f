package xapi_test

import (
	"slices"
	"strings"
	"testing"

	"cairn/internal/xapi"
)

// facetsOf are the facets as sorted lines: the kind, a space, the value.
func facetsOf(s *xapi.Statement) []string {
	var lines []string
	for _, f := range s.Facets() {
		lines = append(lines, string(f.Kind)+" "+f.Value)
	}
	slices.Sort(lines)
	return lines
}

func TestFacets(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"actor, verb, object", minimal, `
			a mbox:mailto:a@example.org
			o https://example.org/o
			v https://example.org/v`},
		{"every identifier, in one spelling", `{"actor":{"objectType":"Group","account":{"homePage":"https://e.org/",` +
			`"name":"a b"},"member":[
				{"mbox":"mailto:Ana@Example.ORG"},{"mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"},
				{"openid":"https://e.org/Cleo"}]},
			"verb":{"id":"a:v"},"object":{"objectType":"Agent","mbox":"mailto:b@e.org"}}`, `
			a account:https://e.org/ a b
			a mbox:mailto:Ana@example.org
			a mbox:mailto:b@e.org
			a openid:https://e.org/Cleo
			a sha1:ebd31e95054c018b10727ccffd2ef2ec3a016ee9
			v a:v`},
		{"members of an anonymous Group as object", `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},
			"object":{"objectType":"Group","member":[{"mbox":"mailto:a@e.org"},{"mbox":"mailto:b@e.org"}]}}`, `
			a mbox:mailto:a@e.org
			a mbox:mailto:b@e.org
			v a:v`},
		{"context and authority", `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"id":"a:o"},
			"authority":{"objectType":"Group","member":[{"mbox":"mailto:app@e.org"},{"mbox":"mailto:a@e.org"}]},
			"context":{"registration":"8F87CCDE-bb56-4c2e-ab83-44982ef22df0","instructor":{"mbox":"mailto:i@e.org"},
			"team":{"objectType":"Group","mbox":"mailto:t@e.org","member":[{"mbox":"mailto:m@e.org"}]},
			"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:ca@e.org"}}],
			"contextGroups":[{"objectType":"contextGroup","group":{"objectType":"Group",
			"member":[{"mbox":"mailto:cg@e.org"}]}}],
			"contextActivities":{"parent":{"id":"a:p"},"grouping":[{"id":"a:g"},{"id":"a:o"},{"id":"a:p"}]}}}`, `
			A mbox:mailto:app@e.org
			A mbox:mailto:ca@e.org
			A mbox:mailto:cg@e.org
			A mbox:mailto:i@e.org
			A mbox:mailto:m@e.org
			A mbox:mailto:t@e.org
			O a:g
			O a:p
			a mbox:mailto:a@e.org
			o a:o
			r 8f87ccde-bb56-4c2e-ab83-44982ef22df0
			v a:v`},
		{"a SubStatement is related, and its verb and registration are nobody's",
			`{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},"object":{"objectType":"SubStatement",
			"actor":{"mbox":"mailto:b@e.org"},"verb":{"id":"a:w"},"object":{"id":"a:o"},
			"context":{"registration":"8f87ccde-bb56-4c2e-ab83-44982ef22df0","instructor":{"mbox":"mailto:a@e.org"},
			"contextActivities":{"other":{"id":"a:x"}}},
			"attachments":[{"usageType":"a:u","display":{},"contentType":"a/b","length":0,
			"sha2":"672FA5FA658017F1B72D65036F13379C6AB05D4AB3B6664908D8ACF0B6A0C634"}]}}`, `
			A mbox:mailto:b@e.org
			O a:o
			O a:x
			a mbox:mailto:a@e.org
			h 672fa5fa658017f1b72d65036f13379c6ab05d4ab3b6664908d8acf0b6a0c634
			v a:v`},
		{"a StatementRef has no activity", `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},` +
			`"object":{"objectType":"StatementRef","id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0"}}`, `
			a mbox:mailto:a@e.org
			v a:v`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(facetsOf(decoded(t, c.body)), "\n")
			if want := strings.ReplaceAll(strings.TrimSpace(c.want), "\t", ""); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestActivities(t *testing.T) {
	s := decoded(t, `{"actor":{"mbox":"mailto:a@e.org"},"verb":{"id":"a:v"},
		"context":{"contextActivities":{"parent":{"id":"a:1","definition":{"name":{"en":"One"}}}}},
		"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:b@e.org"},"verb":{"id":"a:w"},"object":{"id":"a:2",
		"definition":{}},
			"context":{"contextActivities":{"other":[{"id":"a:3"},{"id":"a:1"}]}}}}`)
	var got []string
	s.Activities(func(id string, definition []byte) bool {
		got = append(got, id+" "+string(definition))
		return len(got) < 3
	})
	want := []string{`a:1 {"name":{"en":"One"}}`, `a:2 {}`, `a:3 `}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestParseAgent(t *testing.T) {
	for _, c := range []struct{ raw, identity, person string }{
		{`{"mbox": "mailto:Ana@Example.org", "name": "Ana \u00e9"}`, "mbox:mailto:Ana@example.org",
			`{"objectType":"Person","mbox":["mailto:Ana@Example.org"],"name":["Ana \u00e9"]}`},
		{`{"objectType":"Group","account":{"name":"1", "homePage":"https://e.org"},"member":[{"mbox":"mailto:a@e.org"}]}`,
			"account:https://e.org 1",
			`{"objectType":"Person","account":[{"name":"1","homePage":"https://e.org"}]}`},
		{`{"openid":"https://e.org/a"}`, "openid:https://e.org/a", `{"objectType":"Person","openid":["https://e.org/a"]}`},
		{`{"mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"}`, "sha1:ebd31e95054c018b10727ccffd2ef2ec3a016ee9",
			`{"objectType":"Person","mbox_sha1sum":["EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"]}`},
	} {
		agent, err := xapi.ParseAgent([]byte(c.raw), xapi.V1)
		if err != nil || agent.Identity() != c.identity || string(agent.AppendPerson(nil)) != c.person {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		if facets := decoded(t, `{"actor":`+c.raw+`,"verb":{"id":"a:v"},`+
			`"object":{"id":"a:o"}}`).Facets(); !slices.Contains(facets, xapi.Facet{Kind: xapi.Agent, Value: c.identity}) {
			t.Errorf("%s does not find its statement by %v", c.raw, facets)
		}
	}
	for _, bad := range []string{
		``, `true`, `"mailto:a@e.org"`, `{}`, `{"name":"Ana"}`, `{"objectType":"Group",` +
			`"member":[{"mbox":"mailto:a@e.org"}]}`, `{"mbox":"a@e.org"}`,
		`{"mbox":"mailto:a@e.org","openid":"https://e.org"}`, `{"mbox":"mailto:a@e.org"}{}`, `{"Mbox":"mailto:a@e.org"}`,
		`{"mbox":"mailto:a@e.org"`,
	} {
		if _, err := xapi.ParseAgent([]byte(bad), xapi.V2); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
