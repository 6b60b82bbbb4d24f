package xapi

import (
	"bytes"
	"errors"
)

// checkMailto checks an mbox: "mailto:" and one e-mail address (xAPI 1.0.3 Data 2.4.2.3).
func checkMailto(s []byte) error {
	address, ok := bytes.CutPrefix(s, []byte("mailto:"))
	if !ok {
		return errors.New("it does not begin with mailto:")
	}
	local, domain, ok := bytes.Cut(address, []byte("@"))
	if !ok || len(local) == 0 {
		return errors.New("no e-mail address follows mailto:")
	}
	if err := checkChars(local, inLocal); err != nil {
		return err
	}
	dot := true // at the beginning of a label
	for _, c := range domain {
		if c == '.' && dot || iriChars[c]&inDomain == 0 && (c == '%' || iriChars[c]&inHost != 0) {
			return errDomain
		}
		dot = c == '.'
	}
	if dot {
		return errDomain
	}
	return checkChars(domain, inHost)
}

var errDomain = errors.New("its domain is no host name")
