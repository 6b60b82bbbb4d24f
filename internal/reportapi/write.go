package reportapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/language"

	"cairn/internal/report"
)

// write answers with what was asked for, unless whoever asks has it already. The tag is that of the bytes but for the instant as of which they
// stand, which moves on while nothing else does. So it is weak; and answers may travel compressed.
func write(w http.ResponseWriter, r *http.Request, asked question, told reply) error {
	body, kind, err := encode(r, asked, told)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(bytes.Replace(body, []byte(told.scope.AsOf.Format(time.RFC3339Nano)), nil, 1))
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
	w.Header().Set("ETag", tag)
	if names(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if asked.table != "" {
		file := path.Base(r.URL.Path) + "-" + asked.table
		if told.scope != (report.Scope{}) {
			file += "-" + told.scope.From.String() + "-" + told.scope.To.String()
		}
		w.Header().Set("Content-Disposition", `attachment; filename="`+file+`.csv"`)
	}
	w.Header().Set("Content-Type", kind)
	w.Write(body)
	return nil
}

func encode(r *http.Request, asked question, told reply) (body []byte, kind string, err error) {
	if asked.table == "" {
		body, err = json.Marshal(told.value, json.Deterministic(true)) // a list that is nil is empty all the same
		return body, "application/json", err
	}
	body, err = told.tables(nameIn(r.Header.Get("Accept-Language")))[asked.table].csv()
	return body, "text/csv; charset=utf-8; header=present", err
}

// names says whether an If-None-Match has a tag, by the weak comparison (RFC 9110, 13.1.2).
func names(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// formatOf is what a header Accept likes better; JSON where it does not say.
func formatOf(accept string) string {
	if liking(accept, "text/csv") > liking(accept, "application/json") {
		return "csv"
	}
	return "json"
}

// liking is a media type's weight in a header Accept: that of the range that says most of it (RFC 9110, 12.5.1).
func liking(accept, kind string) (weight float64) {
	said := 0
	for one := range strings.SplitSeq(accept, ",") {
		of, parameters, _ := strings.Cut(one, ";")
		of = strings.ToLower(strings.TrimSpace(of))
		says := map[string]int{kind: 3, kind[:strings.Index(kind, "/")] + "/*": 2, "*/*": 1}[of]
		if says <= said {
			continue
		}
		said, weight = says, 1
		if _, q, found := strings.Cut(parameters, "q="); found {
			q, _, _ = strings.Cut(q, ";")
			weight, _ = strconv.ParseFloat(strings.TrimSpace(q), 64) // what cannot be read is not liked
		}
	}
	return weight
}

// naming chooses of a name's languages.
type naming func(report.Name) string

// nameIn chooses what a header Accept-Language likes best; else English, else the first tag.
func nameIn(accept string) naming {
	return func(n report.Name) string {
		tags := n.Languages()
		if len(tags) == 0 {
			return ""
		}
		known := make([]language.Tag, len(tags))
		for i, tag := range tags {
			known[i] = language.Make(tag)
		}
		_, i := language.MatchStrings(language.NewMatcher(known), accept)
		return n[tags[i]]
	}
}
