package documents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	ruleDocument = "xAPI 1.0.3 Communication 2.2"
	ruleJSON     = "RFC 8259"
)

// check refuses what cannot be kept. A body that says it is JSON must be: one whole value in UTF-8, no name twice in an object,
// since readers differ on what that means and a merge could not keep it. Escaped lone surrogates pass: compressed suspend data
// has them.
func check(id string, doc Document) error {
	if err := checkID(id); err != nil {
		return err
	}
	switch {
	case len(doc.ContentType) > MaxContentType:
		return &Problem{Message: fmt.Sprintf("a content type may have %d bytes at most", MaxContentType), Rule: ruleDocument}
	case len(doc.Body) > MaxBody:
		return ErrTooLarge
	case isJSON(doc.ContentType):
		return checkJSON(doc.Body)
	}
	return nil
}

func checkID(id string) error {
	if id == "" || len(id) > MaxID || !utf8.ValidString(id) {
		return &Problem{Message: fmt.Sprintf("a document's id must be 1 to %d bytes of UTF-8", MaxID), Rule: ruleDocument}
	}
	return nil
}

// isJSON says whether a content type is application/json, whatever parameters follow.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return kind == "application/json" && (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter))
}

func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return &Problem{Message: "the document says that it is JSON, but is not UTF-8", Rule: ruleJSON}
	}
	decoder := newDecoder(body)
	if _, err := decoder.ReadValue(); err != nil {
		return notJSON(err)
	}
	if _, err := decoder.ReadToken(); err != io.EOF {
		return &Problem{Message: "the document says that it is JSON, but more follows the value", Rule: ruleJSON}
	}
	return nil
}

func newDecoder(body []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true))
}

func notJSON(err error) error {
	p := &Problem{Message: "the document says that it is JSON, but it is not", Rule: ruleJSON}
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF):
		p.Message += ": it is empty"
	case errors.As(err, &syntax):
		p.Pointer = string(syntax.JSONPointer)
		p.Message += fmt.Sprintf(": %s, near byte %d", strings.TrimPrefix(syntax.Err.Error(), "jsontext: "), syntax.ByteOffset)
	}
	return p
}
