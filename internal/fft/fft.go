// Package fft has the one transform that hashing sound needs: the power
// spectrum of a windowed real frame, in float32 and without allocations.
package fft

import (
	"fmt"
	"math"
)

// A Spectrum computes power spectra of frames that are as long as its window.
// It is for one goroutine.
//
// It packs the n real samples into n/2 complex ones, transforms these by
// Stockham's self-sorting radix-4 algorithm (Van Loan, Computational
// Frameworks for the FFT, section 1.7), which needs no bit reversal and runs
// through memory in order, and unpacks the two halves (section 4.3). Products
// are rounded before they are added, so that every architecture gives the
// same bits.
type Spectrum struct {
	window []float32
	stages []stage
	unpack []complex64 // exp(-2 pi i k / n)
	re, im [2][]float32
}

// stage holds the factors w, w^2 and w^3 of the butterflies of one pass.
type stage struct {
	groups int // butterflies with different factors
	run    int // butterflies in a row with the same factors
	w      []twiddle
}

type twiddle struct{ re1, im1, re2, im2, re3, im3 float32 }

// New prepares the transform for a window, whose length must be a power of
// two and at least 8. It keeps the window.
func New(window []float32) *Spectrum {
	n := len(window)
	if n < 8 || n&(n-1) != 0 {
		panic(fmt.Sprintf("fft: window of %d samples, want a power of two of at least 8", n))
	}
	s := &Spectrum{window: window}
	for i := range 2 {
		s.re[i], s.im[i] = make([]float32, n/2), make([]float32, n/2)
	}
	for groups, run := n/8, 1; groups > 0; groups, run = groups/4, run*4 {
		s.stages = append(s.stages, newStage(groups, run))
	}
	for k := range n/4 + 1 {
		s.unpack = append(s.unpack, complex64(root(k, n)))
	}
	return s
}

func newStage(groups, run int) stage {
	st := stage{groups: groups, run: run}
	for j := range groups {
		a, b, c := complex64(root(j, 4*groups)), complex64(root(2*j, 4*groups)), complex64(root(3*j, 4*groups))
		st.w = append(st.w, twiddle{real(a), imag(a), real(b), imag(b), real(c), imag(c)})
	}
	return st
}

// root returns exp(-2 pi i k / n).
func root(k, n int) complex128 {
	sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(n))
	return complex(cos, -sin)
}

// Power writes the squared magnitudes of bins 0 to len(dst)-1 of the windowed
// frame. dst has at most n/2+1 bins. The frame is not changed.
func (s *Spectrum) Power(dst, frame []float32) {
	s.first(frame)
	at := 0
	for _, st := range s.stages[1:] {
		if st.groups == 1 {
			st.turnless(s.re[1-at], s.im[1-at], s.re[at], s.im[at])
		} else {
			st.pass(s.re[1-at], s.im[1-at], s.re[at], s.im[at])
		}
		at = 1 - at
	}
	if last := s.stages[len(s.stages)-1]; 4*last.run < len(s.re[0]) {
		halves(s.re[1-at], s.im[1-at], s.re[at], s.im[at])
		at = 1 - at
	}
	s.split(dst, s.re[at], s.im[at])
}

// first windows and packs the frame and does the first pass, whose runs are
// one butterfly long.
func (s *Spectrum) first(frame []float32) {
	w := s.stages[0].w
	re, im := s.re[0][:4*len(w)], s.im[0][:4*len(w)]
	q := 2 * len(w) // samples in a quarter of the frame
	x0, x1, x2, x3 := frame[:q], frame[q:2*q], frame[2*q:3*q], frame[3*q:4*q]
	h0, h1, h2, h3 := s.window[:q], s.window[q:2*q], s.window[2*q:3*q], s.window[3*q:4*q]
	for j := range w {
		i := 2 * j
		ar, ai := x0[i]*h0[i], x0[i+1]*h0[i+1]
		br, bi := x1[i]*h1[i], x1[i+1]*h1[i+1]
		cr, ci := x2[i]*h2[i], x2[i+1]*h2[i+1]
		dr, di := x3[i]*h3[i], x3[i+1]*h3[i+1]
		y := 4 * j
		butterfly(&w[j], float32(ar), float32(ai), float32(br), float32(bi), float32(cr), float32(ci), float32(dr), float32(di),
			re[y:y+4:y+4], im[y:y+4:y+4])
	}
}

// butterfly writes the four results of one butterfly next to each other.
func butterfly(w *twiddle, ar, ai, br, bi, cr, ci, dr, di float32, re, im []float32) {
	_, _ = re[3], im[3]
	sr, si, tr, ti := ar+cr, ai+ci, ar-cr, ai-ci
	ur, ui, vr, vi := br+dr, bi+di, bi-di, dr-br // v = -i(b-d)
	re[0], im[0] = sr+ur, si+ui
	pr, pi := tr+vr, ti+vi
	re[1], im[1] = float32(pr*w.re1)-float32(pi*w.im1), float32(pr*w.im1)+float32(pi*w.re1)
	pr, pi = sr-ur, si-ui
	re[2], im[2] = float32(pr*w.re2)-float32(pi*w.im2), float32(pr*w.im2)+float32(pi*w.re2)
	pr, pi = tr-vr, ti-vi
	re[3], im[3] = float32(pr*w.re3)-float32(pi*w.im3), float32(pr*w.im3)+float32(pi*w.re3)
}

// pass does one pass of radix-4 butterflies from x to y.
func (st *stage) pass(yre, yim, xre, xim []float32) {
	m := st.run
	quarter := st.groups * m
	for j := range st.w {
		w := &st.w[j]
		a, b := j*m, 4*j*m
		x0r, x0i := xre[a:][:m], xim[a:][:m]
		x1r, x1i := xre[a+quarter:][:m], xim[a+quarter:][:m]
		x2r, x2i := xre[a+2*quarter:][:m], xim[a+2*quarter:][:m]
		x3r, x3i := xre[a+3*quarter:][:m], xim[a+3*quarter:][:m]
		y0r, y0i := yre[b:][:m], yim[b:][:m]
		y1r, y1i := yre[b+m:][:m], yim[b+m:][:m]
		y2r, y2i := yre[b+2*m:][:m], yim[b+2*m:][:m]
		y3r, y3i := yre[b+3*m:][:m], yim[b+3*m:][:m]
		for k := range x0r {
			sr, si, tr, ti := x0r[k]+x2r[k], x0i[k]+x2i[k], x0r[k]-x2r[k], x0i[k]-x2i[k]
			ur, ui, vr, vi := x1r[k]+x3r[k], x1i[k]+x3i[k], x1i[k]-x3i[k], x3r[k]-x1r[k]
			y0r[k], y0i[k] = sr+ur, si+ui
			pr, pi := tr+vr, ti+vi
			y1r[k], y1i[k] = float32(pr*w.re1)-float32(pi*w.im1), float32(pr*w.im1)+float32(pi*w.re1)
			pr, pi = sr-ur, si-ui
			y2r[k], y2i[k] = float32(pr*w.re2)-float32(pi*w.im2), float32(pr*w.im2)+float32(pi*w.re2)
			pr, pi = tr-vr, ti-vi
			y3r[k], y3i[k] = float32(pr*w.re3)-float32(pi*w.im3), float32(pr*w.im3)+float32(pi*w.re3)
		}
	}
}

// turnless does the pass whose only factor is 1.
func (st *stage) turnless(yre, yim, xre, xim []float32) {
	m := st.run
	x0r, x0i := xre[:m], xim[:m]
	x1r, x1i := xre[m:][:m], xim[m:][:m]
	x2r, x2i := xre[2*m:][:m], xim[2*m:][:m]
	x3r, x3i := xre[3*m:][:m], xim[3*m:][:m]
	y0r, y0i := yre[:m], yim[:m]
	y1r, y1i := yre[m:][:m], yim[m:][:m]
	y2r, y2i := yre[2*m:][:m], yim[2*m:][:m]
	y3r, y3i := yre[3*m:][:m], yim[3*m:][:m]
	for k := range x0r {
		sr, si, tr, ti := x0r[k]+x2r[k], x0i[k]+x2i[k], x0r[k]-x2r[k], x0i[k]-x2i[k]
		ur, ui, vr, vi := x1r[k]+x3r[k], x1i[k]+x3i[k], x1i[k]-x3i[k], x3r[k]-x1r[k]
		y0r[k], y0i[k] = sr+ur, si+ui
		y1r[k], y1i[k] = tr+vr, ti+vi
		y2r[k], y2i[k] = sr-ur, si-ui
		y3r[k], y3i[k] = tr-vr, ti-vi
	}
}

// halves does the last pass, of radix 2, when n/2 is no power of four.
func halves(yre, yim, xre, xim []float32) {
	h := len(xre) / 2
	for k := range h {
		yre[k], yim[k] = xre[k]+xre[k+h], xim[k]+xim[k+h]
		yre[k+h], yim[k+h] = xre[k]-xre[k+h], xim[k]-xim[k+h]
	}
}

// split takes the spectrum of the packed samples z = x[2k] + i x[2k+1] apart:
// with E and O the spectra of the even and the odd samples, bin k is
// E + w^k O, and bin n/2-k the conjugate of E - w^k O.
func (s *Spectrum) split(dst, re, im []float32) {
	half := len(re)
	for k, w := range s.unpack {
		k2 := (half - k) & (half - 1)
		er, ei := (re[k]+re[k2])/2, (im[k]-im[k2])/2
		or, oi := (im[k]+im[k2])/2, (re[k2]-re[k])/2
		tr := float32(or*real(w)) - float32(oi*imag(w))
		ti := float32(or*imag(w)) + float32(oi*real(w))
		if k < len(dst) {
			pr, pi := er+tr, ei+ti
			dst[k] = float32(pr*pr) + float32(pi*pi)
		}
		if half-k < len(dst) {
			pr, pi := er-tr, ei-ti
			dst[half-k] = float32(pr*pr) + float32(pi*pi)
		}
	}
}
