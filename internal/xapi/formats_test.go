package xapi_test

import (
	"strings"
	"testing"
	"time"

	"cairn/internal/xapi"
)

func TestParseVersion(t *testing.T) {
	for header, want := range map[string]xapi.Version{
		"1.0": xapi.V1, "1.0.0": xapi.V1, "1.0.3": xapi.V1, "1.0.12": xapi.V1, "2.0": xapi.V2, "2.0.7": xapi.V2,
	} {
		if got, ok := xapi.ParseVersion(header); got != want || !ok {
			t.Errorf("%q: %v, %v", header, got, ok)
		}
	}
	for _, bad := range []string{
		"", "1", "1.", "1.0.", "1.0.x", "1.00", "1.1", "0.9", "0.95", "2.1.0", "2", "1.0.3.1", " 1.0", "BAD",
	} {
		if got, ok := xapi.ParseVersion(bad); ok {
			t.Errorf("%q was taken as %v", bad, got)
		}
	}
}

func TestParseIRI(t *testing.T) {
	for _, good := range []string{
		"http://example.org", "https://example.org/", "HTTP://EXAMPLE.ORG:8080/a?b=c&d#e?f",
		"urn:uuid:6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
		"uuid://7d4f3c70-1e79-4243-9b7d-166076ce8bfb", "course-v1:FUN-MOOC+00002+session01", "tag:example.org,2026:x",
		"mailto:a@b.c",
		"http://user:pass@example.org/", "http://[2001:db8::1]:80/", "http://[v1.x:y]/", "file:///etc/hosts", "a:b",
		"http://example.com/فعل/خواندن",
		"https://example.org/%C3%A9", "https://example.org/a'(b)*,;=:@!$&", "http://example.org/\U0001F600",
		"http://e.org/?\uE000", "x:/", "http://h:/",
	} {
		if err := xapi.ParseIRI(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "example.org", "/path", "//example.org", "ab=c://should.fail.com", "1http://example.org", "http:", "urn:",
		"http:///path", "https://",
		"http://exa mple.org", "http://example.org/a b", "http://example.org/<a>", `http://example.org/"`,
		"http://example.org/{a}", "http://example.org/a|b",
		`http://example.org/a\b`, "http://example.org/^", "http://example.org/`", "http://example.org/[1]",
		"http://example.org/%zz", "http://example.org/%a",
		"http://example.org/#a#b", "http://example.org:80a/", "http://[::1/", "http://[1.2.3.4]/", "http://[::1]x/",
		"http://e.org/\uE000", "http://e.org/\u200E",
		"http://e.org/\uFFFE", "http://e.org/\x00", ":a", "a",
	} {
		if xapi.ParseIRI(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParseUUID(t *testing.T) {
	id, err := xapi.ParseUUID("8F87CCDE-bb56-4c2e-ab83-44982ef22df0")
	if err != nil || id.String() != "8f87ccde-bb56-4c2e-ab83-44982ef22df0" {
		t.Errorf("%v, %v", id, err)
	}
	for _, bad := range []string{
		"", "8f87ccdebb564c2eab8344982ef22df0", "{8f87ccde-bb56-4c2e-ab83-44982ef22df0}",
		"urn:uuid:8f87ccde-bb56-4c2e-ab83-44982ef22df0",
		"8f87ccde-bb56-4c2e-ab83-44982ef22df", "8f87ccde-bb56-4c2e-ab83-44982ef22df00",
		"8f87ccdebb56--4c2e-ab83-44982ef22df0", "Mf87ccde-bb56-4c2e-ab83-44982ef22df0",
	} {
		if _, err := xapi.ParseUUID(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParseTimestamp(t *testing.T) {
	for text, want := range map[string]string{
		"2015-11-18T12:17:00+00:00":               "2015-11-18T12:17:00Z",
		"2015-11-18T12:17:00Z":                    "2015-11-18T12:17:00Z",
		"2015-11-18t12:17:00z":                    "2015-11-18T12:17:00Z",
		"2015-11-18T12:17:00":                     "2015-11-18T12:17:00Z",
		"2015-11-18T12:17":                        "2015-11-18T12:17:00Z",
		"2015-11-18T12:17-0500":                   "2015-11-18T17:17:00Z",
		"2015-11-18T12:17:00.1-05":                "2015-11-18T17:17:00.1Z",
		"2015-11-18T12:17:00,123456789999+05:30":  "2015-11-18T06:47:00.123456789Z",
		"20151118T121700.5Z":                      "2015-11-18T12:17:00.5Z",
		"20151118T1217+0100":                      "2015-11-18T11:17:00Z",
		"2016-02-29T00:00:00Z":                    "2016-02-29T00:00:00Z",
		"2016-12-31T23:59:60Z":                    "2017-01-01T00:00:00Z",
		"0001-01-01T00:00:00.000000000000000001Z": "0001-01-01T00:00:00Z",
	} {
		if got, err := xapi.ParseTimestamp(text); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, bad := range []string{
		"", "2015-11-18", "2015-11-18 12:17:00Z", "2015-11-18T", "2015-11-18T12Z", "01/011/2015", "2015-13-01T00:00:00Z",
		"2015-00-01T00:00:00Z", "2015-02-29T00:00:00Z",
		"2015-02-00T00:00:00Z", "2015-04-31T00:00:00Z", "2015-11-18T24:00:00Z", "2015-11-18T12:60:00Z",
		"2015-11-18T12:17:61Z", "2015-11-18T12:17:60Z",
		"2015-11-18T12:17:00.Z", "2015-11-18T12:17:00-00:00", "2015-11-18T12:17:00-0000", "2015-11-18T12:17:00-00",
		"2015-11-18T12:17:00+24:00", "2015-11-18T12:17:00+1",
		"2015-11-18T12:17:00+01:0", "2015-11-18T12:17:00ZZ", "2015-11-18T12:17:00Z+01:00", "2015-1118T12:17:00Z",
		"201511-18T12:17:00Z", "2015-11-18T121700Z",
		"+2015-11-18T12:17:00Z", "2015-11-18T12:17:00 Z", "1447848000",
	} {
		if at, err := xapi.ParseTimestamp(bad); err == nil {
			t.Errorf("%q was taken as %v", bad, at)
		}
	}
}

func TestParseLanguageTag(t *testing.T) {
	for _, good := range []string{
		"en", "EN-us", "de", "zh-Hant", "sr-Latn-RS", "cmn", "ase", "tlh", "es-MX", "es-419", "zh-cmn-Hans-CN",
		"sl-rozaj-biske", "de-CH-1996", "de-1901",
		"en-a-myext-b-another", "ar-a-aaa-b-bbb-a9", "x-whatever", "en-x-a-b", "de-CH-x-phonebk", "i-klingon", "en-GB-oed",
		"sgn-BE-FR", "art-lojban", "abcd", "abcdefgh",
		"zh-min-nan",
	} {
		if err := xapi.ParseLanguageTag(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "a", "something", "a12345678", "a12345", "en_US", "en-", "-en", "en--US", "en US", "zh-z-aaa-z-bbb-c-ccc",
		"de-DE-1901-1901", "en-a", "en-a-b", "x", "x-", "en-x",
		"en-x-123456789", "i-unknown", "zh-Hant-Hans", "en-US-GB", "abcde-fgh-x", "1n", "en-äö", "deutsch-abc-Latn",
	} {
		if xapi.ParseLanguageTag(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestDurations(t *testing.T) {
	for duration, good := range map[string]bool{
		"PT4H35M59.14S": true, "PT16559.14S": true, "P3Y1M29DT4H35M59.14S": true, "P3Y": true, "P4W": true, "PT0S": true,
		"P1DT12H36M0.12567S": true, "PT1,5S": true,
		"P0.5Y": true, "PT1.5H": true, "P1.5W": true, "P1D": true, "P1MT1M": true, "P10000000000000000000000Y": true,
		"": false, "P": false, "PT": false, "P1YT": false, "P4W1D": false, "P1DT4W": false, "PA1H0M0S": false, "P1H": false,
		"PT1D": false, "PT1S1M": false, "P1Y1Y": false,
		"-P1D": false, "P-1D": false, "p1d": false, "PT1.S": false, "PT.5S": false, "P1.5YT1H": false, "PT1.5H1M": false,
		"P1": false, "PT1": false, "1D": false, "P1D ": false,
		"P4WT1H": false, "P0003-06-04T12:30:05": false,
	} {
		_, _, err := xapi.Decode([]byte(with(`"result":{"duration":"`+duration+`"}`)), xapi.V2)
		if (err == nil) != good {
			t.Errorf("%q: %v", duration, err)
		}
	}
}

func TestProblemsAreSentences(t *testing.T) {
	_, _, err := xapi.Decode([]byte(with(`"result":{"response":5}`)), xapi.V1)
	if want := "at /result/response: this must be a string (xAPI 1.0.3 Data 2.2)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, _, err = xapi.Decode([]byte(with(`"result":{"duration":"`+strings.Repeat("é", 5000)+`"}`)), xapi.V1)
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("a long value is repeated whole: %v", err)
	}
}
