package auth_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/auth"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/xapi"
)

func open(t *testing.T) kv.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

const home = "https://lrs.example.com/xapi"

func makeKey(t *testing.T, keys *auth.Keys, n auth.NewKey) (id, secret string) {
	t.Helper()
	if n.Scopes == 0 {
		n.Scopes = auth.All
	}
	if n.HomePage == "" {
		n.HomePage = home
	}
	id, secret, err := keys.Make(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return id, secret
}

func header(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

func admit(t *testing.T, keys *auth.Keys, header string) auth.Principal {
	t.Helper()
	p, err := auth.NewGate(keys, nil).Admit(t.Context(), header)
	if err != nil {
		t.Fatalf("%q: %v", header, err)
	}
	return p
}

func refuse(t *testing.T, keys *auth.Keys, header string) {
	t.Helper()
	if p, err := auth.NewGate(keys, nil).Admit(t.Context(), header); !errors.Is(err, auth.ErrUnauthorized) {
		t.Errorf("%q: admitted as %q, %v", header, p.Key, err)
	}
}

func TestAMadeKeyIsAdmitted(t *testing.T) {
	keys := auth.New(open(t))
	id, secret := makeKey(t, keys, auth.NewKey{Label: `A "course" & more`})
	other, otherSecret := makeKey(t, keys, auth.NewKey{})
	if len(id) != 32 || len(secret) != 43 || other == id || otherSecret == secret {
		t.Errorf("made %q with %q, and %q with %q", id, secret, other, otherSecret)
	}
	for range 2 { // from the store, then from memory
		p := admit(t, keys, header(id, secret))
		if p.Key != id || !p.WriteStatements() {
			t.Errorf("admitted as %+v", p)
		}
	}
	refuse(t, keys, header(id, otherSecret))
	refuse(t, keys, header(id, ""))
	refuse(t, keys, header(id, secret+"x"))
	refuse(t, keys, header(other, secret))
	refuse(t, keys, header("nobody", secret))
	refuse(t, keys, header("", secret))
	refuse(t, keys, header(strings.Repeat("k", 2000), secret))
}

func TestHeaders(t *testing.T) {
	keys := auth.New(open(t))
	makeKey(t, keys, auth.NewKey{ID: "Ada Lövelace", Secret: "with:colon ñ 日本"})
	credentials := base64.StdEncoding.EncodeToString([]byte("Ada Lövelace:with:colon ñ 日本"))
	for _, scheme := range []string{"Basic ", "basic ", "BASIC ", "bAsIc  "} {
		admit(t, keys, scheme+credentials)
	}
	latin1 := base64.StdEncoding.EncodeToString([]byte("Ada L\xf6velace:with:colon \xf1 \xff"))
	for _, h := range []string{
		"", "Basic", "Basic ", "Basic " + latin1, "Bearer " + credentials, "Basic" + credentials, credentials, "Basic !" + credentials,
		"Basic " + credentials + ", Basic " + credentials, "Basic " + base64.StdEncoding.EncodeToString([]byte("Ada Lövelace")),
	} {
		refuse(t, keys, h)
	}
}

// xAPI 1.0.3 Data 2.4.9: the authority comes from the credentials; each key has its own, and it is an agent.
func TestEachKeyHasItsOwnAuthority(t *testing.T) {
	keys := auth.New(open(t))
	identities := map[string]bool{}
	for _, label := range []string{"", `Course "7" <&>`, "Käse"} {
		id, secret := makeKey(t, keys, auth.NewKey{Label: label})
		p := admit(t, keys, header(id, secret))
		agent, err := xapi.ParseAgent(p.Authority, xapi.V1)
		if err != nil {
			t.Fatalf("%s is no agent: %v", p.Authority, err)
		}
		identities[agent.Identity()] = true
		var got struct {
			Name    string
			Account struct{ HomePage, Name string }
		}
		err = json.Unmarshal(p.Authority, &got)
		if err != nil || got.Name != label || got.Account.HomePage != home || got.Account.Name != id {
			t.Errorf("the authority of %s, labelled %q, is %s (%v)", id, label, p.Authority, err)
		}
	}
	if len(identities) != 3 {
		t.Errorf("three keys have %d authorities", len(identities))
	}
}

func TestAPinnedKeyMadeAgain(t *testing.T) {
	store := kvtest.Count(open(t))
	keys := auth.New(store)
	pinned := auth.NewKey{ID: "key", Secret: "first", Scopes: auth.StatementsWrite}
	makeKey(t, keys, pinned)
	before := admit(t, keys, header("key", "first"))

	store.Reset()
	if id, secret := makeKey(t, keys, pinned); id != "key" || secret != "first" {
		t.Errorf("made %s with %s", id, secret)
	}
	if n := store.Snapshot().Calls[kvtest.OpPut]; n != 0 {
		t.Errorf("the same key again is written %d times", n)
	}

	pinned.Secret, pinned.Scopes, pinned.Label, pinned.HomePage = "second", auth.AllRead, "new", "http://localhost:9090/xapi"
	makeKey(t, keys, pinned)
	refuse(t, keys, header("key", "first"))
	after := admit(t, keys, header("key", "second"))
	if after.WriteStatements() || !after.ReadState() {
		t.Error("the scopes are the old ones")
	}
	if !bytes.Equal(before.Authority, after.Authority) {
		t.Errorf("the authority was %s and is %s: the key no longer knows its own statements", before.Authority, after.Authority)
	}
	if _, secret := makeKey(t, keys, auth.NewKey{ID: "key"}); secret == "" || secret == "second" {
		t.Errorf("a pinned id without a secret got %q", secret)
	}
}

func TestWhatCannotBeAKey(t *testing.T) {
	keys := auth.New(open(t))
	good := auth.NewKey{ID: "key", Secret: "secret", Scopes: auth.All, HomePage: home}
	for name, spoil := range map[string]func(*auth.NewKey){
		"a colon in the id":         func(n *auth.NewKey) { n.ID = "a:b" },
		"a long id":                 func(n *auth.NewKey) { n.ID = strings.Repeat("a", 256) },
		"an id that is not UTF-8":   func(n *auth.NewKey) { n.ID = "\xff" },
		"a line break in a secret":  func(n *auth.NewKey) { n.Secret = "a\nb" },
		"a long secret":             func(n *auth.NewKey) { n.Secret = strings.Repeat("a", 1025) },
		"a label that is not UTF-8": func(n *auth.NewKey) { n.Label = "\xff" },
		"no scope":                  func(n *auth.NewKey) { n.Scopes = 0 },
		"no home page":              func(n *auth.NewKey) { n.HomePage = "" },
		"a home page without host":  func(n *auth.NewKey) { n.HomePage = "https://" },
	} {
		n := good
		spoil(&n)
		if _, _, err := keys.Make(t.Context(), n); err == nil {
			t.Errorf("%s: made", name)
		}
	}
	if any, err := keys.Any(t.Context()); any || err != nil {
		t.Errorf("after nothing was made, Any says %v, %v", any, err)
	}
	makeKey(t, keys, good)
	if any, err := keys.Any(t.Context()); !any || err != nil {
		t.Errorf("after a key was made, Any says %v, %v", any, err)
	}
}

func TestNoSecretIsStored(t *testing.T) {
	store := open(t)
	id, secret := makeKey(t, auth.New(store), auth.NewKey{})
	makeKey(t, auth.New(store), auth.NewKey{ID: "twin 1", Secret: "the same"})
	makeKey(t, auth.New(store), auth.NewKey{ID: "twin 2", Secret: "the same"})
	hashes := map[string]string{}
	for _, key := range []string{id, "twin 1", "twin 2"} {
		item, err := store.Get(t.Context(), kv.Key{Table: kv.Control, Partition: []byte("key"), Sort: []byte(key)}, kv.Strong)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(item.Value, []byte(secret)) || bytes.Contains(item.Value, []byte("the same")) {
			t.Errorf("the row holds the secret: %s", item.Value)
		}
		var row struct{ Hash string }
		if err := json.Unmarshal(item.Value, &row); err != nil || row.Hash == "" {
			t.Fatalf("%s: %v", item.Value, err)
		}
		if twin := hashes[row.Hash]; twin != "" {
			t.Errorf("the rows show that %s and %s have one secret", twin, key)
		}
		hashes[row.Hash] = key
	}
}

func TestHowOftenTheStoreIsAsked(t *testing.T) {
	store := kvtest.Count(open(t))
	keys := auth.New(store)
	id, secret := makeKey(t, keys, auth.NewKey{})
	asked := func(header string) int {
		store.Reset()
		for range 10 {
			auth.NewGate(keys, nil).Admit(t.Context(), header)
		}
		return store.Snapshot().Calls[kvtest.OpGet]
	}
	if n := asked(header(id, secret)); n != 1 {
		t.Errorf("ten requests of one key ask %d times", n)
	}
	if n := asked("Bearer token"); n != 0 {
		t.Errorf("what is no Basic authentication asks %d times", n)
	}
	wrong, unknown := asked(header(id, "wrong")), asked(header("unknown", secret))
	if wrong != unknown {
		t.Errorf("a wrong secret asks %d times, an unknown key %d times: the time taken tells them apart", wrong, unknown)
	}
	refuse(t, keys, header("late", "secret"))
	makeKey(t, auth.New(store), auth.NewKey{ID: "late", Secret: "secret"})
	admit(t, keys, header("late", "secret"))
}

func TestAnotherProcessFollowsWithinAMinute(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv")
	synctest.Test(t, func(t *testing.T) {
		store, err := bolt.Open(path, bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		here, elsewhere := auth.New(store), auth.New(store)
		makeKey(t, elsewhere, auth.NewKey{ID: "key", Secret: "old"})
		admit(t, here, header("key", "old"))
		makeKey(t, elsewhere, auth.NewKey{ID: "key", Secret: "new"})
		refuse(t, elsewhere, header("key", "old"))
		admit(t, here, header("key", "new"))
		time.Sleep(time.Minute)
		refuse(t, here, header("key", "old"))
		admit(t, here, header("key", "new"))
	})
}

func TestFaultsAreNotRefusals(t *testing.T) {
	store := open(t)
	id, secret := makeKey(t, auth.New(store), auth.NewKey{})
	for _, h := range []string{header(id, secret), header(id, "wrong"), header("unknown", secret)} {
		failing := kvtest.Fail(store, kvtest.Plan{Nth: 1, Forever: true})
		if _, err := auth.NewGate(auth.New(failing), nil).Admit(t.Context(), h); !errors.Is(err, kv.ErrUnavailable) || errors.Is(err, auth.ErrUnauthorized) {
			t.Errorf("%q: %v", h, err)
		}
	}
}

// A make that fails, whether or not it took effect, is made again and stands; beside a twin that makes the same key too.
func TestMakeAgainAfterAFault(t *testing.T) {
	for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
		for nth := 1; ; nth++ {
			store := open(t)
			failing := kvtest.Fail(store, kvtest.Plan{Nth: nth, Effect: effect})
			n := auth.NewKey{ID: "key", Secret: "secret", Scopes: auth.All, HomePage: home}
			_, _, err := auth.New(failing).Make(t.Context(), n)
			if !failing.Fired() {
				break
			}
			if err == nil {
				t.Errorf("call %d failed, and the key is said to be made", nth)
			}
			makeKey(t, auth.New(store), n)
			admit(t, auth.New(store), header("key", "secret"))
		}
	}
}

func TestManyMakeOnePinnedKey(t *testing.T) {
	store := open(t)
	done := make(chan error)
	for range 8 {
		go func() {
			n := auth.NewKey{ID: "key", Secret: "secret", Scopes: auth.All, HomePage: home}
			_, _, err := auth.New(store).Make(t.Context(), n)
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	admit(t, auth.New(store), header("key", "secret"))
}
