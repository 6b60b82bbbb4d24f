package xapi_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cairn/internal/xapi"
)

const statements = "../../testdata/statements/"

// rulesCase is a case of testdata/statements; its README says what the keys mean.
type rulesCase struct {
	Name    string
	With    json.RawMessage
	Without []string
	Version string
	Alone   bool
	At      string
	Says    string
}

func TestEveryRuleAcceptsWhatIsValid(t *testing.T) {
	eachCase(t, "valid", func(t *testing.T, c rulesCase, body string, _ string, v xapi.Version) {
		if _, _, err := xapi.Decode([]byte(body), v); err != nil {
			t.Errorf("%v\n%s", err, body)
		}
	})
}

func TestEveryRuleRefusesWhatIsInvalid(t *testing.T) {
	eachCase(t, "invalid", func(t *testing.T, c rulesCase, body, within string, v xapi.Version) {
		_, _, err := xapi.Decode([]byte(body), v)
		var problem *xapi.Problem
		if !errors.As(err, &problem) {
			t.Fatalf("got %v, want a Problem\n%s", err, body)
		}
		if want := within + c.At; problem.Pointer != want {
			t.Errorf("at %q, want %q: %v", problem.Pointer, want, err)
		}
		if !strings.Contains(err.Error(), c.Says) {
			t.Errorf("%q does not say %q", err, c.Says)
		}
		text := map[xapi.Version]string{xapi.V1: "xAPI 1.0.3 Data ", xapi.V2: "IEEE 9274.1.1 "}[v]
		if !strings.HasPrefix(problem.Rule, text) {
			t.Errorf("the rule is %q, want one of %q", problem.Rule, text)
		}
	})
}

// eachCase runs the cases of a folder: by themselves, in an array, and as a SubStatement, in each version they hold for.
func eachCase(t *testing.T, folder string, test func(t *testing.T, c rulesCase, body, within string, v xapi.Version)) {
	files, err := filepath.Glob(filepath.Join(statements, folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", folder, err)
	}
	for _, file := range files {
		var cases []rulesCase
		if err := json.Unmarshal(content(t, file), &cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, c := range cases {
			for _, v := range []xapi.Version{xapi.V1, xapi.V2} {
				if c.Version != "" && c.Version != v.String() {
					continue
				}
				body := c.body(t)
				name := strings.TrimSuffix(filepath.Base(file), ".json") + "/" + v.String() + "/" + c.Name
				t.Run(name, func(t *testing.T) { test(t, c, body, "", v) })
				t.Run(name+"/in a batch", func(t *testing.T) {
					test(t, c, "["+string(content(t, statements+"base.json"))+",\n"+body+"]", "/1", v)
				})
				if !c.Alone {
					t.Run(name+"/as SubStatement", func(t *testing.T) { test(t, c, asSubStatement(t, body), "/object", v) })
				}
			}
		}
	}
}

// body is the base with the changes of the case, whose JSON goes in byte for byte.
func (c rulesCase) body(t testing.TB) string {
	var base, with map[string]json.RawMessage
	if err := json.Unmarshal(content(t, statements+"base.json"), &base); err != nil {
		t.Fatal(err)
	}
	members := ""
	if c.With != nil {
		if err := json.Unmarshal(c.With, &with); err != nil {
			t.Fatal(err)
		}
		members = strings.TrimSpace(string(c.With))
		members = members[1 : len(members)-1]
	}
	for _, key := range c.Without {
		delete(base, key)
	}
	for key, value := range base {
		if _, replaced := with[key]; !replaced {
			if members != "" {
				members += ", "
			}
			members += `"` + key + `": ` + string(value)
		}
	}
	return "{" + members + "}"
}

func asSubStatement(t *testing.T, body string) string {
	inner := `{"objectType": "SubStatement", ` + strings.TrimPrefix(body, "{")
	return rulesCase{With: json.RawMessage(`{"object": ` + inner + `}`)}.body(t)
}

func content(t testing.TB, file string) []byte {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
