package xapi_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"cairn/internal/xapi"
)

const minimal = `{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v"},` +
	`"object":{"id":"https://example.org/o"}}`

// with is the minimal statement with more members.
func with(members string) string { return strings.TrimSuffix(minimal, "}") + "," + members + "}" }

// deep is the minimal statement with arrays in an extension, so that it has as many levels as said.
func deep(levels int) string {
	inner := strings.Repeat("[", levels-3) + strings.Repeat("]", levels-3)
	return with(`"result":{"extensions":{"https://example.org/x":` + inner + `}}`)
}

func TestDecodeRefusesWhatIsNotStrictJSON(t *testing.T) {
	for _, c := range []struct{ name, body, at, says string }{
		{"nothing", "", "", "ends too early"},
		{"white space", " \n", "", "ends too early"},
		{"cut short", minimal[:40], "", "ends too early"},
		{"more after the end", minimal + "{", "", "more after the end"},
		{"two statements without an array", minimal + minimal, "", "more after the end"},
		{"a trailing comma", with(""), "", "broken"},
		{"single quotes", "{'actor':1}", "", "broken"},
		{"a number with a leading zero", with(`"result":{"score":{"raw":01}}`), "/result/score", "broken"},
		{"NaN", with(`"result":{"score":{"raw":NaN}}`), "/result/score/raw", "broken"},
		{"a doubled key", with(`"result":{"success":true,"success":true}`), "/result/success", "twice"},
		{"a doubled key, spelt differently", with(`"result":{"success":true,"\u0073uccess":true}`), "/result/success", "twice"},
		{"a doubled key deep in an extension", with(`"result":{"extensions":{"a:b":{"k":1,"k":2}}}`),
			"/result/extensions/a:b/k", "twice"},
		{"bytes that are not UTF-8", with("\"result\":{\"response\":\"\xff\"}"), "/result/response", "UTF-8"},
		{"half a surrogate pair", with(`"result":{"response":"\ud800"}`), "/result/response", "surrogate"},
		{"a control character", with("\"result\":{\"response\":\"\n\"}"), "/result/response", "broken"},
		{"65 levels", deep(65), "/result/extensions/https:~1~1example.org~1x" + strings.Repeat("/0", 61), "64 deep"},
		{"100 levels", deep(100), "", "64 deep"},
		{"a million levels", strings.Repeat("[", 1_000_000), "", "64 deep"},
		{"a string", `"statement"`, "", "an object"},
		{"null", `null`, "", "null"},
		{"an array in an array", `[[]]`, "/0", "an object"},
		{"null in an array", "[" + minimal + ",null]", "/1", "null"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := xapi.Decode([]byte(c.body), xapi.V1)
			var problem *xapi.Problem
			if !errors.As(err, &problem) {
				t.Fatalf("got %v, want a Problem", err)
			}
			if !strings.HasPrefix(problem.Pointer, c.at) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %q at %q, want %q at %q", err, problem.Pointer, c.says, c.at)
			}
		})
	}
}

func TestDecodeTakes64Levels(t *testing.T) {
	statements, _, err := xapi.Decode([]byte(deep(64)), xapi.V1)
	if err != nil {
		t.Fatal(err)
	}
	stored := "[" + string(statements[0].AppendStored(nil, xapi.Stamp{})) + "]"
	if _, err := xapi.ParseMany([]byte(stored)); err != nil {
		t.Errorf("what was taken cannot be read back: %v", err)
	}
}

func TestDecodeTellsOneFromMany(t *testing.T) {
	for _, c := range []struct {
		body   string
		count  int
		single bool
	}{
		{minimal, 1, true},
		{"[" + minimal + "]", 1, false},
		{" [ " + minimal + " ,\n" + minimal + "]\n", 2, false},
		{"[]", 0, false},
	} {
		statements, single, err := xapi.Decode([]byte(c.body), xapi.V2)
		if err != nil || len(statements) != c.count || single != c.single {
			t.Errorf("%s: %d statements, single %v, %v", c.body, len(statements), single, err)
		}
	}
}

func TestDecodeRefusesAnIDTwiceInOneRequest(t *testing.T) {
	first, second := with(`"id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"`), with(`"id":"6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"`)
	_, _, err := xapi.Decode([]byte("["+first+","+second+"]"), xapi.V2)
	var problem *xapi.Problem
	if !errors.As(err, &problem) || problem.Pointer != "/1/id" {
		t.Errorf("got %v", err)
	}
}

// A body that says nothing must not cost much more than its own size.
func TestDecodeAllocatesByTheSizeOfTheBody(t *testing.T) {
	for name, body := range map[string]string{
		"many small values": with(`"result":{"extensions":{"a:b":[` + strings.Repeat("0,", 1<<20) + `0]}}`),
		"one long string":   with(`"result":{"response":"` + strings.Repeat("x", 1<<19) + `"}`),
		"many keys":         with(`"result":{"extensions":{` + keys(50_000, "a:%d") + `}}`),
		"keys with escapes": with(`"result":{"extensions":{"a:b":[` + strings.Repeat("{"+keys(20, `\u0061%0200d`)+"},", 100) + `0]}}`),
		"levels":            strings.Repeat(`{"a":`, 1<<19),
	} {
		t.Run(name, func(t *testing.T) {
			data := []byte(body)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, _ = xapi.Decode(data, xapi.V1)
			runtime.ReadMemStats(&after)
			if used, limit := after.TotalAlloc-before.TotalAlloc, uint64(16*len(data)); used > limit {
				t.Errorf("%d bytes allocated for a body of %d", used, len(data))
			}
		})
	}
}

// keys are the members of an object, with keys that differ only in their number.
func keys(count int, format string) string {
	var members []string
	for i := range count {
		members = append(members, fmt.Sprintf(`"`+format+`":0`, i))
	}
	return strings.Join(members, ",")
}

func TestParseManyKeepsThePlaceOfWhatWasErased(t *testing.T) {
	statements, err := xapi.ParseMany([]byte("[" + minimal + ",null]"))
	if err != nil || len(statements) != 2 || statements[0] == nil || statements[1] != nil {
		t.Fatalf("%v, %v", statements, err)
	}
	if !bytes.Equal(statements[0].Raw(), []byte(minimal)) {
		t.Errorf("raw is %s", statements[0].Raw())
	}
}
