package xapi

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// ParseIRI checks that s is an absolute IRI (RFC 3987): a scheme, something after it, and only characters that may stand there
// as they are. http and https also need a host.
func ParseIRI(s string) error { return checkIRI([]byte(s)) }

func checkIRI(s []byte) error {
	colon := bytes.IndexByte(s, ':')
	if colon < 0 || !isScheme(s[:colon]) {
		return errors.New("it has no scheme, such as https:")
	}
	scheme, rest := s[:colon], s[colon+1:]
	if len(rest) == 0 {
		return errors.New("nothing follows its scheme")
	}
	if after, ok := bytes.CutPrefix(rest, []byte("//")); ok {
		end := bytes.IndexAny(after, "/?#")
		if end < 0 {
			end = len(after)
		}
		if end == 0 && (bytes.EqualFold(scheme, []byte("http")) || bytes.EqualFold(scheme, []byte("https"))) {
			return errors.New("it has no host")
		}
		if err := checkAuthority(after[:end]); err != nil {
			return err
		}
		rest = after[end:]
	}
	path, fragment, hasFragment := bytes.Cut(rest, []byte("#"))
	path, query, hasQuery := bytes.Cut(path, []byte("?"))
	err := checkChars(path, "/:@", false)
	if hasQuery && err == nil {
		err = checkChars(query, "/:@?", true)
	}
	if hasFragment && err == nil {
		err = checkChars(fragment, "/:@?", false)
	}
	return err
}

func isScheme(s []byte) bool {
	for i, c := range s {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return len(s) > 0
}

// checkAuthority checks what stands between // and the path: [user@]host[:port].
func checkAuthority(s []byte) error {
	if at := bytes.LastIndexByte(s, '@'); at >= 0 {
		if err := checkChars(s[:at], ":", false); err != nil {
			return err
		}
		s = s[at+1:]
	}
	host, port := s, []byte(nil)
	if len(s) > 0 && s[0] == '[' {
		end := bytes.IndexByte(s, ']')
		if end < 0 || !isIPLiteral(s[1:end]) {
			return errors.New("its host is no IP address in brackets")
		}
		host, port = nil, s[end+1:]
	} else if colon := bytes.IndexByte(s, ':'); colon >= 0 {
		host, port = s[:colon], s[colon:]
	}
	if len(port) > 0 && (port[0] != ':' || len(port) > 1 && !isDigits(string(port[1:]))) {
		return errors.New("its port is no number")
	}
	return checkChars(host, "", false)
}

func isIPLiteral(s []byte) bool {
	if len(s) > 0 && s[0]|0x20 == 'v' {
		return checkChars(s, ":", false) == nil
	}
	addr, err := netip.ParseAddr(string(s))
	return err == nil && addr.Is6()
}

// iriASCII marks the ASCII characters that may stand unescaped in every part: unreserved and sub-delims.
var iriASCII = func() (set [128]bool) {
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=" {
		set[c] = true
	}
	return set
}()

// checkChars checks one part of an IRI, in which the characters of also may stand too; private ones only in a query.
func checkChars(part []byte, also string, query bool) error {
	for i := 0; i < len(part); {
		c := part[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(part[i:])
			if !isUCSChar(r) && !(query && isPrivate(r)) {
				return fmt.Errorf("it must not hold the character %U", r)
			}
			i += size
		case c == '%':
			if i+2 >= len(part) || !isHex(part[i+1]) || !isHex(part[i+2]) {
				return errors.New("a % in it is not followed by two hex digits")
			}
			i += 3
		case iriASCII[c] || strings.IndexByte(also, c) >= 0:
			i++
		default:
			return fmt.Errorf("the character %q may not stand there unescaped", rune(c))
		}
	}
	return nil
}

// isUCSChar is ucschar of RFC 3987, without the marks of direction that its section 4.1 forbids.
func isUCSChar(r rune) bool {
	switch {
	case r == 0x200E || r == 0x200F || 0x202A <= r && r <= 0x202E:
		return false
	case r < 0x10000:
		return 0xA0 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFEF
	default:
		return r&0xFFFF <= 0xFFFD && r < 0xF0000 && (r < 0xE0000 || r >= 0xE1000)
	}
}

func isPrivate(r rune) bool {
	return 0xE000 <= r && r <= 0xF8FF || r >= 0xF0000 && r&0xFFFF <= 0xFFFD
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

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
	if err := checkChars(local, "/", false); err != nil {
		return err
	}
	for label := range bytes.SplitSeq(domain, []byte(".")) {
		if len(label) == 0 || bytes.ContainsAny(label, "!$&'()*+,;=%~_") {
			return errors.New("its domain is no host name")
		}
	}
	return checkChars(domain, "", false)
}
