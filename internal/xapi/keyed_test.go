package xapi_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cairn/internal/xapi"

	"pgregory.net/rapid"
)

// keyOf is the key of an identity in these tests.
func keyOf(identity string) string { return fmt.Sprintf("k%x", len(identity)) }

func TestAppendKeyed(t *testing.T) {
	stored := `{"actor":{"objectType":"Group","name":"Walkers","member":[{"name":"Ada","mbox":"mailto:Ada@Example.org"},{"objectType":"Agent","account":{"homePage":"https://hr.example.org","name":"u-48213"}}]},` +
		`"verb":{"id":"a:v","display":{"en":"told \u0061da@example.org"}},"object":{"id":"https://e.org/of?who=ada%40example.org","definition":{"interactionType":"choice",` +
		`"choices":[{"id":"U-48213"},{"id":"b"}],"extensions":{"https://e.org/u-48213":1,"https://e.org/x":["ada",{"mail":"<ADA@EXAMPLE.ORG>"},48213]}}},` +
		`"result":{"response":"I am Ada@example.org","score":{"raw":48213},"duration":"PT1S"},` +
		`"context":{"instructor":{"objectType":"Group","openid":"https://e.org/team","member":[{"mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"}]},"platform":"https://e.org/team/x",` +
		`"extensions":{"https://e.org/id":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}},` +
		`"attachments":[{"usageType":"a:u","display":{"en":"a"},"description":{"en":"of u-48213"},"contentType":"text/plain; name=\"u-48213.txt\"","length":1,"sha2":"ab"}],` +
		`"authority":{"objectType":"Group","member":[{"account":{"homePage":"https://e.org","name":"app"}},{"account":{"homePage":"https://e.org","name":"12345"}}]}}`
	want := `{"actor":{"objectType":"Group","member":[{"account":{"homePage":"urn:cairn:actor","name":"k1b"}},{"objectType":"Agent","account":{"homePage":"urn:cairn:actor","name":"k26"}}]},` +
		`"verb":{"id":"a:v","display":{"en":"(removed)"}},"object":{"id":"urn:cairn:removed","definition":{"interactionType":"choice",` +
		`"choices":[{"id":"b"}],"extensions":{"https://e.org/x":["ada",{"mail":"(removed)"},48213]}}},` +
		`"result":{"response":"(removed)","score":{"raw":48213},"duration":"PT1S"},` +
		`"context":{"instructor":{"objectType":"Group","account":{"homePage":"urn:cairn:actor","name":"k19"},"member":[{"account":{"homePage":"urn:cairn:actor","name":"k2d"}}]},"platform":"urn:cairn:removed",` +
		`"extensions":{"https://e.org/id":"(removed)"}},` +
		`"attachments":[{"usageType":"a:u","display":{"en":"a"},"description":{"en":"(removed)"},"contentType":"application/octet-stream","length":1,"sha2":"ab"}],` +
		`"authority":{"objectType":"Group","member":[{"account":{"homePage":"https://e.org","name":"app"}},{"account":{"homePage":"urn:cairn:actor","name":"k1b"}}]}}`
	if got := string(parsed(t, stored).AppendKeyed(nil, keyOf)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A number that is the name of an account tells as much as the name, but only where anything may stand.
func TestAppendKeyedNumbers(t *testing.T) {
	stored := `{"actor":{"account":{"homePage":"a:b","name":"48213"}},"verb":{"id":"a:v"},"object":{"id":"a:o"},"result":{"score":{"raw":48213},"extensions":{"a:e":[48213,482130]}}}`
	want := `{"actor":{"account":{"homePage":"urn:cairn:actor","name":"k11"}},"verb":{"id":"a:v"},"object":{"id":"a:o"},"result":{"score":{"raw":48213},"extensions":{"a:e":["(removed)",482130]}}}`
	if got := string(parsed(t, stored).AppendKeyed(nil, keyOf)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Whoever stands in the statements of testdata, nothing of him is left, and everything else is as it was.
func TestAppendKeyedOfTestdata(t *testing.T) {
	eachCase(t, "valid", func(t *testing.T, _ rulesCase, body, _ string, v xapi.Version) {
		list, _, err := xapi.Decode([]byte(body), v)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			checkKeyed(t, s, v)
		}
	})
	for _, s := range whole(t) {
		checkKeyed(t, s, xapi.V1)
	}
}

func TestAppendKeyedOfNastyAgents(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := nasty{r}
		body := n.statement()
		list, _, err := xapi.Decode([]byte(body), xapi.V2)
		if err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		checkKeyed(t, list[0], xapi.V2)
	})
}

// FuzzAppendKeyed goes over whatever Decode takes.
func FuzzAppendKeyed(f *testing.F) {
	for _, body := range seeds(f) {
		f.Add(body)
	}
	for i := range 20 {
		f.Add([]byte(rapid.Custom(func(r *rapid.T) string { return nasty{r}.statement() }).Example(i)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		list, _, err := xapi.Decode(body, xapi.V2)
		if err != nil {
			return
		}
		for _, s := range list {
			checkKeyed(t, s, xapi.V2)
		}
	})
}

// nasty makes statements whose agents stand everywhere, spelt in many ways.
type nasty struct{ *rapid.T }

func (n nasty) statement() string {
	one := n.agent("Agent")
	say := func() string { return n.spell(n.within(one)) }
	return `{"actor":` + n.either(one.json(n), n.group(one)) + `,"verb":{"id":"a:v","display":{"en":` + say() + `}},"object":` + n.object(one, true) +
		`,"result":{"response":` + say() + `,"duration":"PT1M30S","extensions":` + n.extensions(one) + `}` +
		`,"context":{"registration":"2a41c918-b88b-4220-a4a8-9e93cb1b9f01","language":"en-US","instructor":` + n.group(n.agent("Agent")) +
		`,"contextAgents":[{"objectType":"contextAgent","agent":` + n.agent("Agent").json(n) + `,"relevantTypes":[` + n.spell(n.iri(one)) + `]}]` +
		`,"contextGroups":[{"objectType":"contextGroup","group":` + n.group(one) + `}],"extensions":` + n.extensions(one) + `}` +
		`,"attachments":[{"usageType":"a:u","display":{"x-a":` + say() + `},"description":{"duration":` + say() + `},"contentType":"text/plain","length":1,"sha2":"` + strings.Repeat("ab", 28) + `"}]` +
		`,"authority":` + n.either(n.agent("Agent").json(n), `{"objectType":"Group","member":[`+n.agent("Agent").json(n)+`,`+one.json(n)+`]}`) +
		`,"timestamp":"2026-01-02T03:04:05Z"}`
}

func (n nasty) object(one who, outer bool) string {
	switch rapid.IntRange(0, 3).Draw(n.T, "object") {
	case 0:
		return n.agent("Agent").json(n)
	case 1:
		return n.group(one)
	case 2:
		if outer {
			return `{"objectType":"SubStatement","actor":` + n.agent("Agent").json(n) + `,"verb":{"id":"a:v"},"object":` + n.object(one, false) + `}`
		}
	}
	return `{"id":` + n.spell(n.iri(one)) + `,"definition":{"interactionType":"choice","name":{"en":` + n.spell(n.within(one)) + `},"moreInfo":` + n.spell(n.iri(one)) +
		`,"choices":[{"id":` + n.spell(n.within(one)) + `},{"id":"b"}],"correctResponsesPattern":[` + n.spell(n.within(one)) + `],"extensions":` + n.extensions(one) + `}}`
}

func (n nasty) extensions(one who) string {
	return `{` + n.spell(n.iri(one)) + `:` + n.spell(n.within(one)) + `,"a:x":[` + n.spell(n.within(one)) + `,{` + n.spell(n.within(one)) + `:[1,null,true]}]}`
}

func (n nasty) group(one who) string {
	member := `"member":[` + one.json(n) + `,` + n.agent("Agent").json(n) + `]`
	if rapid.Bool().Draw(n.T, "anonymous") {
		return `{"objectType":"Group","name":` + n.spell(n.within(one)) + `,` + member + `}`
	}
	text := n.agent("Group").json(n)
	return text[:len(text)-1] + `,` + member + `}`
}

func (n nasty) either(a, b string) string {
	return rapid.SampledFrom([]string{a, b}).Draw(n.T, "either")
}

// who is an agent, by the kind and the value of his identifier.
type who struct{ objectType, kind, value string }

func (n nasty) agent(objectType string) who {
	w := who{objectType, rapid.SampledFrom([]string{"mbox", "mbox_sha1sum", "openid", "account"}).Draw(n.T, "kind"), ""}
	switch w.kind {
	case "mbox":
		w.value = rapid.StringMatching(`[A-Za-zéÖ0-9.+'-]{1,6}(%41|%C3%A9)?@[A-Z][a-z]{1,5}\.org`).Draw(n.T, "address")
	case "mbox_sha1sum":
		w.value = rapid.StringMatching(`[0-9a-fA-F]{40}`).Draw(n.T, "hash")
	case "openid":
		w.value = rapid.StringMatching(`https://[a-zA-Z]{1,5}\.org/[A-Z(]{0,3}(%2[bB])?`).Draw(n.T, "openid")
	case "account":
		w.value = rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z"\\</%ÄßİK\x{1F600}]{3,8}`), rapid.StringMatching(`[1-9][0-9]{4,6}`)).Draw(n.T, "account")
	}
	return w
}

func (w who) json(n nasty) string {
	text := map[string]func() string{
		"mbox": func() string { return n.spell("mailto:" + w.value) }, "mbox_sha1sum": func() string { return n.spell(w.value) },
		"openid":  func() string { return n.spell(w.value) },
		"account": func() string { return `{"homePage":"https://hr.example.org","name":` + n.spell(w.value) + `}` },
	}[w.kind]()
	return `{"objectType":"` + w.objectType + `","name":` + n.spell(w.value) + `,` + n.spell(w.kind) + `:` + text + `}`
}

// within is a text that holds what identifies somebody, in some case, or does not.
func (n nasty) within(w who) string {
	value := rapid.SampledFrom([]string{w.value, strings.ToUpper(w.value), strings.ToLower(w.value), "nobody", percent(w.value)}).Draw(n.T, "value")
	return rapid.SampledFrom([]string{"", "I am ", `"\ÿ100% `}).Draw(n.T, "before") + value + rapid.SampledFrom([]string{"", ".", "😀"}).Draw(n.T, "after")
}

func (n nasty) iri(w who) string {
	return "https://e.org/" + rapid.SampledFrom([]string{percent(w.value), "nobody"}).Draw(n.T, "path") + rapid.SampledFrom([]string{"", "/x"}).Draw(n.T, "rest")
}

func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if 'a' <= c && c <= 'z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// spell writes a string as JSON, some characters by their numbers.
func (n nasty) spell(s string) string {
	every := rapid.IntRange(1, 5).Draw(n.T, "escaped")
	var b strings.Builder
	i := 0
	for _, c := range s {
		if i++; c < 0x10000 && (i%every == 0 || c < ' ' || c == '"' || c == '\\') {
			fmt.Fprintf(&b, `\u%04X`, c)
		} else {
			b.WriteRune(c)
		}
	}
	return `"` + b.String() + `"`
}

// keysOf are the keys of an object, sorted.
func keysOf(o map[string]any) []string { return slices.Sorted(maps.Keys(o)) }
