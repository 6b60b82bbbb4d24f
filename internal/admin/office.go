package admin

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cairn/internal/audit"
	"cairn/internal/auth"
	"cairn/internal/roster"
	"cairn/internal/upkeep"
)

// Operator is who does something, and from where.
type Operator struct {
	By   string // the key that asks, or the command
	From string // the address that it asks from; "" for a command
}

// Office makes and changes keys, keeps the roster, and writes each change and each look into the audit trail before it takes place: what cannot be
// written there is not done. The API, the function that makes the first key, and `make key` all work through it.
type Office struct {
	Keys  *auth.Keys
	Trail *audit.Trail
	// Roster is what is said of learners; nil where only keys are made.
	Roster *roster.Roster
	// Keeper looks after the rest of the stack; nil where only keys are made.
	Keeper Keeper
}

// Keeper tells how a stack stands, and takes note of what is to be done to it, which is done later, by whoever ticks. Each returns when that is
// durable, and may be asked again. Errors are faults of the storage.
type Keeper interface {
	// Status is strongly consistent, and says nothing of learners.
	Status(ctx context.Context) (upkeep.Status, error)
	// AskVerification asks for what was stored in a span of time; zero times are the beginning and now.
	AskVerification(ctx context.Context, from, to time.Time, mend bool) error
	// StopVerification stops what is being verified, and forgets what was asked for.
	StopVerification(ctx context.Context) error
	// Rebuild begins to build the index anew, unless that is under way.
	Rebuild(ctx context.Context) error
}

func (o *Office) write(ctx context.Context, who Operator, action, key, detail string) error {
	return o.Trail.Write(ctx, audit.Record{By: who.By, From: who.From, Action: action, Key: key, Detail: detail})
}

// MakeKey makes a key. Its id is chosen here unless it is pinned, so that the trail can name it.
func (o *Office) MakeKey(ctx context.Context, who Operator, n auth.NewKey) (id, secret string, err error) {
	if n.ID == "" {
		n.ID = auth.NewID()
	}
	if err := n.Check(); err != nil {
		return "", "", err
	}
	if err := o.write(ctx, who, "make key", n.ID, settings(&n.Label, &n.Scopes, &n.Expires, &n.Limits)); err != nil {
		return "", "", err
	}
	return o.Keys.Make(ctx, n)
}

// ListKeys lists keys in order of their ids, behind the id after; next is "" at the end.
func (o *Office) ListKeys(ctx context.Context, who Operator, after string, limit int) (list []auth.Key, next string, err error) {
	if err := o.write(ctx, who, "list keys", "", ""); err != nil {
		return nil, "", err
	}
	return o.Keys.List(ctx, after, limit)
}

// LookAtKey tells of a key.
func (o *Office) LookAtKey(ctx context.Context, who Operator, id string) (auth.Key, error) {
	if err := o.write(ctx, who, "look at key", id, ""); err != nil {
		return auth.Key{}, err
	}
	return o.Keys.Look(ctx, id)
}

// ChangeKey changes a key.
func (o *Office) ChangeKey(ctx context.Context, who Operator, id string, c auth.Change) (auth.Key, error) {
	if err := o.write(ctx, who, "change key", id, settings(c.Label, c.Scopes, c.Expires, c.Limits)); err != nil {
		return auth.Key{}, err
	}
	return o.Keys.Change(ctx, id, c)
}

// RotateKey gives a key a new secret; the one before fits for as long as overlap.
func (o *Office) RotateKey(ctx context.Context, who Operator, id string, overlap time.Duration) (secret string, err error) {
	if err := o.write(ctx, who, "rotate key", id, "overlap "+overlap.String()); err != nil {
		return "", err
	}
	return o.Keys.Rotate(ctx, id, overlap)
}

// RevokeKey has a key refused from now on, for good.
func (o *Office) RevokeKey(ctx context.Context, who Operator, id string) error {
	if err := o.write(ctx, who, "revoke key", id, ""); err != nil {
		return err
	}
	return o.Keys.Revoke(ctx, id)
}

// ListTrail lists the audit trail, the newest first.
func (o *Office) ListTrail(ctx context.Context, who Operator, since, until time.Time, more string, limit int) (list []audit.Record, next string, err error) {
	if err := o.write(ctx, who, "list audit trail", "", ""); err != nil {
		return nil, "", err
	}
	return o.Trail.List(ctx, since, until, more, limit)
}

// Status tells how the stack stands.
func (o *Office) Status(ctx context.Context, who Operator) (upkeep.Status, error) {
	if err := o.write(ctx, who, "look at status", "", ""); err != nil {
		return upkeep.Status{}, err
	}
	return o.Keeper.Status(ctx)
}

// Verify asks for what was stored from one time to another to be held against all else; zero times are the beginning and now.
func (o *Office) Verify(ctx context.Context, who Operator, from, to time.Time, mend bool) error {
	detail := fmt.Sprintf("from %s to %s, mend %v", timeOr(from, "the beginning"), timeOr(to, "now"), mend)
	if err := o.write(ctx, who, "verify", "", detail); err != nil {
		return err
	}
	return o.Keeper.AskVerification(ctx, from, to, mend)
}

// StopVerifying stops a verification, and forgets the one that was asked for.
func (o *Office) StopVerifying(ctx context.Context, who Operator) error {
	if err := o.write(ctx, who, "stop verifying", "", ""); err != nil {
		return err
	}
	return o.Keeper.StopVerification(ctx)
}

// Rebuild begins to build index and reports anew from the log.
func (o *Office) Rebuild(ctx context.Context, who Operator) error {
	if err := o.write(ctx, who, "rebuild index", "", ""); err != nil {
		return err
	}
	return o.Keeper.Rebuild(ctx)
}

func timeOr(t time.Time, otherwise string) string {
	if t.IsZero() {
		return otherwise
	}
	return t.UTC().Format(time.RFC3339)
}

// settings says what a key is given, in a line for the trail.
func settings(label *string, scopes *auth.Scopes, expires *time.Time, limits *auth.Limits) string {
	var given []string
	if label != nil {
		given = append(given, fmt.Sprintf("label %q", *label))
	}
	if scopes != nil {
		given = append(given, "scopes "+scopes.String())
	}
	switch {
	case expires != nil && expires.IsZero():
		given = append(given, "never expires")
	case expires != nil:
		given = append(given, "expires "+expires.UTC().Format(time.RFC3339))
	}
	if limits != nil {
		given = append(given, fmt.Sprintf("requests a minute %s, statements a day %s", orNone(limits.RequestsPerMinute), orNone(limits.StatementsPerDay)))
	}
	return strings.Join(given, "; ")
}

func orNone(limit int64) string {
	if limit == 0 {
		return "unlimited"
	}
	return fmt.Sprint(limit)
}
