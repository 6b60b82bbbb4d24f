package fold

import (
	"bufio"
	"compress/gzip"
	"os"
	"reflect"
	"slices"
	"testing"

	"cairn/internal/xapi"
)

// storedAt is after the timestamps of all statements here, in microseconds: 2026-06-01.
const storedAt = 1_780_272_000_000_000

// numbers gives numbers as a registry would.
type numbers map[string]Number

func (n numbers) of(kind, name string) Number {
	if name == "" {
		return None
	}
	if _, ok := n[kind+name]; !ok {
		n[kind+name] = First + Number(len(n))
	}
	return n[kind+name]
}

func (n numbers) folded(f Fact) *Folded {
	return &Folded{Fact: f, Numbers: Numbers{
		Course: n.of("c", f.Course), Module: n.of("m", f.Module), Question: n.of("q", f.Question), Verb: n.of("v", f.Verb), Platform: n.of("p", f.Platform), Team: n.of("t", f.Team),
	}}
}

// videoFacts are those of the real statements, by learner and course, in order.
func videoFacts(t testing.TB, n int) map[[2]string][]Fact {
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
	out := map[[2]string][]Fact{}
	for lines, i := bufio.NewScanner(unzipped), 0; i < n && lines.Scan(); i++ {
		s, err := xapi.Parse(slices.Clone(lines.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Facts(s, storedAt+int64(i), 0, nil) {
			who := [2]string{f.Learner.Identity, f.Course}
			out[who] = append(out[who], f)
		}
	}
	for _, facts := range out {
		slices.SortFunc(facts, func(a, b Fact) int { return a.Compare(b.Order) })
	}
	return out
}

// TestRealStates folds the real statements: what each fact adds, added up, is the tally of the whole; and every state and tally reads
// back as it was written.
func TestRealStates(t *testing.T) {
	n := numbers{}
	bytes, deltas, states, facts := 0, 0, 0, 0
	for _, list := range videoFacts(t, 1e6) {
		s, sum := New(), &Tally{}
		for _, f := range list {
			folded := n.folded(f)
			before := s.Tally(folded.Numbers.Course)
			s.Add(folded)
			d := s.Tally(folded.Numbers.Course).Sub(before)
			back, err := DecodeTally(d.Encode())
			if err != nil || !reflect.DeepEqual(back, d) {
				t.Fatalf("%v\n%+v\n%+v", err, d, back)
			}
			deltas += len(d.Encode())
			facts++
			sum.Join(d)
		}
		back, err := Decode(s.Encode())
		if err != nil || !reflect.DeepEqual(back, s) {
			t.Fatalf("%v\n%+v\n%+v", err, s, back)
		}
		whole := s.Tally(n.of("c", list[0].Course))
		if !slices.Equal(sum.Counts, whole.Counts) {
			t.Fatalf("the sum is %v, the whole %v", sum.Counts, whole.Counts)
		}
		bytes += len(s.Encode())
		states++
	}
	t.Logf("%d states of %d bytes on average; %d facts, each a difference of %d bytes", states, bytes/states, facts, deltas/facts)
}

// TestNobodysOwnWordsAreListed has a response of each kind: of those that are chosen or counted it is listed.
func TestNobodysOwnWordsAreListed(t *testing.T) {
	for kind, want := range map[string]bool{
		"choice": true, "true-false": true, "sequencing": true, "likert": true, "matching": true, "numeric": true,
		"fill-in": false, "long-fill-in": false, "performance": false, "other": false,
	} {
		s, err := xapi.Parse([]byte(`{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},"timestamp":"2026-03-02T08:00:00Z",
			"object":{"id":"https://example.com/q","definition":{"interactionType":"` + kind + `"}},"result":{"response":"said"}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := Facts(s, storedAt, 0, nil)[0].Answer.Response != ""; got != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

// TestATimestampFarAhead has one a day after the statement was stored, and others further ahead.
func TestATimestampFarAhead(t *testing.T) {
	for timestamp, want := range map[string]int64{
		"2026-05-31T12:00:00Z":          storedAt/1000 - 12*60*60*1000,
		"2026-06-02T01:59:59.999+02:00": storedAt/1000 + day - 1,
		"2026-06-02T00:00:00.001Z":      storedAt/1000 + day,
		"9999-12-31T23:59:59Z":          storedAt/1000 + day,
	} {
		s, err := xapi.Parse([]byte(`{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},"object":{"id":"https://example.com/c"},"timestamp":"` + timestamp + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := Facts(s, storedAt, 0, nil)[0].At; got != want {
			t.Errorf("%s: %d, want %d", timestamp, got, want)
		}
	}
}

// TestTallyOf: what a state adds to rows that are wanted is that part of what it adds.
func TestTallyOf(t *testing.T) {
	n := numbers{}
	for _, list := range videoFacts(t, 200) {
		s := New()
		for _, f := range list {
			s.Add(n.folded(f))
		}
		course := n.of("c", list[0].Course)
		wanted := func(r Row) bool { return r.Kind == ModuleRow || r.Kind == DayRow && r.B%2 == 0 }
		part, want := s.TallyOf(course, wanted), s.Tally(course)
		want.Counts = slices.DeleteFunc(want.Counts, func(c Count) bool { return !wanted(c.Row) })
		want.Lists = slices.DeleteFunc(want.Lists, func(l Listing) bool { return !wanted(l.Row) })
		if !slices.Equal(part.Counts, want.Counts) || !slices.Equal(part.Lists, want.Lists) {
			t.Fatalf("%+v\nnot %+v", part, want)
		}
	}
}
