package xapi

// AppendCanonical appends the statement for format=canonical (xAPI 1.0.3 Communication 2.1.3): Activities with their canonical
// definition, and each language map cut to the one entry that acceptLanguage, an Accept-Language header, prefers. Agents and Groups
// stay as stored. definition tells the canonical definition of an Activity; nil keeps what was sent.
func (s *Statement) AppendCanonical(dst []byte, acceptLanguage string, definition func(id string) []byte) []byte {
	c := canonical{t: s.t, languages: parseAcceptLanguage(acceptLanguage), definition: definition}
	return c.statement(dst, s.root)
}

type canonical struct {
	t          *tree
	languages  []preference
	definition func(id string) []byte
}

func (c *canonical) object(dst []byte, n int32, value func(dst, key []byte, m int32) []byte) []byte {
	if c.t.kind(n) != '{' {
		return c.asSent(dst, n)
	}
	return append(c.t.appendMembers(dst, n, value), '}')
}

func (c *canonical) asSent(dst []byte, n int32) []byte { return c.t.appendCompact(dst, n) }

// statement appends a statement or SubStatement.
func (c *canonical) statement(dst []byte, n int32) []byte {
	return c.object(dst, n, func(dst, key []byte, m int32) []byte {
		switch string(key) {
		case "verb":
			return c.described(dst, m)
		case "object":
			if c.t.isActivity(m) {
				return c.activity(dst, m)
			}
			if c.t.is(m, "objectType", "SubStatement") {
				return c.statement(dst, m)
			}
		case "context":
			return c.object(dst, m, c.contextPart)
		case "attachments":
			return c.t.appendElements(dst, m, c.described)
		}
		return c.asSent(dst, m)
	})
}

func (c *canonical) contextPart(dst, key []byte, n int32) []byte {
	if string(key) != "contextActivities" {
		return c.asSent(dst, n)
	}
	return c.object(dst, n, func(dst, _ []byte, m int32) []byte { return c.t.appendElements(dst, m, c.activity) })
}

func (c *canonical) activity(dst []byte, n int32) []byte {
	if c.t.kind(n) != '{' {
		return c.asSent(dst, n)
	}
	known := c.known(n)
	dst = c.t.appendMembers(dst, n, func(dst, key []byte, m int32) []byte {
		switch {
		case string(key) != "definition":
			return c.asSent(dst, m)
		case known != nil:
			return known.described(dst, 0)
		}
		return c.described(dst, m)
	})
	if known != nil && c.t.get(n, "definition") == absent {
		dst = known.described(appendKey(dst, "definition"), 0)
	}
	return append(dst, '}')
}

// known is what writes the catalogue's definition of the Activity n; nil when there is none.
func (c *canonical) known(n int32) *canonical {
	raw := c.definition(string(c.t.text(c.t.get(n, "id"))))
	if raw == nil {
		return nil
	}
	t, problem := read(raw, true)
	if problem != nil {
		return nil
	}
	return &canonical{t: t, languages: c.languages}
}

// described appends an object with its language maps cut to one entry: a verb, a definition, an interaction component or an
// attachment. No two of them use a key differently.
func (c *canonical) described(dst []byte, n int32) []byte {
	return c.object(dst, n, func(dst, key []byte, m int32) []byte {
		switch string(key) {
		case "name", "description", "display":
			return c.oneLanguage(dst, m)
		case "choices", "scale", "source", "target", "steps":
			return c.t.appendElements(dst, m, c.described)
		}
		return c.asSent(dst, m)
	})
}

func (c *canonical) oneLanguage(dst []byte, n int32) []byte {
	if c.t.kind(n) != '{' || c.t.first(n) == 0 {
		return c.asSent(dst, n)
	}
	m := c.choose(n)
	dst = c.t.appendRawKey(append(dst, '{'), m)
	return append(c.asSent(dst, m), '}')
}
