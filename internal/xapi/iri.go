package xapi

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"unicode/utf8"
)

// ParseIRI checks that s is an absolute IRI (RFC 3987): a scheme, something after it, and only characters that may stand there
// as they are. http and https also need a host.
func ParseIRI(s string) error { return checkIRI([]byte(s)) }

func checkIRI(s []byte) error {
	i := run(s, 0, inScheme)
	if i == 0 || i == len(s) || s[i] != ':' || s[0] < 'A' {
		return errors.New("it has no scheme, such as https:")
	}
	scheme := s[:i]
	if i++; i == len(s) {
		return errors.New("nothing follows its scheme")
	}
	if bytes.HasPrefix(s[i:], []byte("//")) {
		from := i + 2
		i = run(s, from, inHost)
		if i < len(s) && !endsAuthority(s[i]) {
			for i < len(s) && !endsAuthority(s[i]) {
				i++
			}
			if err := checkAuthority(s[from:i]); err != nil {
				return err
			}
		}
		if i == from && (bytes.EqualFold(scheme, []byte("http")) || bytes.EqualFold(scheme, []byte("https"))) {
			return errors.New("it has no host")
		}
	}
	i, err := span(s, i, inPath)
	if err == nil && i < len(s) && s[i] == '?' {
		i, err = span(s, i+1, inQuery)
	}
	if err == nil && i < len(s) && s[i] == '#' {
		i, err = span(s, i+1, inFragment)
	}
	if err == nil && i < len(s) {
		err = errUnescaped(s[i])
	}
	return err
}

func endsAuthority(c byte) bool { return c == '/' || c == '?' || c == '#' }

// checkAuthority checks what stands between // and the path: [user@]host[:port].
func checkAuthority(s []byte) error {
	if at := bytes.LastIndexByte(s, '@'); at >= 0 {
		if err := checkChars(s[:at], inUser); err != nil {
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
	return checkChars(host, inHost)
}

func isIPLiteral(s []byte) bool {
	if len(s) > 0 && s[0]|0x20 == 'v' {
		return checkChars(s, inUser) == nil
	}
	addr, err := netip.ParseAddr(string(s))
	return err == nil && addr.Is6()
}

// The parts of an IRI, and of an mbox.
const (
	inScheme byte = 1 << iota
	inUser
	inHost
	inPath
	inQuery
	inFragment
	inLocal  // before the @ of an mbox
	inDomain // after it
)

// iriChars tells for each ASCII character in which parts it may stand unescaped.
var iriChars = func() (parts [256]byte) {
	for _, set := range []struct {
		chars string
		in    byte
	}{
		{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", 0xFF},
		{"+", inScheme},
		{"_~!$&'()*+,;=", inUser | inHost | inPath | inQuery | inFragment | inLocal}, // the rest of unreserved, and sub-delims
		{":", inUser | inPath | inQuery | inFragment},
		{"@", inPath | inQuery | inFragment},
		{"/", inPath | inQuery | inFragment | inLocal},
		{"?", inQuery | inFragment},
	} {
		for _, c := range []byte(set.chars) {
			parts[c] |= set.in
		}
	}
	return parts
}()

// run is the index, from i on, of the first character that may not stand in the part unescaped, or is not ASCII.
func run(s []byte, i int, part byte) int {
	for j, c := range s[i:] {
		if iriChars[c]&part == 0 {
			return i + j
		}
	}
	return len(s)
}

// span is the index, from i on, of the first ASCII character that may not stand in the part.
func span(s []byte, i int, part byte) (int, error) {
	for {
		i = run(s, i, part)
		switch {
		case i == len(s):
			return i, nil
		case s[i] >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(s[i:])
			if !isUCSChar(r) && !(part == inQuery && isPrivate(r)) {
				return i, fmt.Errorf("it must not hold the character %U", r)
			}
			i += size
		case s[i] == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return i, errors.New("a % in it is not followed by two hex digits")
			}
			i += 3
		default:
			return i, nil
		}
	}
}

// checkChars checks that all of s may stand in the part.
func checkChars(s []byte, part byte) error {
	i, err := span(s, 0, part)
	if err == nil && i < len(s) {
		err = errUnescaped(s[i])
	}
	return err
}

func errUnescaped(c byte) error {
	return fmt.Errorf("the character %q may not stand there unescaped", rune(c))
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
