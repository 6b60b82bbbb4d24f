package oidc_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cairn/internal/auth"
	"cairn/internal/auth/oidc"
)

// far is an issuer without a network, so that a test can have a time of its own.
type far struct {
	mu    sync.Mutex
	id    string // of the key, as it is published
	asked int
	down  bool
	hang  bool   // until who asks gives up
	at    string // where the keys are, "" for beside it
}

const farURL = "https://login.example.com"

func (f *far) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	f.asked++
	id, down, hang, at := f.id, f.down, f.hang, cmp.Or(f.at, farURL+"/keys")
	f.mu.Unlock()
	if hang {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if down {
		return nil, errors.New("down")
	}
	text, err := json.Marshal(map[string]any{
		"issuer": farURL, "jwks_uri": at,
		"keys": []jose.JSONWebKey{{Key: otherKey().Public(), KeyID: id}},
	})
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(text))), Header: http.Header{}}, err
}

func (f *far) set(change func(*far)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// requests tells how many were made since it was last asked.
func (f *far) requests() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.asked
	f.asked = 0
	return n
}

func (f *far) verifier() *oidc.Verifier {
	return oidc.New([]oidc.Issuer{{URL: farURL, Audiences: []string{"cairn"}}}, &http.Client{Transport: f})
}

// token is one that is good for an hour, of a key id.
func (f *far) token(t *testing.T, id string, others said) string {
	t.Helper()
	claims := said{"iss": farURL, "sub": "ada", "aud": "cairn", "azp": "course", "exp": time.Now().Add(time.Hour).Unix()}
	for name, v := range others {
		claims[name] = v
	}
	return sign(t, jose.ES256, otherKey(), id, claims)
}

func inBubble(t *testing.T, test func(t *testing.T, f *far)) {
	t.Helper()
	otherKey() // made outside of the bubble
	synctest.Test(t, func(t *testing.T) { test(t, &far{id: "one"}) })
}

func isBad(err error) bool {
	var bad *auth.BadToken
	return errors.As(err, &bad)
}

func TestKeysAgeAndAreFetchedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, f *far) {
		v := f.verifier()
		expect := func(what, id string, holds func(error) bool, requests int) {
			t.Helper()
			if _, err := bearer(t, v, f.token(t, id, nil)); !holds(err) {
				t.Errorf("%s: %v", what, err)
			}
			if n := f.requests(); n != requests {
				t.Errorf("%s: %d requests, not %d", what, n, requests)
			}
		}
		taken := func(err error) bool { return err == nil }
		later := func(err error) bool { return errors.Is(err, auth.ErrUnavailable) && !isBad(err) }
		expect("the first", "one", taken, 2)
		expect("known", "one", taken, 0)
		f.set(func(f *far) { f.id = "two" })
		expect("rotated, too soon", "two", isBad, 0)
		time.Sleep(30*time.Second - 1)
		expect("rotated, still too soon", "two", isBad, 0)
		time.Sleep(time.Nanosecond)
		expect("rotated", "two", taken, 2)
		expect("rotated out", "one", isBad, 0)
		time.Sleep(time.Hour - 1)
		expect("nearly an hour old", "two", taken, 0)
		time.Sleep(time.Nanosecond)
		expect("an hour old", "two", taken, 2)
		f.set(func(f *far) { f.down = true })
		time.Sleep(time.Hour)
		expect("the issuer is down", "two", taken, 1)
		expect("down, asked already", "two", taken, 0)
		expect("down, and perhaps rotated", "three", later, 0)
		time.Sleep(23*time.Hour - 1)
		expect("down for nearly a day", "two", taken, 1)
		time.Sleep(time.Nanosecond)
		expect("down for a day", "two", later, 0)
		time.Sleep(30 * time.Second)
		expect("still down", "two", later, 1)
		f.set(func(f *far) { f.down = false })
		expect("up again, too soon", "two", later, 0)
		time.Sleep(30 * time.Second)
		expect("up again", "two", taken, 2)
	})
}

// Whoever makes up names of keys has the issuer asked once in half a minute, and holds up nobody whose key is known.
func TestAFloodOfUnknownKeys(t *testing.T) {
	inBubble(t, func(t *testing.T, f *far) {
		v := f.verifier()
		flood := func(holds func(error) bool) {
			t.Helper()
			var all sync.WaitGroup
			for n := range 50 {
				all.Go(func() {
					if _, err := bearer(t, v, f.token(t, fmt.Sprintf("made up %d", n), nil)); !holds(err) {
						t.Errorf("a key that is made up: %v", err)
					}
				})
			}
			all.Wait()
		}
		flood(isBad)
		flood(isBad)
		if n := f.requests(); n != 2 {
			t.Errorf("a flood makes %d requests, not 2", n)
		}
		f.set(func(f *far) { f.hang = true })
		time.Sleep(30 * time.Second)
		var flooding sync.WaitGroup
		flooding.Go(func() { flood(func(err error) bool { return errors.Is(err, auth.ErrUnavailable) }) })
		synctest.Wait() // the fetch hangs
		began := time.Now()
		if _, err := bearer(t, v, f.token(t, "one", nil)); err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("a known key waits %s for the fetch of others", waited)
		}
		flooding.Wait()
		if n := f.requests(); n != 1 {
			t.Errorf("a flood on an issuer that hangs makes %d requests, not 1", n)
		}
		time.Sleep(time.Hour) // and the known keys are to be fetched again
		flooding.Go(func() { bearer(t, v, f.token(t, "made up", nil)) })
		synctest.Wait()
		began = time.Now()
		if _, err := bearer(t, v, f.token(t, "one", nil)); err != nil || time.Since(began) != 0 {
			t.Errorf("a known key of an hour ago waits %s for the fetch of others: %v", time.Since(began), err)
		}
		flooding.Wait()
	})
}

// Of those who come when no key is known one asks, and the others get what it brought.
func TestTheFirstKeysAreFetchedOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, f *far) {
		v := f.verifier()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := bearer(t, v, f.token(t, "one", nil)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := f.requests(); n != 2 {
			t.Errorf("%d requests, not 2", n)
		}
	})
}

func TestAnIssuerThatHangsIsGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, f *far) {
		f.set(func(f *far) { f.hang = true })
		v := f.verifier()
		began := time.Now()
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if _, err := bearer(t, v, f.token(t, "one", nil)); !errors.Is(err, auth.ErrUnavailable) {
				t.Errorf("hangs: %v", err)
			}
			if waited := time.Since(began); waited != 3*time.Second {
				t.Errorf("it is given up after %s", waited)
			}
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := v.Bearer(ctx, f.token(t, "one", nil)); !errors.Is(err, auth.ErrUnavailable) || time.Since(began) != time.Second {
			t.Errorf("who waits for the fetch of another gives up after %s: %v", time.Since(began), err)
		}
		waiting.Wait()
	})
}

// An issuer's clock may be a minute from ours; a token is good until then, and no longer.
func TestSkew(t *testing.T) {
	inBubble(t, func(t *testing.T, f *far) {
		v := f.verifier()
		at := time.Now().Truncate(time.Second).Add(time.Hour)
		token := f.token(t, "one", said{"nbf": at.Unix(), "iat": at.Unix(), "exp": at.Add(time.Hour).Unix()})
		for _, step := range []struct {
			at    time.Time
			taken bool
		}{
			{at.Add(-time.Minute - 1), false}, {at.Add(-time.Minute), true},
			{at.Add(time.Hour + time.Minute - 1), true}, {at.Add(time.Hour + time.Minute), false},
		} {
			time.Sleep(time.Until(step.at))
			_, until, err := v.Bearer(t.Context(), token)
			if (err == nil) != step.taken || err == nil && !until.Equal(at.Add(time.Hour+time.Minute)) {
				t.Errorf("at %s: %v, good until %s", step.at, err, until)
			}
		}
	})
}

// What does not come over TLS, or from this machine, is not even asked for.
func TestNothingIsFetchedInTheClear(t *testing.T) {
	inBubble(t, func(t *testing.T, f *far) {
		for at, requests := range map[string]int{
			"http://login.example.com/keys": 1, "http://10.0.0.1/keys": 1, "http://localhost.example.com/keys": 1, "ftp://localhost/keys": 1,
			"https://keys.example.com": 2, "http://localhost:8081/keys": 2, "http://127.0.0.1/keys": 2, "http://[::1]/keys": 2,
		} {
			f.set(func(f *far) { f.at = at })
			if _, err := bearer(t, f.verifier(), f.token(t, "one", nil)); (err == nil) != (requests == 2) {
				t.Errorf("keys at %s: %v", at, err)
			}
			if n := f.requests(); n != requests {
				t.Errorf("keys at %s: %d requests, not %d", at, n, requests)
			}
		}
	})
}

// What an issuer answers is taken from itself alone, over TLS or from this machine, and within bounds.
func TestWhatIsFetched(t *testing.T) {
	key := func(k jose.JSONWebKey) string {
		text, err := k.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	good := key(jose.JSONWebKey{Key: otherKey().Public(), KeyID: "one"})
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"keys":[`+good+`]}`) }))
	t.Cleanup(elsewhere.Close)
	answer := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
	}
	for name, x := range map[string]struct {
		keys  http.HandlerFunc
		at    string // where the keys are said to be, "" for where they are
		taken bool
	}{
		"keys":                       {keys: answer(`{"keys":[` + good + `]}`), taken: true},
		"on another host":            {at: elsewhere.URL, taken: true},
		"with kinds that are odd":    {keys: answer(`{"keys":[{"kty":"OKP","crv":"Ed448","x":"AA","kid":"odd"},{"kty":"AKP","kid":"new"},null,7,` + good + `]}`), taken: true},
		"a redirect within":          {keys: func(w http.ResponseWriter, r *http.Request) { moved(w, r, good, "/keys/moved") }, taken: true},
		"a redirect to another":      {keys: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }},
		"a circle of redirects":      {keys: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }},
		"not over TLS":               {at: "http://login.example.com/keys"},
		"not over HTTP":              {at: "file:///keys"},
		"no address":                 {at: "::"},
		"too much":                   {keys: answer(`{"keys":[` + good + `]}` + strings.Repeat(" ", 1<<20))},
		"no JSON":                    {keys: answer(`<html>`)},
		"no success":                 {keys: http.NotFound},
		"no keys":                    {keys: answer(`{"keys":[]}`)},
		"keys for sealing":           {keys: answer(`{"keys":[` + key(jose.JSONWebKey{Key: otherKey().Public(), KeyID: "one", Use: "enc"}) + `]}`)},
		"a key that is to be secret": {keys: answer(`{"keys":[` + key(jose.JSONWebKey{Key: otherKey(), KeyID: "one"}) + `]}`)},
	} {
		mux := http.NewServeMux()
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		if x.at == "" {
			x.at = server.URL + "/keys"
			mux.HandleFunc("/keys", x.keys)
			mux.HandleFunc("/keys/moved", x.keys)
		}
		mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
			json.NewEncoder(w).Encode(map[string]string{"issuer": server.URL, "jwks_uri": x.at})
		})
		v := oidc.New([]oidc.Issuer{{URL: server.URL, Audiences: []string{"cairn"}}}, http.DefaultClient)
		token := sign(t, jose.ES256, otherKey(), "one", said{"iss": server.URL, "sub": "ada", "aud": "cairn", "exp": time.Now().Add(time.Hour).Unix()})
		if _, err := bearer(t, v, token); x.taken != (err == nil) || err != nil && !errors.Is(err, auth.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// moved answers with a key at an address, and with a redirect there elsewhere.
func moved(w http.ResponseWriter, r *http.Request, key, to string) {
	if r.URL.Path != to {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	io.WriteString(w, `{"keys":[`+key+`]}`)
}

func TestAnIssuerThatIsDown(t *testing.T) {
	i := newIssuer(t)
	i.set(func(i *issuer) { i.down = true })
	if _, err := bearer(t, i.verifier(), i.token(t, nil)); !errors.Is(err, auth.ErrUnavailable) {
		t.Errorf("down: %v", err)
	}
	i.set(func(i *issuer) { i.down, i.name = false, "https://example.com" })
	if _, err := bearer(t, i.verifier(), i.token(t, nil)); !errors.Is(err, auth.ErrUnavailable) {
		t.Errorf("an issuer that calls itself otherwise: %v", err)
	}
}
