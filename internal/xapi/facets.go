package xapi

import "bytes"

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
	f := facets{t: s.t, seen: make(map[Facet]bool, 16)}
	f.object(s.t.get(s.root, "object"), Agent, Activity)
	f.agents(s.t.get(s.root, "actor"), Agent)
	f.add(Verb, s.t.text(s.t.get(s.t.get(s.root, "verb"), "id")))
	context := s.t.get(s.root, "context")
	f.add(Registration, bytes.ToLower(s.t.text(s.t.get(context, "registration"))))
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
	t    *tree
	list []Facet
	seen map[Facet]bool
}

var directOf = map[Kind]Kind{RelatedAgent: Agent, RelatedActivity: Activity}

func (f *facets) add(kind Kind, value []byte) {
	facet := Facet{kind, string(value)}
	if facet.Value == "" || f.seen[facet] || f.seen[Facet{directOf[kind], facet.Value}] {
		return
	}
	f.seen[facet] = true
	f.list = append(f.list, facet)
}

func (f *facets) agents(n int32, kind Kind) {
	f.add(kind, f.t.identity(n))
	for m := f.t.first(f.t.get(n, "member")); m != 0; m = f.t.next(m) {
		f.add(kind, f.t.identity(m))
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
	f.agents(f.t.get(n, "instructor"), RelatedAgent)
	f.agents(f.t.get(n, "team"), RelatedAgent)
	for m := f.t.first(f.t.get(n, "contextAgents")); m != 0; m = f.t.next(m) {
		f.agents(f.t.get(m, "agent"), RelatedAgent)
	}
	for m := f.t.first(f.t.get(n, "contextGroups")); m != 0; m = f.t.next(m) {
		f.agents(f.t.get(m, "group"), RelatedAgent)
	}
	f.t.contextActivities(n, func(m int32) bool {
		f.add(RelatedActivity, f.t.text(f.t.get(m, "id")))
		return true
	})
}

func (f *facets) attachments(root int32) {
	for n := f.t.first(f.t.get(root, "attachments")); n != 0; n = f.t.next(n) {
		f.add(AttachmentHash, bytes.ToLower(f.t.text(f.t.get(n, "sha2"))))
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
