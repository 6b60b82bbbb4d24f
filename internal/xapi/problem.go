package xapi

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem says which rule of the specification some JSON breaks, and where. It is what a client reads in a 400.
type Problem struct {
	Pointer string // JSON pointer (RFC 6901) into what was read; "" is the whole of it
	Rule    string // section of the specification, such as "xAPI 1.0.3 Data 2.4.1"
	Message string // what is wrong and what is right
}

// Error is one sentence that says where, what and by which rule.
func (p *Problem) Error() string {
	where := p.Pointer
	if where == "" {
		where = "the whole"
	}
	return fmt.Sprintf("at %s: %s (%s)", where, p.Message, p.Rule)
}

// rule is a section in both texts: of xAPI 1.0.3 Data, and of IEEE 9274.1.1.
type rule struct{ data, ieee string }

var (
	ruleFormat     = rule{"2.2", "4.2.4.1"}
	ruleVoiding    = rule{"2.3.2", "4.2.5"}
	ruleStatement  = rule{"2.4", "4.2.2"}
	ruleID         = rule{"2.4.1", "4.2.4.2"}
	ruleActor      = rule{"2.4.2", "4.2.2.1"}
	ruleAgent      = rule{"2.4.2.1", "4.2.2.1"}
	ruleGroup      = rule{"2.4.2.2", "4.2.2.1"}
	ruleIFI        = rule{"2.4.2.3", "4.2.2.1"}
	ruleAccount    = rule{"2.4.2.4", "4.2.2.1"}
	ruleVerb       = rule{"2.4.3", "4.2.2.2"}
	ruleObject     = rule{"2.4.4", "4.2.2.3"}
	ruleActivity   = rule{"2.4.4.1", "4.2.2.3"}
	ruleSub        = rule{"2.4.4.3", "4.2.2.3"}
	ruleResult     = rule{"2.4.5", "4.2.2.4"}
	ruleScore      = rule{"2.4.5.1", "4.2.2.4"}
	ruleContext    = rule{"2.4.6", "4.2.2.5"}
	ruleActivities = rule{"2.4.6.2", "4.2.2.5"}
	ruleAuthority  = rule{"2.4.9", "4.2.4.2"}
	ruleVersion    = rule{"2.4.10", "4.2.4.3"}
	ruleAttachment = rule{"2.4.11", "4.2.2.6"}
	ruleSignature  = rule{"2.6", "4.2.6"}
	ruleExtensions = rule{"4.1", "4.2.7"}
	ruleLanguage   = rule{"4.2", "4.2.7"}
	ruleIRI        = rule{"4.3", "4.2.7"}
	ruleUUID       = rule{"4.4", "4.2.7"}
	ruleTimestamp  = rule{"4.5", "4.2.7"}
	ruleDuration   = rule{"4.6", "4.2.7"}
)

// ruleJSON is what JSON itself demands, in either version.
const ruleJSON = "RFC 8259"

func (r rule) in(v Version) string {
	if v == V1 {
		return "xAPI 1.0.3 Data " + r.data
	}
	return "IEEE 9274.1.1 " + r.ieee
}

// pointer spells the way from the root to n; where n is a member of an object, with its key.
func (t *tree) pointer(n int32) string {
	var b strings.Builder
	for at := int32(0); at != n; {
		parent, index := at, 0
		at = t.first(parent)
		for next := t.next(at); next != 0 && next <= n; next = t.next(at) {
			at = next
			index++
		}
		step := strconv.Itoa(index)
		if t.kind(parent) == '{' {
			step = strings.NewReplacer("~", "~0", "/", "~1").Replace(string(t.key(at)))
		}
		b.WriteString("/" + step)
	}
	return b.String()
}

// excerpt quotes what a client sent, cut so that a message stays readable.
func excerpt(sent []byte) string {
	const longest = 60
	if len(sent) <= longest {
		return strconv.Quote(string(sent))
	}
	cut := longest
	for !utf8.RuneStart(sent[cut]) {
		cut--
	}
	return strconv.Quote(string(sent[:cut])) + "…"
}
