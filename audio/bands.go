package audio

import (
	"math"

	"github.com/likeness-go/likeness/internal/fft"
	"github.com/mjibson/go-dsp/window"
)

// usedBins of the spectrum lie below the upper edge of the highest band.
const usedBins = 960

// filters pools the bins of a spectrum into bands: a triangle for each, one
// band or one bin to each side, whichever is wider.
type filters struct {
	first   [bands]int       // bin of the first weight
	weights [bands][]float32 // they add up to 1
}

var (
	hann = hannWindow()
	bank = newFilters()
)

func hannWindow() []float32 {
	w := make([]float32, frameSize)
	for i, v := range window.Hann(frameSize) {
		w[i] = float32(v)
	}
	return w
}

func newFilters() *filters {
	f := &filters{}
	const perBin = float64(SampleRate) / frameSize
	for b := range bands {
		mid := centre(float64(b)) / perBin
		low := min(centre(float64(b-1))/perBin, mid-1)
		high := max(centre(float64(b+1))/perBin, mid+1)
		f.first[b] = int(math.Floor(low)) + 1
		sum := 0.0
		var w []float64
		for k := f.first[b]; float64(k) < high; k++ {
			v := (float64(k) - low) / (mid - low)
			if float64(k) > mid {
				v = (high - float64(k)) / (high - mid)
			}
			w = append(w, v)
			sum += v
		}
		for _, v := range w {
			f.weights[b] = append(f.weights[b], float32(v/sum))
		}
	}
	return f
}

// spectrum turns frames into whitened levels.
type spectrum struct {
	transform *fft.Spectrum
	power     [usedBins]float32
	sums      [bands + 1]float32
}

func newSpectrum() *spectrum { return &spectrum{transform: fft.New(hann)} }

// whitened writes the level of each band above the mean of its surroundings,
// in log2 of power, and loud the levels themselves above the floor. What
// colours the whole of a stretch of the axis (an equaliser, a telephone, a
// loudspeaker) drops out.
func (s *spectrum) whitened(level, loud *[bands]float32, frame []float32) {
	s.transform.Power(s.power[:], frame)
	for b := range bands {
		p := s.power[bank.first[b]:]
		sum := float32(floorPower)
		for i, w := range bank.weights[b] {
			sum += float32(w * p[i])
		}
		loud[b] = log2(sum)
		s.sums[b+1] = s.sums[b] + loud[b]
	}
	for b := range bands {
		from, to := max(b-whiten, 0), min(b+whiten+1, bands)
		level[b] = loud[b] - (s.sums[to]-s.sums[from])/float32(to-from)
	}
}

// log2 approximates the binary logarithm of a positive normal number to
// 1e-5. It is our own because that of package math differs in the last bits
// between architectures.
func log2(x float32) float32 {
	const half = 0x3f3504f4 // bits of the number after the root of 1/2
	bits := math.Float32bits(x)
	exponent := int32(bits-half) >> 23                     // no branch: it would be mispredicted half of the time
	m := math.Float32frombits(bits - uint32(exponent)<<23) // root of 1/2 to root of 2
	// log2 m = 2/ln 2 * artanh t, with |t| < 0.172
	t := (m - 1) / (m + 1)
	u := float32(t * t)
	p := float32(u*(2.0/7/math.Ln2)) + 2.0/5/math.Ln2
	p = float32(u*p) + 2.0/3/math.Ln2
	p = float32(u*p) + 2/math.Ln2
	return float32(exponent) + float32(t*p)
}
