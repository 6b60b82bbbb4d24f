package index

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"sync"
	"testing"

	"cairn/internal/xapi"
)

// A term is 16 bytes of HMAC-SHA-256 over kind and value, whoever asks for others at the same time.
func TestTermIsAnHMAC(t *testing.T) {
	_, l := countedLedger(t)
	x := New(nil, l)
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			for length := range 300 {
				value := strings.Repeat("ö", length)
				mac := hmac.New(sha256.New, l.Secret())
				mac.Write([]byte("tv" + value))
				if got, want := x.Term(xapi.Verb, value), Term(mac.Sum(nil)[:16]); got != want {
					t.Errorf("of %d: %x, not %x", length, got, want)
				}
			}
		})
	}
	together.Wait()
}

func BenchmarkTerm(b *testing.B) {
	_, l := countedLedger(b)
	x := New(nil, l)
	b.ReportAllocs()
	for b.Loop() {
		x.Term(xapi.Activity, "https://campus.example.org/courses/17")
	}
}
