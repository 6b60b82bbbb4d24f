package config

import (
	"reflect"
	"strings"
	"testing"
)

func TestIssuers(t *testing.T) {
	for text, want := range map[string][]Issuer{
		"":   nil,
		"  ": nil,
		" https://login.example.com/realms/school=cairn,courses  https://other.example.com=api://cairn ": {
			{"https://login.example.com/realms/school", []string{"cairn", "courses"}}, {"https://other.example.com", []string{"api://cairn"}}},
		"https://sts.windows.net/9a/=,a=b==,": {{"https://sts.windows.net/9a/", []string{"a=b=="}}},
		"http://localhost:8081=a\nhttp://127.0.0.1=b http://[::1]:8081=c": {
			{"http://localhost:8081", []string{"a"}}, {"http://127.0.0.1", []string{"b"}}, {"http://[::1]:8081", []string{"c"}}},
	} {
		if c, err := ReadAPI(environment("TOKEN_ISSUERS", text)); err != nil || !reflect.DeepEqual(c.Issuers, want) {
			t.Errorf("%q: %+v, %v", text, c.Issuers, err)
		}
	}
}

func TestIssuersThatAreWrong(t *testing.T) {
	const url, audiences, twice = "is not the https URL", "has no audiences", "is named twice"
	for text, want := range map[string]string{
		"cairn":                                             `"cairn" ` + url,
		"login.example.com=cairn":                           `"login.example.com" ` + url,
		"http://login.example.com=cairn":                    `"http://login.example.com" ` + url,
		"http://localhost.example.com=cairn":                `"http://localhost.example.com" ` + url,
		"ftp://localhost=cairn":                             `"ftp://localhost" ` + url,
		"https://=cairn":                                    `"https://" ` + url,
		"https://:443=cairn":                                `"https://:443" ` + url,
		"https://user@login.example.com=cairn":              `"https://user@login.example.com" ` + url,
		"https://login.example.com?tenant=cairn":            `"https://login.example.com?tenant" ` + url,
		"https://login.example.com#there=cairn":             `"https://login.example.com#there" ` + url,
		"https://login.example.com":                         `"https://login.example.com" ` + audiences,
		"https://login.example.com=":                        `"https://login.example.com" ` + audiences,
		"https://login.example.com=,,":                      `"https://login.example.com" ` + audiences,
		"https://a.example=a https://a.example=b":           `"https://a.example" ` + twice,
		"https://a.example=a http://b.example=b c.example=": `"http://b.example" ` + url,
		"c.example= https://a.example=a http://b.example=b": `"c.example" ` + url,
	} {
		c, err := ReadAPI(environment("TOKEN_ISSUERS", text))
		if err == nil || c.Issuers != nil || !strings.Contains(err.Error(), "TOKEN_ISSUERS: "+want) {
			t.Errorf("%q: %+v, %v", text, c.Issuers, err)
		}
	}
}

func TestSignIn(t *testing.T) {
	const two = "https://a.example=app,courses https://b.example=courses"
	for _, x := range []struct {
		issuers, id, secret string
		want                Client
		wrong               string
	}{
		{two, "app", "s", Client{"https://a.example", "app", "s"}, ""},
		{two, "app", "", Client{"https://a.example", "app", ""}, ""},
		{two, "", "", Client{}, ""},
		{"", "", "", Client{}, ""},
		{two, "", "s", Client{}, "CONSOLE_CLIENT_SECRET is set"},
		{two, "courses", "", Client{}, `"courses" is an audience of more than one`},
		{two, "other", "", Client{}, `"other" is an audience of none`},
		{"", "app", "", Client{}, `"app" is an audience of none`},
		{"nonsense", "app", "", Client{}, `"nonsense" is not the https URL`},
	} {
		c, err := ReadConsole(environment("TOKEN_ISSUERS", x.issuers, "CONSOLE_CLIENT_ID", x.id, "CONSOLE_CLIENT_SECRET", x.secret))
		if (err == nil) != (x.wrong == "") || c.SignIn != x.want || err != nil && !strings.Contains(err.Error(), x.wrong) {
			t.Errorf("%+v: %+v, %v", x, c.SignIn, err)
		}
	}
	if _, err := ReadConsole(environment("TABLE_REPORTS", "", "CONSOLE_CLIENT_ID", "app")); err == nil || !strings.Contains(err.Error(), "TABLE_REPORTS") || !strings.Contains(err.Error(), "CONSOLE_CLIENT_ID") {
		t.Errorf("all that is wrong is not said: %v", err)
	}
}
