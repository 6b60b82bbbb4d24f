package session_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cairn/internal/audit"
	"cairn/internal/auth/oidc"
	"cairn/internal/auth/oidc/oidctest"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/session"
)

// trailOf is who did what from where, the newest first.
func trailOf(t *testing.T, store kv.Store) (lines []string) {
	t.Helper()
	list, _, err := audit.New(store, time.Now).List(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		lines = append(lines, fmt.Sprintf("%s from %s: %s", r.By, r.From, r.Action))
	}
	return lines
}

// Who came in stands in the trail, and from where; who did not come in does not.
func TestTheTrailHasWhoSignedIn(t *testing.T) {
	issuer := oidctest.New(t)
	verifier := oidc.New([]oidc.Issuer{{URL: issuer.URL, Audiences: []string{oidctest.Client}}}, http.DefaultClient)
	h, store := newDoor(t, session.NewProvider(verifier, issuer.URL, oidctest.Client, oidctest.Secret))
	signInAt(h, "http://localhost", "192.0.2.7:1", "manager", "wrong")
	signInAt(h, "http://localhost", "192.0.2.7:1", "course")
	signInAt(h, "http://localhost", "192.0.2.7:1", "manager")
	cookie, _, _ := strings.Cut(signInAt(h, "http://localhost", "[2001:db8::7]:1", "boss").Header().Get("Set-Cookie"), ";")
	if status := look(h, &cookie); status != 200 {
		t.Errorf("a page: %d", status)
	}
	if got, want := trailOf(t, store), "[boss from 2001:db8::7: sign in manager from 192.0.2.7: sign in]"; fmt.Sprint(got) != want {
		t.Errorf("the trail has %v, want %s", got, want)
	}
}

// Nobody comes in without a record; that a key's use cannot be noted holds nobody up.
func TestASignInThatCannotBeWrittenDown(t *testing.T) {
	const use, trail = 1, 2
	for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
		for nth, want := range map[int]int{use: http.StatusSeeOther, trail: http.StatusServiceUnavailable} {
			kept := kvtest.NewMemory()
			doorOver(t, kept, nil) // which makes the keys
			failing := kvtest.Fail(kept, kvtest.Plan{Nth: nth, Ops: []kvtest.Op{kvtest.OpPut}, Effect: effect})
			h := doorOf(t, failing, nil)
			in := signInAt(h, "http://localhost", "192.0.2.7:1", "manager")
			if in.Code != want || !failing.Fired() || (in.Header().Get("Set-Cookie") == "") != (nth == trail) {
				t.Errorf("write %d fails, with effect %v: %d %v", nth, effect, in.Code, in.Header())
			}
			records := 1
			if nth == trail && effect == kvtest.None {
				records = 0
			}
			if got := trailOf(t, kept); len(got) != records {
				t.Errorf("write %d fails, with effect %v: the trail has %v", nth, effect, got)
			}
			if again := signInAt(h, "http://localhost", "192.0.2.7:1", "manager"); again.Code != http.StatusSeeOther || len(trailOf(t, kept)) != records+1 {
				t.Errorf("once more after write %d, with effect %v: %d, and the trail has %v", nth, effect, again.Code, trailOf(t, kept))
			}
		}
	}
}
