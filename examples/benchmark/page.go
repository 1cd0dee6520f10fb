package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"percent": percent, "share": func(i interval) string { return fmt.Sprintf("%.0f", 100*i.Share()) },
	"shade": shade, "colour": colour, "det": detChart, "growth": growthChart,
	"mul": func(a, b float64) float64 { return a * b },
	"unit": func(kind string) string {
		k, _ := fingerprint.ParseKind(kind) // our own name
		return k.Unit()
	},
	"length": func(r row) string { return cmp.Or(lengthName(r.Length), "whole") },
}).Parse(pageSource))

// page is what the template shows: a section for each kind.
type page struct {
	*result
	Sections []section
}

type section struct {
	Kind          string
	Judged        []judged // ours first, then the peers
	Grid          []gridRow
	Heat          []heatRow
	Growth        []growth
	Misses, Wrong []exhibit
}

// gridRow is one transform at one length of excerpt, with a cell a strength.
type gridRow struct {
	Transform string
	Length    string
	Cells     []gridCell
	found, of int
}

type gridCell struct {
	Strength string
	Found    interval
}

// heatRow is one row of ours with the shares of every matcher.
type heatRow struct {
	Row   row
	Cells []interval // at ≤ 1 % false, of each matcher
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
		s := &p.Sections[i]
		s.Heat, s.Grid = heat(s.Judged), grid(s.Judged[0].Rows)
		for _, g := range r.Growth {
			if g.Kind == s.Kind {
				s.Growth = append(s.Growth, g)
			}
		}
	}
	return p
}

func lengthName(n float64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%g", n)
}

// grid lays the rows out as transform by strength at the first level, the
// weakest transform first and the strengths of one as it lists them.
func grid(rows []row) []gridRow {
	var all []gridRow
	for _, r := range rows {
		if len(r.Levels) == 0 {
			continue
		}
		length, found := lengthName(r.Length), r.Levels[0]
		i := slices.IndexFunc(all, func(g gridRow) bool { return g.Transform == r.Transform && g.Length == length })
		if i < 0 {
			i = len(all)
			all = append(all, gridRow{Transform: r.Transform, Length: length})
		}
		all[i].Cells = append(all[i].Cells, gridCell{r.Strength, found})
		all[i].found, all[i].of = all[i].found+found.Hits, all[i].of+found.Of
	}
	slices.SortStableFunc(all, func(a, b gridRow) int { return cmp.Compare(a.found*b.of, b.found*a.of) })
	return all
}

// heat lays the rows of ours beside those of the peers, weakest first.
func heat(all []judged) []heatRow {
	var rows []heatRow
	for _, r := range all[0].Rows {
		h := heatRow{Row: r}
		for k := range all {
			cell := interval{}
			if other := all[k].row(r); other != nil && len(other.Levels) > 1 {
				cell = other.Levels[len(other.Levels)-2]
			}
			h.Cells = append(h.Cells, cell)
		}
		rows = append(rows, h)
	}
	slices.SortStableFunc(rows, func(a, b heatRow) int { return cmp.Compare(a.Cells[0].Share(), b.Cells[0].Share()) })
	return rows
}

// shade colours a cell.
func shade(i interval) template.CSS {
	if i.Of == 0 {
		return "background:#eee"
	}
	return "background:" + colour(i.Share())
}

// colour goes from a dark orange over white to a light blue, which also those
// tell apart who see no difference between red and green.
func colour(share float64) template.CSS {
	if share < 0.5 {
		return template.CSS(fmt.Sprintf("hsl(22 95%% %.0f%%)", 60+70*share))
	}
	return template.CSS(fmt.Sprintf("hsl(205 80%% %.0f%%)", 95-40*(share-0.5)))
}
