package auth

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

const Admin Scopes = 1 << 12

func (p Principal) Admin() bool { return p.scopes&Admin != 0 }

type Limits struct {
	RequestsPerMinute int64 `json:"requestsPerMinute,omitempty"`
	StatementsPerDay  int64 `json:"statementsPerDay,omitempty"`
}
type Key struct {
	ID, Label                                              string
	Scopes                                                 Scopes
	Authority                                              json.RawMessage
	Created, Expires, Revoked, Used, Rotated, OverlapUntil time.Time
	Limits                                                 Limits
}

var ErrNoKey = errors.New("auth: no such key")

func (k *Keys) List(ctx context.Context, after string, limit int) (list []Key, next string, err error) {
	return nil, "", nil
}
func (k *Keys) Look(ctx context.Context, id string) (Key, error) { return Key{}, nil }

type Change struct {
	Label   *string
	Scopes  *Scopes
	Expires *time.Time
	Limits  *Limits
}

func (k *Keys) Change(ctx context.Context, id string, c Change) (Key, error) { return Key{}, nil }
func (k *Keys) Rotate(ctx context.Context, id string, overlap time.Duration) (secret string, err error) {
	return "", nil
}
func (k *Keys) Revoke(ctx context.Context, id string) error { return nil }

type Measure int

const (
	Requests Measure = iota
	Statements
)

func (k *Keys) Spend(ctx context.Context, p Principal, m Measure, n int64) error { return nil }

type Limited struct {
	Measure    Measure
	Limit      int64
	RetryAfter time.Duration
}

func (l *Limited) Error() string { return "limited" }

type Tokens interface {
	Bearer(ctx context.Context, token string) (Principal, error)
}
type Gate struct {
	Keys   *Keys
	Tokens Tokens
}

func (g *Gate) Admit(ctx context.Context, authorization string) (Principal, error) {
	return g.Keys.Basic(ctx, authorization)
}
func (g *Gate) Challenge(err error) []string { return []string{`Basic realm="xAPI", charset="UTF-8"`} }

// Invalid says what a key cannot be given.
type Invalid struct{ Member, Message string }

func (e *Invalid) Error() string { return e.Message }

func NewID() string { return "x" }

func (n NewKey) Check() error { return n.check() }
