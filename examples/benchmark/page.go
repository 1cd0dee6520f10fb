package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"os"
	"slices"
	"strings"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"percent": percent, "share": func(i interval) string { return fmt.Sprintf("%.0f", 100*i.Share()) },
	"shade": shade, "curve": svgCurve, "mul": func(a, b float64) float64 { return a * b },
	"length": func(r row) string {
		if r.Length == 0 {
			return "whole"
		}
		return fmt.Sprintf("%g", r.Length)
	},
}).Parse(pageSource))

// page is what the template shows: a section for each kind.
type page struct {
	*result
	Sections []section
}

type section struct {
	Kind          string
	Judged        []judged // ours first, then the peers
	Heat          []heatRow
	Misses, Wrong []exhibit
}

// heatRow is one transform with the shares of every matcher.
type heatRow struct {
	Row   row
	Cells []interval // at the second level, ≤ 1 % false, of each matcher
}

// writePage writes one self-contained page: it opens nothing else.
func (r *result) writePage(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := pageTemplate.Execute(f, r.page()); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (r *result) page() page {
	p := page{result: r}
	for _, j := range r.Judged {
		i := slices.IndexFunc(p.Sections, func(s section) bool { return s.Kind == j.Kind })
		if i < 0 {
			e := r.exhibits[j.Kind]
			p.Sections = append(p.Sections, section{Kind: j.Kind, Misses: e.misses, Wrong: e.wrong})
			i = len(p.Sections) - 1
		}
		p.Sections[i].Judged = append(p.Sections[i].Judged, j)
	}
	for i := range p.Sections {
		p.Sections[i].Heat = heat(p.Sections[i].Judged)
	}
	return p
}

// heat lays the rows of ours beside those of the peers, weakest first.
func heat(all []judged) []heatRow {
	var rows []heatRow
	for _, r := range all[0].Rows {
		h := heatRow{Row: r}
		for k := range all {
			cell := interval{}
			if other := all[k].row(r); other != nil {
				cell = other.Levels[len(other.Levels)-2]
			}
			h.Cells = append(h.Cells, cell)
		}
		rows = append(rows, h)
	}
	slices.SortStableFunc(rows, func(a, b heatRow) int { return cmp.Compare(a.Cells[0].Share(), b.Cells[0].Share()) })
	return rows
}

// shade colours a cell from red over yellow to green.
func shade(i interval) template.CSS {
	if i.Of == 0 {
		return "background:#eee"
	}
	return template.CSS(fmt.Sprintf("background:hsl(%.0f 60%% 78%%)", 120*i.Share()))
}

// svgCurve draws the detection error trade-off: misses over false matches,
// both on logarithmic axes from 0.1 % to 100 %.
func svgCurve(all []judged) template.HTML {
	const size, pad = 300.0, 42.0
	at := func(share float64) float64 { return size * (math.Log10(max(share, 0.001)) + 3) / 3 }
	colours := []string{"#06c", "#c30", "#393", "#939", "#c90", "#099"}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg role="img" aria-label="misses over false matches" width="%g" height="%g" viewBox="0 0 %g %g">`, size+3*pad, size+pad, size+3*pad, size+pad)
	for _, tick := range []float64{0.001, 0.01, 0.1, 1} {
		x, y := pad+at(tick), size-at(tick)
		fmt.Fprintf(&b, `<path d="M%g 0V%g M%g %gH%g" stroke="#ddd"/>`, x, size, pad, y, pad+size)
		fmt.Fprintf(&b, `<text x="%g" y="%g" font-size="11" text-anchor="middle">%g %%</text><text x="%g" y="%g" font-size="11" text-anchor="end">%g %%</text>`,
			x, size+14, 100*tick, pad-4, max(9, y+4), 100*tick)
	}
	for i, j := range all {
		colour := colours[i%len(colours)]
		var points []string
		for _, p := range j.Curve {
			points = append(points, fmt.Sprintf("%.1f,%.1f", pad+at(p.FalseMatch), size-at(p.Miss)))
		}
		fmt.Fprintf(&b, `<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>`, colour, strings.Join(points, " "))
		fmt.Fprintf(&b, `<text x="%g" y="%d" font-size="12" fill="%s">%s</text>`, pad+size+6, 14+16*i, colour, template.HTMLEscapeString(j.Matcher))
	}
	fmt.Fprintf(&b, `<text x="%g" y="%g" font-size="11" text-anchor="middle">strangers that match</text></svg>`, pad+size/2, size+30)
	return template.HTML(b.String())
}
