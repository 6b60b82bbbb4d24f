// Package chart draws the dashboard's figures as SVG. A drawing fits any width: what lies along it is given in per cent, and its texts keep
// their size. It has no style of its own but classes, says in words what it shows, and each of its marks has a title; whoever
// shows one puts a table of the same figures beside it.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Mark is one value of a drawing.
type Mark struct {
	Label string  // below the axis; empty where there is no room for each
	Tip   string  // what and how much, with its unit
	Value float64 // from 0
	Over  float64 // on top of it, in another colour
	Class string  // of a part of a stack: its meaning
}

// Axis writes a value beside its line.
type Axis func(value float64) string

// Heights and the width of what the axis says, in pixels.
const (
	height = 200
	top    = 12
	bottom = 172 // where values are 0
	margin = 46
)

// drawing is an SVG in the making.
type drawing struct{ strings.Builder }

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(d, format, args...) }

func (d *drawing) html() template.HTML { return template.HTML(d.String()) }

// number writes a coordinate as short as it may be.
func number(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

// scale are the lines that go with values up to most: a few round numbers, the last at or above it.
func scale(most float64) (lines []float64) {
	if most <= 0 || math.IsNaN(most) || math.IsInf(most, 0) {
		return []float64{0, 1}
	}
	step := math.Pow(10, math.Floor(math.Log10(most/4)))
	for _, round := range []float64{1, 2, 5, 10} {
		if step*round*4 >= most {
			step *= round
			break
		}
	}
	step = max(step, 1) // what is counted has no halves
	for line := 0.0; ; line += step {
		lines = append(lines, line)
		if line >= most {
			return lines
		}
	}
}

// frame opens a drawing with its axis, and returns how high a value is.
func (d *drawing) frame(summary string, marks []Mark, axis Axis) (y func(float64) float64) {
	most := 0.0
	for _, m := range marks {
		most = max(most, m.Value+m.Over)
	}
	lines := scale(most)
	highest := lines[len(lines)-1]
	y = func(v float64) float64 { return bottom - (bottom-top)*v/highest }
	d.add(`<div class="chart"><svg class="axis" width="%d" height="%d" aria-hidden="true">`, margin, height)
	for _, line := range lines {
		d.add(`<text x="%d" y="%s">%s</text>`, margin-8, number(y(line)+4), html.EscapeString(axis(line)))
	}
	d.add(`</svg><svg class="plot" width="100%%" height="%d" role="img" aria-label="%s">`, height, html.EscapeString(summary))
	for _, line := range lines {
		d.add(`<line class="grid" x1="0" x2="100%%" y1="%s" y2="%[1]s"/>`, number(y(line)))
	}
	return y
}

// labels writes what stands below the axis; on a narrow page every second of many makes room.
func (d *drawing) labels(marks []Mark) {
	shown := 0
	step := 100 / float64(len(marks))
	for i, m := range marks {
		if m.Label == "" {
			continue
		}
		at, class := (float64(i)+0.5)*step, "middle"
		switch {
		case at < 4:
			at, class = float64(i)*step, "start"
		case at > 96:
			at, class = float64(i+1)*step, "end"
		}
		if shown++; shown%2 == 0 {
			class += " roomy"
		}
		d.add(`<text class="%s" x="%s%%" y="%d">%s</text>`, class, number(at), height-8, html.EscapeString(m.Label))
	}
}

func (d *drawing) tip(m Mark) { d.add(`<title>%s</title>`, html.EscapeString(m.Tip)) }
