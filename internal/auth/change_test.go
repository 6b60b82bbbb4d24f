package auth_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/auth"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
)

// inTime runs a test over an embedded store in a time of its own.
func inTime(t *testing.T, test func(t *testing.T, store kv.Store)) {
	path := filepath.Join(t.TempDir(), "kv")
	synctest.Test(t, func(t *testing.T) {
		store, err := bolt.Open(path, bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		test(t, store)
	})
}

func TestARevokedKeyIsRefusedElsewhereWithinAMinute(t *testing.T) {
	inTime(t, func(t *testing.T, store kv.Store) {
		here, elsewhere := auth.New(store), auth.New(store)
		id, secret := makeKey(t, here, auth.NewKey{})
		admit(t, here, header(id, secret))
		admit(t, elsewhere, header(id, secret))
		for range 2 {
			if err := here.Revoke(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		refuse(t, here, header(id, secret))
		time.Sleep(time.Minute)
		refuse(t, elsewhere, header(id, secret))
		if _, err := here.Rotate(t.Context(), id, 0); !errors.Is(err, auth.ErrRevoked) {
			t.Errorf("rotated: %v", err)
		}
		n := auth.NewKey{ID: id, Secret: secret, Scopes: auth.All, HomePage: home}
		if _, _, err := here.Make(t.Context(), n); !errors.As(err, new(*auth.Invalid)) {
			t.Errorf("made again: %v", err)
		}
		if k, err := here.Look(t.Context(), id); err != nil || k.Revoked.IsZero() {
			t.Errorf("%+v, %v", k, err)
		}
	})
}

func TestAnExpiryHoldsToTheSecond(t *testing.T) {
	inTime(t, func(t *testing.T, store kv.Store) {
		keys := auth.New(store)
		id, secret := makeKey(t, keys, auth.NewKey{Expires: time.Now().Add(30 * time.Second)})
		admit(t, keys, header(id, secret))
		time.Sleep(30*time.Second - time.Nanosecond)
		admit(t, keys, header(id, secret))
		time.Sleep(time.Nanosecond)
		refuse(t, keys, header(id, secret))
		refuse(t, auth.New(store), header(id, secret))
	})
}

func TestSecretsOverlap(t *testing.T) {
	inTime(t, func(t *testing.T, store kv.Store) {
		keys := auth.New(store)
		rotate := func(id string, overlap time.Duration) string {
			secret, err := keys.Rotate(t.Context(), id, overlap)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		id, first := makeKey(t, keys, auth.NewKey{})
		second := rotate(id, time.Hour)
		third := rotate(id, time.Hour)
		for _, secret := range []string{first, second, third} {
			admit(t, keys, header(id, secret))
		}
		if k, err := keys.Look(t.Context(), id); err != nil || !k.OverlapUntil.Equal(time.Now().Add(time.Hour)) || !k.Rotated.Equal(time.Now()) {
			t.Errorf("%+v, %v", k, err)
		}
		time.Sleep(time.Hour - time.Second)
		admit(t, keys, header(id, first))
		time.Sleep(time.Second)
		refuse(t, keys, header(id, first))
		refuse(t, keys, header(id, second))
		admit(t, keys, header(id, third))
		fourth := rotate(id, 0)
		refuse(t, keys, header(id, third))
		admit(t, keys, header(id, fourth))
	})
}

// A rotation of which nobody learns the new secret, made again, does not lock out who has the one from before.
func TestARotationThatFailsAfterItTookEffect(t *testing.T) {
	store := open(t)
	id, secret := makeKey(t, auth.New(store), auth.NewKey{})
	failing := kvtest.Fail(store, kvtest.Plan{Nth: 2, Effect: kvtest.Whole})
	if _, err := auth.New(failing).Rotate(t.Context(), id, time.Hour); !errors.Is(err, kv.ErrUnavailable) {
		t.Fatalf("the fault is %v", err)
	}
	newest, err := auth.New(store).Rotate(t.Context(), id, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	admit(t, auth.New(store), header(id, secret))
	admit(t, auth.New(store), header(id, newest))
}

// Whatever fails, before its effect or after, the same asked again leaves what was asked for.
func TestEveryChangeAgainAfterAFault(t *testing.T) {
	label := "another"
	for name, change := range map[string]func(*auth.Keys, string) error{
		"change": func(k *auth.Keys, id string) error {
			_, err := k.Change(t.Context(), id, auth.Change{Label: &label})
			return err
		},
		"revoke": func(k *auth.Keys, id string) error { return k.Revoke(t.Context(), id) },
	} {
		for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
			for nth := 1; ; nth++ {
				store := open(t)
				id, _ := makeKey(t, auth.New(store), auth.NewKey{Label: "first"})
				failing := kvtest.Fail(store, kvtest.Plan{Nth: nth, Effect: effect})
				err := change(auth.New(failing), id)
				if !failing.Fired() {
					break
				}
				if err == nil {
					t.Errorf("%s: call %d failed, and it is said to be done", name, nth)
				}
				if err := change(auth.New(store), id); err != nil {
					t.Error(err)
				}
				k, err := auth.New(store).Look(t.Context(), id)
				if err != nil || name == "change" && k.Label != label || name == "revoke" && k.Revoked.IsZero() {
					t.Errorf("%s: %+v, %v", name, k, err)
				}
			}
		}
	}
}

func TestChangesAtOnceAllTakeEffect(t *testing.T) {
	store := open(t)
	id, _ := makeKey(t, auth.New(store), auth.NewKey{})
	label, scopes, expires, limits := "label", auth.State, time.Now().Add(time.Hour).UTC(), auth.Limits{RequestsPerMinute: 7}
	changes := []auth.Change{{Label: &label}, {Scopes: &scopes}, {Expires: &expires}, {Limits: &limits}}
	done := make(chan error)
	for _, c := range changes {
		go func() {
			_, err := auth.New(store).Change(t.Context(), id, c)
			done <- err
		}()
	}
	for range changes {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	k, err := auth.New(store).Look(t.Context(), id)
	if err != nil || k.Label != label || k.Scopes != scopes || !k.Expires.Equal(expires) || k.Limits != limits {
		t.Errorf("%+v, %v", k, err)
	}
}

// The last use is known to the hour, for one write an hour at most, and no request fails for it.
func TestTheLastUse(t *testing.T) {
	inTime(t, func(t *testing.T, bare kv.Store) {
		store := kvtest.Count(bare)
		keys := auth.New(store)
		id, secret := makeKey(t, keys, auth.NewKey{})
		if k, _ := keys.Look(t.Context(), id); !k.Used.IsZero() {
			t.Errorf("used %v, before it was", k.Used)
		}
		store.Reset()
		for range 10 * 60 {
			admit(t, keys, header(id, secret))
			time.Sleep(time.Minute)
		}
		if n := store.Snapshot().Calls[kvtest.OpPut]; n != 10 {
			t.Errorf("in ten hours of use the row is written %d times", n)
		}
		if k, _ := keys.Look(t.Context(), id); time.Since(k.Used) > time.Hour+time.Minute {
			t.Errorf("used %v ago", time.Since(k.Used))
		}
		time.Sleep(2 * time.Hour)
		admit(t, auth.New(kvtest.Fail(bare, kvtest.Plan{Nth: 2, Effect: kvtest.None})), header(id, secret))
	})
}

// later is a store that lets something happen before a read returns, and holds up writes.
type later struct {
	kv.Store
	read  func()
	holds bool
}

func (s *later) Get(ctx context.Context, key kv.Key, strength kv.Strength) (kv.Item, error) {
	item, err := s.Store.Get(ctx, key, strength)
	if read := s.read; read != nil {
		s.read = nil
		read()
	}
	return item, err
}

func (s *later) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	if s.holds {
		<-ctx.Done()
		return kv.ErrUnavailable
	}
	return s.Store.Put(ctx, item, cond)
}

// A request that is being admitted while its key is revoked is the last.
func TestAKeyThatIsRevokedWhileItIsRead(t *testing.T) {
	store := &later{Store: open(t)}
	keys := auth.New(store)
	id, secret := makeKey(t, keys, auth.NewKey{})
	store.read = func() {
		if err := keys.Revoke(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	admit(t, keys, header(id, secret)) // it was read before
	refuse(t, keys, header(id, secret))
}

// A store that takes no writes keeps no request waiting for a note of the key's use.
func TestTheLastUseIsNotWaitedFor(t *testing.T) {
	inTime(t, func(t *testing.T, bare kv.Store) {
		store := &later{Store: bare}
		id, secret := makeKey(t, auth.New(store), auth.NewKey{})
		store.holds = true
		began := time.Now()
		admit(t, auth.New(store), header(id, secret))
		if took := time.Since(began); took > 500*time.Millisecond {
			t.Errorf("a request waits %v for a note", took)
		}
	})
}
