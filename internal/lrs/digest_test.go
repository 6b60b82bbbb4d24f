package lrs

import (
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

func newLRS(t testing.TB) (*LRS, *ledger.Ledger) {
	t.Helper()
	store, err := bolt.Open(t.TempDir()+"/lrs.db", bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true, Shards: 1})
	if err != nil {
		t.Fatal(err)
	}
	return New(l, nil, nil), l
}

func statement(t testing.TB, verb string) *xapi.Statement {
	t.Helper()
	list, _, err := xapi.Decode([]byte(`{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"`+verb+`"},`+
		`"object":{"id":"https://example.org/o"}}`), xapi.V2)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// A digest is 16 bytes of HMAC-SHA-256 over the comparable form, whatever was digested before.
func TestDigestIsAnHMAC(t *testing.T) {
	lrs, l := newLRS(t)
	for _, verb := range []string{"a:v", "a:w", "a:v"} {
		s := statement(t, verb)
		mac := hmac.New(sha256.New, l.Secret())
		mac.Write([]byte("d"))
		s.WriteComparable(mac)
		if got, want := lrs.digest(s), ledger.Digest(mac.Sum(nil)[:16]); got != want {
			t.Errorf("%s: %x, not %x", verb, got, want)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	lrs, _ := newLRS(b)
	s := statement(b, "https://example.org/v")
	b.ReportAllocs()
	for b.Loop() {
		lrs.digest(s)
	}
}
