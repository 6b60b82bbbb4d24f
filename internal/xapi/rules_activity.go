package xapi

import (
	"fmt"
	"slices"
)

var activityShape = newShape("an Activity", ruleActivity, []property{
	{key: "objectType", check: exactly(ruleActivity, "Activity")},
	{key: "id", required: true, check: (*checker).iri},
	{key: "definition", check: (*checker).definition},
})

var definitionShape = newShape("an Activity Definition", ruleActivity, []property{
	{key: "name", check: (*checker).languageMap},
	{key: "description", check: (*checker).languageMap},
	{key: "type", check: (*checker).iri},
	{key: "moreInfo", check: (*checker).iri},
	{key: "extensions", check: (*checker).extensions},
	{key: "interactionType", check: (*checker).interactionType},
	{key: "correctResponsesPattern", check: (*checker).responses},
	{key: "choices", check: (*checker).components},
	{key: "scale", check: (*checker).components},
	{key: "source", check: (*checker).components},
	{key: "target", check: (*checker).components},
	{key: "steps", check: (*checker).components},
})

var componentShape = newShape("an interaction component", ruleActivity, []property{
	{key: "id", required: true, check: (*checker).str},
	{key: "description", check: (*checker).languageMap},
})

// componentLists are the lists of components that an interaction may have, whatever its type.
var componentLists = [5]string{"choices", "scale", "source", "target", "steps"}

// interactionLists are the lists that each interactionType may have.
var interactionLists = map[string][]string{
	"true-false": {}, "fill-in": {}, "long-fill-in": {}, "numeric": {}, "other": {},
	"choice": {"choices"}, "sequencing": {"choices"}, "likert": {"scale"}, "matching": {"source", "target"},
	"performance": {"steps"},
}

func (c *checker) activity(n int32) *Problem { return c.object(n, &activityShape) }

func (c *checker) definition(n int32) *Problem {
	if p := c.object(n, &definitionShape); p != nil {
		return p
	}
	interaction := c.t.get(n, "interactionType")
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		key := c.t.key(m)
		list := isComponentList(key)
		switch {
		case !list && string(key) != "correctResponsesPattern":
		case interaction == absent:
			return c.fail(m, ruleActivity, string(key)+" needs an interactionType beside it")
		case list && !slices.Contains(interactionLists[string(c.t.text(interaction))], string(key)):
			return c.fail(m, ruleActivity, fmt.Sprintf("an interaction of type %s has no %s", c.t.text(interaction), key))
		}
	}
	return nil
}

func isComponentList(key []byte) bool {
	for _, list := range componentLists {
		if list == string(key) {
			return true
		}
	}
	return false
}

func (c *checker) interactionType(n int32) *Problem {
	if _, known := interactionLists[string(c.t.text(n))]; known {
		return nil
	}
	return c.fail(n, ruleActivity, "this must be true-false, choice, fill-in, long-fill-in, matching, performance, sequencing, "+
		"likert, numeric or other")
}

func (c *checker) responses(n int32) *Problem {
	return c.each(n, "an array of strings", ruleActivity, (*checker).str)
}

// components checks a list of interaction components, whose ids must differ.
func (c *checker) components(n int32) *Problem {
	if p := c.each(n, "an array of interaction components", ruleActivity, (*checker).component); p != nil {
		return p
	}
	seen := map[string]bool{}
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		id := c.t.get(m, "id")
		if seen[string(c.t.text(id))] {
			return c.fail(id, ruleActivity, "another component of this list has the same id")
		}
		seen[string(c.t.text(id))] = true
	}
	return nil
}

func (c *checker) component(n int32) *Problem { return c.object(n, &componentShape) }
