package audio

import (
	"fmt"
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

// How far copies may be sped up, slowed down or transposed for their
// landmarks to be looked up.
const (
	mostShift = 6 // bands, which is two semitones or 12 % of speed
	tempoStep = 0.02
	tempos    = 4 // steps of tempo on each side
)

// hypotheses lie in rows, one for each shift of the frequency axis, and in a
// row by rate: without a shift there are changes of tempo, with one it is a
// change of pitch (rate 1) or of speed.
var hypotheses, rows = newHypotheses()

// row is a half-open range of hypotheses.
type row struct{ from, to int }

func newHypotheses() (all []fingerprint.Hypothesis, rows [2*mostShift + 1]row) {
	for d := -mostShift; d <= mostShift; d++ {
		from := len(all)
		for _, rate := range rates(d) {
			all = append(all, fingerprint.Hypothesis{Name: describe(rate, float64(d)), Rate: rate})
		}
		rows[d+mostShift] = row{from, len(all)}
	}
	return all, rows
}

// rates returns the rates that go with a shift, the lowest first.
func rates(shift int) []float64 {
	if shift == 0 {
		var of []float64
		for i := -tempos; i <= tempos; i++ {
			of = append(of, 1+float64(tempoStep*float64(i)))
		}
		return of
	}
	speed := math.Pow(2, float64(shift)/octave)
	return []float64{min(1, speed), max(1, speed)}
}

// shiftOf returns the shift, in bands, that a hypothesis stands for.
func shiftOf(h int) int {
	for i, row := range rows {
		if h < row.to {
			return i - mostShift
		}
	}
	return 0
}

// describe names a change of the time axis by rate and of the frequency axis
// by a shift in bands. It is empty for what nobody would hear.
func describe(rate, shift float64) string {
	speed := octave * math.Log2(rate)
	change := 100 * (rate - 1)
	sameTime, sameTone := math.Abs(change) < 0.3, math.Abs(shift) < 0.4
	switch {
	case sameTime && sameTone:
		return ""
	case sameTime:
		return fmt.Sprintf("pitch %+.1f semitones", shift/3)
	case math.Abs(shift-speed) < 0.4:
		return fmt.Sprintf("speed %+.1f %%", change)
	case sameTone:
		return fmt.Sprintf("tempo %+.1f %%", change)
	}
	return fmt.Sprintf("tempo %+.1f %%, pitch %+.1f semitones", change, shift/3)
}
