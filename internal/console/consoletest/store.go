package consoletest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cairn/internal/auth"
	"cairn/internal/console"
)

const statementCount = 60

// List implements console.Statements: it selects by agent, verb and activity.
func (h Hospital) List(_ context.Context, s console.Selection) (list [][]byte, next string, err error) {
	if s.Agent != "" && !json.Valid([]byte(s.Agent)) {
		return nil, "", &console.Refused{Message: "the agent is not valid JSON"}
	}
	skip := 0
	fmt.Sscan(s.Next, &skip)
	for i := skip; i < statementCount && !h.Empty; i++ {
		text := statement(i)
		if !holds(text, s) {
			continue
		}
		if len(list) == s.Limit {
			return list, fmt.Sprint(i), nil
		}
		list = append(list, text)
	}
	return list, "", nil
}

func holds(text []byte, s console.Selection) bool {
	for _, part := range []string{strings.Trim(s.Agent, "{}"), s.Verb, s.Activity, s.Registration} {
		if !strings.Contains(string(text), part) {
			return false
		}
	}
	return true
}

func statement(i int) []byte {
	type object = map[string]any
	l := lineOf(i * 7 % len(people))
	var who object
	if mail, ok := strings.CutPrefix(l.Identity, "mbox:"); ok {
		who = object{"name": l.Name, "mbox": mail}
	} else {
		who = object{"account": object{"homePage": "https://sim.stmary.example", "name": "nurse-4711"}}
	}
	c := i * 3 % len(courses)
	module := moduleAt(c, i%len(courses[c].modules))
	at := time.Now().UTC().Truncate(time.Minute).Add(-time.Duration(i*4) * time.Minute)
	result := object{}
	if verb := verbs[i%len(verbs)]; strings.HasSuffix(verb, "passed") || strings.HasSuffix(verb, "failed") {
		result = object{"success": strings.HasSuffix(verb, "passed"), "score": object{"scaled": map[bool]float64{true: 0.86, false: 0.42}[strings.HasSuffix(verb, "passed")]}}
	}
	text, err := json.Marshal(object{
		"id": fmt.Sprintf("8f0c1c5e-0000-4000-8000-%012d", i), "actor": who, "verb": object{"id": verbs[i%len(verbs)]},
		"object": object{"id": module.ID, "definition": object{"name": module.Name, "type": module.Type}}, "result": result,
		"context":   object{"registration": fmt.Sprintf("5d2a0c1e-0000-4000-8000-%012d", i%9), "platform": platforms[i%3]},
		"timestamp": at.Format(time.RFC3339), "stored": at.Format(time.RFC3339),
	})
	if err != nil {
		panic(err) // strings and numbers always become JSON
	}
	return text
}

// Keys implements console.Keys in memory, and notes what was done.
type Keys struct {
	All  []auth.Key
	Done []string
}

// NewKeys are the hospital's.
func NewKeys() *Keys {
	made := time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
	return &Keys{All: []auth.Key{
		{ID: "1f0a", Label: "Moodle", Scopes: auth.StatementsWrite | auth.State, Created: made, Used: made.AddDate(0, 2, 3)},
		{ID: "2b7c", Label: "Reports of the board", Scopes: auth.AllRead, Created: made, Expires: made.AddDate(20, 0, 0)},
		{ID: "<b>9d</b>", Label: `Old "simulator" <script>`, Scopes: auth.All, Created: made, Revoked: made.AddDate(0, 1, 0)},
	}}
}

// ListKeys implements console.Keys.
func (k *Keys) ListKeys(context.Context, console.Viewer, string, int) ([]auth.Key, string, error) {
	return k.All, "", nil
}

// MakeKey implements console.Keys.
func (k *Keys) MakeKey(_ context.Context, who console.Viewer, n auth.NewKey) (id, secret string, err error) {
	if err := n.Check(); err != nil {
		return "", "", err
	}
	k.Done = append(k.Done, who.Name+" makes "+n.Label+" for "+n.Scopes.String())
	k.All = append(k.All, auth.Key{ID: n.ID, Label: n.Label, Scopes: n.Scopes, Created: time.Now()})
	return n.ID, "the-secret", nil
}

// RotateKey implements console.Keys.
func (k *Keys) RotateKey(_ context.Context, who console.Viewer, id string, _ time.Duration) (string, error) {
	if k.find(id) < 0 {
		return "", auth.ErrNoKey
	}
	k.Done = append(k.Done, who.Name+" rotates "+id)
	return "the-next-secret", nil
}

// RevokeKey implements console.Keys.
func (k *Keys) RevokeKey(_ context.Context, who console.Viewer, id string) error {
	i := k.find(id)
	if i < 0 {
		return auth.ErrNoKey
	}
	k.Done = append(k.Done, who.Name+" revokes "+id)
	k.All[i].Revoked = time.Now()
	return nil
}

func (k *Keys) find(id string) int {
	return slices.IndexFunc(k.All, func(key auth.Key) bool { return key.ID == id })
}
