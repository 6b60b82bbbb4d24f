package xapi_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"cairn/internal/xapi"

	"github.com/google/uuid"
)

var stamp = xapi.Stamp{
	ID:        uuid.MustParse("8f87ccde-bb56-4c2e-ab83-44982ef22df0"),
	Stored:    time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600)),
	Authority: []byte(`{"account": {"homePage": "https://cairn.example", "name": "key 1"}}`),
	Version:   xapi.V1,
}

// decoded is the one statement of body.
func decoded(t failer, body string) *xapi.Statement {
	t.Helper()
	statements, _, err := xapi.Decode([]byte(body), xapi.V2)
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	return statements[0]
}

func TestAppendStoredFillsInWhatIsMissing(t *testing.T) {
	got := string(decoded(t, minimal).AppendStored([]byte("before "), stamp))
	want := "before " + minimal[:len(minimal)-1] + `,"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0",` +
		`"timestamp":"2026-03-01T11:00:00.000000Z",` +
		`"stored":"2026-03-01T11:00:00.000000Z","authority":{"account":{"homePage":"https://cairn.example",` +
		`"name":"key 1"}},"version":"1.0.0"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := time.Parse(xapi.StoredLayout, "2026-03-01T11:00:00.000000Z"); err != nil {
		t.Error(err)
	}
}

func TestAppendStoredUnder2FillsInVersion2(t *testing.T) {
	got := decoded(t, minimal).AppendStored(nil, xapi.Stamp{Version: xapi.V2})
	if !bytes.Contains(got, []byte(`"version":"2.0.0"`)) {
		t.Errorf("%s", got)
	}
}

func TestAppendStoredKeepsTokensAndOrder(t *testing.T) {
	got := string(decoded(t, `{ "version" : "1.0.2",
		"stored": "2001-01-01T00:00:00Z", "authority": {"mbox": "mailto:someone.else@example.org"},
		"timestamp": "2026-01-01T00:00:00+02:00",
		"id": "8F87CCDE-BB56-4C2E-AB83-44982EF22DF1",
		"result": {"score": {"raw": 1.0, "max": 12345678901234567890},
			"extensions": {"https://e.org/\u0078": [1E5, -0, "a \" [ b  c", "\u00e9\/"]}},
		"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v"},
		"object":{"id":"https://example.org/o"}}`).AppendStored(nil, stamp))
	want := `{"version":"1.0.2","stored":"2026-03-01T11:00:00.000000Z",` +
		`"authority":{"account":{"homePage":"https://cairn.example","name":"key 1"}},` +
		`"timestamp":"2026-01-01T00:00:00+02:00","id":"8F87CCDE-BB56-4C2E-AB83-44982EF22DF1",` +
		`"result":{"score":{"raw":1.0,"max":12345678901234567890},"extensions":{"https://e.org/\u0078":[1E5,-0,` +
		`"a \" [ b  c","\u00e9\/"]}},` +
		`"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"https://example.org/v"},"object":{"id":"https://example.org/o"}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAppendStoredKeepsTheAuthorityWhenToldNone(t *testing.T) {
	got := decoded(t, with(`"authority":{"mbox":"mailto:b@example.org"}`)).AppendStored(nil, xapi.Stamp{})
	if !bytes.Contains(got, []byte(`"authority":{"mbox":"mailto:b@example.org"}`)) {
		t.Errorf("%s", got)
	}
}

func TestAppendStoredMakesContextActivitiesArrays(t *testing.T) {
	context := `"context":{"contextActivities":{"parent":{"id":"a:1"},"other":[{"id":"a:2"}],"category":[]}}`
	want := `"context":{"contextActivities":{"parent":[{"id":"a:1"}],"other":[{"id":"a:2"}],"category":[]}}`
	for _, body := range []string{with(context), subWith(context)} {
		if got := decoded(t, body).AppendStored(nil, stamp); !bytes.Contains(got, []byte(want)) {
			t.Errorf("%s", got)
		}
	}
	// A key of the same name in an extension is the client's own.
	own := `"context":{"extensions":{"a:b":{"contextActivities":{"parent":{"id":"a:1"}},` +
		`"context":{"contextActivities":{"x":{}}}}}}`
	if got := decoded(t, with(own)).AppendStored(nil, stamp); !bytes.Contains(got, []byte(own)) {
		t.Errorf("%s", got)
	}
}

// subWith is a statement whose SubStatement is the minimal one with more members.
func subWith(members string) string {
	return `{"actor":{"mbox":"mailto:z@example.org"},"verb":{"id":"https://example.org/planned"},` +
		`"object":{"objectType":"SubStatement",` +
		with(members)[1:] + `}`
}

func TestParseReadsWhatWasStored(t *testing.T) {
	for i, sent := range whole(t) {
		stored := sent.AppendStored(nil, stamp)
		s, err := xapi.Parse(stored)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.Raw(), stored) {
			t.Errorf("%d: raw is %s", i, s.Raw())
		}
		id, _ := sent.ID()
		if got, ok := s.ID(); !ok || got != id {
			t.Errorf("%d: id is %v", i, got)
		}
		if at, ok := s.Stored(); !ok || !at.Equal(stamp.Stored) {
			t.Errorf("%d: stored at %v", i, at)
		}
		sentAt, given := sent.Timestamp()
		if at, ok := s.Timestamp(); !ok || given && !at.Equal(sentAt) || !given && !at.Equal(stamp.Stored) {
			t.Errorf("%d: timestamp is %v", i, at)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact,
			s.Authority()); err != nil || compact.String() != `{"account":{"homePage":"https://cairn.example",`+
			`"name":"key 1"}}` {
			t.Errorf("%d: authority is %s", i, s.Authority())
		}
	}
}

// whole are the statements of whole.json.
func whole(t testing.TB) []*xapi.Statement {
	statements, _, err := xapi.Decode(content(t, statements+"whole.json"), xapi.V1)
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

func TestReferences(t *testing.T) {
	target := `"object":{"objectType":"StatementRef","id":"8F87CCDE-bb56-4c2e-ab83-44982ef22df0"}`
	for _, c := range []struct {
		verb, object  string
		refers, voids bool
	}{
		{"http://adlnet.gov/expapi/verbs/voided", target, true, true},
		{"https://example.org/verbs/commented", target, true, false},
		{"https://example.org/verbs/read", `"object":{"id":"a:b"}`, false, false},
		{"https://example.org/verbs/planned", `"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:a@b.c"},` +
			`"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},` + target + `}`, false, false},
	} {
		s := decoded(t, `{"actor":{"mbox":"mailto:a@b.c"},"verb":{"id":"`+c.verb+`"},`+c.object+`}`)
		refers, ok := s.Refers()
		voids, void := s.Voids()
		if ok != c.refers || void != c.voids || ok && refers != stamp.ID || void && voids != stamp.ID {
			t.Errorf("%s %s: refers %v %v, voids %v %v", c.verb, c.object, refers, ok, voids, void)
		}
	}
}

func TestAttachments(t *testing.T) {
	attachment := func(usage, more string) string {
		return `{"usageType":"` + usage + `","display":{"en":"x"},"contentType":"text/plain","length":1.2e1,` +
			`"sha2":"672FA5FA658017f1b72d65036f13379c6ab05d4ab3b6664908d8acf0b6a0c634"` + more + `}`
	}
	inner := with(`"attachments":[` + attachment("a:3", "") + `]`)
	s := decoded(t, `{"actor":{"mbox":"mailto:a@b.c"},"verb":{"id":"a:v"},"object":{"objectType":"SubStatement",`+inner[1:]+
		`,"attachments":[`+attachment("a:1", `,"fileUrl":"https://example.org/f"`)+`,`+attachment("a:2", "")+`]}`)
	want := []xapi.Attachment{
		{Pointer: "/attachments/0", UsageType: "a:1", FileURL: "https://example.org/f"},
		{Pointer: "/attachments/1", UsageType: "a:2"},
		{Pointer: "/object/attachments/0", UsageType: "a:3"},
	}
	got := s.Attachments()
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		want[i].ContentType, want[i].Length = "text/plain", 12
		want[i].SHA2 = "672FA5FA658017f1b72d65036f13379c6ab05d4ab3b6664908d8acf0b6a0c634"
		if got[i] != want[i] {
			t.Errorf("%d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

// failer is what tests and properties share.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}
