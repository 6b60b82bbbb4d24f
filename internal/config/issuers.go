package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
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

// Client is what the dashboard is to an issuer at which people sign in. The zero one is none.
type Client struct {
	Issuer string // its URL
	ID     string
	Secret string // "" for a public client
}

// SignIn is the client of an id: its issuer is the one of which it is an audience, as its ID tokens are made for it (OpenID Connect Core 2).
func SignIn(issuers []Issuer, id, secret string) (c Client, err error) {
	if id == "" {
		if secret != "" {
			err = errors.New("CONSOLE_CLIENT_SECRET is set, and CONSOLE_CLIENT_ID is not")
		}
		return c, err
	}
	for _, i := range issuers {
		switch {
		case !slices.Contains(i.Audiences, id):
		case c.Issuer != "":
			return Client{}, fmt.Errorf("CONSOLE_CLIENT_ID: %q is an audience of more than one of TOKEN_ISSUERS", id)
		default:
			c = Client{i.URL, id, secret}
		}
	}
	if c.Issuer == "" {
		err = fmt.Errorf("CONSOLE_CLIENT_ID: %q is an audience of none of TOKEN_ISSUERS", id)
	}
	return c, err
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
