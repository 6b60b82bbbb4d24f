package documents

import (
	"github.com/go-json-experiment/json/jsontext"
)

// merge sets the properties of the object posted in the object old. Names and values stay the bytes that were sent, so numbers
// and nested values are kept exactly. Both must be objects, and say that they are JSON (xAPI 1.0.3 Communication 2.2).
func merge(old, posted Document) (Document, error) {
	into, err := properties(old, "the stored document")
	if err != nil {
		return Document{}, err
	}
	from, err := properties(posted, "the posted document")
	if err != nil {
		return Document{}, err
	}
	at := make(map[string]int, len(into))
	for i, p := range into {
		at[p.name] = i
	}
	for _, p := range from {
		if i, ok := at[p.name]; ok {
			into[i] = p
		} else {
			into = append(into, p)
		}
	}
	merged := Document{ContentType: old.ContentType, Body: object(into, len(old.Body)+len(posted.Body))}
	if len(merged.Body) > MaxBody {
		return Document{}, ErrTooLarge
	}
	return merged, nil
}

// property is one member of an object: its name, and name and value as they were sent.
type property struct {
	name      string
	raw, text []byte
}

// properties takes an object apart. What names it, for the reader of an error.
func properties(doc Document, what string) (all []property, err error) {
	if !isJSON(doc.ContentType) {
		return nil, &Problem{Message: what + " is not application/json, so it cannot be merged", Rule: ruleDocument}
	}
	decoder := newDecoder(doc.Body)
	if start, err := decoder.ReadToken(); err != nil || start.Kind() != jsontext.KindBeginObject {
		return nil, &Problem{Message: what + " is not a JSON object, so it cannot be merged", Rule: ruleDocument}
	}
	next := func() ([]byte, error) {
		value, err := decoder.ReadValue()
		end := int(decoder.InputOffset())
		return doc.Body[end-len(value) : end], err // the decoder's own is overwritten by the next
	}
	for decoder.PeekKind() != jsontext.KindEndObject {
		var p property
		if p.raw, err = next(); err != nil {
			return nil, notJSON(err)
		}
		if p.text, err = next(); err != nil {
			return nil, notJSON(err)
		}
		name, _ := jsontext.AppendUnquote(nil, p.raw) // its error is a lone surrogate, which the name then shows replaced
		p.name = string(name)
		all = append(all, p)
	}
	return all, nil
}

func object(all []property, size int) []byte {
	out := append(make([]byte, 0, size), '{')
	for i, p := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, p.raw...), ':'), p.text...)
	}
	return append(out, '}')
}
