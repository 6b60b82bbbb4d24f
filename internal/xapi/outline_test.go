package xapi

import (
	"reflect"
	"testing"
	"time"
)

func TestDurationsAreMeasured(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT4H35M59.14S": 4*time.Hour + 35*time.Minute + 59*time.Second + 140*time.Millisecond, "P3Y": 3 * 365 * 24 * time.Hour, "P4W": 28 * 24 * time.Hour,
		"P1Y2M3DT4H": (365+60+3)*24*time.Hour + 4*time.Hour, "PT1,5M": 90 * time.Second, "PT0S": 0,
	} {
		if got, ok := duration([]byte(text)); !ok || got != want {
			t.Errorf("%s is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "1H", "P999999999999999999999Y"} {
		if got, ok := duration([]byte(text)); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestOutline(t *testing.T) {
	s, err := Parse([]byte(`{"actor":{"objectType":"Group","member":[{"mbox":"mailto:Ada@Example.org","name":"Ada"},{"account":{"homePage":"http://x.org","name":"b"}}]},
		"verb":{"id":"http://v"},"object":{"id":"http://q","definition":{"type":"http://t","interactionType":"choice"}},
		"result":{"success":false,"completion":true,"response":"a\"b","score":{"scaled":0.5,"raw":5,"max":10},"duration":"PT2S","extensions":{"http://e":[1]}},
		"context":{"registration":"2A41C918-B88B-4220-A4A8-9E93CB1B9F01","platform":"P","language":"en","contextActivities":{"parent":{"id":"http://m"},"grouping":[{"id":"http://c"},{"id":"http://d"}]}},
		"timestamp":"2026-01-02T03:04:05Z"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Outline{
		Actors: []Person{{"mbox:mailto:Ada@example.org", "Ada"}, {"account:http://x.org b", ""}},
		Verb:   "http://v", Object: ActivityRef{"http://q", "http://t", "choice"},
		Parent: []ActivityRef{{ID: "http://m"}}, Grouping: []ActivityRef{{ID: "http://c"}, {ID: "http://d"}},
		Registration: "2a41c918-b88b-4220-a4a8-9e93cb1b9f01", Platform: "P", Language: "en",
		Result: Result{Success: No, Completion: Yes, Response: `a"b`, Scaled: .5, HasScaled: true, Raw: 5, HasRaw: true, Max: 10, HasMax: true,
			Duration: 2 * time.Second, HasDuration: true},
		Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	if got := s.Outline(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := string(s.ResultExtension("http://e")); got != "[1]" || s.ContextExtension("http://e") != nil {
		t.Errorf("extension %q", got)
	}
}

func TestDetails(t *testing.T) {
	for _, c := range []struct {
		name, statement string
		want            Details
	}{
		{"an Agent and an Activity, vouched for by a credential", `{"actor":{"mbox":"mailto:a@e.org","name":"A"},"object":{"id":"a:o","definition":{"name":{"de":"Stein","en-US":"Stone"},
			"description":{"fr":"Pierre","de":"Stein"}}},"authority":{"name":"Moodle","account":{"homePage":"https://e.org","name":"key-1"}}}`,
			Details{"Agent", Person{"mbox:mailto:a@e.org", "A"}, "Activity", "Stone", "Pierre", Authority{Account: "key-1"}}},
		{"English goes before what is English too", `{"actor":{"objectType":"Group","account":{"homePage":"a:b","name":"g"}},"object":{"objectType":"Activity","id":"a:o","definition":{"name":{"en-GB":"Grey","en":"Gray"}}},
			"authority":{"objectType":"Group","member":[{"mbox":"mailto:u@e.org"},{"account":{"homePage":"a:b","name":"app"}}]}}`,
			Details{"Group", Person{"account:a:b g", ""}, "Activity", "Gray", "", Authority{Account: "app"}}},
		{"nobody that is named, about a statement", `{"actor":{"objectType":"Group","member":[]},"object":{"objectType":"StatementRef","id":"x"},"authority":{"mbox":"mailto:U@e.org"}}`,
			Details{"Group", Person{}, "StatementRef", "", "", Authority{Identity: "mbox:mailto:U@e.org"}}},
		{"an authority of no account", `{"actor":{"openid":"a:b"},"object":{"objectType":"Agent","openid":"a:c","definition":{"name":{"en":"x"}}},"authority":{"objectType":"Group","member":[{"mbox":"mailto:u@e.org"}]}}`,
			Details{"Agent", Person{"openid:a:b", ""}, "Agent", "", "", Authority{}}},
		{"an identified Group as authority", `{"actor":{"openid":"a:b"},"object":{"id":"a:o","definition":{"name":{}}},"authority":{"objectType":"Group","openid":"a:g","member":[{"account":{"homePage":"a:b","name":"app"}}]}}`,
			Details{"Agent", Person{"openid:a:b", ""}, "Activity", "", "", Authority{Identity: "openid:a:g"}}},
	} {
		s, err := Parse([]byte(c.statement))
		if err != nil {
			t.Fatal(c.name, err)
		}
		if got := s.Details(); got != c.want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.name, got, c.want)
		}
	}
}
