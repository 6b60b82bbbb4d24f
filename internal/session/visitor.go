package session

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"cairn/internal/audit"
	"cairn/internal/auth"
	"cairn/internal/telemetry"
)

// How long a session lasts: from when it was used last, and in all. Its end is moved at most so often.
const (
	idle   = 8 * time.Hour
	inAll  = 24 * time.Hour
	moving = time.Hour
)

// Visitor is who is in.
type Visitor struct {
	auth.Principal
	Name string // as it may be shown to himself
	From string // the address that he asks from; "" when it is not known

	door  *Door
	visit visit
}

// Token is what a form of the visitor's must send in the field csrf, or a script in the header X-Csrf-Token. Each is another text, so that
// nothing can be guessed from how well a page compresses.
func (v *Visitor) Token() string { return v.door.seal.seal(tokenPurpose, []byte(v.visit.ID)) }

// visit is what a session's cookie holds. Who came by a key is looked up again, who came by a provider is what the provider said.
type visit struct {
	ID    string    `json:"id"`
	Began time.Time `json:"began"`
	Until time.Time `json:"until"`

	Key   string `json:"key,omitempty"`
	Proof string `json:"proof,omitempty"` // of the key's secret

	Issuer    string          `json:"iss,omitempty"`
	Client    string          `json:"client,omitempty"`
	Principal string          `json:"principal,omitempty"`
	Actor     string          `json:"actor,omitempty"`
	Authority json.RawMessage `json:"authority,omitempty"`
	Scopes    string          `json:"scopes,omitempty"`
	Name      string          `json:"name,omitempty"`
}

// admit begins a session: it writes the trail, and then the cookie.
func (d *Door) admit(w http.ResponseWriter, r *http.Request, p auth.Principal, v visit) error {
	if err := d.trail.Write(r.Context(), audit.Record{By: p.Actor(), From: addressOf(r), Action: "sign in"}); err != nil {
		return err
	}
	v.ID, v.Began = rand.Text(), time.Now()
	v.Name = strings.ToValidUTF8(v.Name[:min(len(v.Name), longestName)], "") // no part of a character
	return d.write(w, r, v)
}

// longestName is how many bytes of a visitor's name a session keeps: browsers drop a cookie of more than 4,096 (RFC 6265, 6.1), and in its JSON a byte
// may take six.
const longestName = 200

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

// write writes the cookie, which is good from now on as long as a session may be idle.
func (d *Door) write(w http.ResponseWriter, r *http.Request, v visit) error {
	v.Until = time.Now().Add(idle)
	if end := v.Began.Add(inAll); end.Before(v.Until) {
		v.Until = end
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	setCookie(w, r, visitCookie, d.seal.seal(visitCookie, text), time.Until(v.Until))
	return nil
}

// visitor tells who is in, and moves the session's end where that is used. The error is auth.ErrUnauthorized, with a cookie that is no good taken away; or a fault.
func (d *Door) visitor(w http.ResponseWriter, r *http.Request) (*Visitor, error) {
	cookie, err := r.Cookie(nameOf(r, visitCookie))
	if err != nil {
		return nil, unauthorized
	}
	var v visit
	text, ok := d.seal.open(visitCookie, cookie.Value)
	if !ok || json.Unmarshal(text, &v) != nil || !time.Now().Before(v.Until) {
		return nil, d.forget(w, r)
	}
	p, err := d.principal(r, v)
	if errors.Is(err, auth.ErrUnauthorized) {
		return nil, d.forget(w, r)
	}
	if err != nil {
		return nil, err
	}
	telemetry.Note(r.Context(), slog.String("key", p.Key))
	if r.URL.Path != Live && time.Until(v.Until) < idle-moving && v.Until.Before(v.Began.Add(inAll)) {
		if err := d.write(w, r, v); err != nil {
			return nil, err
		}
	}
	name := v.Name
	if v.Key != "" {
		name = v.Key
	}
	return &Visitor{Principal: p, Name: name, From: addressOf(r), door: d, visit: v}, nil
}

func (d *Door) forget(w http.ResponseWriter, r *http.Request) error {
	setCookie(w, r, visitCookie, "", 0)
	return unauthorized
}

// principal is who came: his key must be good still, or his provider be the one that people sign in by.
func (d *Door) principal(r *http.Request, v visit) (auth.Principal, error) {
	if v.Key != "" {
		return d.gate.SignedIn(r.Context(), v.Key, v.Proof)
	}
	if d.provider == nil || v.Issuer != d.provider.issuer || v.Client != d.provider.client {
		return auth.Principal{}, unauthorized
	}
	scopes, err := auth.ParseScopes(v.Scopes)
	if err != nil {
		return auth.Principal{}, unauthorized
	}
	return auth.NewPrincipal(v.Principal, v.Actor, v.Authority, scopes), nil
}
