package xapi

import "errors"

var agentShape = newShape("an Agent", ruleAgent, []property{
	{key: "objectType", check: exactly(ruleAgent, "Agent")},
	{key: "name", check: (*checker).str},
	{key: "mbox", check: (*checker).mbox},
	{key: "mbox_sha1sum", check: (*checker).mboxHash},
	{key: "openid", check: (*checker).openID},
	{key: "account", check: (*checker).account},
})

var groupShape = newShape("a Group", ruleGroup, append([]property{
	{key: "objectType", required: true, check: exactly(ruleGroup, "Group")},
	{key: "member", check: (*checker).members},
}, agentShape.properties[1:]...))

var accountShape = newShape("an account", ruleAccount, []property{
	{key: "homePage", required: true, check: (*checker).iri},
	{key: "name", required: true, check: (*checker).str},
})

// identifiers are the inverse functional identifiers of Data 2.4.2.3.
var identifiers = [4]string{"mbox", "mbox_sha1sum", "openid", "account"}

// countIdentifiers is how many of them the Agent or Group n has.
func (t *tree) countIdentifiers(n int32) int {
	count := 0
	for m := t.first(n); m != 0; m = t.next(m) {
		switch string(t.key(m)) {
		case "mbox", "mbox_sha1sum", "openid", "account":
			count++
		}
	}
	return count
}

// actor checks an Agent or a Group; without objectType it is an Agent.
func (c *checker) actor(n int32) *Problem {
	if p := c.kind(n, '{', "an Agent or a Group", ruleActor); p != nil {
		return p
	}
	objectType := c.t.get(n, "objectType")
	if objectType != absent {
		if p := c.oneOf(objectType, ruleActor, "Agent", "Group"); p != nil {
			return p
		}
		if string(c.t.text(objectType)) == "Group" {
			return c.group(n)
		}
	}
	return c.agent(n)
}

func (c *checker) agent(n int32) *Problem {
	if p := c.object(n, &agentShape); p != nil {
		return p
	}
	if c.t.countIdentifiers(n) != 1 {
		return c.fail(n, ruleIFI, "an Agent must have exactly one of mbox, mbox_sha1sum, openid and account")
	}
	return nil
}

func (c *checker) group(n int32) *Problem {
	if p := c.object(n, &groupShape); p != nil {
		return p
	}
	switch count := c.t.countIdentifiers(n); {
	case count > 1:
		return c.fail(n, ruleIFI, "a Group must have at most one of mbox, mbox_sha1sum, openid and account")
	case count == 0 && c.t.first(c.t.get(n, "member")) == 0:
		return c.fail(n, ruleGroup, "a Group without an identifier must have members")
	}
	return nil
}

func (c *checker) members(n int32) *Problem {
	return c.each(n, "an array of Agents", ruleGroup, (*checker).agent)
}

func (c *checker) account(n int32) *Problem { return c.object(n, &accountShape) }

func (c *checker) mbox(n int32) *Problem {
	return c.format(n, "an mbox", ruleIFI, checkMailto)
}

func (c *checker) mboxHash(n int32) *Problem {
	return c.format(n, "the SHA-1 of an mbox", ruleIFI, func(s []byte) error {
		if !isHexOf(s, 40) {
			return errors.New("it must be 40 hex digits")
		}
		return nil
	})
}

// openID checks a URI: an IRI without characters beyond ASCII.
func (c *checker) openID(n int32) *Problem {
	return c.format(n, "a URI", ruleIFI, func(s []byte) error {
		for _, b := range s {
			if b >= 0x80 {
				return errors.New("it has characters that a URI must escape")
			}
		}
		return checkIRI(s)
	})
}

// authority checks Data 2.4.9: an Agent, or the Group of the two Agents of OAuth, application and user.
func (c *checker) authority(n int32) *Problem {
	if p := c.actor(n); p != nil {
		return p
	}
	if !c.t.is(n, "objectType", "Group") {
		return nil
	}
	count := 0
	for m := c.t.first(c.t.get(n, "member")); m != 0; m = c.t.next(m) {
		count++
	}
	if count != 2 || c.t.countIdentifiers(n) != 0 {
		return c.fail(n, ruleAuthority, "a Group as authority must be two Agents without an identifier of the Group")
	}
	return nil
}
