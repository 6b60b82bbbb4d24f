package xapi

import "cmp"

// Details are what an export tells of a statement besides its Outline.
type Details struct {
	ActorKind  string // Agent or Group
	Actor      Person // of a Group itself; no Identity when it is anonymous
	ObjectKind string // Activity, Agent, Group, StatementRef or SubStatement
	// Name and Description of the object, when it is an Activity: in English where the definition can, else in the first language that it names.
	Name, Description string
	Authority         Authority
}

// Authority is who vouches for a statement (xAPI 1.0.3 Data 2.4.9): the credential or the application that stored it, by the name of its account,
// or else somebody, by Identity. Of a Group of an application and its user it is the application. Neither is there for an authority of another kind.
type Authority struct{ Account, Identity string }

// Details reads the statement's details.
func (s *Statement) Details() Details {
	t, object := s.t, s.t.get(s.root, "object")
	actor := t.get(s.root, "actor")
	d := Details{
		ActorKind:  cmp.Or(string(t.text(t.get(actor, "objectType"))), "Agent"),
		Actor:      t.person(actor),
		ObjectKind: cmp.Or(string(t.text(t.get(object, "objectType"))), "Activity"),
		Authority:  t.authority(t.get(s.root, "authority")),
	}
	if d.ObjectKind == "Activity" {
		definition := t.get(object, "definition")
		d.Name, d.Description = t.inEnglish(t.get(definition, "name")), t.inEnglish(t.get(definition, "description"))
	}
	return d
}

func (t *tree) authority(n int32) Authority {
	if account := t.get(t.application(n), "account"); account != absent {
		return Authority{Account: string(t.text(t.get(account, "name")))}
	}
	return Authority{Identity: string(t.appendIdentity(nil, n))}
}

// application is who of an authority is no person: an Agent with an account, or the first such member of an anonymous Group; absent when nobody is.
func (t *tree) application(n int32) int32 {
	if !t.is(n, "objectType", "Group") {
		if t.get(n, "account") == absent {
			return absent
		}
		return n
	}
	for m := t.first(t.get(n, "member")); m != 0 && t.countIdentifiers(n) == 0; m = t.next(m) {
		if t.get(m, "account") != absent {
			return m
		}
	}
	return absent
}

// inEnglish is the entry of a language map that is in English, else its first; empty when there is none.
func (t *tree) inEnglish(n int32) string {
	if t.first(n) == 0 {
		return ""
	}
	c := canonical{t: t}
	return string(t.text(c.choose(n)))
}
