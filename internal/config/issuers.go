package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Issuer is who makes tokens, and for whom they must be made to be taken: one of Audiences.
type Issuer struct {
	URL       string // exactly as its tokens name it, with a slash at its end or without
	Audiences []string
}

// Issuers reads a list of issuers of tokens, separated by spaces, each with its audiences behind =, separated by commas:
//
//	https://login.example.com/realms/school=cairn,courses https://other.example.com=api://cairn
//
// An issuer has no query, so the first = ends it; an audience may hold more of them. The error names every issuer that is wrong.
func Issuers(v string) (out []Issuer, err error) {
	named := map[string]bool{}
	for _, text := range strings.Fields(v) {
		address, audiences, _ := strings.Cut(text, "=")
		i := Issuer{address, listed(audiences)}
		wrong := ""
		switch {
		case !isIssuer(address):
			wrong = "is not the https URL of an issuer, which has no query"
		case len(i.Audiences) == 0:
			wrong = "has no audiences behind =, and any of its tokens would do"
		case named[address]:
			wrong = "is named twice; its audiences go together, separated by commas"
		}
		if wrong != "" {
			err = errors.Join(err, fmt.Errorf("TOKEN_ISSUERS: %q %s", address, wrong))
		}
		named[address] = true
		out = append(out, i)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// isIssuer says whether an address can be an issuer's (OpenID Connect Discovery 3): over https, or http on this machine.
func isIssuer(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(address, "?#") {
		return false
	}
	local := u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}
