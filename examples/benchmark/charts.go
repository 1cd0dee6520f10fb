package main

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// A chart is drawn as SVG in the page: no script, no library, prints well.
type chart struct {
	b             strings.Builder
	width, height float64 // of the plot, in CSS pixels
}

const chartPad = 56.0

var colours = []string{"#0b57b0", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#0e7490"}

func newChart(label string, width, height float64) *chart {
	c := &chart{width: width, height: height}
	fmt.Fprintf(&c.b, `<svg role="img" aria-label="%s" width="%g" height="%g" font-family="system-ui, sans-serif">`,
		template.HTMLEscapeString(label), width+2.9*chartPad, height+chartPad)
	return c
}

// at turns shares of the axes, 0 to 1, into pixels.
func (c *chart) at(x, y float64) (float64, float64) {
	return chartPad + x*c.width, 10 + (1-y)*c.height
}

func (c *chart) text(x, y float64, anchor, colour, s string) {
	fmt.Fprintf(&c.b, `<text x="%.1f" y="%.1f" font-size="11" fill="%s" text-anchor="%s">%s</text>`, x, y, colour, anchor, template.HTMLEscapeString(s))
}

// tickX and tickY draw a grid line with its name.
func (c *chart) tickX(share float64, name string) {
	x, bottom := c.at(share, 0)
	fmt.Fprintf(&c.b, `<path d="M%.1f 10V%.1f" stroke="#dde2e8"/>`, x, bottom)
	c.text(x, bottom+15, "middle", "#566", name)
}

func (c *chart) tickY(share float64, name string) {
	x, y := c.at(0, share)
	fmt.Fprintf(&c.b, `<path d="M%.1f %.1fh%g" stroke="#dde2e8"/>`, x, y, c.width)
	c.text(x-5, y+4, "end", "#566", name)
}

func (c *chart) line(points [][2]float64, colour string, marked bool) {
	var list []string
	for _, p := range points {
		x, y := c.at(p[0], p[1])
		list = append(list, fmt.Sprintf("%.1f,%.1f", x, y))
		if marked {
			fmt.Fprintf(&c.b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>`, x, y, colour)
		}
	}
	fmt.Fprintf(&c.b, `<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>`, colour, strings.Join(list, " "))
}

func (c *chart) legend(i int, name string) {
	x, _ := c.at(1, 0)
	c.text(x+8, 20+16*float64(i), "start", colours[i%len(colours)], name)
}

func (c *chart) end(title string) template.HTML {
	x, bottom := c.at(0.5, 0)
	c.text(x, bottom+34, "middle", "#1d2430", title)
	c.b.WriteString("</svg>")
	return template.HTML(c.b.String())
}

// detChart draws the detection error trade-off: misses over false matches,
// both on logarithmic axes from 0.1 % to 100 %.
func detChart(all []judged) template.HTML {
	c := newChart("misses over false matches", 320, 260)
	at := func(share float64) float64 { return (math.Log10(max(share, 0.001)) + 3) / 3 }
	for _, tick := range []float64{0.001, 0.01, 0.1, 1} {
		name := fmt.Sprintf("%g %%", 100*tick)
		c.tickX(at(tick), name)
		c.tickY(at(tick), name)
	}
	for i, j := range all {
		var points [][2]float64
		for _, p := range j.Curve {
			points = append(points, [2]float64{at(p.FalseMatch), at(p.Miss)})
		}
		c.line(points, colours[i%len(colours)], false)
		c.legend(i, j.Matcher)
	}
	return c.end("strangers that match → (up: copies missed)")
}

// growthChart draws the CPU of a lookup over the size of the catalogue, both
// on logarithmic axes; the real works alone stand at the left edge.
func growthChart(all []growth) template.HTML {
	c := newChart("lookup CPU over synthetic works", 300, 200)
	const decadesX, decadesY = 3.0, 5.0 // 100 to 100,000 works, 0.1 ms to 10 s
	x := func(works int) float64 { return max(0, math.Log10(max(1, float64(works)))-2) / decadesX }
	y := func(seconds float64) float64 { return min(1, max(0, math.Log10(max(seconds, 1e-4))+4)/decadesY) }
	for _, works := range []int{0, 1000, 10_000, 100_000} {
		c.tickX(x(works), fmt.Sprint(works))
	}
	for i, name := range []string{"0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s"} {
		c.tickY(float64(i)/decadesY, name)
	}
	var points [][2]float64
	for _, g := range all {
		points = append(points, [2]float64{x(g.Synthetic), y(g.LookupCPU)})
	}
	c.line(points, colours[0], true)
	return c.end("synthetic works beside the real ones")
}
