package chart

import "html/template"

// Columns draws a column for each mark, from left to right. Summary says in words what is to be seen.
func Columns(summary string, marks []Mark, axis Axis) template.HTML {
	var d drawing
	y := d.frame(summary, marks, axis)
	step := 100 / float64(len(marks))
	wide := step * 0.76
	if len(marks) > 62 { // no gaps: they would be thinner than a pixel
		wide = 1.05 * step
	}
	for i, m := range marks {
		x := float64(i) * step
		d.add(`<g class="mark">`)
		d.tip(m)
		d.add(`<rect class="hit" x="%s%%" width="%s%%" y="0" height="%d"/>`, number(x), number(step), bottom)
		d.column("value", x+(step-wide)/2, wide, y(0), y(m.Value))
		d.column("over", x+(step-wide)/2, wide, y(m.Value), y(m.Value+m.Over))
		d.add(`</g>`)
	}
	d.labels(marks)
	d.add(`</svg></div>`)
	return d.html()
}

// column draws nothing for nothing.
func (d *drawing) column(class string, x, wide, from, to float64) {
	if from-to > 0 {
		d.add(`<rect class="%s" x="%s%%" width="%s%%" y="%s" height="%s"/>`, class, number(x), number(wide), number(to), number(max(from-to, 1)))
	}
}

// Line draws marks as one line over the ground: for more of them than columns could show.
func Line(summary string, marks []Mark, axis Axis) template.HTML {
	var d drawing
	y := d.frame(summary, marks, axis)
	step := 100 / float64(len(marks))
	var path drawing
	for i, m := range marks {
		path.add(" %s,%s", number((float64(i)+0.5)*step*10), number(y(m.Value)))
	}
	d.add(`<svg viewBox="0 0 1000 %d" width="100%%" height="%[1]d" preserveAspectRatio="none">`, height)
	d.add(`<polygon class="ground" points="%s,%d%s %s,%[2]d"/>`, number(step*5), bottom, path.String(), number(1000-step*5))
	d.add(`<polyline class="line" points="%s"/></svg>`, path.String()[1:])
	for i, m := range marks {
		x := float64(i) * step
		d.add(`<g class="mark">`)
		d.tip(m)
		d.add(`<rect class="hit" x="%s%%" width="%s%%" y="0" height="%d"/>`, number(x), number(step), bottom)
		d.add(`<circle class="dot" cx="%s%%" cy="%s" r="4"/></g>`, number(x+step/2), number(y(m.Value)))
	}
	d.labels(marks)
	d.add(`</svg></div>`)
	return d.html()
}
