package xapi

var contextShape = newShape("a context", ruleContext, []property{
	{key: "registration", check: (*checker).uuid},
	{key: "instructor", check: (*checker).actor},
	{key: "team", check: (*checker).group},
	{key: "contextActivities", check: (*checker).contextActivities},
	{key: "contextAgents", since: V2, check: (*checker).contextAgents},
	{key: "contextGroups", since: V2, check: (*checker).contextGroups},
	{key: "revision", check: (*checker).str},
	{key: "platform", check: (*checker).str},
	{key: "language", check: (*checker).languageTag},
	{key: "statement", check: (*checker).reference},
	{key: "extensions", check: (*checker).extensions},
})

var contextActivitiesShape = newShape("contextActivities", ruleActivities, []property{
	{key: "parent", check: (*checker).activityOrList},
	{key: "grouping", check: (*checker).activityOrList},
	{key: "category", check: (*checker).activityOrList},
	{key: "other", check: (*checker).activityOrList},
})

var contextAgentShape = newShape("a contextAgent", ruleContext, []property{
	{key: "objectType", required: true, check: exactly(ruleContext, "contextAgent")},
	{key: "agent", required: true, check: (*checker).agent},
	{key: "relevantTypes", check: (*checker).relevantTypes},
})

var contextGroupShape = newShape("a contextGroup", ruleContext, []property{
	{key: "objectType", required: true, check: exactly(ruleContext, "contextGroup")},
	{key: "group", required: true, check: (*checker).group},
	{key: "relevantTypes", check: (*checker).relevantTypes},
})

func (c *checker) context(n int32) *Problem { return c.object(n, &contextShape) }

func (c *checker) contextActivities(n int32) *Problem { return c.object(n, &contextActivitiesShape) }

// activityOrList checks a value of contextActivities; a lone Activity is allowed for the sake of old senders.
func (c *checker) activityOrList(n int32) *Problem {
	if c.t.kind(n) == '{' {
		return c.activity(n)
	}
	return c.each(n, "an Activity or an array of Activities", ruleActivities, (*checker).activity)
}

func (c *checker) contextAgents(n int32) *Problem {
	return c.each(n, "an array of contextAgents", ruleContext, func(c *checker, n int32) *Problem {
		return c.object(n, &contextAgentShape)
	})
}

func (c *checker) contextGroups(n int32) *Problem {
	return c.each(n, "an array of contextGroups", ruleContext, func(c *checker, n int32) *Problem {
		return c.object(n, &contextGroupShape)
	})
}

func (c *checker) relevantTypes(n int32) *Problem {
	if p := c.each(n, "an array of IRIs", ruleContext, (*checker).iri); p != nil {
		return p
	}
	if c.t.first(n) == 0 {
		return c.fail(n, ruleContext, "relevantTypes must not be empty; leave it out instead")
	}
	return nil
}
