package httpapi_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/infra/local/partstest"
)

// The scripts in testdata/http tell what a client sends and what it is answered; the README there tells how they are written.
// Each runs on a new store, and in each version for which it holds.

func TestScriptsOnOneMachine(t *testing.T) {
	eachScript(t, func(t *testing.T) *world {
		c := newClock()
		w := onOneMachine(t, c.now)
		w.clock = c
		return w
	})
}

func TestScriptsOnAWS(t *testing.T) {
	blobs := partstest.Blobs(t)
	eachScript(t, func(t *testing.T) *world {
		c := newClock()
		w := onAWS(t, blobs, c.now)
		w.clock = c
		return w
	})
}

func eachScript(t *testing.T, newWorld func(*testing.T) *world) {
	paths, err := filepath.Glob("../../testdata/http/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no scripts: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := parseScript(string(text))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, version := range s.versions {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txt")+"/"+version, func(t *testing.T) {
				t.Parallel()
				p := &play{T: t, world: newWorld(t), version: version, words: newWords(version)}
				for _, step := range s.steps {
					p.step(step)
				}
			})
		}
	}
}

// play is one run of a script.
type play struct {
	*testing.T
	*world
	version string
	words   words
	line    int
	listing string // every statement, as last seen; "" when that may have changed
}

func (p *play) step(s step) {
	p.Helper()
	p.line = s.line
	if s.exchange != nil {
		p.exchange(s.exchange)
		return
	}
	name, rest, _ := strings.Cut(s.directive, " ")
	first, second, _ := strings.Cut(rest, " ")
	switch name {
	case "let":
		p.words[first] = p.expand(unescape(second))
	case "key":
		p.key(p, first, second)
	case "wait":
		d, err := time.ParseDuration(first)
		if err != nil {
			p.fatalf("%v", err)
		}
		p.clock.move(d)
		p.settle(p)
	default:
		p.fatalf("there is no directive %q", name)
	}
}

func (p *play) fatalf(format string, args ...any) {
	p.Helper()
	p.Fatalf("line %d: "+format, slices.Insert(args, 0, any(p.line))...)
}

func (p *play) errorf(format string, args ...any) {
	p.Helper()
	p.Errorf("line %d: "+format, slices.Insert(args, 0, any(p.line))...)
}

// exchange sends a request, holds the answer against what is expected, and then against what holds for every answer.
func (p *play) exchange(x *exchange) {
	p.Helper()
	r := p.request(x)
	before := p.before(r)
	a := p.send(r)
	p.check(x, a)
	p.always(r, a)
	switch {
	case r.method == "GET":
		p.mirrored(r, a)
	case a.status < 400:
		p.listing = ""
		p.settle(p)
	default:
		p.unchanged(before)
	}
}

func (p *play) check(x *exchange, a answer) {
	p.Helper()
	if a.status != x.status {
		p.fatalf("%s %s: got %d, want %d:\n%s", x.method, x.target, a.status, x.status, a.body)
	}
	for _, h := range x.wantHeaders {
		got := a.header.Values(h.name)
		switch {
		case h.absent && len(got) > 0:
			p.errorf("there is a header %s: %q", h.name, got)
		case !h.absent && (len(got) != 1 || !p.matchText(p.expand(h.value), got[0])):
			p.errorf("%s: got %q, want %s", h.name, got, h.value)
		}
	}
	if x.wantBody == nil {
		return
	}
	end := "\n"
	if strings.HasPrefix(a.header.Get("Content-Type"), "multipart/") {
		end = "\r\n"
	}
	want := strings.Join(x.wantBody, end)
	if strings.HasPrefix(want, "{") && want[1] != '{' || strings.HasPrefix(want, "[") {
		p.matchJSON(p.expand(want), a.body)
		return
	}
	if want = p.expand(unescape(want)); !p.matchText(want, strings.TrimSuffix(a.body, end)) {
		p.errorf("the body is\n%q\nwant\n%q", a.body, want)
	}
}
