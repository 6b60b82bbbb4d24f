package chart

import (
	"html"
	"html/template"
)

// Stack draws the parts of a whole side by side, each in the colour of its class.
func Stack(summary string, parts []Mark) template.HTML {
	var d drawing
	whole := 0.0
	for _, p := range parts {
		whole += p.Value
	}
	d.add(`<svg class="stack plot" width="100%%" height="28" role="img" aria-label="%s">`, html.EscapeString(summary))
	at := 0.0
	for _, p := range parts {
		if p.Value <= 0 {
			continue
		}
		wide := 100 * p.Value / whole
		d.add(`<g class="mark">`)
		d.tip(p)
		d.add(`<rect class="%s" x="%s%%" width="%s%%" y="2" height="24"/></g>`, html.EscapeString(p.Class), number(at), number(wide))
		at += wide
	}
	d.add(`</svg>`)
	return d.html()
}

// Bar draws a share of 1 as a thin bar, beside a figure that says it.
func Bar(share float64) template.HTML { return Bars(share, 0) }

// Bars draws a share of 1, and within it a smaller one.
func Bars(share, within float64) template.HTML {
	var d drawing
	d.add(`<svg class="bar" width="100%%" height="8" aria-hidden="true"><rect class="rest" width="100%%" height="8" rx="2"/>`)
	class := "value"
	if within > 0 {
		class = "soft"
	}
	for _, s := range []float64{share, within} {
		if s > 0 {
			d.add(`<rect class="%s" width="%s%%" height="8" rx="2"/>`, class, number(100*min(s, 1)))
		}
		class = "value"
	}
	d.add(`</svg>`)
	return d.html()
}

// Point is an event on a path.
type Point struct {
	At    float64 // share of the path's span
	Tip   string
	Class string
}

// Path draws a stretch of time, as shares of a span that several paths have in common, and what happened in it.
func Path(summary string, from, to float64, class string, points []Point) template.HTML {
	var d drawing
	d.add(`<svg class="path plot" width="100%%" height="24" role="img" aria-label="%s"><line class="grid" x1="0" x2="100%%" y1="12" y2="12"/>`,
		html.EscapeString(summary))
	d.add(`<rect class="%s" x="%s%%" width="%s%%" y="8" height="8" rx="4"/>`, html.EscapeString(class), number(100*from), number(max(100*(to-from), 1)))
	for _, p := range points {
		d.add(`<g class="mark">`)
		d.tip(Mark{Tip: p.Tip})
		d.add(`<circle class="%s" cx="%s%%" cy="12" r="6"/></g>`, html.EscapeString(p.Class), number(1+98*p.At))
	}
	d.add(`</svg>`)
	return d.html()
}
