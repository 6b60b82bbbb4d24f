package auth

import (
	"fmt"
	"strings"
)

// Scopes is a set of what a key may do, by the names of xAPI 1.0.3 Communication 4.2, and two of Cairn's own.
type Scopes uint16

// The scopes.
const (
	All Scopes = 1 << iota
	AllRead
	StatementsWrite
	StatementsRead
	StatementsReadMine
	State
	Profile
	Define
	// Admin is for the operators' API, and has nothing to do with xAPI: All does not include it.
	Admin
	// ReportsRead is for reports and the dashboard, which name every learner and say how each fares. xAPI's scopes are handed to courses, so neither
	// All nor AllRead includes it.
	ReportsRead
)

var scopeNames = []struct {
	scope Scopes
	name  string
}{
	{All, "all"},
	{AllRead, "all/read"},
	{StatementsWrite, "statements/write"},
	{StatementsRead, "statements/read"},
	{StatementsReadMine, "statements/read/mine"},
	{State, "state"},
	{Profile, "profile"},
	{Define, "define"},
	{Admin, "admin"},
	{ReportsRead, "reports/read"},
}

// ParseScopes reads names separated by spaces or commas; there must be one.
func ParseScopes(list string) (s Scopes, err error) {
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' }) {
		found := false
		for _, known := range scopeNames {
			if known.name == name {
				s, found = s|known.scope, true
			}
		}
		if !found {
			return 0, fmt.Errorf("there is no scope %q", name)
		}
	}
	if s == 0 {
		return 0, fmt.Errorf("a key needs a scope, such as all or statements/write")
	}
	return s, nil
}

// String names the scopes, separated by spaces.
func (s Scopes) String() string {
	var names []string
	for _, known := range scopeNames {
		if s&known.scope != 0 {
			names = append(names, known.name)
		}
	}
	return strings.Join(names, " ")
}
