package xapi

import (
	"bytes"
	"unicode/utf8"
)

// What stands in a keyed statement for what was taken out of it. An IRI gives way to an IRI, so that the statement stays valid.
const (
	keyedHomePage = "urn:cairn:actor"
	removed       = "(removed)"
	removedIRI    = "urn:cairn:removed"
	removedMedia  = "application/octet-stream"
)

// shortestAccount is how many characters the name of an account must have to be looked for elsewhere: shorter ones stand in many a word.
const shortestAccount = 5

// AppendKeyed appends the statement as a valid one that tells nobody who its Agents and Groups are. Wherever one stands, in place of what
// identifies and names him comes an account with the homePage urn:cairn:actor and the name key(identity); an anonymous Group keeps its members
// alone. The credential or application that is the authority stays.
//
// What identified somebody is taken out of everything else too: a string that holds his mailbox address, its hash, his openid or the name of his
// account (of five characters or more), in whatever case and also percent-encoded, becomes "(removed)", or urn:cairn:removed where it was an IRI. An extension, or
// a component of an interaction, goes altogether when its own name holds that. What has a form in which nobody can be told stays: UUIDs, times, durations,
// hashes, languages, the words of the specification, and numbers, but for one in an extension that is the name of an account.
func (s *Statement) AppendKeyed(dst []byte, key func(identity string) string) []byte {
	k := keyed{t: s.t, key: key, application: s.t.application(s.t.get(s.root, "authority"))}
	k.learn(s.root)
	return append(s.t.appendMembers(dst, s.root, k.part), '}')
}

// keyed writes a statement without who its Agents are.
type keyed struct {
	t           *tree
	key         func(identity string) string
	application int32 // who stays
	// traces are what must not be seen, in lower case.
	traces   [][]byte
	accounts [][]byte // those of them that are names of accounts
	scratch  []byte
}

// learn finds the Agents and Groups of a statement, and what identifies them.
func (k *keyed) learn(root int32) {
	t := k.t
	context, object := t.get(root, "context"), t.get(root, "object")
	k.known(t.get(root, "actor"))
	k.known(t.get(root, "authority"))
	k.known(t.get(context, "instructor"))
	k.known(t.get(context, "team"))
	for m := t.first(t.get(context, "contextAgents")); m != 0; m = t.next(m) {
		k.known(t.get(m, "agent"))
	}
	for m := t.first(t.get(context, "contextGroups")); m != 0; m = t.next(m) {
		k.known(t.get(m, "group"))
	}
	switch string(t.text(t.get(object, "objectType"))) {
	case "Agent", "Group":
		k.known(object)
	case "SubStatement":
		k.learn(object)
	}
}

// known takes the traces of an Agent or Group, and of its members.
func (k *keyed) known(n int32) {
	if n == k.application {
		return
	}
	for m := k.t.first(n); m != 0; m = k.t.next(m) {
		switch string(k.t.key(m)) {
		case "mbox":
			k.trace(bytes.TrimPrefix(k.t.text(m), []byte("mailto:")))
		case "mbox_sha1sum", "openid":
			k.trace(k.t.text(m))
		case "account":
			if name := k.t.text(k.t.get(m, "name")); utf8.RuneCount(name) >= shortestAccount {
				k.trace(name)
				k.accounts = append(k.accounts, name)
			}
		case "member":
			for member := k.t.first(m); member != 0; member = k.t.next(member) {
				k.known(member)
			}
		}
	}
}

func (k *keyed) trace(text []byte) {
	if len(text) == 0 {
		return
	}
	k.traces = append(k.traces, bytes.ToLower(text))
	if plain, ok := decoded(text); ok {
		k.traces = append(k.traces, bytes.ToLower(plain))
	}
}

// holds says whether a text holds what identifies somebody.
func (k *keyed) holds(text []byte) bool {
	k.scratch = appendLower(k.scratch[:0], text)
	if k.anyIn(k.scratch) {
		return true
	}
	plain, ok := decoded(text)
	return ok && k.anyIn(bytes.ToLower(plain))
}

func (k *keyed) anyIn(lower []byte) bool {
	for _, trace := range k.traces {
		if bytes.Contains(lower, trace) {
			return true
		}
	}
	return false
}

// decoded is a text that has characters percent-encoded, as it is without; what is no encoding stays.
func decoded(text []byte) (plain []byte, has bool) {
	if bytes.IndexByte(text, '%') < 0 {
		return nil, false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) {
			c, has = hexValue[text[i+1]]<<4|hexValue[text[i+2]], true
			i += 2
		}
		plain = append(plain, c)
	}
	return plain, has
}
