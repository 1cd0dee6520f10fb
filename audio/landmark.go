package audio

import (
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

// SampleRate is the rate of the mono samples that a Hasher takes, in Hz.
const SampleRate = 8000

// Landmark is the algorithm of this package. Its constants, below and in
// triplet.go, are frozen: another value is another algorithm.
var Landmark = fingerprint.Algorithm{Name: "landmark", Version: 1}

// The time-frequency plane. A tick is one hop; tick i lies at i*hop samples,
// where the middle of frame i is. Frequencies lie on a logarithmic axis, on
// which a change of speed or pitch is a shift.
const (
	frameSize = 2048 // samples: 256 ms
	hop       = 256  // samples: 32 ms
	tick      = float64(hop) / SampleRate

	octave = 36 // bands; a semitone is 3
	bands  = 147
	lowest = 220.0 // Hz, the middle of band 0; the highest is at 3660 Hz

	// A quarter of a band is the unit of a peak's frequency, found by
	// interpolation.
	fine      = 4
	fineBands = bands * fine
)

// Peaks: how they are found, and how many are kept.
const (
	floorPower = 2.6e-3 // 80 dB below the peak of a full-scale sine: what is weaker is silence
	whiten     = 12     // bands on each side whose mean level is taken off
	reachBand  = 3      // a peak is the greatest within so many bands
	reachTime  = 3      // and so many ticks
	prominence = 0.7    // least level of a peak above the mean of its surroundings, log2 of power
	rankTime   = 16     // ticks on each side in which stronger peaks count
	keep       = 32     // a peak is kept if fewer are stronger
)

// A code is two bytes, little endian: the frequency in quarter bands in the
// lower 10 bits, and above them the rank, which is how many peaks within
// half a second are stronger.
const (
	codeWidth = 2
	freqBits  = 10
	freqMask  = 1<<freqBits - 1
)

// A peak is one local maximum of the whitened spectrum.
type peak struct {
	tick uint32
	freq uint16 // in quarter bands
	rank uint8
}

// centre returns the frequency in Hz of the middle of a band.
func centre(band float64) float64 { return lowest * math.Pow(2, band/octave) }
