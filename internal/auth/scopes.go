package auth

import (
	"fmt"
	"strings"
)

// Scopes is a set of what a key may do, by the names of xAPI 1.0.3 Communication 4.0.
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

// Principal is whoever a request was authenticated as.
type Principal struct {
	Key       string // the key's id
	Authority []byte // the agent that vouches for what the key stores: JSON
	Scopes    Scopes
}

func (p Principal) any(s Scopes) bool { return p.Scopes&s != 0 }

// WriteStatements: may store statements.
func (p Principal) WriteStatements() bool { return p.any(All | StatementsWrite) }

// ReadStatements: may ask for statements; perhaps only for its own, see OnlyMine.
func (p Principal) ReadStatements() bool {
	return p.any(All | AllRead | StatementsRead | StatementsReadMine)
}

// OnlyMine: of the statements, may read those alone that its own authority vouches for.
func (p Principal) OnlyMine() bool { return !p.any(All | AllRead | StatementsRead) }

// ReadState and WriteState: may read and write state documents.
func (p Principal) ReadState() bool { return p.any(All | AllRead | State) }

// WriteState may write state documents.
func (p Principal) WriteState() bool { return p.any(All | State) }

// ReadProfile may read activity and agent profiles.
func (p Principal) ReadProfile() bool { return p.any(All | AllRead | Profile) }

// WriteProfile may write activity and agent profiles.
func (p Principal) WriteProfile() bool { return p.any(All | Profile) }

// ReadActivitiesAndAgents may ask what is known of an activity or an agent: whoever may read anything.
func (p Principal) ReadActivitiesAndAgents() bool {
	return p.any(All | AllRead | StatementsRead | StatementsReadMine | State | Profile | Define)
}

// Define: what its statements say of activities becomes what is known of them.
func (p Principal) Define() bool { return p.any(All | Define) }
