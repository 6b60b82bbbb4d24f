package roster_test

import (
	"fmt"
	"testing"

	"cairn/internal/kv/kvtest"
	"cairn/internal/roster"
)

const (
	adaBox = "mbox:mailto:ada@example.com"
	adaID  = "account:https://hr.example.com ada"
	bobBox = "mbox:mailto:bob@example.com"
)

// The roster is written by several calls: whichever fails, before its effect or after it, a second try leaves what one undisturbed try leaves.
func TestTheRosterAfterEveryFault(t *testing.T) {
	for name, change := range map[string]func(*roster.Roster) error{
		"a group": func(r *roster.Roster) error {
			return r.PutGroup(t.Context(), roster.Group{ID: "g", Label: "New", Members: []string{bobBox}})
		},
		"no group": func(r *roster.Roster) error { return r.DeleteGroup(t.Context(), "g") },
		"a person": func(r *roster.Roster) error {
			_, err := r.PutPerson(t.Context(), []string{bobBox, adaID})
			return err
		},
		"no person": func(r *roster.Roster) error { return r.PartPerson(t.Context(), bobBox) },
	} {
		run := func(p kvtest.Plan) (string, bool) {
			store := kvtest.NewMemory()
			r, secret := roster.New(store, []byte("secret")), []byte("secret")
			if err := r.PutGroup(t.Context(), roster.Group{ID: "g", Label: "Old", Members: []string{adaBox, adaID}}); err != nil {
				t.Fatal(err)
			}
			if _, err := r.PutPerson(t.Context(), []string{adaBox, bobBox, "openid:http://example.com/b"}); err != nil {
				t.Fatal(err)
			}
			failed := change(roster.New(kvtest.Fail(store, p), secret)) != nil
			if failed {
				if err := change(r); err != nil {
					t.Fatal(err)
				}
			}
			g, _ := r.Group(t.Context(), "g")
			list, _, _ := r.Groups(t.Context(), "", 10)
			people, err := r.People(t.Context(), []string{adaBox, bobBox, adaID, "openid:http://example.com/b"})
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(g, list, people), failed
		}
		undisturbed, _ := run(kvtest.Plan{})
		tries := 0
		for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
			for nth := 1; ; nth++ {
				left, failed := run(kvtest.Plan{Nth: nth, Effect: effect})
				if !failed {
					break
				}
				if tries++; left != undisturbed {
					t.Errorf("%s, whose call %d failed: %s, want %s", name, nth, left, undisturbed)
				}
			}
		}
		if tries < 4 {
			t.Errorf("%s: %d calls failed", name, tries)
		}
	}
}
