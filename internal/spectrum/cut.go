package spectrum

import "math"

// A Window is the part of a picture between two corners, in shares of its
// size from 0 to 1.
type Window struct{ X0, Y0, X1, Y1 float64 }

// Whole is all of a picture.
var Whole = Window{0, 0, 1, 1}

// Centre is the window about the middle whose sides are a share of the whole.
func Centre(share float64) Window {
	m := (1 - share) / 2
	return Window{m, m, 1 - m, 1 - m}
}

// Mirror is where the window lies after left and right were exchanged.
func (w Window) Mirror() Window { return Window{1 - w.X1, w.Y0, 1 - w.X0, w.Y1} }

// A Cut takes waves to those of a part of their pictures. It is safe for
// concurrent use.
type Cut struct {
	whole bool
	x, y  axis
}

// axis maps the frequencies of a whole side to those of a part.
type axis [order][order]float32

// NewCut prepares the cut of a window.
func NewCut(w Window) *Cut {
	if w == Whole {
		return &Cut{whole: true}
	}
	return &Cut{x: newAxis(w.X0, w.X1), y: newAxis(w.Y0, w.Y1)}
}

// newAxis samples every cosine of the whole between two points, and
// transforms the samples.
func newAxis(from, to float64) (m axis) {
	const n = 2 * order
	for old := range order {
		for j := range n {
			at := from + float64((to-from)*(float64(j)+0.5)/n)
			v := math.Cos(math.Pi * float64(old) * at)
			if old == 0 {
				v = 0.5
			}
			for k := range order {
				m[k][old] += float32(v * cosines[k][j] * 2 / n)
			}
		}
	}
	return m
}

var cosines = func() (c [order][2 * order]float64) {
	for k := range c {
		for j := range c[k] {
			c[k][j] = math.Cos(math.Pi * float64(k) * (float64(j) + 0.5) / (2 * order))
		}
	}
	return c
}()

// Of returns the wave of the part, and its contrast as a share of the whole's.
func (c *Cut) Of(w *Wave) (part *Wave, share float32) {
	if c.whole {
		return w, 1
	}
	var plain, half Wave
	for i := 1; i < count; i++ {
		plain[i] = w[i] / whitening[i]
	}
	for v := range order {
		row := plain[v*order : v*order+order]
		for k := range order {
			half[v*order+k] = inner(c.x[k][:], row)
		}
	}
	out := new(Wave)
	for k := range order {
		row := out[k*order : k*order+order]
		for v, m := range c.y[k] {
			for u, h := range half[v*order : v*order+order] {
				row[u] += float32(m * h)
			}
		}
	}
	for i := range out {
		out[i] *= whitening[i]
	}
	return out, out.normalise()
}

func inner(a, b []float32) float32 {
	var s0, s1 float32
	for i := 0; i+1 < len(a) && i+1 < len(b); i += 2 {
		s0 += float32(a[i] * b[i])
		s1 += float32(a[i+1] * b[i+1])
	}
	return s0 + s1
}
