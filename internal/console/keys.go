package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"cairn/internal/auth"
)

type keysPage struct {
	Keys        []keyLine
	Made        *madeKey // just now
	Scopes      []scope
	Asked       keyForm
	First, Next string
}

// keyForm is what the form for a new key was filled in with, and what is wrong with it: empty for one that is not filled in.
type keyForm struct {
	Label, Expires, Problem string
	granted                 []string
}

// Grants says whether a scope was chosen.
func (f keyForm) Grants(scope string) bool { return slices.Contains(f.granted, scope) }

type keyLine struct {
	ID, Label, Scopes            string
	State, Tone                  string
	Active                       bool
	Created, Used, Expires, Told time.Time
}

// madeKey is a key with its secret, which is shown this once.
type madeKey struct{ ID, Secret, Command string }

const (
	keyLines   = 50
	overlap    = 24 * time.Hour // how long the secret before fits beside a new one
	maxKeyForm = 16 << 10
)

// scope is what a key may be given, and the key of what it is good for.
type scope struct{ Name, Key string }

// scopes that can be chosen, in the words of xAPI 1.0.3 Communication 4.2, and Cairn's own.
var scopes = []scope{
	{"statements/write", "scope.write"}, {"statements/read/mine", "scope.mine"}, {"statements/read", "scope.read"}, {"state", "scope.state"},
	{"profile", "scope.profile"}, {"define", "scope.define"}, {"all/read", "scope.allRead"}, {"all", "scope.all"},
	{"reports/read", "scope.reports"}, {"admin", "scope.admin"},
}

// admins lets nobody else do it.
func admins(fill page) page {
	return func(c *console, v *view, r *http.Request) error {
		v.Section, v.Title = "keys", v.Text("keys.title")
		if !v.Viewer.Admin {
			return errForbidden
		}
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(nil, r.Body, maxKeyForm)
			if err := r.ParseForm(); err != nil {
				return &Refused{v.Text("error.refused")}
			}
		}
		return fill(c, v, r)
	}
}

func listKeys(c *console, v *view, r *http.Request) error { return c.showKeys(v, r, nil, keyForm{}) }

func (c *console) showKeys(v *view, r *http.Request, made *madeKey, asked keyForm) error {
	v.path = "/keys"
	list, next, err := c.keys.ListKeys(r.Context(), v.Viewer, v.Param("next"), keyLines)
	if err != nil {
		return err
	}
	p := keysPage{Made: made, Scopes: scopes, Asked: asked}
	p.First, p.Next = v.turns(next)
	for _, k := range list {
		p.Keys = append(p.Keys, v.keyLine(k))
	}
	v.Page = p
	return nil
}

func (v *view) keyLine(k auth.Key) keyLine {
	l := keyLine{ID: k.ID, Label: k.Label, Scopes: k.Scopes.String(), Created: k.Created, Used: k.Used, Expires: k.Expires}
	switch {
	case !k.Revoked.IsZero():
		l.State, l.Tone = v.Text("keys.revoked", v.Date(k.Revoked)), "bad"
	case !k.Expires.IsZero() && !time.Now().Before(k.Expires):
		l.State, l.Tone = v.Text("keys.expired"), "warn"
	default:
		l.State, l.Tone, l.Active = v.Text("keys.active"), "good", true
	}
	return l
}

// makeKey makes a key, or shows the form again as it was filled in, with what is wrong.
func makeKey(c *console, v *view, r *http.Request) error {
	asked := keyForm{Label: r.PostFormValue("label"), Expires: r.PostFormValue("expires"), granted: r.PostForm["scope"]}
	n, err := v.newKey(r, asked)
	var id, secret string
	if err == nil {
		id, secret, err = c.keys.MakeKey(r.Context(), v.Viewer, n)
	}
	if err == nil {
		return c.showKeys(v, r, newSecret(r, id, secret), keyForm{})
	}
	f := v.failureOf(err)
	if f.Status != http.StatusBadRequest {
		return err
	}
	v.status, asked.Problem = f.Status, f.Detail
	return c.showKeys(v, r, nil, asked)
}

// newKey is the key that a form asks for.
func (v *view) newKey(r *http.Request, asked keyForm) (n auth.NewKey, err error) {
	n = auth.NewKey{ID: auth.NewID(), Label: strings.TrimSpace(asked.Label), HomePage: endpointOf(r)}
	if n.Scopes, err = auth.ParseScopes(strings.Join(asked.granted, " ")); err != nil {
		return n, &Refused{v.Text("keys.needScope")}
	}
	if asked.Expires == "" {
		return n, nil
	}
	if n.Expires, err = time.Parse(time.DateOnly, asked.Expires); err != nil {
		return n, &Refused{v.Text("filter.day")}
	}
	return n, nil
}

func rotateKey(c *console, v *view, r *http.Request) error {
	id := r.PostFormValue("id")
	secret, err := c.keys.RotateKey(r.Context(), v.Viewer, id, overlap)
	if err != nil {
		return err
	}
	return c.showKeys(v, r, newSecret(r, id, secret), keyForm{})
}

func revokeKey(c *console, v *view, r *http.Request) error {
	if r.PostFormValue("sure") == "" {
		return &Refused{v.Text("keys.unsure")}
	}
	if err := c.keys.RevokeKey(r.Context(), v.Viewer, r.PostFormValue("id")); err != nil {
		return err
	}
	v.moved = v.Link("/keys")
	return nil
}

func newSecret(r *http.Request, id, secret string) *madeKey {
	return &madeKey{id, secret, "curl -u " + id + ":" + secret + " -H 'X-Experience-API-Version: 1.0.3' \\\n  '" + endpointOf(r) + "/statements?limit=1'"}
}
