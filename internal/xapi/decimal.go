package xapi

import (
	"bytes"
	"cmp"
	"strconv"
)

// decimal is the exact value of a JSON number: ±0.digits × 10^exponent, with neither leading nor trailing zeros in digits; zero
// has no digits. An exponent of more than 18 digits does not fit: it is kept as it was written, and such numbers compare
// by their text alone.
type decimal struct {
	negative bool
	digits   []byte
	exponent int64
	beyond   []byte
}

// parseDecimal reads a number that is valid JSON.
func parseDecimal(s []byte) decimal {
	var d decimal
	s, d.negative = bytes.CutPrefix(s, []byte("-"))
	e := 0
	for e < len(s) && s[e]|0x20 != 'e' {
		e++
	}
	mantissa := s[:e]
	if e < len(s) {
		exponent := bytes.TrimPrefix(s[e+1:], []byte("+"))
		n, err := strconv.ParseInt(string(exponent), 10, 62)
		if err != nil {
			d.beyond = exponent
		}
		d.exponent = n
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	d.exponent += int64(len(whole))
	digits := whole
	if len(fraction) > 0 {
		digits = append(append(make([]byte, 0, len(mantissa)), whole...), fraction...)
	}
	trimmed := bytes.TrimLeft(digits, "0")
	d.exponent -= int64(len(digits) - len(trimmed))
	d.digits = bytes.TrimRight(trimmed, "0")
	if len(d.digits) == 0 {
		return decimal{}
	}
	return d
}

// compare is -1, 0 or 1 as d is less than, equal to or greater than o.
func (d decimal) compare(o decimal) int {
	switch {
	case d.sign() != o.sign():
		return cmp.Compare(d.sign(), o.sign())
	case d.magnitude() != o.magnitude():
		return cmp.Compare(d.magnitude(), o.magnitude()) * d.sign()
	}
	return bytes.Compare(d.digits, o.digits) * d.sign()
}

func (d decimal) sign() int {
	switch {
	case len(d.digits) == 0:
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// magnitude orders exponents, also those that do not fit.
func (d decimal) magnitude() int64 {
	const beyondAll = 1 << 62
	switch {
	case d.beyond == nil:
		return d.exponent
	case d.beyond[0] == '-':
		return -beyondAll
	}
	return beyondAll
}

// integer is the value, if it is whole and fits.
func (d decimal) integer() (int64, bool) {
	if len(d.digits) == 0 {
		return 0, true
	}
	if d.beyond != nil || d.exponent > 18 || d.exponent < int64(len(d.digits)) {
		return 0, false
	}
	text := append([]byte{'+'}, d.digits...)
	if d.negative {
		text[0] = '-'
	}
	for range d.exponent - int64(len(d.digits)) {
		text = append(text, '0')
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return n, err == nil
}

// appendTo appends the one form that all ways to write the value share.
func (d decimal) appendTo(dst []byte) []byte {
	if len(d.digits) == 0 {
		return append(dst, '0')
	}
	if d.negative {
		dst = append(dst, '-')
	}
	dst = append(append(dst, "0."...), d.digits...)
	dst = strconv.AppendInt(append(dst, 'e'), d.exponent, 10)
	if d.beyond != nil {
		dst = append(append(dst, 'e'), d.beyond...)
	}
	return dst
}
