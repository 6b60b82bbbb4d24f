package xapi

import "bytes"

// AgentID is an Agent or an identified Group that somebody asks for.
type AgentID struct{ t *tree }

// ParseAgent reads the agent parameter of a request by the rules for Agents and Groups in statements. A Group must have an
// identifier. The error is a *Problem.
func ParseAgent(raw []byte, v Version) (AgentID, error) {
	t, problem := read(raw, false)
	if problem != nil {
		return AgentID{}, problem
	}
	c := checker{t: t, version: v}
	if problem := c.actor(0); problem != nil {
		return AgentID{}, problem
	}
	if c.countIdentifiers(0) == 0 {
		return AgentID{}, c.fail(0, ruleIFI, "a Group without an identifier cannot be asked for")
	}
	return AgentID{t}, nil
}

// Identity is the same for all that name the same Agent, whatever else they say of it: the value of its facets.
func (a AgentID) Identity() string { return string(a.t.identity(0)) }

// AppendPerson appends the Person that the Agents resource answers with: what was given, each value in an array (xAPI 1.0.3
// Communication 2.4).
func (a AgentID) AppendPerson(dst []byte) []byte {
	dst = append(dst, `{"objectType":"Person"`...)
	for m := a.t.first(0); m != 0; m = a.t.next(m) {
		switch key := string(a.t.key(m)); key {
		case "name", "mbox", "mbox_sha1sum", "openid", "account":
			dst = append(appendKey(dst, key), '[')
			dst = append(appendCompact(dst, a.t.raw(m)), ']')
		}
	}
	return append(dst, '}')
}

// identity is what identifies the Agent or Group n; nil for an anonymous Group. The kind of identifier comes first; an account is
// its homePage and name with a space between, which no homePage holds. What the specification calls case-insensitive is
// in lower case.
func (t *tree) identity(n int32) []byte {
	if mbox := t.text(t.get(n, "mbox")); mbox != nil {
		return append([]byte("mbox:"), lowerDomain(mbox)...)
	}
	if hash := t.text(t.get(n, "mbox_sha1sum")); hash != nil {
		return append([]byte("sha1:"), bytes.ToLower(hash)...)
	}
	if id := t.text(t.get(n, "openid")); id != nil {
		return append([]byte("openid:"), id...)
	}
	account := t.get(n, "account")
	if account == absent {
		return nil
	}
	id := append([]byte("account:"), t.text(t.get(account, "homePage"))...)
	return append(append(id, ' '), t.text(t.get(account, "name"))...)
}

// lowerDomain is an mbox with its domain in lower case (xAPI 1.0.3 Data 2.3.1).
func lowerDomain(mbox []byte) []byte {
	at := bytes.LastIndexByte(mbox, '@') + 1
	return append(bytes.Clone(mbox[:at]), bytes.ToLower(mbox[at:])...)
}
