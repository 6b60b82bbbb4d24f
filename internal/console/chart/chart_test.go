package chart_test

import (
	"html/template"
	"math"
	"strconv"
	"strings"
	"testing"

	"cairn/internal/console/chart"
)

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func marks(values ...float64) (out []chart.Mark) {
	for _, v := range values {
		out = append(out, chart.Mark{Label: plain(v), Tip: "it is " + plain(v), Value: v})
	}
	return out
}

func TestAnAxisHasFewRoundNumbersThatReachTheHighest(t *testing.T) {
	for _, most := range []float64{0, 0.2, 1, 3, 4, 5, 9, 10, 11, 61, 100, 101, 999, 1000, 1e6, 123456789, math.NaN(), math.Inf(1)} {
		var lines []float64
		chart.Columns("", marks(most), func(v float64) string { lines = append(lines, v); return "" })
		last := lines[len(lines)-1]
		if len(lines) < 2 || len(lines) > 6 || most > 0 && !math.IsInf(most, 1) && (last < most || last > 2.5*max(most, 1)) {
			t.Errorf("up to %v the axis has %v", most, lines)
		}
		for _, line := range lines {
			if line != math.Trunc(line) {
				t.Errorf("up to %v the axis has %v", most, line)
			}
		}
	}
}

func TestHeightsAreAsTheValues(t *testing.T) {
	drawn := string(chart.Columns("", marks(100, 50, 0), plain))
	for _, want := range []string{`height="160"/>`, `height="80"/>`} {
		if strings.Count(drawn, want) != 1 {
			t.Errorf("there is no column with %s in %s", want, drawn)
		}
	}
	if n := strings.Count(drawn, `class="value"`); n != 2 {
		t.Errorf("%d columns are drawn for two values and a nothing", n)
	}
}

func TestNothingInAChartIsMoreThanText(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	mark := []chart.Mark{{Label: evil, Tip: evil, Value: 1, Class: evil}}
	for name, drawn := range map[string]template.HTML{
		"columns": chart.Columns(evil, mark, func(float64) string { return evil }), "line": chart.Line(evil, mark, func(float64) string { return evil }),
		"stack": chart.Stack(evil, mark), "path": chart.Path(evil, 0, 1, evil, []chart.Point{{Tip: evil, Class: evil}}),
	} {
		if strings.Contains(string(drawn), "<script>") || strings.Contains(string(drawn), `">alert`) {
			t.Errorf("%s: %s", name, drawn)
		}
		if !strings.Contains(string(drawn), "&lt;script&gt;") {
			t.Errorf("%s does not say it", name)
		}
	}
}

func TestPartsFillTheWhole(t *testing.T) {
	drawn := string(chart.Stack("", []chart.Mark{{Value: 1, Class: "a"}, {Value: 0, Class: "none"}, {Value: 3, Class: "b"}}))
	for _, want := range []string{`class="a" x="0%" width="25%"`, `class="b" x="25%" width="75%"`} {
		if !strings.Contains(drawn, want) {
			t.Errorf("there is no %s in %s", want, drawn)
		}
	}
	if strings.Contains(drawn, "none") {
		t.Error("nothing is drawn as something")
	}
}
