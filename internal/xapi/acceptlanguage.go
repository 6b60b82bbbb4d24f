package xapi

import (
	"slices"
	"strconv"
	"strings"
)

// preference is one language range of an Accept-Language header. The range is in lower case; "*" is every language.
type preference struct {
	language string
	quality  float64
}

// maxPreferences bounds the work that a header can cause: each is held against each entry of each language map.
const maxPreferences = 32

// parseAcceptLanguage reads the header, most preferred first. What does not parse is passed over: no header makes a request fail.
func parseAcceptLanguage(header string) []preference {
	var list []preference
	for item := range strings.SplitSeq(header, ",") {
		language, parameters, _ := strings.Cut(item, ";")
		language = strings.ToLower(strings.TrimSpace(language))
		quality := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q="); ok {
			parsed, err := strconv.ParseFloat(q, 64)
			if err != nil {
				continue
			}
			quality = parsed
		}
		if language != "" {
			list = append(list, preference{language, quality})
		}
	}
	list = list[:min(len(list), maxPreferences)]
	slices.SortStableFunc(list, func(a, b preference) int { return int(1000*b.quality) - int(1000*a.quality) })
	return list
}

// choose picks the entry of the language map n, which is not empty. First, in the order of preference, a range takes a tag that is
// the range or begins with it (RFC 2616 14.4). If none does, ranges are cut from the end until one takes a tag (RFC 4647 3.4). If
// none does either, English is taken, else the first entry. What the header refuses with q=0 is taken only when nothing else
// is there.
func (c *canonical) choose(n int32) int32 {
	for _, p := range c.languages {
		if m := c.matching(n, p.language); p.quality > 0 && m != 0 {
			return m
		}
	}
	for _, p := range c.languages {
		for language := shorter(p.language); p.quality > 0 && language != ""; language = shorter(language) {
			if m := c.matching(n, language); m != 0 {
				return m
			}
		}
	}
	for _, language := range [2]string{"en", "*"} {
		if m := c.matching(n, language); m != 0 {
			return m
		}
	}
	return c.t.first(n)
}

// matching is the first entry of the map n that the range takes and the header does not refuse; the very tag goes before longer
// ones. 0 is none.
func (c *canonical) matching(n int32, language string) int32 {
	var found int32
	for m := c.t.first(n); m != 0; m = c.t.next(m) {
		tag := strings.ToLower(string(c.t.key(m)))
		if c.refuses(tag) {
			continue
		}
		if tag == language {
			return m
		}
		if found == 0 && takes(language, tag) {
			found = m
		}
	}
	return found
}

func takes(language, tag string) bool {
	return language == "*" || tag == language || strings.HasPrefix(tag, language+"-")
}

// refuses says whether the longest range that takes the tag has q=0.
func (c *canonical) refuses(tag string) bool {
	longest, refused := 0, false
	for _, p := range c.languages {
		if takes(p.language, tag) && len(p.language) > longest {
			longest, refused = len(p.language), p.quality <= 0
		}
	}
	return refused
}

// shorter cuts the last subtag off, and with it a singleton that would then end the range (RFC 4647 3.4).
func shorter(language string) string {
	cut := strings.LastIndexByte(language, '-')
	if cut < 0 {
		return ""
	}
	if cut >= 2 && language[cut-2] == '-' {
		cut -= 2
	}
	return language[:cut]
}
