package compose

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"
	"time"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// slow makes every call take a while, so that calls under way at the same time can be told from calls in sequence.
type slow struct{ kv.Store }

const callTime = 20 * time.Millisecond

func (s slow) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	time.Sleep(callTime)
	return s.Store.Put(ctx, item, cond)
}

func (s slow) Get(ctx context.Context, key kv.Key, strength kv.Strength) (kv.Item, error) {
	time.Sleep(callTime)
	return s.Store.Get(ctx, key, strength)
}

func (s slow) GetMany(ctx context.Context, keys []kv.Key, strength kv.Strength) ([]kv.Item, error) {
	time.Sleep(callTime)
	return s.Store.GetMany(ctx, keys, strength)
}

func (s slow) InsertMany(ctx context.Context, items []kv.Item) []error {
	time.Sleep(callTime)
	return s.Store.InsertMany(ctx, items)
}

// TestCostOfStoring holds the write units of a statement, before projections, and the round trips in sequence to a 200, to what
// the design allows.
func TestCostOfStoring(t *testing.T) {
	var batches [][]byte
	var batch [][]byte
	for _, line := range videoStatements(t) {
		if batch = append(batch, line); len(batch) == 50 {
			batches = append(batches, fmt.Appendf(nil, "[%s]", bytes.Join(batch, []byte{','})))
			batch = nil
		}
	}
	var several [][]byte
	for i := range 8 {
		several = append(several, noise(fmt.Sprint(i), 6000))
	}
	for name, c := range map[string]struct {
		bodies     [][]byte
		statements int
		most       float64
		rounds     int
	}{
		"one that packs to 900 bytes":  {[][]byte{noise("x", 1000)}, 1, 2, 2},
		"50 of video":                  {batches, 50, 1.2, 2},
		"several parts, beside claims": {[][]byte{fmt.Appendf(nil, "[%s]", bytes.Join(several, []byte{','}))}, 8, 8, 2},
	} {
		t.Run(name, func(t *testing.T) {
			var counter *kvtest.Counter
			p := embedded(t, func(s kv.Store) kv.Store {
				counter = kvtest.Count(slow{s})
				return counter
			})
			p.do(t, http.MethodGet, "/xapi/statements?limit=1", nil) // the key is looked up once a minute
			var units float64
			for _, body := range c.bodies {
				counter.Reset()
				if status, _, text := p.do(t, http.MethodPost, "/xapi/statements", body); status != http.StatusOK {
					t.Fatalf("status %d: %s", status, text)
				}
				used := counter.Snapshot()
				units += used.Tables[kv.Log].Write + used.Tables[kv.IDs].Write
				if used.Rounds > c.rounds {
					t.Errorf("%d round trips in sequence, at most %d: %v", used.Rounds, c.rounds, used.Calls)
				}
			}
			each := units / float64(c.statements*len(c.bodies))
			t.Logf("%.2f write units a statement", each)
			if each > c.most {
				t.Errorf("%.2f write units a statement, at most %.2f", each, c.most)
			}
		})
	}
}

// noise is a statement that hardly compresses, around n bytes of randomness.
func noise(name string, n int) []byte {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	random := make([]byte, n)
	for i := range random {
		random[i] = letters[rand.IntN(len(letters))]
	}
	return fmt.Appendf(nil, `{"actor":{"mbox":"mailto:%s@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/experienced"},`+
		`"object":{"id":"http://example.com/%s","definition":{"name":{"en":"%s"}}}}`, name, name, random)
}

func videoStatements(t testing.TB) (lines [][]byte) {
	t.Helper()
	file, err := os.Open("../../testdata/video-statements.ndjson.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for scanner := bufio.NewScanner(unzipped); scanner.Scan(); {
		lines = append(lines, bytes.Clone(scanner.Bytes()))
	}
	return lines
}

// TestCostOfVoidingMany voids fifty statements of one entry with one request: their head is written once, and what takes sequence does not
// grow with their number.
func TestCostOfVoidingMany(t *testing.T) {
	var counter *kvtest.Counter
	p := embedded(t, func(s kv.Store) kv.Store {
		counter = kvtest.Count(slow{s})
		return counter
	})
	const many = 50
	var stored, voids [][]byte
	for i := range many {
		stored = append(stored, []byte(statementOf(i, thing)))
		voids = append(voids, []byte(voidingOf(many+i, i)))
	}
	for _, statements := range [][][]byte{stored, voids} {
		counter.Reset()
		if status, _, text := p.do(t, http.MethodPost, "/xapi/statements", fmt.Appendf(nil, "[%s]", bytes.Join(statements, []byte{','}))); status != http.StatusOK {
			t.Fatalf("status %d: %s", status, text)
		}
	}
	used := counter.Snapshot()
	t.Logf("%.0f write units, %d round trips in sequence", used.Units().Write, used.Rounds)
	if used.Rounds > 20 || used.Units().Write > 4*many {
		t.Errorf("%.0f write units and %d round trips in sequence to void %d statements", used.Units().Write, used.Rounds, many)
	}
}
