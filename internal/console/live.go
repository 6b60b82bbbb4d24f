package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html/template"
	"net/http"
	"time"
)

// following is what the overview asks for again and again while it is looked at.
type following struct {
	Mark string        `json:"mark"` // of what the page shows; the same while that does not change
	AsOf time.Time     `json:"asOf"`
	When string        `json:"when"`           // AsOf in words
	HTML template.HTML `json:"html,omitempty"` // the overview's live part, if it is not the one that the caller has
}

// live answers with the overview's live part, unless the caller has it: he says so by its mark.
func (c *console) live(w http.ResponseWriter, r *http.Request) {
	v, err := c.look(r, "overview")
	v.path = "/" // its links are those of the overview
	had := v.query.Get("mark")
	v.query.Del("mark") // nor is this a part of its address
	if err == nil {
		err = overview(c, v, r)
	}
	var part livePart
	if err == nil {
		part, err = v.Rendered()
	}
	if err != nil {
		f := v.noted(r, err)
		http.Error(w, f.Told, f.Status)
		return
	}
	f := following{Mark: part.Mark, AsOf: v.AsOf, When: v.Instant(v.AsOf)}
	if f.Mark != had {
		f.HTML = part.HTML
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(f)
}

// livePart is what of the overview follows new statements.
type livePart struct {
	HTML template.HTML
	Mark string
}

// Rendered is the overview's live part: made once, for its mark is of all that it says.
func (v *view) Rendered() (livePart, error) {
	html, err := render(v, "live")
	sum := sha256.Sum256(html)
	return livePart{template.HTML(html), hex.EncodeToString(sum[:12])}, err
}
