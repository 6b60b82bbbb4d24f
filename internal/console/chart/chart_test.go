package chart_test

import (
	"html/template"
	"math"
	"regexp"
	"slices"
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
		"stack": chart.Stack(evil, mark), "strip": chart.Strip(evil, 15, 1, []chart.Moment{{Tip: evil, Events: []string{evil}}}, func(int) string { return evil }),
		"path": chart.Path(evil, 0, 1, evil, []chart.Point{{Tip: evil, Class: evil}}),
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

// Whatever their number, blocks stand on each other within the strip, and labels are few.
func TestAStripHasRoomForAll(t *testing.T) {
	block := regexp.MustCompile(`class="value" x="([0-9.]+)%" width="([0-9.]+)%" y="([0-9.]+)"`)
	for _, x := range []struct{ steps, most int }{{15, 1}, {15, 6}, {60, 40}, {1441, 500}} {
		labels := 0
		events := slices.Repeat([]string{"value"}, x.most)
		drawn := string(chart.Strip("", x.steps, x.most, []chart.Moment{{At: 0, Events: events}, {At: x.steps - 1, Events: events}}, func(int) string { labels++; return "" }))
		blocks := block.FindAllStringSubmatch(drawn, -1)
		if len(blocks) != 2*x.most || labels < 2 || labels > 8 {
			t.Errorf("%d steps: %d blocks and %d labels", x.steps, len(blocks), labels)
		}
		places := map[string]bool{}
		for _, b := range blocks {
			left, _ := strconv.ParseFloat(b[1], 64)
			wide, _ := strconv.ParseFloat(b[2], 64)
			y, err := strconv.ParseFloat(b[3], 64)
			if err != nil || left < 0 || wide <= 0 || left+wide > 100 || y < 0 || y > 56 {
				t.Errorf("%d steps: a block is drawn at %v", x.steps, b)
			}
			places[b[1]+" "+b[3]] = true
		}
		if len(places) != len(blocks) {
			t.Errorf("%d steps: %d blocks stand at %d places", x.steps, len(blocks), len(places))
		}
	}
}
