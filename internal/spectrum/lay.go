package spectrum

import "math"

// A Lay is a way to lay a query's picture over a work's: which part of the
// one shows which part of the other.
type Lay struct {
	Query, Work       Window
	QueryCut, WorkCut *Cut
}

// Upon is the lay of a part of the query over a part of the work.
func Upon(query, work Window) Lay {
	return Lay{query, work, NewCut(query), NewCut(work)}
}

// Flat is the lay of all over all.
var Flat = Upon(Whole, Whole)

// Partial reports whether only a half of the pictures is compared, the other
// being covered by something.
func (l *Lay) Partial() bool { return l.Query == l.Work && l.Work != Whole }

// Cropped reports whether one shows a part of the other.
func (l *Lay) Cropped() bool { return l.Query != l.Work }

const (
	// GoodFit is a likeness that needs no better lay.
	GoodFit = 0.93
	// hopeless is one that a better lay won't save.
	hopeless = 0.3
	// margin is how much better another lay must be.
	margin = 0.02
)

// starts are the lays that are tried first.
var starts = func() (s []Lay) {
	for _, share := range []float64{0.9, 0.8, 0.64} {
		s = append(s, Upon(Whole, Centre(share)))
	}
	for _, share := range []float64{0.9, 0.8} {
		s = append(s, Upon(Centre(share), Whole))
	}
	for _, h := range Halves {
		s = append(s, Upon(h, h))
	}
	return s
}()

// BestStart finds the lay among those tried first whose quality, a likeness
// from -1 to 1, is best.
func BestStart(quality func(*Lay) float64) (best Lay, most float64) {
	best = Flat
	most = quality(&best)
	if most >= GoodFit {
		return best, most
	}
	for i := range starts {
		if q := quality(&starts[i]); q > most+margin {
			best, most = starts[i], q
		}
	}
	return best, most
}

// Climb moves the edges of the smaller of the two parts, one after the other,
// by smaller and smaller steps, for as long as the quality gets better.
func Climb(best Lay, most float64, quality func(*Lay) float64) (Lay, float64) {
	if most < hopeless || most >= GoodFit {
		return best, most
	}
	for _, step := range []float64{0.04, 0.02, 0.01} {
		for improved, round := true, 0; improved && round < 4; round++ {
			improved = false
			for edge := range 8 {
				try := best.move(edge, step)
				if q := quality(&try); q > most {
					best, most, improved = try, q, true
				}
			}
		}
	}
	return best, most
}

// move shifts one edge of the smaller part.
func (l Lay) move(edge int, step float64) Lay {
	part := &l.Work
	if l.Query != Whole {
		part = &l.Query
	}
	if edge&1 != 0 {
		step = -step
	}
	at := [4]*float64{&part.X0, &part.Y0, &part.X1, &part.Y1}[edge/2]
	if v := *at + step; v < 0 || v > 1 {
		return l
	}
	*at += step
	if math.Min(part.X1-part.X0, part.Y1-part.Y0) < 0.3 {
		*at -= step
	}
	return Upon(l.Query, l.Work)
}
