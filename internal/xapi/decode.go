package xapi

import "github.com/google/uuid"

// Decode reads the body of a request: a statement, or an array of them (single tells which). It checks every rule that version v
// has for statements, and that no id stands twice in the array (xAPI 1.0.3 Data 2.2 to 2.6, IEEE 9274.1.1 4.2).
// The error is a *Problem. The statements share body, which must not change while they live.
func Decode(body []byte, v Version) (statements []*Statement, single bool, err error) {
	t, problem := read(body, false)
	if problem != nil {
		return nil, false, problem
	}
	c := checker{t: t, version: v}
	if t.nodes[0].kind != '[' {
		if problem := c.statement(0); problem != nil {
			return nil, false, problem
		}
		return []*Statement{{t, 0}}, true, nil
	}
	for n := t.first(0); n != 0; n = t.next(n) {
		if problem := c.statement(n); problem != nil {
			return nil, false, problem
		}
	}
	statements = t.statements()
	if problem := c.distinctIDs(statements); problem != nil {
		return nil, false, problem
	}
	return statements, false, nil
}

// statements are the elements of the array that the tree is. One that is null stays nil.
func (t *tree) statements() []*Statement {
	count := t.count(0)
	list, values := make([]*Statement, count), make([]Statement, count)
	i := 0
	for n := t.first(0); n != 0; n = t.next(n) {
		if t.kind(n) != 'n' {
			values[i] = Statement{t, n}
			list[i] = &values[i]
		}
		i++
	}
	return list
}

func (c *checker) distinctIDs(statements []*Statement) *Problem {
	seen := make(map[uuid.UUID]bool, len(statements))
	for _, s := range statements {
		id, ok := s.ID()
		if !ok {
			continue
		}
		if seen[id] {
			return c.fail(c.t.get(s.root, "id"), ruleID, "another statement of this request has the same id")
		}
		seen[id] = true
	}
	return nil
}

// Parse reads a statement that AppendStored wrote. It checks no rule again, only that it is JSON, and keeps stored.
func Parse(stored []byte) (*Statement, error) {
	t, problem := read(stored, true)
	if problem != nil {
		return nil, problem
	}
	return &Statement{t, 0}, nil
}

// ParseMany reads a JSON array of statements that AppendStored wrote. An element that is null stays nil: its statement was
// erased.
func ParseMany(stored []byte) ([]*Statement, error) {
	t, problem := read(stored, true)
	if problem != nil {
		return nil, problem
	}
	if t.nodes[0].kind != '[' {
		return nil, &Problem{Rule: ruleJSON, Message: "this must be an array of statements"}
	}
	return t.statements(), nil
}
