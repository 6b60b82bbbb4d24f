package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

// following is what the overview asks for again and again while it is looked at.
type following struct {
	Mark string        `json:"mark"`           // of what the page shows; the same while that does not change
	AsOf *time.Time    `json:"asOf,omitempty"` // with html alone, as the others
	When string        `json:"when,omitempty"` // AsOf in words
	HTML template.HTML `json:"html,omitempty"` // the overview's live part, if it is not the one that the caller has
}

// live answers with the overview's live part, unless the caller has it: he says so by its mark, and then no figure is read.
func (c *console) live(w http.ResponseWriter, r *http.Request) {
	v, err := c.look(r, "overview")
	v.path = "/" // its links are those of the overview
	had := v.query.Get("mark")
	v.query.Del("mark") // nor is this a part of its address
	var n news
	if err == nil {
		n, err = c.news(v, r)
	}
	f := following{Mark: n.mark}
	if err == nil && n.mark != had {
		err = c.follow(v, r, n, &f)
	}
	if err != nil {
		f := v.noted(r, err)
		http.Error(w, f.Told, f.Status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(f)
}

// follow makes the live part.
func (c *console) follow(v *view, r *http.Request, n news, f *following) error {
	if err := c.overview(v, r, n); err != nil {
		return err
	}
	f.AsOf, f.When = &v.AsOf, v.Instant(v.AsOf)
	html, err := render(v, "live")
	f.HTML = template.HTML(html)
	return err
}

// news are the newest statements, and the mark of all that the overview shows.
type news struct {
	lines []line
	mark  string
}

// news are taken before the figures: what changes meanwhile has another mark. The mark holds the minute, since the page says as of which minute it
// stands.
func (c *console) news(v *view, r *http.Request) (n news, err error) {
	mark, err := c.questions.Mark(r.Context())
	if err != nil {
		return n, err
	}
	list, _, err := c.statements.List(r.Context(), Selection{Limit: newestLines})
	if err != nil {
		return n, err
	}
	n.lines = v.lines(list)
	all := sha256.New()
	fmt.Fprintf(all, "%q %q %q %d\n", mark, v.Tag, v.query.Encode(), time.Now().Unix()/60)
	for _, l := range n.lines {
		fmt.Fprintln(all, l.ID)
	}
	n.mark = hex.EncodeToString(all.Sum(nil)[:12])
	return n, nil
}
