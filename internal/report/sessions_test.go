package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cairn/internal/index"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
	"cairn/internal/report"
	"cairn/internal/roster"
	"cairn/internal/xapi"
)

// world is a record with its projections over the embedded store.
type world struct {
	t       *testing.T
	lrs     *lrs.LRS
	people  *roster.Roster
	reports *report.Reports
	runners []*projection.Runner
	meter   *kvtest.Counter
}

func newWorld(t *testing.T) *world {
	t.Helper()
	embedded, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { embedded.Close() })
	store := kvtest.Count(embedded)
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	x := index.New(store, l)
	return &world{t, lrs.New(l, x, nil), roster.New(store, l.Secret()), report.New(store, l, x), []*projection.Runner{
		{Name: index.Name, Projection: x, Store: store, Ledger: l},
		{Name: report.ProjectionName, Projection: report.NewAggregate(store, l, x), Store: store, Ledger: l},
	}, store}
}

// store stores statements as one request.
func (w *world) store(texts ...string) {
	w.t.Helper()
	statements, _, err := xapi.Decode([]byte("["+strings.Join(texts, ",")+"]"), xapi.V1)
	if err != nil {
		w.t.Fatal(err)
	}
	caller := lrs.Caller{Version: xapi.V1, Defines: true, Authority: []byte(`{"account":{"homePage":"https://lrs.example.com/xapi","name":"deck"}}`)}
	if _, err := w.lrs.Store(w.t.Context(), caller, lrs.Submission{Statements: statements}); err != nil {
		w.t.Fatal(err)
	}
}

// count has the figures count what is stored.
func (w *world) count() {
	w.t.Helper()
	for _, r := range w.runners {
		if err := r.Run(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// find is the key of who has an identity.
func (w *world) find(identity string) string {
	w.t.Helper()
	key, err := w.reports.FindLearner(w.t.Context(), identity)
	if err != nil {
		w.t.Fatal(err)
	}
	return key
}

// sessions are a learner's in the deck.
func (w *world) sessions(key string) report.SessionList {
	w.t.Helper()
	list, err := w.reports.Sessions(w.t.Context(), key, deck, report.Filter{})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

const (
	deck  = "https://micro.example.com/decks/sepsis"
	ada   = `{"name":"Ada","mbox":"mailto:ada@example.com"}`
	nurse = `{"account":{"homePage":"https://phone.example.com","name":"nurse-7"}}`
)

// inDeck is a statement about a part of the deck, at a time of one morning; result is a member of it, or "".
func inDeck(at, actor, verb, part, definition, result string) string {
	if result != "" {
		result = `"result":` + result + ","
	}
	return fmt.Sprintf(`{"actor":%s,"verb":{"id":"http://adlnet.gov/expapi/verbs/%s"},"object":{"id":"%s/%s","definition":%s},%s
		"context":{"platform":"MicroDeck for iOS","contextActivities":{"grouping":[{"id":"%[3]s","definition":{"name":{"en":"Sepsis"},"type":"http://adlnet.gov/expapi/activities/course"}}]}},
		"timestamp":"2026-03-02T%[7]sZ"}`, actor, verb, deck, part, definition, result, at)
}

func card(at, actor, name, duration string) string {
	return inDeck(at, actor, "experienced", name, `{"name":{"en":"`+name+`"},"type":"http://adlnet.gov/expapi/activities/slide"}`, `{"duration":"`+duration+`"}`)
}

func answered(at, question string, right bool) string {
	return inDeck(at, ada, "answered", question, `{"type":"http://adlnet.gov/expapi/activities/cmi.interaction","interactionType":"true-false","correctResponsesPattern":["true"]}`,
		fmt.Sprintf(`{"response":"%v","success":%[1]v}`, right))
}

// told writes sessions down: a line each, and one for each of its minutes, with the events in it.
func told(list report.SessionList) string {
	var out strings.Builder
	for _, s := range list.Sessions {
		fmt.Fprintf(&out, "%s to %s, %d s, %s, %s\n", s.Start.Format(time.TimeOnly), s.End.Format(time.TimeOnly), s.Seconds, s.Platform, s.Modality)
		for _, m := range s.Minutes {
			fmt.Fprintf(&out, "%d:", m.Minute)
			for _, e := range m.Events {
				fmt.Fprintf(&out, " %s %s", e.Verb[strings.LastIndex(e.Verb, "/")+1:], strings.TrimPrefix(e.Object.ID, deck+"/"))
				if e.Right != nil {
					fmt.Fprintf(&out, " %v", *e.Right)
				}
				if e.Score != nil {
					fmt.Fprintf(&out, " %v", *e.Score)
				}
				out.WriteString(";")
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
	}
}

const morning = `09:00:00 to 09:04:10, 250 s, MicroDeck for iOS, mobile
0: experienced one;
1: experienced two; answered q1 true;
3: answered q2 false;
4: experienced three;
`

// A deck on a phone: three cards, a question right and one wrong, and after a pause of 40 minutes the deck once more.
func TestSessionsTellWhatHappenedMinuteByMinute(t *testing.T) {
	w := newWorld(t)
	w.store(answered("09:03:00", "q2", false), card("09:04:10", ada, "three", "PT40S"), // as a phone sends what it kept
		card("09:00:30", ada, "one", "PT30S"), card("09:01:05", ada, "two", "PT30S"), answered("09:01:40", "q1", true))
	w.store(inDeck("09:44:10", ada, "passed", "test", `{"type":"http://adlnet.gov/expapi/activities/assessment"}`, `{"success":true,"score":{"scaled":0.75}}`))
	w.store(strings.ReplaceAll(card("09:02:00", ada, "one", "PT1M"), deck, deck+"-2")) // of another deck
	w.store(card("09:02:00", `{"mbox":"mailto:bob@example.com"}`, "one", "PT1M"))
	w.count()

	list := w.sessions(w.find("mbox:mailto:ada@example.com"))
	expect(t, "the sessions", told(list), "09:44:10 to 09:44:10, 0 s, MicroDeck for iOS, mobile\n0: passed test 75;\n"+morning)
	if list.Learner.Name != "Ada" || list.Course.Name["en"] != "Sepsis" || list.Older {
		t.Errorf("they are of %q in %v, with older ones: %v", list.Learner.Name, list.Course, list.Older)
	}
	if name := list.Sessions[1].Minutes[0].Events[0].Object.Name["en"]; name != "one" {
		t.Errorf("the first card is called %q", name)
	}
	if text, err := json.Marshal(w.sessions(w.find("mbox:mailto:bob@example.com")).Sessions); err != nil || !strings.Contains(string(text), `"minute":1,`) {
		t.Errorf("a card of a minute ends in minute 1: %s, %v", text, err)
	}
}

// A group's statement is each member's, and what is sent under another identity of the same person is his.
func TestSessionsOfWhoeverTookPart(t *testing.T) {
	w := newWorld(t)
	if _, err := w.people.PutPerson(t.Context(), []string{"mbox:mailto:ada@example.com", "account:https://phone.example.com nurse-7"}); err != nil {
		t.Fatal(err)
	}
	w.store(card("09:00:30", ada, "one", "PT30S"), card("09:01:30", nurse, "two", "PT30S"),
		card("09:02:30", `{"objectType":"Group","member":[`+nurse+`,{"mbox":"mailto:bob@example.com"}]}`, "three", "PT30S"))
	w.count()
	const all = "09:00:00 to 09:02:30, 150 s, MicroDeck for iOS, mobile\n0: experienced one;\n1: experienced two;\n2: experienced three;\n"
	expect(t, "under the first identity", told(w.sessions(w.find("mbox:mailto:ada@example.com"))), all)
	expect(t, "under the other", told(w.sessions(w.find("account:https://phone.example.com nurse-7"))), all)
	expect(t, "another member", told(w.sessions(w.find("mbox:mailto:bob@example.com"))), "09:02:00 to 09:02:30, 30 s, MicroDeck for iOS, mobile\n0: experienced three;\n")
}

// What was just stored is told before any figure counts it, and what is voided is not.
func TestSessionsAreOfTheStatementsThemselves(t *testing.T) {
	w := newWorld(t)
	w.store(card("09:00:30", ada, "one", "PT30S"))
	w.count()
	key := w.find("mbox:mailto:ada@example.com")
	const id = "7a1c5e0e-1111-4000-8000-000000000001"
	two := strings.Replace(card("09:01:05", ada, "two", "PT30S"), "{", `{"id":"`+id+`",`, 1)
	w.store(two, answered("09:01:40", "q1", true))
	w.store(answered("09:03:00", "q2", false), card("09:04:10", ada, "three", "PT40S"))
	expect(t, "before it is counted", told(w.sessions(key)), morning)
	w.store(`{"actor":` + ada + `,"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},"object":{"objectType":"StatementRef","id":"` + id + `"}}`)
	voided := strings.Replace(morning, " experienced two;", "", 1)
	expect(t, "when it is voided", told(w.sessions(key)), voided)
	w.count()
	expect(t, "when that is counted", told(w.sessions(key)), voided)
}

// Of very many statements the newest are told, and that there are older ones.
func TestSessionsOfVeryManyStatements(t *testing.T) {
	w := newWorld(t)
	texts := make([]string, report.MaxTold+20)
	for i := range texts {
		actor := ada
		if i%2 == 1 {
			actor = nurse
		}
		texts[i] = card(fmt.Sprintf("10:%02d:%02d", i/60, i%60), actor, "one", "PT1S")
	}
	if _, err := w.people.PutPerson(t.Context(), []string{"mbox:mailto:ada@example.com", "account:https://phone.example.com nurse-7"}); err != nil {
		t.Fatal(err)
	}
	w.store(texts...)
	w.count()
	list, n := w.sessions(w.find("mbox:mailto:ada@example.com")), 0
	for _, m := range list.Sessions[0].Minutes {
		n += len(m.Events)
	}
	if len(list.Sessions) != 1 || n != report.MaxTold || !list.Older || list.Sessions[0].Start.Format(time.TimeOnly) != "10:00:19" {
		t.Errorf("%d sessions, %d events from %v, older ones: %v", len(list.Sessions), n, list.Sessions[0].Start, list.Older)
	}
}

// However many statements there are, each sent by itself, to tell of the newest takes a quarter more items than it tells of at most.
func TestWhatSessionsRead(t *testing.T) {
	items := func(n int) int {
		w := newWorld(t)
		for i := range n {
			w.store(card(fmt.Sprintf("%02d:%02d:%02d", 6+i/3600, i/60%60, i%60), ada, "one", "PT1S"))
		}
		time.Sleep(2 * time.Duration(ledger.EntrySpan) * time.Microsecond) // else whoever looks behind the checkpoint meets the last entries again
		w.count()
		key := w.find("mbox:mailto:ada@example.com")
		w.meter.Reset()
		if list := w.sessions(key); !list.Older {
			t.Error("there is nothing older")
		}
		return w.meter.Snapshot().Items
	}
	few, many := items(report.MaxTold+100), items(2*report.MaxTold)
	t.Logf("%d items of %d statements, %d of %d", few, report.MaxTold+100, many, 2*report.MaxTold)
	if most := report.MaxTold * 5 / 4; few > most || many > most {
		t.Errorf("%d items are read of %d statements, and %d of %d: want %d at most", few, report.MaxTold+100, many, 2*report.MaxTold, most)
	}
}

func TestSessionsOfNobodyAndInNothing(t *testing.T) {
	w := newWorld(t)
	w.store(card("09:00:30", ada, "one", "PT30S"))
	w.count()
	for _, key := range []string{"", "x", strings.Repeat("A", 22)} {
		if _, err := w.reports.Sessions(t.Context(), key, deck, report.Filter{}); !errors.Is(err, report.ErrUnknown) {
			t.Errorf("of %q: %v", key, err)
		}
	}
	if _, err := w.reports.Sessions(t.Context(), w.find("mbox:mailto:ada@example.com"), deck, report.Filter{To: math.MaxInt32}); !errors.Is(err, report.ErrFilter) {
		t.Errorf("in too long a span: %v", err)
	}
	list, err := w.reports.Sessions(t.Context(), w.find("mbox:mailto:ada@example.com"), "https://micro.example.com/decks/other", report.Filter{})
	if text, _ := json.Marshal(list); err != nil || !strings.Contains(string(text), `"sessions":[]`) {
		t.Errorf("in another course: %s, %v", text, err)
	}
}
