package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"
)

// following is what the overview asks for again and again while it is looked at.
type following struct {
	Mark string    `json:"mark"` // of what the page shows; the same while that does not change
	AsOf time.Time `json:"asOf"`
	When string    `json:"when"`           // AsOf in words
	HTML string    `json:"html,omitempty"` // the overview's live part, if it is not the one that the caller has
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
	var html []byte
	if err == nil {
		html, err = render(v, "live")
	}
	if err != nil {
		f := v.noted(r, err)
		http.Error(w, f.Told, f.Status)
		return
	}
	f := following{Mark: markOf(html), AsOf: v.AsOf, When: v.Instant(v.AsOf)}
	if f.Mark != had {
		f.HTML = string(html)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(f)
}

// Mark is that of the live part as the page has it.
func (v *view) Mark() (string, error) {
	html, err := render(v, "live")
	return markOf(html), err
}

func markOf(html []byte) string {
	sum := sha256.Sum256(html)
	return hex.EncodeToString(sum[:12])
}
