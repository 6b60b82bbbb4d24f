package xapi

// typedIdentifiers is what is left of an Agent or Group whose type must stay.
var typedIdentifiers = append([]string{"objectType"}, identifiers[:]...)

// AppendIDs appends the statement with only what identifies its Agents, Groups, Activities and verbs, for format=ids (xAPI 1.0.3
// Communication 2.1.3). Where an objectType is needed to tell what the object is, it stays. The rest is as stored.
func (s *Statement) AppendIDs(dst []byte) []byte {
	return append(s.t.appendMembers(dst, s.root, s.t.appendIDsPart), '}')
}

// appendIDsPart appends a property of a statement or SubStatement.
func (t *tree) appendIDsPart(dst, key []byte, n int32) []byte {
	switch string(key) {
	case "actor", "authority":
		return t.appendActorID(dst, n)
	case "verb":
		return t.appendPicked(dst, n, "id")
	case "object":
		return t.appendObjectID(dst, n)
	case "context":
		if t.kind(n) == '{' {
			return append(t.appendMembers(dst, n, t.appendContextIDs), '}')
		}
	}
	return t.appendCompact(dst, n)
}

func (t *tree) appendObjectID(dst []byte, n int32) []byte {
	switch string(t.text(t.get(n, "objectType"))) {
	case "SubStatement":
		return append(t.appendMembers(dst, n, t.appendIDsPart), '}')
	case "StatementRef":
		return t.appendCompact(dst, n)
	case "Agent":
		return t.appendPicked(dst, n, typedIdentifiers...)
	case "Group":
		return t.appendActorID(dst, n)
	}
	return t.appendPicked(dst, n, "id")
}

// appendActorID appends an Agent as its identifier alone, a Group with its objectType, and an anonymous Group with its members'.
func (t *tree) appendActorID(dst []byte, n int32) []byte {
	if !t.is(n, "objectType", "Group") {
		return t.appendPicked(dst, n, identifiers[:]...)
	}
	if t.countIdentifiers(n) > 0 {
		return t.appendPicked(dst, n, typedIdentifiers...)
	}
	dst = append(dst, `{"objectType":"Group","member":`...)
	return append(t.appendElements(dst, t.get(n, "member"), t.appendActorID), '}')
}

func (t *tree) appendContextIDs(dst, key []byte, n int32) []byte {
	switch string(key) {
	case "instructor", "team":
		return t.appendActorID(dst, n)
	case "contextAgents", "contextGroups":
		return t.appendElements(dst, n, t.appendContextActorIDs)
	case "contextActivities":
		if t.kind(n) == '{' {
			return append(t.appendMembers(dst, n, t.appendActivityIDs), '}')
		}
	}
	return t.appendCompact(dst, n)
}

func (t *tree) appendContextActorIDs(dst []byte, n int32) []byte {
	if t.kind(n) != '{' {
		return t.appendCompact(dst, n)
	}
	dst = t.appendMembers(dst, n, func(dst, key []byte, m int32) []byte {
		if string(key) == "agent" || string(key) == "group" {
			return t.appendActorID(dst, m)
		}
		return t.appendCompact(dst, m)
	})
	return append(dst, '}')
}

// appendActivityIDs appends a value of contextActivities.
func (t *tree) appendActivityIDs(dst, _ []byte, n int32) []byte {
	return t.appendElements(dst, n, func(dst []byte, m int32) []byte { return t.appendPicked(dst, m, "id") })
}

// appendPicked appends the object n with only those of its members whose keys are given.
func (t *tree) appendPicked(dst []byte, n int32, keys ...string) []byte {
	dst = append(dst, '{')
	for _, key := range keys {
		if m := t.get(n, key); m != absent {
			dst = t.appendCompact(appendKey(dst, key), m)
		}
	}
	return append(dst, '}')
}
