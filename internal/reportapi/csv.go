package reportapi

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// table is a flat one: rows of texts, numbers, days, times, yes or no, and pointers to these, which may be nil.
type table struct {
	columns []string
	rows    [][]any
}

// csv writes the table by RFC 4180, its columns' names first.
func (t table) csv() ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	lines := [][]string{t.columns}
	for _, row := range t.rows {
		line := make([]string, len(row))
		for i, value := range row {
			line[i] = cell(value)
		}
		lines = append(lines, line)
	}
	err := w.WriteAll(lines)
	return out.Bytes(), err
}

func cell(value any) string {
	switch v := value.(type) {
	case string:
		return harmless(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case *float64:
		if v == nil {
			return ""
		}
		return cell(*v)
	case *bool:
		if v == nil {
			return ""
		}
		return cell(*v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	case *time.Time:
		if v == nil {
			return ""
		}
		return cell(*v)
	case nil:
		return ""
	}
	return fmt.Sprint(value)
}

var number = regexp.MustCompile(`^[-+]?[0-9]+([.][0-9]+)?$`)

// harmless keeps a spreadsheet from taking a text that a learner or a course made up for a formula: an apostrophe goes before what begins like one.
// The wide forms are as good as the others where Japanese is typed.
func harmless(text string) string {
	if strings.IndexAny(text, "=+-@\t\r\n＝＋－＠") != 0 || number.MatchString(text) {
		return text
	}
	return "'" + text
}
