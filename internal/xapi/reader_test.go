package xapi

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// texts are small ones that lie on either side of what JSON is.
var texts = []string{
	``, ` `, `{}`, `[]`, ` [ ] `, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `{"a":1,}`, `{,}`, `{"a"}`, `{"a":}`, `{"a" 1}`, `{a:1}`, `{"a":1]`,
	`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"":1,"":2}`, `{"a":{"b":1},"b":{"b":1}}`, `[[[[`, `]`, `}`, `"`, `"a`, `"a"b`, `"\`, `"\"`,
	`0`, `-0`, `-`, `00`, `01`, `1.`, `.1`, `1.0`, `1e`, `1e+`, `1E-5`, `1.5e05`, `+1`, `-a`, `0x1`, `1.e1`, `1 1`, `true`, `truE`, `tru`,
	`false`, `falsey`, `null`, `nul`, `nullnull`, "\ufeff1", "1\x00", "\x00", "\v1", "[1\x0c]", "[\xff]", "\xff",
	`"\u00e9\/\b\f\n\r\t\\\""`, `"\u12"`, `"\u12g4"`, `"\U0041"`, `"\x41"`, `"\'"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`,
	`"\ud83d\ud83d"`, `"\ud83d\n"`, `"\ud83dx"`, `"\ud83d\u`, `"\ud83d\ude0"`, "\"a\x1f\"", "\"1234567\x00\"", "\"\x7f\"", "\"é😀\"", "\"\xc3\"",
	"\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"12345678\xff\"", "{\"\xff\":1,\"\xfe\":2}", "{\"\xff\":1,\"\xff\":2}", `{"\ud800":1}`,
	strings.Repeat(`[`, 64) + strings.Repeat(`]`, 64), strings.Repeat(`{"a":`, 66) + `1` + strings.Repeat(`}`, 66),
	strings.Repeat(`[`, 65), strings.Repeat(`[`, 67) + strings.Repeat(`]`, 67),
	manyMembers(fewMembers) + `}`, manyMembers(fewMembers) + `,"k3":0}`, manyMembers(1000) + `}`, manyMembers(1000) + `,"\u006b3":0}`,
}

// manyMembers is an object of so many members, still open.
func manyMembers(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, `,"k%d":%d`, i, i)
	}
	return "{" + b.String()[1:]
}

// FuzzReadAsJSONText: what jsontext takes the reader takes, and nothing else; and it reads the same from it.
func FuzzReadAsJSONText(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
		f.Add([]byte(" \t[" + text + "\r\n, 12345678]")) // the same, not at the end
	}
	whole, err := os.ReadFile("../../testdata/statements/whole.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, trusted := range []bool{true, false} {
			tree, problem := read(src, trusted)
			o := oracle{Decoder: jsontext.NewDecoder(bytes.NewReader(src), jsontext.AllowDuplicateNames(trusted),
				jsontext.AllowInvalidUTF8(trusted))}
			err := o.skip()
			deep := maxDepth
			if trusted {
				deep = maxStoredDepth
			}
			if taken := err == nil && o.deepest <= deep; taken != (problem == nil) {
				t.Fatalf("trusted %v: jsontext says %v at depth %d, the reader %v", trusted, err, o.deepest, problem)
			}
			if problem == nil {
				o.Reset(bytes.NewReader(src), jsontext.AllowDuplicateNames(trusted), jsontext.AllowInvalidUTF8(trusted))
				o.compare(t, tree, 0)
			}
		}
	})
}

// oracle reads JSON with jsontext.
type oracle struct {
	*jsontext.Decoder
	deepest int
}

// skip goes over one value, which must be all there is.
func (o *oracle) skip() error {
	for {
		if _, err := o.ReadToken(); err != nil {
			if err == io.EOF && o.InputOffset() == 0 {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		o.deepest = max(o.deepest, o.StackDepth())
		if o.StackDepth() > 0 {
			continue
		}
		if _, err := o.ReadToken(); err != io.EOF {
			return fmt.Errorf("more: %v", err)
		}
		return nil
	}
}

// compare reads one value and holds the node n against it.
func (o *oracle) compare(t *testing.T, tree *tree, n int32) {
	if kind := byte(o.PeekKind()); kind != tree.kind(n) {
		t.Fatalf("node %d is a %q, not a %q", n, tree.kind(n), kind)
	}
	if kind := tree.kind(n); kind != '{' && kind != '[' {
		if got, want := string(tree.raw(n)), o.value(); got != want {
			t.Fatalf("node %d is %s, not %s", n, got, want)
		}
		if kind == '"' && !means(tree.text(n), tree.raw(n)) {
			t.Fatalf("node %d means %q", n, tree.text(n))
		}
		return
	}
	_, _ = o.ReadToken()
	from := o.InputOffset() - 1
	for m := tree.first(n); m != 0; m = tree.next(m) {
		if tree.kind(n) == '{' {
			quoted := o.value()
			if got := string(tree.rawKey(m)); got != quoted || !means(tree.key(m), []byte(quoted)) {
				t.Fatalf("the key of node %d is %s, not %s", m, got, quoted)
			}
		}
		o.compare(t, tree, m)
	}
	if end, err := o.ReadToken(); err != nil || end.Kind() != '}' && end.Kind() != ']' {
		t.Fatalf("node %d ends before %v, %v", n, end, err)
	}
	if got, want := string(tree.raw(n)), string(tree.src[from:o.InputOffset()]); got != want {
		t.Fatalf("node %d is %s, not %s", n, got, want)
	}
}

// means says whether text is the meaning of the JSON string. Broken UTF-8, which only what is trusted may have, stays as it is.
func means(text, quoted []byte) bool {
	return bytes.Equal(text, unescaped(quoted)) || !utf8.Valid(text) && bytes.Equal(text, quoted[1:len(quoted)-1])
}

func (o *oracle) value() string {
	value, _ := o.ReadValue()
	return string(value)
}
