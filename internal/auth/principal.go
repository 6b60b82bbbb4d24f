package auth

import "cmp"

// Principal is whoever a request was authenticated as, and what it may do.
type Principal struct {
	Key       string // the key's id
	Authority []byte // the agent that vouches for what the key stores: JSON
	scopes    Scopes
	limits    Limits
	actor     string
}

// Actor is who acts: the key, or for a token its user too. It goes into the audit trail, and not into logs.
func (p Principal) Actor() string { return cmp.Or(p.actor, p.Key) }

// NewPrincipal is whoever something else than a key vouches for; actor names the person besides, if there is one.
func NewPrincipal(key, actor string, authority []byte, scopes Scopes) Principal {
	return Principal{Key: key, Authority: authority, scopes: scopes, actor: actor}
}

func (p Principal) any(s Scopes) bool { return p.scopes&s != 0 }

// WriteStatements: may store statements.
func (p Principal) WriteStatements() bool { return p.any(All | StatementsWrite) }

// ReadStatements: may ask for statements, perhaps only for its own (OnlyMine).
func (p Principal) ReadStatements() bool {
	return p.any(All | AllRead | StatementsRead | StatementsReadMine)
}

// OnlyMine: sees no statements but those that its own authority vouches for.
func (p Principal) OnlyMine() bool { return !p.any(All | AllRead | StatementsRead) }

// ReadState: may read state documents.
func (p Principal) ReadState() bool { return p.any(All | AllRead | State) }

// WriteState: may write and delete state documents.
func (p Principal) WriteState() bool { return p.any(All | State) }

// ReadProfile: may read activity and agent profiles.
func (p Principal) ReadProfile() bool { return p.any(All | AllRead | Profile) }

// WriteProfile: may write and delete activity and agent profiles.
func (p Principal) WriteProfile() bool { return p.any(All | Profile) }

// ReadActivitiesAndAgents: may ask what is known of an activity or an agent. The spec has no scope for it; whoever may do more
// than store statements may.
func (p Principal) ReadActivitiesAndAgents() bool {
	return p.any(^(StatementsWrite | Admin | ReportsRead))
}

// Define: what its statements say of activities becomes what is known of them.
func (p Principal) Define() bool { return p.any(All | Define) }

// Admin: the operators' API.
func (p Principal) Admin() bool { return p.any(Admin) }

// ReadReports: may see reports and the dashboard. An operator may: he can make himself a key with the scope, so to refuse him would keep nothing
// from him, and the first key, which is an operator's, should open the dashboard.
func (p Principal) ReadReports() bool { return p.any(ReportsRead | Admin) }

// Scopes are what the principal may do.
func (p Principal) Scopes() Scopes { return p.scopes }
