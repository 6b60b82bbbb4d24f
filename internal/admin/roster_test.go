package admin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/infra/local/recount"
	"cairn/internal/index"
	"cairn/internal/report"
	"cairn/internal/roster"
)

const (
	adaBox = "mbox:mailto:Ada@example.com"
	adaID  = "account:https://hr.example.com ada"
	bobBox = "mbox:mailto:bob@example.com"
)

type group struct {
	ID, Label string
	Size      int
	Members   []string
}

func TestAGroupFromItsMakingToItsEnd(t *testing.T) {
	w := newWorld(t)
	var g group
	w.get(t, "PUT", "/admin/groups/ward%2F3", `{"label":"Ward 3","members":["mbox:mailto:Ada@EXAMPLE.com",{"name":"Ada","mbox":"mailto:Ada@example.com"},
		{"account":{"homePage":"https://hr.example.com","name":"ada"}},{"objectType":"Agent","mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"}]}`, 200, &g)
	want := []string{adaBox, adaID, "sha1:ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}
	if g.ID != "ward/3" || g.Label != "Ward 3" || g.Size != 3 || !slices.Equal(g.Members, want) {
		t.Errorf("kept: %+v", g)
	}
	text := w.ask(t, "boss", "GET", "/admin/groups/ward%2F3?format=csv", "").Body.String()
	if text != strings.Join(want, "\n")+"\n" {
		t.Errorf("as CSV: %q", text)
	}
	again := w.ask(t, "boss", "PUT", "/admin/groups/copy?label=A+copy", "\ufeff"+strings.ReplaceAll(text, "\n", "\r\n")+`"account:https://hr.example.com a, b"`, "Content-Type", "text/csv; charset=utf-8")
	g = group{}
	if w.get(t, "GET", "/admin/groups/copy", "", 200, &g); again.Code != 200 || g.Label != "A copy" || !slices.Equal(g.Members, append(want, "account:https://hr.example.com a, b")) {
		t.Errorf("from CSV: %d %s, %+v", again.Code, again.Body, g)
	}
	var ids []string
	for path := "/admin/groups?limit=1"; path != ""; {
		var page struct {
			Groups []group
			More   string
		}
		w.get(t, "GET", path, "", 200, &page)
		for _, g := range page.Groups {
			if ids = append(ids, g.ID); g.Members != nil || g.Size == 0 {
				t.Errorf("listed: %+v", g)
			}
		}
		path = page.More
	}
	if !slices.Equal(ids, []string{"copy", "ward/3"}) {
		t.Errorf("listed are %q", ids)
	}
	for range 2 {
		w.get(t, "DELETE", "/admin/groups/copy", "", 204, nil)
	}
	w.get(t, "GET", "/admin/groups/copy", "", 404, nil)
	g = group{}
	if w.get(t, "PUT", "/admin/groups/ward%2F3", `{"members":[]}`, 200, &g); g.Label != "" || g.Size != 0 || len(g.Members) != 0 {
		t.Errorf("replaced: %+v", g)
	}
}

func TestWhatIsSaidOfLearnersIsRefused(t *testing.T) {
	w := newWorld(t)
	many, long := make([]string, 1001), strings.Repeat("x", 1000)
	for i := range many {
		many[i] = fmt.Sprintf("mbox:mailto:%d@example.com", i)
	}
	csv := []string{"Content-Type", "text/csv"}
	for _, x := range []struct {
		method, path, body string
		headers            []string
		status             int
		says               []string
	}{
		{"PUT", "/admin/groups/g", `{"members":["` + strings.Join(many, `","`) + `"]}`, nil, 400, []string{`"/members"`, "at most 1000"}},
		{"PUT", "/admin/groups/g", strings.Join(many, "\n"), csv, 400, []string{"at most 1000"}},
		{"PUT", "/admin/groups/g", `{}`, nil, 400, []string{`"/members"`}},
		{"PUT", "/admin/groups/g", `{"members":["mbox:mailto:ada@example.com","ada"]}`, nil, 400, []string{`"/members/1"`, "mbox:mailto:"}},
		{"PUT", "/admin/groups/g", `{"members":[{"mbox":"ada@example.com"}]}`, nil, 400, []string{`"/members/0/mbox"`, "mailto:"}},
		{"PUT", "/admin/groups/g", `{"members":[{"objectType":"Group","mbox":"mailto:ada@example.com"}]}`, nil, 400, []string{`"/members/0/objectType"`}},
		{"PUT", "/admin/groups/g", `{"members":[{"name":"Ada"}]}`, nil, 400, []string{`"/members/0`}},
		{"PUT", "/admin/groups/g", `{"members":["account:https://example.com ` + long + `"]}`, nil, 400, []string{`"/members/0"`, "1000 bytes"}},
		{"PUT", "/admin/groups/g", "mbox:mailto:ada@example.com\nada\n", csv, 400, []string{"line 2"}},
		{"PUT", "/admin/groups/g", "mbox:mailto:ada@example.com,Ada\n", csv, 400, []string{"line 1"}},
		{"PUT", "/admin/groups/g", "x", []string{"Content-Type", "text/plain"}, 415, []string{"text/csv"}},
		{"PUT", "/admin/groups/g?label=x", `{"members":[]}`, nil, 400, []string{"label"}},
		{"PUT", "/admin/groups/g", `{"label":"\u0000","members":[]}`, nil, 400, []string{`"/label"`}},
		{"PUT", "/admin/groups/g", `{"members":["` + strings.Repeat("x", 513<<10) + `"]}`, nil, 413, []string{"too large"}},
		{"PUT", "/admin/groups/team:x", `{"members":[]}`, nil, 400, []string{"team:"}},
		{"GET", "/admin/groups/g", "", nil, 404, []string{"no such group"}},
		{"GET", "/admin/groups/g?format=xml", "", nil, 400, []string{"format"}},
		{"PUT", "/admin/people", `{"identities":["mbox:mailto:ada@example.com","mbox:mailto:ada@EXAMPLE.com"]}`, nil, 400, []string{`"/identities"`, "2 to 20"}},
		{"PUT", "/admin/people", `{"identities":["` + strings.Join(many[:21], `","`) + `"]}`, nil, 400, []string{`"/identities"`, "2 to 20"}},
		{"PUT", "/admin/people", `{"identities":["mbox:mailto:ada@example.com",7]}`, nil, 400, []string{`"/identities/1`}},
		{"GET", "/admin/people", "", nil, 400, []string{"identity"}},
		{"GET", "/admin/people?identity=ada", "", nil, 400, []string{"identity"}},
		{"PUT", "/admin/modalities", `{}`, nil, 400, []string{`"/modalities"`}},
		{"PUT", "/admin/modalities", `{"modalities":[{"platform":"x","modality":"mobile"},{"platform":"y"}]}`, nil, 400, []string{`"/modalities/1/modality"`}},
		{"PUT", "/admin/modalities", `{"modalities":[{"platform":"x","modality":"paper"}]}`, nil, 400, []string{`"/modalities/0/modality"`, "e-learning"}},
		{"PUT", "/admin/modalities", `{"modalities":[{"type":"x","modality":"vr"}]}`, nil, 400, []string{`"/modalities/0/type"`}},
		{"PUT", "/admin/modalities", `{"modalities":[` + strings.Repeat(`{"modality":"vr"},`, 200) + `{"modality":"vr"}]}`, nil, 400, []string{"at most 200"}},
	} {
		answer := w.ask(t, "boss", x.method, x.path, x.body, x.headers...)
		for _, says := range x.says {
			if answer.Code != x.status || !strings.Contains(answer.Body.String(), says) {
				t.Errorf("%s %s %.80s: %d %s, want %d and %q", x.method, x.path, x.body, answer.Code, answer.Body, x.status, says)
			}
		}
		if answer := w.ask(t, "course", x.method, x.path, x.body, x.headers...); answer.Code != 403 {
			t.Errorf("%s %s by a key without the scope admin: %d", x.method, x.path, answer.Code)
		}
	}
}

type person struct {
	Identities []string
	Holds      string
}

func TestWhoIsTheSame(t *testing.T) {
	w := newWorld(t)
	put := func(identities ...string) {
		t.Helper()
		w.get(t, "PUT", "/admin/people", `{"identities":["`+strings.Join(identities, `","`)+`"]}`, 200, nil)
	}
	same := func(of string, want ...string) {
		t.Helper()
		var p person
		w.get(t, "GET", "/admin/people?identity="+strings.ReplaceAll(of, " ", "+"), "", 200, &p)
		if !slices.Equal(p.Identities, want) || !strings.Contains(p.Holds, "POST /admin/rebuild") {
			t.Errorf("the same as %s: %+v, want %q", of, p, want)
		}
	}
	same(adaBox, adaBox)
	put(adaBox, adaID)
	same(adaBox, adaBox, adaID)
	same(adaID, adaBox, adaID)
	put(bobBox, adaID) // it was a mistake
	same(adaBox, adaBox)
	same(adaID, bobBox, adaID)
	put(adaBox, bobBox, adaID)
	w.get(t, "DELETE", `/admin/people?identity={"account":{"homePage":"https://hr.example.com","name":"ada"}}`, "", 204, nil)
	for _, of := range []string{adaBox, bobBox, adaID} {
		same(of, of)
	}
}

// TestReportsFollow: groups at once, people and rules from the next statement on, and for all that was counted after a rebuild.
func TestReportsFollow(t *testing.T) {
	w := newWorld(t)
	w.keeper.Projections = []string{index.Name, report.ProjectionName}
	record := recount.NewWorld(w.store, w.ledger, 0)
	reports := report.New(w.store, w.ledger, index.New(w.store, w.ledger))
	n := 0
	send := func(agent, context string) {
		t.Helper()
		n++
		text := fmt.Sprintf(`{"id":"6f0e5c5e-6b1c-4b86-9b0e-%012d","actor":%s,"verb":{"id":"http://example.com/did"},"object":{"id":"http://example.com/course"},"context":%s,"timestamp":"2026-01-05T10:%02d:00Z"}`, n, agent, context, n)
		if err := recount.Append(t.Context(), w.ledger, []byte(text)); err != nil {
			t.Fatal(err)
		}
		for _, run := range []func() error{func() error { return record.Index.Run(t.Context()) }, func() error { return record.Reports.Run(t.Context()) }} {
			if err := run(); err != nil {
				t.Fatal(err)
			}
		}
	}
	day := report.DayOf(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))
	expect := func(when, group string, learners int, statements int64, modalities string) {
		t.Helper()
		o, err := reports.Overview(t.Context(), report.Filter{From: day, To: day, Group: group})
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, m := range o.Modalities {
			told = append(told, fmt.Sprint(m.Name, " ", m.Statements))
		}
		if got := strings.Join(told, ", "); o.Total.Learners != learners || o.Total.Statements != statements || got != modalities {
			t.Errorf("%s, group %q: %d learners, %d statements, %s", when, group, o.Total.Learners, o.Total.Statements, got)
		}
	}
	const ada, adaToo, bob = `{"mbox":"mailto:Ada@example.com"}`, `{"account":{"homePage":"https://hr.example.com","name":"ada"}}`, `{"mbox":"mailto:bob@example.com"}`
	tablet := func(team string) string {
		return `{"platform":"Tablet","team":{"objectType":"Group"` + team + `,"account":{"homePage":"https://hr.example.com","name":"night"}}}`
	}
	send(ada, tablet(""))
	send(adaToo, tablet(`,"name":"Night"`))
	send(bob, tablet(`,"name":"Night shift"`))
	w.get(t, "PUT", "/admin/groups/adas", `{"label":"All that are Ada","members":["`+adaBox+`"]}`, 200, nil)
	expect("at first", "", 3, 3, "e-learning 3")
	expect("at first", "adas", 1, 1, "e-learning 1")

	w.get(t, "PUT", "/admin/people", `{"identities":["`+adaBox+`","`+adaID+`"]}`, 200, nil)
	w.get(t, "PUT", "/admin/modalities", `{"modalities":[{"platform":"Tablet","modality":"mobile"}]}`, 200, nil)
	send(bob, tablet(""))
	expect("from the next on", "", 3, 4, "e-learning 3, mobile 1")

	w.get(t, "POST", "/admin/rebuild", `{}`, 202, nil)
	for done := false; !done; {
		var err error
		if done, err = record.Reports.Build(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	reports = report.New(w.store, w.ledger, index.New(w.store, w.ledger)) // by now every process has read the row
	expect("rebuilt", "", 2, 4, "mobile 4")
	expect("rebuilt", "adas", 1, 2, "mobile 2")
	team := roster.Team + "account:https://hr.example.com night"
	expect("rebuilt", team, 2, 4, "mobile 4")
	w.get(t, "PUT", "/admin/groups/adas", `{"members":["`+adaID+`","`+bobBox+`"]}`, 200, nil)
	expect("another group", "adas", 2, 4, "mobile 4")

	groups, err := reports.Groups(t.Context(), 10)
	if want := []report.Group{{ID: "adas", Label: "adas"}, {ID: team, Label: "Night shift", Team: true}}; err != nil || !slices.Equal(groups, want) {
		t.Errorf("to choose from are %+v, %v", groups, err)
	}
	platforms, err := reports.Platforms(t.Context())
	if err != nil || !slices.Equal(platforms, []string{"Tablet"}) {
		t.Errorf("to choose from are %q, %v", platforms, err)
	}
}
