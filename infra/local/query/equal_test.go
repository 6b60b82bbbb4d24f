package query

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// expected is what the tests know of a world.
type expected struct {
	t *testing.T
	*world
	*figures
	all    []*said // all statements
	counts []*said // those that count: neither voided nor voiding
}

func newExpected(t *testing.T, w *world) *expected {
	e := &expected{t: t, world: w, figures: w.figures(t), all: w.said(t)}
	for _, s := range e.all {
		if !s.voided && !s.voids() {
			e.counts = append(e.counts, s)
		}
	}
	return e
}

// rowsOf says what each query, and each view, should answer. Columns of elsewhere may be left out.
var rowsOf = map[string]func(*expected) []row{}

func expect(name string, rows func(*expected) []row) bool {
	rowsOf[name] = rows
	return true
}

// elsewhere are columns that are held to something else: names and modalities to the reports.
var elsewhere = []string{"course_name", "module_name", "question_name", "video_name", "activity_name", "person_name", "modality", "video_seen"}

// TestAnswersEqualTheRecount has every query and view answer over made-up traffic.
func TestAnswersEqualTheRecount(t *testing.T) {
	w := newWorld(t, func(text []byte) []byte { return text })
	answers, e := w.answers(t), newExpected(t, w)
	for _, name := range slices.Concat(names(t, "queries"), names(t, "views")) {
		rows := rowsOf[name]
		if rows == nil {
			t.Errorf("nothing says what %s should answer", name)
			continue
		}
		differences := differences(answers[name], rows(e))
		for i, d := range differences {
			if i == 6 {
				t.Errorf("%s: and %d more", name, len(differences)-i)
				break
			}
			t.Errorf("%s: %s", name, d)
		}
		if len(answers[name]) == 0 {
			t.Errorf("%s answers nothing, so it shows nothing", name)
		}
	}
	t.Run("of late statements", func(t *testing.T) {
		lately := e.all[len(e.all)-1].Timestamp.AddDate(0, 0, -10).Format(time.DateOnly)
		some := slices.DeleteFunc(slices.Clone(e.all), func(s *said) bool { return s.day() < lately })
		rows := e.rows(t, "late-statements", "from_day="+lately, "to_day=9999-12-31")
		if d := differences(rows, late(some)); len(d) > 0 || len(some) < len(lateBy) {
			t.Error(len(some), d)
		}
	})
	t.Run("as the reports say", func(t *testing.T) { e.equalsReports(t, answers) })
	t.Run("and a difference is noticed", e.noticesADifference)
}

// noticesADifference asks a folder in which little is missing what this one should answer.
func (e *expected) noticesADifference(t *testing.T) {
	n := 0
	other := newWorld(t, func(text []byte) []byte {
		if n++; n%25 == 0 || bytes.Contains(text, []byte("http://example.com/film")) {
			return nil
		}
		return text
	})
	answers := other.answers(t)
	for name, rows := range rowsOf {
		if len(differences(answers[name], rows(e))) == 0 {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// differences between an answer and what it should be, whatever the order of rows.
func differences(answer, should []row) (all []string) {
	count := map[string]int{}
	for _, r := range answer {
		count[spelt(r)]++
	}
	for _, r := range should {
		count[spelt(r)]--
	}
	for _, line := range slices.Sorted(maps.Keys(count)) {
		switch n := count[line]; {
		case n > 0:
			all = append(all, fmt.Sprintf("it answers, %d times: %s", n, line))
		case n < 0:
			all = append(all, fmt.Sprintf("it does not answer, %d times: %s", -n, line))
		}
	}
	return all
}

// spelt is a row as text, numbers to nine digits.
func spelt(r row) string {
	var words []string
	for _, column := range slices.Sorted(maps.Keys(r)) {
		if !slices.Contains(elsewhere, column) {
			words = append(words, column+"="+spell(r[column]))
		}
	}
	return strings.Join(words, " ")
}

func spell(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case *float64:
		if v == nil {
			return "-"
		}
		return spell(*v)
	case *bool:
		if v == nil {
			return "-"
		}
		return spell(*v)
	case *time.Time:
		if v == nil {
			return "-"
		}
		return spell(*v)
	case float64:
		return strconv.FormatFloat(v, 'g', 9, 64)
	case int:
		return spell(float64(v))
	case int64:
		return spell(float64(v))
	case time.Time:
		if v.Nanosecond()%1_000_000 != 0 {
			return v.Format("2006-01-02 15:04:05.000000")
		}
		return v.Format("2006-01-02 15:04:05.000")
	}
	return fmt.Sprint(v)
}

// text is a value that is null where it is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// per is a share; null of nothing.
func per[N int | int64 | float64](n, of N) any {
	if of == 0 {
		return nil
	}
	return float64(n) / float64(of)
}

// grouped sorts things by what they have in common.
func grouped[K comparable, V any](all []V, by func(V) K) map[K][]V {
	groups := map[K][]V{}
	for _, v := range all {
		groups[by(v)] = append(groups[by(v)], v)
	}
	return groups
}

// many counts those of whom something is so.
func many[V any](all []V, is func(V) bool) (n int) {
	for _, v := range all {
		if is(v) {
			n++
		}
	}
	return n
}

// mean of numbers; null of none.
func mean[V any](all []V, of func(V) (float64, bool)) any {
	sum, n := 0.0, 0
	for _, v := range all {
		if x, ok := of(v); ok {
			sum, n = sum+x, n+1
		}
	}
	return per(sum, float64(n))
}

// distinct counts different values.
func distinct[V any](all []V, of func(V) []string) int {
	seen := map[string]bool{}
	for _, v := range all {
		for _, s := range of(v) {
			seen[s] = true
		}
	}
	return len(seen)
}
