package xapi

import "fmt"

var resultShape = newShape("a result", ruleResult, []property{
	{key: "score", check: (*checker).score},
	{key: "success", check: (*checker).boolean},
	{key: "completion", check: (*checker).boolean},
	{key: "response", check: (*checker).str},
	{key: "duration", check: (*checker).duration},
	{key: "extensions", check: (*checker).extensions},
})

var scoreShape = newShape("a score", ruleScore, []property{
	{key: "scaled", check: (*checker).number},
	{key: "raw", check: (*checker).number},
	{key: "min", check: (*checker).number},
	{key: "max", check: (*checker).number},
})

func (c *checker) result(n int32) *Problem { return c.object(n, &resultShape) }

func (c *checker) number(n int32) *Problem { return c.kind(n, '0', "a number", ruleScore) }

func (c *checker) duration(n int32) *Problem {
	return c.format(n, "a duration", ruleDuration, checkDuration)
}

var minusOne, one = parseDecimal([]byte("-1")), parseDecimal([]byte("1"))

// score checks the bounds of Data 2.4.5.1, on the exact values.
func (c *checker) score(n int32) *Problem {
	if p := c.object(n, &scoreShape); p != nil {
		return p
	}
	if scaled := c.t.get(n, "scaled"); scaled != absent {
		value := parseDecimal(c.t.raw(scaled))
		if value.compare(minusOne) < 0 || value.compare(one) > 0 {
			return c.fail(scaled, ruleScore, "scaled must be from -1 to 1")
		}
	}
	for _, order := range [3]struct {
		low, high string
		equal     bool
	}{{"min", "max", false}, {"min", "raw", true}, {"raw", "max", true}} {
		low, high := c.t.get(n, order.low), c.t.get(n, order.high)
		if low == absent || high == absent {
			continue
		}
		switch way := parseDecimal(c.t.raw(low)).compare(parseDecimal(c.t.raw(high))); {
		case way > 0:
			return c.fail(n, ruleScore, fmt.Sprintf("%s must not be above %s", order.low, order.high))
		case way == 0 && !order.equal:
			return c.fail(n, ruleScore, fmt.Sprintf("%s must be below %s", order.low, order.high))
		}
	}
	return nil
}
