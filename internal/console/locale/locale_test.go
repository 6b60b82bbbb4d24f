package locale_test

import (
	"strings"
	"testing"
	"time"

	"cairn/internal/console/locale"
)

// spaced writes the spaces that keep a number together as plain ones.
func spaced(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }

func TestEachLanguageWritesAsItDoes(t *testing.T) {
	en, fr := locale.Match("en", ""), locale.Match("fr", "")
	first := time.Date(2026, 8, 1, 7, 5, 0, 0, time.FixedZone("", 2*60*60))
	for _, c := range []struct{ got, want string }{
		{en.Number(1234567), "1,234,567"}, {fr.Number(1234567), "1 234 567"},
		{en.Decimal(12.55, 1), "12.6"}, {fr.Decimal(12, 1), "12"},
		{en.Fixed(12, 1), "12.0"}, {fr.Fixed(12.25, 2), "12,25"},
		{en.Percent(0.826), "83%"}, {fr.Percent(0.826), "83 %"}, {en.Percent(0.001), "< 1%"}, {fr.Percent(0), "0 %"},
		{en.Duration(0), "0 s"}, {en.Duration(59), "59 s"}, {en.Duration(60), "1 min"}, {en.Duration(3599), "1 h"}, {fr.Duration(2*3600 + 300), "2 h 05 min"},
		{en.Duration(5000 * 3600), "5,000 h"}, {fr.Duration(36*3600 + 1800), "37 h"},
		{en.Date(first), "1 Aug 2026"}, {fr.Date(first), "1er août 2026"}, {fr.Instant(first), "1er août 2026, 05:05"},
		{en.Text("days", 1), "1 day"}, {en.Text("days", 0), "0 days"}, {fr.Text("days", 0), "0 jour"}, {fr.Text("days", 1200), "1 200 jours"},
	} {
		if spaced(c.got) != c.want {
			t.Errorf("%q is written as %q", c.want, c.got)
		}
	}
}
