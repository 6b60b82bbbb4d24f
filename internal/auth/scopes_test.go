package auth

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// questions are what the rest of Cairn asks of a principal.
var questions = map[string]func(Principal) bool{
	"write statements": Principal.WriteStatements,
	"read statements":  Principal.ReadStatements,
	"only mine":        func(p Principal) bool { return p.ReadStatements() && p.OnlyMine() },
	"read state":       Principal.ReadState,
	"write state":      Principal.WriteState,
	"read profile":     Principal.ReadProfile,
	"write profile":    Principal.WriteProfile,
	"read activities":  Principal.ReadActivitiesAndAgents,
	"define":           Principal.Define,
	"read reports":     Principal.ReadReports,
}

func answers(t *testing.T, scopes string) string {
	t.Helper()
	s, err := ParseScopes(scopes)
	if err != nil {
		t.Fatal(err)
	}
	var yes []string
	for name, question := range questions {
		if question(Principal{scopes: s}) {
			yes = append(yes, name)
		}
	}
	slices.Sort(yes)
	return strings.Join(yes, ", ")
}

// xAPI 1.0.3 Communication 4.2.
func TestWhatScopesAllow(t *testing.T) {
	for scopes, want := range map[string]string{
		"all": "define, read activities, read profile, read state, read statements, " +
			"write profile, write state, write statements",
		"all/read":             "read activities, read profile, read state, read statements",
		"statements/write":     "write statements",
		"statements/read":      "read activities, read statements",
		"statements/read/mine": "only mine, read activities, read statements",
		"state":                "read activities, read state, write state",
		"profile":              "read activities, read profile, write profile",
		"define":               "define, read activities",
		"admin":                "read reports",
		"reports/read":         "read reports",

		"statements/read/mine statements/read":            "read activities, read statements",
		"statements/read/mine,all/read":                   "read activities, read profile, read state, read statements",
		" statements/write,  statements/read/mine define": "define, only mine, read activities, read statements, write statements",
	} {
		if got := answers(t, scopes); got != want {
			t.Errorf("%q allows %q, want %q", scopes, got, want)
		}
	}
	for name, question := range questions {
		if question(Principal{}) {
			t.Errorf("a principal without scopes may %s", name)
		}
	}
}

func TestScopesThatAreNone(t *testing.T) {
	for _, list := range []string{"", " ", ",", "All", "statements", "all read", "all/write", "all;define", "reports"} {
		if s, err := ParseScopes(list); err == nil {
			t.Errorf("%q is taken for %q", list, s)
		}
	}
}

func TestScopesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Scopes(rapid.Uint16Range(1, 1<<len(scopeNames)-1).Draw(t, "scopes"))
		if got, err := ParseScopes(want.String()); err != nil || got != want {
			t.Fatalf("%q is read as %q: %v", want, got, err)
		}
	})
}
