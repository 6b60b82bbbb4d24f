package xapi

import "slices"

// The parts of a keyed statement.

// part appends a property of a statement, a SubStatement, a context, or an element of contextAgents or contextGroups.
func (k *keyed) part(dst, key []byte, n int32) []byte {
	switch string(key) {
	case "actor", "authority", "instructor", "team", "agent", "group":
		return k.actor(dst, n)
	case "object":
		return k.target(dst, n)
	case "context":
		return k.object(dst, n, k.part)
	case "contextAgents", "contextGroups":
		return k.t.appendElements(dst, n, func(dst []byte, m int32) []byte { return k.object(dst, m, k.part) })
	case "attachments":
		return k.t.appendElements(dst, n, func(dst []byte, m int32) []byte { return k.object(dst, m, k.attachment) })
	case "result":
		return k.object(dst, n, k.result)
	case "extensions":
		return k.extension(dst, n)
	case "id", "objectType", "timestamp", "stored", "version", "registration", "language", "statement":
		return k.t.appendCompact(dst, n)
	}
	return k.value(dst, n)
}

func (k *keyed) target(dst []byte, n int32) []byte {
	switch string(k.t.text(k.t.get(n, "objectType"))) {
	case "Agent", "Group":
		return k.actor(dst, n)
	case "SubStatement":
		return k.object(dst, n, k.part)
	case "StatementRef":
		return k.t.appendCompact(dst, n)
	}
	return k.value(dst, n)
}

// actor appends an Agent or Group as its objectType, its key and its members.
func (k *keyed) actor(dst []byte, n int32) []byte {
	if k.t.kind(n) != '{' || n == k.application {
		return k.value(dst, n)
	}
	dst = append(dst, '{')
	if m := k.t.get(n, "objectType"); m != absent {
		dst = k.t.appendCompact(appendKey(dst, "objectType"), m)
	}
	if identity := k.t.appendIdentity(nil, n); len(identity) > 0 {
		dst = appendString(append(appendKey(dst, "account"), `{"homePage":"`+keyedHomePage+`","name":`...), k.key(string(identity)))
		dst = append(dst, '}')
	}
	if m := k.t.get(n, "member"); m != absent {
		dst = k.t.appendElements(appendKey(dst, "member"), m, k.actor)
	}
	return append(dst, '}')
}

func (k *keyed) attachment(dst, key []byte, n int32) []byte {
	switch {
	case string(key) == "contentType" && k.holds(k.t.text(n)): // a parameter of it may be the name of a file
		return appendString(dst, removedMedia)
	case string(key) == "contentType", string(key) == "sha2":
		return k.t.appendCompact(dst, n)
	}
	return k.value(dst, n)
}

func (k *keyed) result(dst, key []byte, n int32) []byte {
	switch string(key) {
	case "duration":
		return k.t.appendCompact(dst, n)
	case "extensions":
		return k.extension(dst, n)
	}
	return k.value(dst, n)
}

// property appends a property of whatever has no words of the specification but in these.
func (k *keyed) property(dst, key []byte, n int32) []byte {
	switch {
	case (string(key) == "objectType" || string(key) == "interactionType") && k.t.kind(n) == '"' && k.isWord(n):
		return k.t.appendCompact(dst, n)
	case string(key) == "extensions":
		return k.extension(dst, n)
	case isComponentList(key) && k.t.kind(n) == '[':
		return k.components(dst, n)
	}
	return k.value(dst, n)
}

// isWord says whether a text is one of the words that objectType and interactionType may have here.
func (k *keyed) isWord(n int32) bool {
	word := string(k.t.text(n))
	_, interaction := interactionLists[word]
	return interaction || word == "Activity" || word == "Agent"
}

func (k *keyed) components(dst []byte, n int32) []byte {
	dst = append(dst, '[')
	open := len(dst)
	for m := k.t.first(n); m != 0; m = k.t.next(m) {
		if k.holds(k.t.text(k.t.get(m, "id"))) {
			continue
		}
		if len(dst) > open {
			dst = append(dst, ',')
		}
		dst = k.value(dst, m)
	}
	return append(dst, ']')
}

func (k *keyed) object(dst []byte, n int32, member func(dst, key []byte, m int32) []byte) []byte {
	if k.t.kind(n) != '{' {
		return k.value(dst, n)
	}
	return append(k.t.appendMembers(dst, n, member), '}')
}

// value appends what holds no Agent.
func (k *keyed) value(dst []byte, n int32) []byte {
	switch k.t.kind(n) {
	case '{':
		return k.object(dst, n, k.property)
	case '[':
		return k.t.appendElements(dst, n, k.value)
	case '"':
		return k.text(dst, n)
	}
	return k.t.appendCompact(dst, n)
}

func (k *keyed) text(dst []byte, n int32) []byte {
	switch text := k.t.text(n); {
	case !k.holds(text):
		return append(dst, k.t.raw(n)...)
	case checkIRI(text) == nil:
		return appendString(dst, removedIRI)
	}
	return appendString(dst, removed)
}

// extension appends what may be anything.
func (k *keyed) extension(dst []byte, n int32) []byte {
	switch k.t.kind(n) {
	case '{':
		dst = append(dst, '{')
		for m := k.t.first(n); m != 0; m = k.t.next(m) {
			if !k.holds(k.t.key(m)) {
				dst = k.extension(k.t.appendRawKey(dst, m), m)
			}
		}
		return append(dst, '}')
	case '[':
		return k.t.appendElements(dst, n, k.extension)
	case '0':
		if slices.ContainsFunc(k.accounts, func(name []byte) bool { return string(name) == string(k.t.raw(n)) }) {
			return appendString(dst, removed)
		}
	}
	return k.value(dst, n)
}
