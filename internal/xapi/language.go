package xapi

import (
	"bytes"
	"errors"
)

// ParseLanguageTag checks that s is a well-formed language tag (RFC 5646 section 2.2.9): its parts have the right lengths, kinds
// and order, and no variant or singleton stands twice. Whether its subtags are registered is not asked.
func ParseLanguageTag(s string) error { return checkLanguageTag([]byte(s)) }

// irregular are the tags that RFC 5646 keeps although its grammar does not make them.
var irregular = map[string]bool{
	"en-gb-oed": true, "i-ami": true, "i-bnn": true, "i-default": true, "i-enochian": true, "i-hak": true, "i-klingon": true,
	"i-lux": true, "i-mingo": true, "i-navajo": true, "i-pwn": true, "i-tao": true, "i-tay": true, "i-tsu": true,
	"sgn-be-fr": true, "sgn-be-nl": true, "sgn-ch-de": true, "art-lojban": true, "cel-gaulish": true, "no-bok": true,
	"no-nyn": true, "zh-guoyu": true, "zh-hakka": true, "zh-min": true, "zh-min-nan": true, "zh-xiang": true,
}

var errTag = errors.New("it must be made as RFC 5646 demands, such as en, en-US or zh-Hant-TW")

// subtags walks the parts of a tag.
type subtags struct {
	rest []byte
	part []byte // the current one; empty at the end
}

func (t *subtags) next() {
	t.part, t.rest, _ = bytes.Cut(t.rest, []byte("-"))
}

func checkLanguageTag(tag []byte) error {
	if !isAlphanumericList(tag) {
		return errTag
	}
	t := subtags{rest: tag}
	t.next()
	switch n := len(t.part); {
	case n == 1 && t.part[0]|0x20 == 'x':
		return checkPrivate(&t)
	case n < 2 || n > 8 || !isAlpha(t.part):
		return unlessIrregular(tag, errTag)
	}
	extended := len(t.part) <= 3
	t.next()
	for i := 0; extended && i < 3 && len(t.part) == 3 && isAlpha(t.part); i++ {
		t.next()
	}
	if len(t.part) == 4 && isAlpha(t.part) { // script
		t.next()
	}
	if len(t.part) == 2 && isAlpha(t.part) || len(t.part) == 3 && isDigits(string(t.part)) { // region
		t.next()
	}
	if err := checkVariants(&t); err != nil {
		return unlessIrregular(tag, err)
	}
	return unlessIrregular(tag, checkExtensions(&t))
}

func unlessIrregular(tag []byte, err error) error {
	if err != nil && irregular[string(bytes.ToLower(tag))] {
		return nil
	}
	return err
}

// checkVariants takes what follows the region: 5 to 8 characters, or 4 that begin with a digit.
func checkVariants(t *subtags) error {
	var seen [][]byte
	for len(t.part) >= 5 || len(t.part) == 4 && t.part[0] <= '9' {
		for _, earlier := range seen {
			if bytes.EqualFold(earlier, t.part) {
				return errors.New("a variant stands twice in it")
			}
		}
		seen = append(seen, t.part)
		t.next()
	}
	return nil
}

// checkExtensions takes what is left: singletons with their subtags, then perhaps private use.
func checkExtensions(t *subtags) error {
	var seen [128]bool
	for len(t.part) == 1 {
		single := t.part[0] | 0x20
		if single == 'x' {
			return checkPrivate(t)
		}
		if seen[single] {
			return errors.New("a singleton stands twice in it")
		}
		seen[single] = true
		t.next()
		if len(t.part) < 2 {
			return errTag
		}
		for len(t.part) >= 2 {
			t.next()
		}
	}
	if len(t.part) != 0 {
		return errTag
	}
	return nil
}

// checkPrivate is called on the x; something must follow it, of any length up to 8.
func checkPrivate(t *subtags) error {
	if len(t.rest) == 0 {
		return errTag
	}
	return nil
}

// isAlphanumericList says whether tag consists of 1 to 8 letters and digits, several times, with hyphens between.
func isAlphanumericList(tag []byte) bool {
	length := 0
	for _, c := range tag {
		switch {
		case c == '-' && length > 0:
			length = 0
		case '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z':
			if length++; length > 8 {
				return false
			}
		default:
			return false
		}
	}
	return length > 0
}

func isAlpha(part []byte) bool {
	for _, c := range part {
		if c <= '9' {
			return false
		}
	}
	return true
}
