package xapi

import "strings"

// Kind is what a query can ask for. A related kind widens the direct one: a query with related_agents or related_activities asks
// for both, so a value that has the direct kind does not get the related one too (xAPI 1.0.3 Communication 2.1.3).
type Kind byte

// The kinds. Their values are written to storage.
const (
	Agent           Kind = 'a' // actor or object, and the members of a Group there
	RelatedAgent    Kind = 'A' // authority, instructor, team, contextAgents, contextGroups, and all of a SubStatement
	Verb            Kind = 'v' // verb.id
	Activity        Kind = 'o' // the id of an object
	RelatedActivity Kind = 'O' // contextActivities, and the object of a SubStatement
	Registration    Kind = 'r' // context.registration, in lower case
	AttachmentHash  Kind = 'h' // sha2 of an attachment, in lower case
)

// Facet is one thing that a query finds a statement by. Value is an IRI, or an identity as AgentID.Identity makes it.
type Facet struct {
	Kind  Kind
	Value string
}

// Facets are all that a query can find the statement by, each once.
func (s *Statement) Facets() []Facet {
	f := facets{t: s.t, list: make([]Facet, 0, 16), scratch: make([]byte, 0, 128)}
	f.values.Grow(512)
	context := s.t.get(s.root, "context")
	f.object(s.t.get(s.root, "object"), Agent, Activity)
	f.agents(s.t.get(s.root, "actor"), Agent)
	f.add(Verb, s.t.text(s.t.get(s.t.get(s.root, "verb"), "id")))
	f.lower(Registration, s.t.get(context, "registration"))
	f.agents(s.t.get(s.root, "authority"), RelatedAgent)
	f.context(context)
	f.attachments(s.root)
	if sub := s.sub(); sub != absent {
		f.agents(s.t.get(sub, "actor"), RelatedAgent)
		f.object(s.t.get(sub, "object"), RelatedAgent, RelatedActivity)
		f.context(s.t.get(sub, "context"))
		f.attachments(sub)
	}
	return f.list
}

// facets gathers; direct ones must come before related ones.
type facets struct {
	t       *tree
	list    []Facet
	values  strings.Builder // of the list, one after the other
	scratch []byte
	many    map[Facet]bool // the list, once it is long
}

// direct is the kind that kind widens, or kind itself.
func (kind Kind) direct() Kind {
	switch kind {
	case RelatedAgent:
		return Agent
	case RelatedActivity:
		return Activity
	}
	return kind
}

func (f *facets) add(kind Kind, value []byte) {
	if len(value) == 0 || f.has(kind, value) {
		return
	}
	start := f.values.Len()
	f.values.Write(value)
	facet := Facet{kind, f.values.String()[start:]}
	f.list = append(f.list, facet)
	if f.many != nil {
		f.many[facet] = true
	}
}

// fewFacets is how many are looked through one by one.
const fewFacets = 32

// has says whether the list has the value under the kind, or under the one that it widens.
func (f *facets) has(kind Kind, value []byte) bool {
	direct := kind.direct()
	if len(f.list) > fewFacets {
		if f.many == nil {
			f.many = make(map[Facet]bool, 2*len(f.list))
			for _, facet := range f.list {
				f.many[facet] = true
			}
		}
		return f.many[Facet{kind, string(value)}] || f.many[Facet{direct, string(value)}]
	}
	for _, facet := range f.list {
		if (facet.Kind == kind || facet.Kind == direct) && facet.Value == string(value) {
			return true
		}
	}
	return false
}

// lower adds a string of which the case says nothing.
func (f *facets) lower(kind Kind, n int32) {
	f.scratch = appendLower(f.scratch[:0], f.t.text(n))
	f.add(kind, f.scratch)
}

// agents adds the Agent or Group n, and the members of a Group.
func (f *facets) agents(n int32, kind Kind) {
	f.scratch = f.t.appendIdentity(f.scratch[:0], n)
	f.add(kind, f.scratch)
	for m := f.t.first(f.t.get(n, "member")); m != 0; m = f.t.next(m) {
		f.scratch = f.t.appendIdentity(f.scratch[:0], m)
		f.add(kind, f.scratch)
	}
}

func (f *facets) object(n int32, agent, activity Kind) {
	switch string(f.t.text(f.t.get(n, "objectType"))) {
	case "Agent", "Group":
		f.agents(n, agent)
	case "Activity", "":
		f.add(activity, f.t.text(f.t.get(n, "id")))
	}
}

func (f *facets) context(n int32) {
	for m := f.t.first(n); m != 0; m = f.t.next(m) {
		switch string(f.t.key(m)) {
		case "instructor", "team":
			f.agents(m, RelatedAgent)
		case "contextAgents":
			f.each(m, "agent")
		case "contextGroups":
			f.each(m, "group")
		}
	}
	f.t.contextActivities(n, func(m int32) bool {
		f.add(RelatedActivity, f.t.text(f.t.get(m, "id")))
		return true
	})
}

// each adds what stands under key in each element of n, contextAgents or contextGroups.
func (f *facets) each(n int32, key string) {
	for m := f.t.first(n); m != 0; m = f.t.next(m) {
		f.agents(f.t.get(m, key), RelatedAgent)
	}
}

func (f *facets) attachments(root int32) {
	for n := f.t.first(f.t.get(root, "attachments")); n != 0; n = f.t.next(n) {
		f.lower(AttachmentHash, f.t.get(n, "sha2"))
	}
}

// contextActivities yields each Activity in the contextActivities of the context n, until yield says to stop. A value may be one
// Activity or an array of them.
func (t *tree) contextActivities(n int32, yield func(m int32) bool) bool {
	for list := t.first(t.get(n, "contextActivities")); list != 0; list = t.next(list) {
		if t.kind(list) == '{' {
			if !yield(list) {
				return false
			}
			continue
		}
		for m := t.first(list); m != 0; m = t.next(m) {
			if !yield(m) {
				return false
			}
		}
	}
	return true
}

// Activities yields every Activity that the statement names, with the definition it gives (JSON as read, nil when it gives none):
// object, contextActivities, and those of a SubStatement. One that is named twice is yielded twice.
func (s *Statement) Activities(yield func(id string, definition []byte) bool) {
	t := s.t
	one := func(n int32) bool {
		return yield(string(t.text(t.get(n, "id"))), t.raw(t.get(n, "definition")))
	}
	for _, root := range [2]int32{s.root, s.sub()} {
		object := t.get(root, "object")
		if t.isActivity(object) && !one(object) {
			return
		}
		if !t.contextActivities(t.get(root, "context"), one) {
			return
		}
	}
}

// isActivity says whether the object of a statement is an Activity, which it is by default.
func (t *tree) isActivity(object int32) bool {
	objectType := t.get(object, "objectType")
	return t.kind(object) == '{' && (objectType == absent || string(t.text(objectType)) == "Activity")
}
