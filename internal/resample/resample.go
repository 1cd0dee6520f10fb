// Package resample changes the rate of sound with a polyphase windowed-sinc
// filter (Crochiere and Rabiner, Multirate Digital Signal Processing, 1983,
// section 2.3; window: Kaiser, "Nonrecursive digital filter design using the
// I0-sinh window function", 1974).
//
// The filter is that of ffmpeg's swresample at its defaults, so that the same
// file gives nearly the same samples whichever decoder reads it: 16 zero
// crossings on each side, Kaiser beta 9, cut-off at 0.97 of the lower Nyquist
// frequency, no delay.
package resample

import (
	"fmt"
	"math"
)

const (
	crossings = 16 // of the sinc, on each side
	beta      = 9
	cutoff    = 0.97

	// MinRate and MaxRate bound both rates, in Hz.
	MinRate = 1000
	MaxRate = 1 << 20

	// maxPhases bounds the table for rates with a small common divisor: then
	// the nearest of so many phases serves, at -64 dB of jitter or less.
	maxPhases = 1024
)

// A Resampler turns samples at one rate into samples at another: sample i of
// the output is the signal at time i/to. Its output does not depend on how
// the input is split. It is not safe for concurrent use.
type Resampler struct {
	up, down int // to and from, without their common divisor
	phases   int
	taps     int       // a phase, a multiple of 4
	filter   []float32 // phase by phase, each in the order of the input

	history []float32 // input from index first on
	first   int64     // may be negative: silence before the start
	read    int64     // samples of input so far
	written int64     // samples of output so far
}

// New returns a Resampler. Rates outside MinRate to MaxRate are an error.
func New(from, to int) (*Resampler, error) {
	if min(from, to) < MinRate || max(from, to) > MaxRate {
		return nil, fmt.Errorf("sample rate of %d Hz, %d Hz wanted: not in %d to %d", from, to, MinRate, MaxRate)
	}
	d := gcd(from, to)
	r := &Resampler{up: to / d, down: from / d}
	if from != to {
		r.design(min(1, cutoff*float64(to)/float64(from)))
	}
	r.Reset()
	return r, nil
}

// design fills the filter: phase p gives the signal at p/phases samples after
// the tap at index taps/2-1.
func (r *Resampler) design(factor float64) {
	factor = min(factor, cutoff)
	r.phases = min(r.up, maxPhases)
	r.taps = (int(math.Ceil(2*crossings/factor)) + 3) &^ 3
	r.filter = make([]float32, r.phases*r.taps)
	weights := make([]float64, r.taps)
	for p := range r.phases {
		sum := 0.
		for i := range weights {
			x := float64(p)/float64(r.phases) - float64(i-r.taps/2+1)
			weights[i] = sinc(factor*x) * kaiser(2*x/float64(r.taps))
			sum += weights[i]
		}
		for i, w := range weights { // every phase passes a constant unchanged
			r.filter[p*r.taps+i] = float32(w / sum)
		}
	}
}

// Reset makes ready for another sound.
func (r *Resampler) Reset() {
	lead := max(0, r.taps/2-1)
	r.history = append(r.history[:0], make([]float32, lead)...)
	r.first, r.read, r.written = -int64(lead), 0, 0
}

// Write takes the next samples, appends to dst those that they make known,
// and returns it.
func (r *Resampler) Write(dst, samples []float32) []float32 {
	r.read += int64(len(samples))
	if r.taps == 0 {
		r.written += int64(len(samples))
		return append(dst, samples...)
	}
	r.history = append(r.history, samples...)
	for {
		start, phase := r.place()
		begin := start - r.first
		if begin+int64(r.taps) > int64(len(r.history)) {
			break
		}
		dst = append(dst, dot(r.filter[phase*r.taps:(phase+1)*r.taps], r.history[begin:]))
		r.written++
	}
	r.forget()
	return dst
}

// Flush appends the samples up to the end of the input, after which there is
// silence. Only Reset may follow.
func (r *Resampler) Flush(dst []float32) []float32 {
	if r.taps == 0 {
		return dst
	}
	length := (r.read*int64(r.up) + int64(r.down) - 1) / int64(r.down)
	from := len(dst)
	already := r.written
	dst = r.Write(dst, make([]float32, r.taps))
	return dst[:from+int(max(0, min(int64(len(dst)-from), length-already)))]
}

// place returns where in the input the taps of the next output sample begin,
// and the phase that fits.
func (r *Resampler) place() (start int64, phase int) {
	at := r.written * int64(r.down)
	whole, part := at/int64(r.up), int(at%int64(r.up))
	phase = part
	if r.phases != r.up {
		phase = (part*r.phases + r.up/2) / r.up
		if phase == r.phases {
			whole, phase = whole+1, 0
		}
	}
	return whole - int64(r.taps/2-1), phase
}

// forget drops the input that no later sample needs.
func (r *Resampler) forget() {
	start, _ := r.place()
	drop := min(start-r.first, int64(len(r.history)))
	if drop <= 0 {
		return
	}
	n := copy(r.history, r.history[drop:])
	r.history = r.history[:n]
	r.first += drop
}

// dot is the inner product in four sums, always in the same order, and
// without fused multiplication, so that each machine gives the same.
func dot(filter, samples []float32) float32 {
	samples = samples[:len(filter)]
	var a, b, c, d float32
	for len(filter) >= 4 && len(samples) >= 4 {
		a += float32(filter[0] * samples[0])
		b += float32(filter[1] * samples[1])
		c += float32(filter[2] * samples[2])
		d += float32(filter[3] * samples[3])
		filter, samples = filter[4:], samples[4:]
	}
	return (a + b) + (c + d)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window at x from -1 to 1.
func kaiser(x float64) float64 {
	return bessel(beta * math.Sqrt(max(0, 1-float64(x*x))))
}

// bessel is the modified Bessel function I0, by its power series.
func bessel(x float64) float64 {
	sum, term := 1., 1.
	for k := 1.; term > sum*1e-17; k++ {
		term *= float64(x*x) / (4 * k * k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
