package traffic

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// text is a string in the two languages of the organisation.
type text struct{ en, fr string }

// json is a language map.
func (t text) json() string {
	return `{"en":` + quote(t.en) + `,"fr":` + quote(t.fr) + `}`
}

func quote(s string) string {
	quoted, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err) // only for what is not UTF-8: all strings are ours
	}
	return string(quoted)
}

// members is the inside of a JSON object, as it grows. Names are written as they are.
type members []byte

func (m members) name(name string) members {
	if len(m) > 0 {
		m = append(m, ',')
	}
	m = append(m, '"')
	m = append(m, name...)
	return append(m, '"', ':')
}

// json adds a value that is JSON.
func (m members) json(name, value string) members { return append(m.name(name), value...) }

// plain adds a string in which nothing needs an escape.
func (m members) plain(name, value string) members {
	return append(append(append(m.name(name), '"'), value...), '"')
}

func (m members) string(name, value string) members {
	m, _ = jsontext.AppendQuote(m.name(name), value)
	return m
}

// object adds an object by what is inside it.
func (m members) object(name string, inside members) members {
	return append(append(append(m.name(name), '{'), inside...), '}')
}

func (m members) uuid(name string, u uuid) members {
	return append(u.append(append(m.name(name), '"')), '"')
}

// thousandths adds a number with up to three decimals: seconds of milliseconds, a share of per mille.
func (m members) thousandths(name string, n int64) members { return appendThousandths(m.name(name), n) }

// duration adds an ISO 8601 duration, to the hundredth of a second.
func (m members) duration(ms int64) members {
	m = append(m.name("duration"), `"PT`...)
	if h := ms / hour; h > 0 {
		m = append(strconv.AppendInt(m, h, 10), 'H')
	}
	if min := ms % hour / minute; min > 0 {
		m = append(strconv.AppendInt(m, min, 10), 'M')
	}
	m = appendThousandths(m, ms%minute/10*10)
	return append(m, 'S', '"')
}

// score adds points out of most, with the scaled score they make.
func (m members) score(points, most int) members {
	m = append(m.name("score"), `{"scaled":`...)
	m = appendThousandths(m, int64((points*1000+most/2)/most))
	m = append(m, `,"raw":`...)
	m = strconv.AppendInt(m, int64(points), 10)
	m = append(m, `,"min":0,"max":`...)
	return append(strconv.AppendInt(m, int64(most), 10), '}')
}

func appendThousandths(dst []byte, n int64) []byte {
	dst = strconv.AppendInt(dst, n/1000, 10)
	if n %= 1000; n > 0 {
		dst = append(dst, '.', byte('0'+n/100))
		if n %= 100; n > 0 {
			dst = append(dst, byte('0'+n/10))
			if n %= 10; n > 0 {
				dst = append(dst, byte('0'+n))
			}
		}
	}
	return dst
}
