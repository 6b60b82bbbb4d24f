package httpapi_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// script is a file of testdata/http.
type script struct {
	versions []string
	steps    []step
}

// step is a directive, or a request with the answer that it should get.
type step struct {
	line      int
	directive string
	exchange  *exchange
}

type exchange struct {
	method, target string
	query, form    []field
	headers        []field
	body           []string // lines
	status         int
	wantHeaders    []field
	wantBody       []string // nil: any
}

// field is a header, or a parameter.
type field struct {
	name, value string
	absent      bool // a header that must not be there
}

// parser reads a script line by line: a request's head, its body, the answer's head, its body.
type parser struct {
	script
	x    *exchange
	into *[]string // where the lines of a body go; nil within a head
}

func parseScript(text string) (script, error) {
	p := parser{script: script{versions: []string{"1.0.3", "2.0.0"}}}
	for i, line := range strings.Split(text, "\n") {
		if err := p.take(i+1, line); err != nil {
			return script{}, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	for _, s := range p.steps {
		if s.exchange == nil {
			continue
		}
		if s.exchange.status == 0 {
			return script{}, fmt.Errorf("line %d: the request has no answer", s.line)
		}
		s.exchange.body, s.exchange.wantBody = trimmed(s.exchange.body), trimmed(s.exchange.wantBody)
	}
	return p.script, nil
}

func trimmed(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return nil
	}
	return lines
}

func (p *parser) take(n int, line string) (err error) {
	mark, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(line, "#"):
		p.into = new([]string) // a comment ends whatever stood before it
	case mark == "=" && strings.HasPrefix(rest, "versions "):
		p.versions = strings.Fields(rest)[1:]
	case mark == "=":
		p.steps = append(p.steps, step{line: n, directive: rest})
		p.into = new([]string)
	case mark == ">":
		p.x, p.into = &exchange{}, nil
		p.x.method, p.x.target, _ = strings.Cut(rest, " ")
		p.steps = append(p.steps, step{line: n, exchange: p.x})
	case mark == "<" && p.x != nil && p.x.status == 0:
		p.into = nil
		p.x.status, err = strconv.Atoi(rest)
	case p.x == nil || p.into != nil:
		return p.body(line)
	case line == "" && p.x.status == 0:
		p.into = &p.x.body
	case line == "":
		p.into = &p.x.wantBody
	default:
		return p.head(line)
	}
	return err
}

func (p *parser) body(line string) error {
	if p.into != nil {
		*p.into = append(*p.into, line)
	} else if line != "" {
		return fmt.Errorf("%q belongs to no request", line)
	}
	return nil
}

func (p *parser) head(line string) error {
	switch name, value, _ := strings.Cut(line[1:], "="); line[0] {
	case '?':
		p.x.query = append(p.x.query, field{name: strings.TrimSpace(name), value: strings.TrimSpace(value)})
		return nil
	case '&':
		p.x.form = append(p.x.form, field{name: strings.TrimSpace(name), value: strings.TrimSpace(value)})
		return nil
	}
	h := field{}
	if name, without := strings.CutPrefix(line, "-"); without {
		h = field{name: name, absent: true}
	} else {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf("%q is no header", line)
		}
		h = field{name: name, value: strings.TrimSpace(value)}
	}
	if p.x.status == 0 {
		p.x.headers = append(p.x.headers, h)
	} else {
		p.x.wantHeaders = append(p.x.wantHeaders, h)
	}
	return nil
}

var escape = regexp.MustCompile(`\\x[0-9a-fA-F]{2}`)

// unescape makes bytes of \x00 to \xff.
func unescape(s string) string {
	return escape.ReplaceAllStringFunc(s, func(e string) string {
		b, _ := strconv.ParseUint(e[2:], 16, 8)
		return string([]byte{byte(b)})
	})
}
