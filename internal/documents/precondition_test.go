package documents_test

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"testing"

	"cairn/internal/documents"
)

// RFC 9110, 13.1 and 13.2.2; xAPI 1.0.3 Communication 3.1; IEEE 9274.1.1, 4.1.4.
func TestPreconditions(t *testing.T) {
	const body = `{"a":1}`
	tag := fmt.Sprintf(`"%x"`, sha1.Sum([]byte(body)))
	other := fmt.Sprintf(`"%x"`, sha1.Sum([]byte("other")))
	match := func(tags ...string) documents.Precondition { return documents.Precondition{IfMatch: tags} }
	none := func(tags ...string) documents.Precondition { return documents.Precondition{IfNoneMatch: tags} }
	strict := func(p documents.Precondition) documents.Precondition {
		p.RequireOnReplace, p.RequireOnCreate = true, true
		return p
	}
	failed := documents.ErrPreconditionFailed
	for _, test := range []struct {
		name           string
		cond           documents.Precondition
		existing, anew error
	}{
		{"nothing", anyone, nil, nil},
		{"nothing, but required", strict(anyone), documents.ErrConflict, documents.ErrPreconditionRequired},
		{"nothing, but required to replace", documents.Precondition{RequireOnReplace: true}, documents.ErrConflict, nil},
		{"If-Match of its tag", match(tag), nil, failed},
		{"If-Match of its tag among others", strict(match(other, tag)), nil, failed},
		{"If-Match of another tag", strict(match(other)), failed, failed},
		{"If-Match of any", strict(match("*")), nil, failed},
		{"If-Match of its tag, weak", match("W/" + tag), failed, failed},
		{"If-Match of its tag, unquoted", match(tag[1:41]), failed, failed},
		{"If-None-Match of any", strict(none("*")), failed, nil},
		{"If-None-Match of its tag", none(tag), failed, nil},
		{"If-None-Match of its tag, weak", none("W/" + tag), failed, nil},
		{"If-None-Match of another tag", strict(none(other)), nil, nil},
		{"both hold", documents.Precondition{IfMatch: []string{tag}, IfNoneMatch: []string{other}}, nil, failed},
		{"one does not", documents.Precondition{IfMatch: []string{tag}, IfNoneMatch: []string{"*"}}, failed, failed},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, res := newWorld(t), state("preconditions")
			writes := map[string]func(id string) error{
				"put": func(id string) error {
					return w.Put(t.Context(), res, id, doc(octets, []byte("new")), test.cond)
				},
				"merge": func(id string) error {
					return w.Merge(t.Context(), res, id, doc(asJSON, []byte(`{"b":2}`)), test.cond)
				},
				"delete": func(id string) error { return w.Delete(t.Context(), res, id, test.cond) },
			}
			for name, write := range writes {
				w.put(res, name, asJSON, []byte(body))
				if err := write(name); !errors.Is(err, test.existing) {
					t.Errorf("%s of a document that exists: %v, want %v", name, err, test.existing)
				} else if d, _ := w.Get(t.Context(), res, name); (d.ETag == tag) != (test.existing != nil) {
					t.Errorf("%s of a document that exists left %s, %v", name, d.Body, err)
				}
				if err := write(name + " anew"); !errors.Is(err, test.anew) {
					t.Errorf("%s of one that does not: %v, want %v", name, err, test.anew)
				} else if _, err := w.Get(t.Context(), res, name+" anew"); (err == nil) != (test.anew == nil && name != "delete") {
					t.Errorf("%s of one that does not left %v", name, err)
				}
			}
		})
	}
}
