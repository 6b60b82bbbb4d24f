package dashboard

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"cairn/internal/admin"
	"cairn/internal/auth"
	"cairn/internal/console"
	"cairn/internal/lrs"
	"cairn/internal/session"
	"cairn/internal/xapi"
)

// viewer is who looks at a page, by the session that let him in.
func viewer(r *http.Request) console.Viewer {
	v := session.Of(r.Context())
	if v == nil {
		return console.Viewer{}
	}
	return console.Viewer{Name: v.Name, Actor: v.Actor(), From: v.From, Admin: v.Admin(), Token: v.Token()}
}

// form draws the form by which viewers come in.
func form(w http.ResponseWriter, r *http.Request, status int, f session.Form) {
	console.ShowSignIn(w, r, status, console.SignIn{Action: f.Action, To: f.To, Key: f.Key, Provider: f.Provider, Problem: string(f.Problem)})
}

// statements lists statements for the console.
type statements struct{ *lrs.LRS }

// List implements console.Statements.
func (s statements) List(ctx context.Context, asked console.Selection) (list [][]byte, next string, err error) {
	var answer lrs.Answer
	if asked.Next != "" {
		answer, err = s.Continue(ctx, lrs.Caller{}, asked.Next)
	} else {
		q := lrs.Question{Verb: asked.Verb, Activity: asked.Activity, Since: asked.Since, Until: asked.Until, Limit: asked.Limit, RelatedActivities: true}
		if err := read(&q, asked); err != nil {
			return nil, "", err
		}
		answer, err = s.Ask(ctx, lrs.Caller{}, q)
	}
	var problem *xapi.Problem
	if errors.As(err, &problem) {
		return nil, "", &console.Refused{Message: problem.Message}
	}
	if err != nil {
		return nil, "", err
	}
	for _, r := range answer.Records {
		list = append(list, r.Text)
	}
	return list, answer.More, nil
}

// read reads what must have a form.
func read(q *lrs.Question, asked console.Selection) error {
	if asked.Agent != "" {
		agent, err := xapi.ParseAgent([]byte(asked.Agent), xapi.V2)
		if err != nil {
			return &console.Refused{Message: err.Error()}
		}
		q.Agent = &agent
	}
	if asked.Registration != "" {
		id, err := uuid.Parse(asked.Registration)
		if err != nil {
			return &console.Refused{Message: "a registration is a UUID"}
		}
		q.Registration = id
	}
	return nil
}

// keys looks after keys for the console, in the viewer's name.
type keys struct{ *admin.Office }

func operator(who console.Viewer) admin.Operator {
	return admin.Operator{By: who.Actor, From: who.From}
}

// ListKeys implements console.Keys, as the others do.
func (k keys) ListKeys(ctx context.Context, who console.Viewer, after string, limit int) ([]auth.Key, string, error) {
	return k.Office.ListKeys(ctx, operator(who), after, limit)
}

// MakeKey makes a key.
func (k keys) MakeKey(ctx context.Context, who console.Viewer, n auth.NewKey) (id, secret string, err error) {
	return k.Office.MakeKey(ctx, operator(who), n)
}

// RotateKey gives a key a new secret.
func (k keys) RotateKey(ctx context.Context, who console.Viewer, id string, overlap time.Duration) (secret string, err error) {
	return k.Office.RotateKey(ctx, operator(who), id, overlap)
}

// RevokeKey has a key refused from now on.
func (k keys) RevokeKey(ctx context.Context, who console.Viewer, id string) error {
	return k.Office.RevokeKey(ctx, operator(who), id)
}
