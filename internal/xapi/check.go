package xapi

import (
	"fmt"
	"slices"
	"strings"
)

// checker holds a tree against the rules of one version. Its checks return the first Problem they meet.
type checker struct {
	t       *tree
	version Version
}

type check func(c *checker, n int32) *Problem

func (c *checker) fail(n int32, r rule, message string) *Problem {
	return &Problem{Pointer: c.t.pointer(n), Rule: r.in(c.version), Message: message}
}

// kind checks the type of a value; null has a message of its own, since senders rarely mean it.
func (c *checker) kind(n int32, kind byte, name string, r rule) *Problem {
	switch got := c.t.kind(n); {
	case got == kind:
		return nil
	case got == 'n':
		return c.fail(n, ruleFormat, "null is allowed in extensions only; this must be "+name)
	}
	return c.fail(n, r, "this must be "+name)
}

// each checks that n is an array and every element of it.
func (c *checker) each(n int32, name string, r rule, element check) *Problem {
	if p := c.kind(n, '[', name, r); p != nil {
		return p
	}
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		if p := element(c, m); p != nil {
			return p
		}
	}
	return nil
}

// format checks a string that must have a form; err tells in which way it has not.
func (c *checker) format(n int32, name string, r rule, form func([]byte) error) *Problem {
	if p := c.kind(n, '"', name, r); p != nil {
		return p
	}
	text := c.t.text(n)
	if err := form(text); err != nil {
		return c.fail(n, r, fmt.Sprintf("%s is not %s: %v", excerpt(text), name, err))
	}
	return nil
}

// oneOf checks a string that must be one of a few words, in exactly their case.
func (c *checker) oneOf(n int32, r rule, words ...string) *Problem {
	text := c.t.text(n)
	for _, word := range words {
		if c.t.kind(n) == '"' && string(text) == word {
			return nil
		}
	}
	return c.fail(n, r, "this must be "+strings.Join(words, " or "))
}

// exactly is the check of an objectType that leaves no choice.
func exactly(r rule, word string) check {
	return func(c *checker, n int32) *Problem { return c.oneOf(n, r, word) }
}

func (c *checker) str(n int32) *Problem  { return c.kind(n, '"', "a string", ruleFormat) }
func (c *checker) iri(n int32) *Problem  { return c.format(n, "an IRI", ruleIRI, checkIRI) }
func (c *checker) uuid(n int32) *Problem { return c.format(n, "a UUID", ruleUUID, checkUUID) }

func (c *checker) boolean(n int32) *Problem {
	if c.t.kind(n) == 'f' {
		return nil
	}
	return c.kind(n, 't', "true or false", ruleFormat)
}

func (c *checker) timestamp(n int32) *Problem {
	return c.format(n, "a timestamp", ruleTimestamp, checkTimestamp)
}

func (c *checker) languageTag(n int32) *Problem {
	return c.format(n, "a language tag", ruleContext, checkLanguageTag)
}

// languageMap checks Data 4.2: language tags to strings.
func (c *checker) languageMap(n int32) *Problem {
	if p := c.kind(n, '{', "a language map: an object of language tags to strings", ruleLanguage); p != nil {
		return p
	}
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		key := c.t.key(m)
		if err := checkLanguageTag(key); err != nil {
			return c.fail(m, ruleLanguage, fmt.Sprintf("the key %s is not a language tag: %v", excerpt(key), err))
		}
		if p := c.kind(m, '"', "a string", ruleLanguage); p != nil {
			return p
		}
	}
	return nil
}

// extensions checks Data 4.1: IRIs to anything at all.
func (c *checker) extensions(n int32) *Problem {
	if p := c.kind(n, '{', "an object of IRIs to values", ruleExtensions); p != nil {
		return p
	}
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		key := c.t.key(m)
		if err := checkIRI(key); err != nil {
			return c.fail(m, ruleExtensions, fmt.Sprintf("the key %s is not an IRI: %v", excerpt(key), err))
		}
	}
	return nil
}

func checkUUID(s []byte) error {
	_, err := parseUUID(s)
	return err
}

func checkTimestamp(s []byte) error {
	_, err := parseTimestamp(s)
	return err
}

// isHexOf says whether s is hex digits, of one of the lengths.
func isHexOf(s []byte, lengths ...int) bool {
	for _, c := range s {
		if !isHex(c) {
			return false
		}
	}
	return slices.Contains(lengths, len(s))
}
