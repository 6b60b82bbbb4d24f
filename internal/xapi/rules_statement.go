package xapi

// statementShape is Data 2.4. What the LRS sets itself (stored, authority) may come too: it is checked, then replaced.
var statementShape = newShape("a statement", ruleStatement, []property{
	{key: "id", check: (*checker).uuid},
	{key: "actor", required: true, check: (*checker).actor},
	{key: "verb", required: true, check: (*checker).verb},
	{key: "object", required: true, check: (*checker).statementObject},
	{key: "result", check: (*checker).result},
	{key: "context", check: (*checker).context},
	{key: "timestamp", check: (*checker).timestamp},
	{key: "stored", check: (*checker).timestamp},
	{key: "authority", check: (*checker).authority},
	{key: "version", check: (*checker).statementVersion},
	{key: "attachments", check: (*checker).attachments},
})

// subStatementShape is Data 2.4.4.3: a statement without what only an LRS or a record of its own has.
var subStatementShape = newShape("a SubStatement", ruleSub, []property{
	{key: "objectType", required: true, check: (*checker).str},
	{key: "actor", required: true, check: (*checker).actor},
	{key: "verb", required: true, check: (*checker).verb},
	{key: "object", required: true, check: (*checker).subStatementObject},
	{key: "result", check: (*checker).result},
	{key: "context", check: (*checker).context},
	{key: "timestamp", check: (*checker).timestamp},
	{key: "attachments", check: (*checker).attachments},
})

var verbShape = newShape("a verb", ruleVerb, []property{
	{key: "id", required: true, check: (*checker).iri},
	{key: "display", check: (*checker).languageMap},
})

var referenceShape = newShape("a StatementRef", ruleSub, []property{
	{key: "objectType", required: true, check: exactly(ruleSub, "StatementRef")},
	{key: "id", required: true, check: (*checker).uuid},
})

func (c *checker) statement(n int32) *Problem {
	if p := c.object(n, &statementShape); p != nil {
		return p
	}
	return c.acrossParts(n)
}

func (c *checker) subStatement(n int32) *Problem {
	if p := c.object(n, &subStatementShape); p != nil {
		return p
	}
	return c.acrossParts(n)
}

// acrossParts checks the rules that join verb, object and context.
func (c *checker) acrossParts(n int32) *Problem {
	object := c.t.get(n, "object")
	objectType := string(c.t.text(c.t.get(object, "objectType")))
	if c.t.is(c.t.get(n, "verb"), "id", verbVoided) && objectType != "StatementRef" {
		return c.fail(object, ruleVoiding, "the object of a statement that voids must be a StatementRef")
	}
	if objectType == "" || objectType == "Activity" {
		return nil
	}
	for _, key := range [2]string{"revision", "platform"} {
		if m := c.t.get(c.t.get(n, "context"), key); m != absent {
			return c.fail(m, ruleContext, key+" may only be used when the object is an Activity")
		}
	}
	return nil
}

func (c *checker) verb(n int32) *Problem { return c.object(n, &verbShape) }

func (c *checker) reference(n int32) *Problem { return c.object(n, &referenceShape) }

func (c *checker) statementObject(n int32) *Problem {
	if c.t.is(n, "objectType", "SubStatement") {
		return c.subStatement(n)
	}
	return c.subStatementObject(n)
}

// subStatementObject checks an object of any type but a SubStatement: these do not nest.
func (c *checker) subStatementObject(n int32) *Problem {
	if p := c.kind(n, '{', "an object", ruleObject); p != nil {
		return p
	}
	objectType := c.t.get(n, "objectType")
	if objectType == absent {
		return c.activity(n)
	}
	switch string(c.t.text(objectType)) {
	case "Activity":
		return c.activity(n)
	case "Agent", "Group":
		return c.actor(n)
	case "StatementRef":
		return c.reference(n)
	case "SubStatement":
		return c.fail(n, ruleSub, "a SubStatement must not hold a SubStatement")
	}
	return c.fail(objectType, ruleObject, "this must be Activity, Agent, Group, StatementRef or SubStatement")
}

// statementVersion checks Data 2.4.10 and IEEE 4.2.4.3: 1.0 and what begins with "1.0."; under xAPI 2.0 also 2.0.
func (c *checker) statementVersion(n int32) *Problem {
	if p := c.str(n); p != nil {
		return p
	}
	if v, ok := ParseVersion(string(c.t.text(n))); ok && v <= c.version {
		return nil
	}
	if c.version == V1 {
		return c.fail(n, ruleVersion, "the version of a statement must be 1.0.0, or another 1.0.x")
	}
	return c.fail(n, ruleVersion, "the version of a statement must be 2.0.0, or another 1.0.x or 2.0.x")
}
