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
