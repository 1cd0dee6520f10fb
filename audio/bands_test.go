package audio

import (
	"math"
	"testing"
)

func TestLog2(t *testing.T) {
	for x := float32(1e-6); x < 1e12; x *= 1.0371 {
		if got, want := float64(log2(x)), math.Log2(float64(x)); math.Abs(got-want) > 2e-5 {
			t.Errorf("log2(%g): got %v, want %v", x, got, want)
		}
	}
}

func TestFilters(t *testing.T) {
	for b := range bands {
		sum, mean := 0.0, 0.0
		for i, w := range bank.weights[b] {
			sum += float64(w)
			mean += float64(w) * float64(bank.first[b]+i) * SampleRate / frameSize
		}
		if math.Abs(sum-1) > 1e-5 || math.Abs(mean/centre(float64(b))-1) > 0.02 {
			t.Errorf("band %d: weights add up to %.4f about %.0f Hz, want 1 about %.0f Hz", b, sum, mean, centre(float64(b)))
		}
		if last := bank.first[b] + len(bank.weights[b]); last > usedBins {
			t.Errorf("band %d needs bin %d of %d", b, last, usedBins)
		}
	}
}

// An equaliser or a volume adds the same to neighbouring bands, which must
// not show.
func TestWhitenedVolume(t *testing.T) {
	s := newSpectrum()
	frame, louder := noisy(tones(frameSize)), noisy(tones(frameSize))
	for i := range louder {
		louder[i] *= 8
	}
	var a, b, loud [bands]float32
	s.whitened(&a, &loud, frame)
	s.whitened(&b, &loud, louder)
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 0.01 {
			t.Errorf("band %d: %.3f, eight times as loud %.3f", i, a[i], b[i])
		}
	}
}

func TestPickerFindsPeaks(t *testing.T) {
	var p picker
	var got []peak
	emit := func(x peak) { got = append(got, x) }
	for i := range 100 {
		var level [bands]float32
		if i == 40 {
			level[50], level[51] = 5, 3 // leans to the higher band
			level[52] = 1
		}
		if i == 42 {
			level[51] = 2 // surpassed by its neighbour
			level[90] = 3
		}
		p.add(&level, emit)
	}
	want := []peak{{40, 50*fine + 1, 0}, {42, 90 * fine, 1}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}
