package apigw

import (
	"encoding/base64"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// encode puts a body into the text that an event carries: as it is, where it is text by its type and by its bytes, otherwise in
// base64. Text that escaping would make too long goes as base64 too, so that any body of three quarters of MaxAnswer fits.
func encode(h http.Header, body []byte) (text string, isBase64 bool) {
	if h.Get("Content-Encoding") == "" && isText(h.Get("Content-Type")) && utf8.Valid(body) && escapedLen(body) <= MaxAnswer {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), len(body) > 0
}

func isText(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return strings.HasPrefix(kind, "text/") || kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// escapedLen is how long a text becomes, at most, as a JSON string.
func escapedLen(text []byte) (n int) {
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			n += 2
		case c < ' ':
			n += 6
		case c == 0xE2: // U+2028 and U+2029 begin so, and their three bytes become six
			n += 4
		default:
			n++
		}
	}
	return n
}
