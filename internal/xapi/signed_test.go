package xapi_test

import (
	"strings"
	"testing"
)

func TestSignedAs(t *testing.T) {
	signature := strings.Replace(attachment("s"), "a:u", "http://adlnet.gov/expapi/attachments/signature", 1)
	signature = strings.Replace(signature, "a/b", "application/octet-stream", 1)
	for _, c := range []struct {
		name, statement, payload string
		want                     bool
	}{
		{"the signature is added", with(`"attachments":[` + signature + `]`), minimal, true},
		{"beside another attachment", with(`"attachments":[` + attachment("1") + `,` + signature + `]`),
			with(`"attachments":[` + attachment("1") + `]`), true},
		{"the other attachment is not signed", with(`"attachments":[` + attachment("1") + `,` + signature + `]`), minimal,
			false},
		{"no attachments and an empty list", with(`"attachments":[` + signature + `]`), with(`"attachments":[]`), true},
		{"an LRS's timestamp", with(`"timestamp":"2026-01-01T00:00:00Z"`), minimal, true},
		{"another timestamp", with(`"timestamp":"2026-01-01T00:00:00Z"`), with(`"timestamp":"2026-01-01T00:00:01Z"`), false},
		{"a timestamp that was taken away", minimal, with(`"timestamp":"2026-01-01T00:00:01Z"`), false},
		{"the SubStatement's timestamp", subWith(`"timestamp":"2026-01-01T00:00:00Z"`), subWith(`"result":{}`), false},
		{"duration cut to 0.01 s", with(`"result":{"duration":"P1DT12H36M0.1237S"}`),
			with(`"result":{"duration":"P1DT12H36M0.12S"}`), true},
		{"an LRS's id", with(`"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0"`), minimal, true},
		{"another id", with(`"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0"`),
			with(`"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df1"`), false},
		{"another verb", minimal, strings.Replace(minimal, "/v", "/w", 1), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := decoded(t, c.statement).SignedAs(decoded(t, c.payload)); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
