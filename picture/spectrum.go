package picture

import (
	"math"
	"math/bits"

	"github.com/likeness-go/likeness/internal/dct"
)

// A Spectrum is what matching keeps of a picture or frame: its low spatial
// frequencies, whitened (natural pictures fall off as 1/f: Field, "Relations
// between the statistics of natural images", 1987, section 3), freed from
// brightness and contrast, four bits each. Everything that a copy may have
// gone through is a linear map on it: a mirror changes signs, a crop is a
// small matrix on either side. So hypotheses are tried when looking up, not
// when hashing, and new ones need no new fingerprints.
type Spectrum [SpectrumSize]byte

const (
	order = 14 // frequencies kept each way, 0 to 13
	count = order * order

	// SpectrumSize is the number of bytes of a Spectrum.
	SpectrumSize = count / 2

	grid = 32 // points each way of the picture that is transformed
)

var spectrumBasis = dct.NewBasis(0, order, grid)

// whitening of a frequency: 0 for the mean of the picture, which says nothing.
// Where one direction does not vary, the basis is longer by the root of 2.
var whitening = func() (w [count]float32) {
	for v := range order {
		for u := range order {
			f := float64(u*u + v*v)
			if u == 0 || v == 0 {
				f /= 2
			}
			w[v*order+u] = float32(math.Sqrt(f))
		}
	}
	return w
}()

// Wave is a spectrum unpacked for computing: value v*14+u belongs to vertical
// frequency v and horizontal frequency u, whitened, with a mean square of 1.
// The zero Wave is that of a plain picture.
type Wave [count]float32

// NewWave transforms a picture of 32 by 32 values. The contrast is the root
// mean square of its whitened coefficients, in grey levels.
func NewWave(small *[grid * grid]float32) (w *Wave, contrast float32) {
	w = new(Wave)
	var tmp [order * grid]float32
	spectrumBasis.Forward(small[:], tmp[:], w[:])
	for i := range w {
		w[i] *= whitening[i]
	}
	return w, w.normalise() / grid
}

// normalise makes the mean square 1, and returns the root that it had.
func (w *Wave) normalise() float32 {
	w[0] = 0
	rms := float32(math.Sqrt(float64(dot(w, w) / count)))
	if rms < 1e-3 {
		*w = Wave{}
		return 0
	}
	scale := 1 / rms
	for i := range w {
		w[i] *= scale
	}
	return rms
}

func dot(a, b *Wave) float32 {
	var s0, s1, s2, s3 float32
	for i := 0; i < count; i += 4 {
		s0 += float32(a[i] * b[i])
		s1 += float32(a[i+1] * b[i+1])
		s2 += float32(a[i+2] * b[i+2])
		s3 += float32(a[i+3] * b[i+3])
	}
	return s0 + s1 + s2 + s3
}

// Correlate returns how alike two pictures are, from -1 to 1. Unrelated ones
// are at 0, give or take 0.1.
func (w *Wave) Correlate(v *Wave) float32 { return dot(w, v) / count }

// levels are the magnitudes that a nibble stands for. They lie closer where
// values are frequent; the sign is the nibble's highest bit.
var levels = [8]float32{0.06, 0.22, 0.42, 0.68, 1.02, 1.5, 2.2, 3.4}

// Pack rounds a wave to four bits a value.
func (w *Wave) Pack() (s Spectrum) {
	for i, v := range w {
		s[i/2] |= nibble(v) << (4 * (i & 1))
	}
	return s
}

func nibble(v float32) byte {
	var sign byte
	if v < 0 {
		v, sign = -v, 8
	}
	n := byte(0)
	for n < 7 && v > (levels[n]+levels[n+1])/2 {
		n++
	}
	return sign | n
}

// unpacked holds the two values of every byte.
var unpacked = func() (u [256][2]float32) {
	for b := range u {
		for i := range 2 {
			n := b >> (4 * i) & 15
			u[b][i] = levels[n&7]
			if n&8 != 0 {
				u[b][i] = -u[b][i]
			}
		}
	}
	return u
}()

// Unpack is the inverse of Pack, up to its rounding.
func (s *Spectrum) Unpack() *Wave {
	w := new(Wave)
	for i, b := range s {
		w[2*i], w[2*i+1] = unpacked[b][0], unpacked[b][1]
	}
	w.normalise()
	return w
}

// Mirror exchanges left and right.
func (w *Wave) Mirror() *Wave {
	m := *w
	for i := 1; i < count; i += 2 { // order is even: odd indices are odd horizontal frequencies
		m[i] = -m[i]
	}
	return &m
}

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

// zigzag lists the frequencies from low to high, without the mean.
var zigzag = func() (z []int) {
	for sum := 1; sum < 2*order-1; sum++ {
		for v := max(0, sum-order+1); v <= min(sum, order-1); v++ {
			z = append(z, v*order+sum-v)
		}
	}
	return z
}()

// Signs returns the signs of the 64 lowest frequencies, the lowest in bit 0.
func (w *Wave) Signs() (code uint64) {
	for i, at := range zigzag[:64] {
		code |= uint64(math.Float32bits(w[at])>>31) << i
	}
	return code
}

// MirrorSigns, exclusive-ored to Signs, makes them those of the mirrored picture.
var MirrorSigns = func() (mask uint64) {
	for i, at := range zigzag[:64] {
		mask |= uint64(at&1) << i
	}
	return mask
}()

// Strength is the magnitude of the coefficient behind bit i of Signs: the
// weaker, the sooner the sign changes.
func (w *Wave) Strength(i int) float32 { return float32(math.Abs(float64(w[zigzag[i]]))) }

// Minus returns the difference of two waves, which is not normalised: what
// changed between two frames.
func (w *Wave) Minus(v *Wave) *Wave {
	d := *w
	for i := range d {
		d[i] -= v[i]
	}
	return &d
}

// Blend returns the wave of a frame between two others, at f of the way from
// w to v.
func (w *Wave) Blend(v *Wave, f float32) *Wave {
	b := *w
	for i := range b {
		b[i] += float32(f * (v[i] - w[i]))
	}
	b.normalise()
	return &b
}

// SignDistance is the number of differing signs of two codes.
func SignDistance(a, b uint64) int { return bits.OnesCount64(a ^ b) }
