package chart

import (
	"html"
	"html/template"
)

// Moment is what happened in one step of a strip.
type Moment struct {
	At     int      // the step, from 0
	Tip    string   // what it was
	Events []string // the class of each, from the bottom
}

// Heights in a strip, in pixels.
const (
	highest     = 52 // blocks on each other
	blockHeight = 8  // at most
	below       = 20 // for what is written there
)

// Strip draws a run of steps, in which each event is a block on those before it in its step. Most is how many a step of any strip beside it
// has, so that their blocks are of one size.
func Strip(summary string, steps, most int, moments []Moment, label func(step int) string) template.HTML {
	var d drawing
	each := 100 / float64(steps)
	wide := max(each*0.8, 0.5)
	block := min(blockHeight, highest/float64(max(most, 1)))
	gap := min(1, block/4)
	ground := 4 + block*float64(most)
	d.add(`<svg class="strip plot" width="100%%" height="%s" role="img" aria-label="%s">`, number(ground+below), html.EscapeString(summary))
	d.add(`<line class="grid" x1="0" x2="100%%" y1="%s" y2="%[1]s"/>`, number(ground))
	for _, m := range moments {
		x := max(min(float64(m.At)*each+(each-wide)/2, 100-wide), 0)
		d.add(`<g class="mark">`)
		d.tip(Mark{Tip: m.Tip})
		d.add(`<rect class="hit" x="%s%%" width="%s%%" y="0" height="%s"/>`, number(x), number(wide), number(ground))
		for i, class := range m.Events {
			d.add(`<rect class="%s" x="%s%%" width="%s%%" y="%s" height="%s"/>`, html.EscapeString(class), number(x), number(wide), number(ground-float64(i+1)*block), number(block-gap))
		}
		d.add(`</g>`)
	}
	every := labelledEvery(steps)
	for step := 0; step < steps; step += every {
		class := "middle"
		if step == 0 {
			class = "start"
		}
		if step/every%2 == 1 {
			class += " roomy"
		}
		d.add(`<text class="%s" x="%s%%" y="%s">%s</text>`, class, number(float64(step)*each), number(ground+below-4), html.EscapeString(label(step)))
	}
	d.add(`</svg>`)
	return d.html()
}

// labelledEvery is how many steps lie between two labels, of which there are eight at most.
func labelledEvery(steps int) int {
	for _, every := range []int{1, 2, 5, 10, 15, 30, 60, 120} {
		if steps <= 8*every {
			return every
		}
	}
	return (steps + 7) / 8
}
