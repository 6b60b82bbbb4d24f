package xapi

import (
	"bytes"
	"unicode/utf8"
)

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
	if c.t.countIdentifiers(0) == 0 {
		return AgentID{}, c.fail(0, ruleIFI, "a Group without an identifier cannot be asked for")
	}
	return AgentID{t}, nil
}

// Identity is the same for all that name the same Agent, whatever else they say of it: the value of its facets.
func (a AgentID) Identity() string { return string(a.t.appendIdentity(nil, 0)) }

// AuthorityIdentities are whom an authority names, each as Identity tells it: the Agent, or the application and the user that are the members of
// an anonymous Group (xAPI 1.0.3 Data 2.4.9). None, when raw is no authority.
func AuthorityIdentities(raw []byte) (named []string) {
	t, problem := read(raw, false)
	if problem != nil {
		return nil
	}
	if own := t.appendIdentity(nil, 0); len(own) > 0 {
		return []string{string(own)}
	}
	for m := t.first(t.get(0, "member")); m != 0; m = t.next(m) {
		named = append(named, string(t.appendIdentity(nil, m)))
	}
	return named
}

// AppendPerson appends the Person that the Agents resource answers with: what was given, each value in an array (xAPI 1.0.3
// Communication 2.4).
func (a AgentID) AppendPerson(dst []byte) []byte {
	dst = append(dst, `{"objectType":"Person"`...)
	for m := a.t.first(0); m != 0; m = a.t.next(m) {
		switch key := string(a.t.key(m)); key {
		case "name", "mbox", "mbox_sha1sum", "openid", "account":
			dst = append(appendKey(dst, key), '[')
			dst = append(a.t.appendCompact(dst, m), ']')
		}
	}
	return append(dst, '}')
}

// appendIdentity appends what identifies the Agent or Group n; nothing for an anonymous Group. The kind of identifier comes first;
// an account is its homePage and name with a space between, which no homePage holds. What the specification calls case-insensitive
// is in lower case.
func (t *tree) appendIdentity(dst []byte, n int32) []byte {
	for m := t.first(n); m != 0; m = t.next(m) {
		switch string(t.key(m)) {
		case "mbox":
			return appendMbox(append(dst, "mbox:"...), t.text(m))
		case "mbox_sha1sum":
			return appendLower(append(dst, "sha1:"...), t.text(m))
		case "openid":
			return append(append(dst, "openid:"...), t.text(m)...)
		case "account":
			dst = append(append(dst, "account:"...), t.text(t.get(m, "homePage"))...)
			return append(append(dst, ' '), t.text(t.get(m, "name"))...)
		}
	}
	return dst
}

// appendMbox appends an mbox with its domain in lower case (xAPI 1.0.3 Data 2.3.1).
func appendMbox(dst, mbox []byte) []byte {
	at := bytes.LastIndexByte(mbox, '@') + 1
	return appendLower(append(dst, mbox[:at]...), mbox[at:])
}

func appendLower(dst, s []byte) []byte {
	from := len(dst)
	for _, c := range s {
		switch {
		case c >= utf8.RuneSelf:
			return append(dst[:from], bytes.ToLower(s)...)
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}
