package traffic

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"cairn/internal/xapi"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func quarter(seed uint64, statements int) Settings {
	return Settings{Seed: seed, Statements: statements, From: monday, Days: 90}
}

func TestEveryStatementIsValidInBothVersions(t *testing.T) {
	for seed := range uint64(4) {
		for sending := range Sendings(quarter(seed, 1500)) {
			for _, text := range sending.Statements {
				for _, v := range []xapi.Version{xapi.V1, xapi.V2} {
					if _, _, err := xapi.Decode(text, v); err != nil {
						t.Fatalf("xAPI %s, seed %d: %v\n%s", v, seed, err, text)
					}
				}
			}
		}
	}
}

// A request is refused whole when one id stands in it twice, and a conflict when it comes with other contents.
func TestIdsAreDistinctAlsoBetweenSettings(t *testing.T) {
	seen := map[string]bool{}
	other := quarter(1, 5000)
	other.Days = 91
	for _, s := range []Settings{quarter(1, 5000), quarter(2, 5000), quarter(1, 5001), other} {
		for sending := range Sendings(s) {
			for _, text := range sending.Statements {
				id := string(text[7:43])
				if seen[id] {
					t.Fatalf("%s stands twice", id)
				}
				seen[id] = true
			}
		}
	}
}

func TestNumberAndSpanAreWhatWasAskedFor(t *testing.T) {
	for _, s := range []Settings{
		quarter(1, 1), quarter(2, 99), quarter(3, 5000),
		{Statements: 3000, From: monday, Days: 1},
		{Statements: 3000, From: monday, Days: 1000},
		{Statements: 3000, From: monday.Add(7 * time.Hour), Days: 2, Learners: 3},
	} {
		made, last, end := 0, monday, monday.AddDate(0, 0, s.Days)
		for sending := range Sendings(s) {
			if sending.At.Before(last) || sending.At.After(end) {
				t.Fatalf("%+v: sent at %s, after %s, before %s", s, sending.At, last, end)
			}
			last = sending.At
			made += len(sending.Statements)
			for _, text := range sending.Statements {
				if at := timestampOf(t, text); at.Before(monday) || at.After(sending.At) {
					t.Fatalf("%+v: of %s, sent at %s: %s", s, at, sending.At, text)
				}
			}
		}
		if made != s.Statements {
			t.Errorf("%+v: %d statements", s, made)
		}
	}
}

func TestNothingIsMadeOfNothing(t *testing.T) {
	for range Sendings(Settings{From: monday, Days: 90}) {
		t.Fatal("a sending")
	}
}

func TestTheSameSettingsGiveTheSameBytes(t *testing.T) {
	const golden = "738ca7c5cf3f9f19e9be18b189a87a2f03deeb1f78f115a8493f2e59b6f71338"
	h := sha256.New()
	for sending := range Sendings(quarter(1, 5000)) {
		h.Write([]byte(sending.At.Format(time.RFC3339Nano) + sending.Platform))
		for _, text := range sending.Statements {
			h.Write(text)
		}
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != golden {
		t.Errorf("what is made has changed: %s", sum)
	}
}

// sample is a quarter's traffic, read once for all tests.
var sample = sync.OnceValue(func() (all []sent) {
	for sending := range Sendings(quarter(1, 10_000)) {
		s := sent{Sending: sending}
		for _, text := range sending.Statements {
			var read told
			if err := json.Unmarshal(text, &read); err != nil {
				panic(err)
			}
			s.told = append(s.told, read)
		}
		all = append(all, s)
	}
	return all
})

type sent struct {
	Sending
	told []told
}

// told is what the tests read of a statement.
type told struct {
	Actor  struct{ Name string }
	Verb   struct{ ID string }
	Object struct {
		Definition struct{ InteractionType string }
	}
	Context struct {
		Extensions map[string]json.RawMessage
	}
	Result struct {
		Extensions map[string]json.RawMessage
		Success    *bool
	}
	Attachments []struct{ FileURL string }
	Timestamp   time.Time
}

func timestampOf(t *testing.T, text []byte) time.Time {
	t.Helper()
	s, err := xapi.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	at, ok := s.Timestamp()
	if !ok {
		t.Fatalf("no timestamp: %s", text)
	}
	return at
}

func BenchmarkSendings(b *testing.B) {
	b.ReportAllocs()
	bytes, made := 0, 0
	for b.Loop() {
		for sending := range Sendings(quarter(1, 100_000)) {
			made += len(sending.Statements)
			for _, text := range sending.Statements {
				bytes += len(text)
			}
		}
	}
	b.ReportMetric(float64(made)/b.Elapsed().Seconds(), "statements/s")
	b.ReportMetric(float64(bytes)/float64(made), "B/statement")
}
