// Package spectrum has what pictures and frames are matched by: their low
// spatial frequencies, and how those change when a picture is mirrored or
// cropped. It decides nothing; packages picture and video do.
package spectrum

import (
	"math"

	"github.com/likeness-go/likeness/internal/dct"
)

// A Spectrum is what a fingerprint keeps of a picture or frame: its low spatial
// frequencies, whitened (natural pictures fall off as 1/f: Field, "Relations
// between the statistics of natural images", 1987, section 3), freed from
// brightness and contrast, four bits each. Everything that a copy may have
// gone through is a linear map on it: a mirror changes signs, a crop is a
// small matrix on either side. So hypotheses are tried when looking up, not
// when hashing, and new ones need no new fingerprints.
type Spectrum [Size]byte

// Small is a picture shrunk to 32 by 32 grey values, from 0 to 255, row by row.
type Small [grid * grid]float32

const (
	order = 14 // frequencies kept each way, 0 to 13
	count = order * order

	// Size is the number of bytes of a Spectrum.
	Size = count / 2

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

// NewWave transforms a picture. The contrast is the root
// mean square of its whitened coefficients, in grey levels.
func NewWave(small *Small) (w *Wave, contrast float32) {
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

// mirrorSigns, exclusive-ored to Signs, makes them those of the mirrored picture.
var mirrorSigns = func() (mask uint64) {
	for i, at := range zigzag[:64] {
		mask |= uint64(at&1) << i
	}
	return mask
}()

// strength is the magnitude of the coefficient behind bit i of Signs: the
// weaker, the sooner the sign changes.
func (w *Wave) strength(i int) float32 { return float32(math.Abs(float64(w[zigzag[i]]))) }

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

// Turn turns the picture by a quarter, clockwise.
func (w *Wave) Turn() *Wave {
	t := new(Wave)
	for v := range order {
		for u := range order {
			t[u*order+v] = w[v*order+u]
		}
	}
	return t.Mirror()
}
