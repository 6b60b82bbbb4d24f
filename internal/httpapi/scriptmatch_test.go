package httpapi_test

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// words are what {{name}} stands for.
type words map[string]string

func newWords(version string) words {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	w := words{"version": version, "bytes": string(all)}
	for n := 1; n < 10; n++ {
		w["id"+strconv.Itoa(n)] = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	}
	return w
}

// A wildcard in an expanded text is its name between these.
const wildStart, wildEnd = "\uE000", "\uE001"

var placeholder = regexp.MustCompile(`\{\{([^{}]+)\}\}`)

// expand puts in what words stand for. {{any}} and {{=name}} become wildcards.
func (p *play) expand(s string) string {
	p.Helper()
	return placeholder.ReplaceAllStringFunc(s, func(found string) string {
		name := found[2 : len(found)-2]
		if value, ok := p.words[name]; ok {
			return value
		}
		if name == "now" {
			return p.clock.now().UTC().Format(time.RFC3339Nano)
		}
		if name == "any" || name[0] == '=' {
			return wildStart + name + wildEnd
		}
		f := strings.SplitN(name, " ", 3)
		switch {
		case f[0] == "sha256" && len(f) == 2:
			sum := sha256.Sum256([]byte(p.words[f[1]]))
			return hex.EncodeToString(sum[:])
		case f[0] == "sha512" && len(f) == 2:
			sum := sha512.Sum512([]byte(p.words[f[1]]))
			return hex.EncodeToString(sum[:])
		case f[0] == "repeat" && len(f) == 3:
			n, _ := strconv.Atoi(f[1])
			return strings.Repeat(f[2], n)
		}
		p.fatalf("nothing is called %s", found)
		return ""
	})
}

// matchText says whether got is want, and keeps what {{=name}} stands for. A wildcard takes as little as it can.
func (p *play) matchText(want, got string) bool {
	literal, rest, wild := strings.Cut(want, wildStart)
	if !strings.HasPrefix(got, literal) {
		return false
	}
	got = got[len(literal):]
	if !wild {
		return got == ""
	}
	name, rest, _ := strings.Cut(rest, wildEnd)
	next, _, more := strings.Cut(rest, wildStart)
	at := strings.Index(got, next)
	if !more && strings.HasSuffix(got, next) {
		at = len(got) - len(next)
	}
	if at < 0 {
		return false
	}
	p.keep(name, got[:at])
	return p.matchText(rest, got[at:])
}

func (p *play) keep(wildcard, value string) {
	if name, ok := strings.CutPrefix(wildcard, "="); ok {
		p.words[name] = value
	}
}

// matchJSON holds JSON against JSON in which wildcards stand for values or parts of strings, and an object with "..." may have
// more.
func (p *play) matchJSON(want, got string) {
	p.Helper()
	w, err := decodeJSON(quoteWild(want))
	if err != nil {
		p.fatalf("what is expected is no JSON: %v:\n%s", err, want)
	}
	g, err := decodeJSON(got)
	if err != nil {
		p.fatalf("the body is no JSON: %v:\n%s", err, got)
	}
	if where := p.differs("", w, g); where != "" {
		p.errorf("%s\nthe body is\n%s", where, got)
	}
}

// decodeJSON keeps numbers as they are written.
func decodeJSON(s string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more follows the value")
	}
	return v, nil
}

// quoteWild puts what is not JSON into quotes: wildcards outside of strings, and the dots of an object that may have more.
func quoteWild(s string) string {
	var b strings.Builder
	inside, escaped := false, false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			inside = !inside
		case inside:
		case string(r) == wildStart:
			b.WriteByte('"')
		case strings.HasPrefix(s[i:], "..."):
			b.WriteString(`"...":0`)
			continue
		case r == '.' && i > 0 && s[i-1] == '.':
			continue
		}
		b.WriteRune(r)
		if !inside && string(r) == wildEnd {
			b.WriteByte('"')
		}
	}
	return b.String()
}

// differs says where got is not want; "" when it is.
func (p *play) differs(at string, want, got any) string {
	switch w := want.(type) {
	case string:
		if name, ok := strings.CutPrefix(w, wildStart); ok && strings.Index(name, wildEnd) == len(name)-len(wildEnd) {
			p.keep(strings.TrimSuffix(name, wildEnd), plain(got))
			return ""
		}
		if g, ok := got.(string); ok && p.matchText(w, g) {
			return ""
		}
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return p.objectDiffers(at, w, g)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			break
		}
		for i := range w {
			if where := p.differs(fmt.Sprintf("%s/%d", at, i), w[i], g[i]); where != "" {
				return where
			}
		}
		return ""
	default:
		if want == got {
			return ""
		}
	}
	return fmt.Sprintf("at %q: got %s, want %s", at, plain(got), plain(want))
}

func (p *play) objectDiffers(at string, want, got map[string]any) string {
	_, open := want["..."]
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, ok := got[key]
		if key == "..." {
			continue
		}
		if !ok {
			return fmt.Sprintf("at %q: there is no %q", at, key)
		}
		if where := p.differs(at+"/"+key, want[key], value); where != "" {
			return where
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok && !open {
			return fmt.Sprintf("at %q: there is also %q", at, key)
		}
	}
	return ""
}

func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	text, _ := json.Marshal(v)
	return string(text)
}
