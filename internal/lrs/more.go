package lrs

import (
	"encoding/base64"
	"encoding/json"

	"cairn/internal/index"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// list is a list that is read page by page: all that a More stands for. Its filters are terms, so no personal data leaves in
// it; it needs no signature, since whoever brings it is authorised anew.
type list struct {
	Filters     []index.Filter `json:"f,omitempty"`
	From        ledger.Instant `json:"a"`
	To          ledger.Instant `json:"b"`
	Descending  bool           `json:"d,omitempty"`
	After       ledger.Place   `json:"p"`
	Asked       ledger.Instant `json:"q,omitempty"` // an ascending list's first request
	Limit       int            `json:"l"`
	Format      Format         `json:"o,omitempty"`
	Attachments bool           `json:"t,omitempty"`
}

// after is the More that goes on behind a place.
func (x list) after(p ledger.Place) string {
	x.After = p
	text, err := json.Marshal(x)
	if err != nil {
		panic(err) // it holds numbers and arrays
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func decodeMore(more string) (x list, err error) {
	refused := &xapi.Problem{
		Rule: "xAPI 1.0.3 Communication 2.1.3", Message: "this is not a more link that this LRS gave out",
	}
	text, err := base64.RawURLEncoding.DecodeString(more)
	if err != nil || json.Unmarshal(text, &x) != nil || x.Limit < 1 || x.Limit > maxLimit || x.Format > Canonical {
		return list{}, refused
	}
	for _, f := range x.Filters {
		if len(f.Terms) == 0 {
			return list{}, refused
		}
	}
	return x, nil
}
