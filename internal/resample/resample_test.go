package resample

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func all(t testing.TB, from, to int, samples []float32) []float32 {
	t.Helper()
	r, err := New(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return r.Flush(r.Write(nil, samples))
}

func tone(hz float64, rate, n int) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(math.Sin(2 * math.Pi * hz * float64(i) / float64(rate)))
	}
	return s
}

// A tone keeps its place in time and its height: the output is the same tone,
// sampled at the other rate.
func TestTonesStay(t *testing.T) {
	for _, c := range []struct{ from, to int }{
		{44100, 8000}, {48000, 8000}, {22050, 8000}, {11025, 8000}, {8000, 8000}, {8000, 11025},
		{16000, 8000}, {96000, 8000}, {44100, 44100}, {44101, 8000}, {32000, 11025}, {1000, 8000},
	} {
		hz := 0.31 * float64(min(c.from, c.to)) // within the pass band
		got, want := all(t, c.from, c.to, tone(hz, c.from, 2*c.from)), tone(hz, c.to, 2*c.to)
		if len(got) != len(want) {
			t.Errorf("%d to %d Hz: %d samples, want %d", c.from, c.to, len(got), len(want))
			continue
		}
		worst := 0.
		for i := c.to / 4; i < len(want)-c.to/4; i++ {
			worst = max(worst, math.Abs(float64(got[i]-want[i])))
		}
		if worst > 2e-3 {
			t.Errorf("%d to %d Hz: a tone of %.0f Hz differs by %.5f", c.from, c.to, hz, worst)
		}
	}
}

func TestAliasesAreSuppressed(t *testing.T) {
	for _, hz := range []float64{5000, 7900, 12000, 20000} {
		got := all(t, 44100, 8000, tone(hz, 44100, 44100))
		for i, v := range got[500:7500] {
			if math.Abs(float64(v)) > 1e-4 {
				t.Errorf("%.0f Hz leaves %.6f at sample %d", hz, v, i+500)
				break
			}
		}
	}
}

func TestAnySplitGivesTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	samples := make([]float32, 30000)
	for i := range samples {
		samples[i] = rng.Float32()*2 - 1
	}
	for _, rates := range [][2]int{{44100, 8000}, {48000, 8000}, {8000, 8000}, {7999, 8000}, {44101, 8000}} {
		want := all(t, rates[0], rates[1], samples)
		r, _ := New(rates[0], rates[1])
		for range 3 {
			r.Reset()
			var got []float32
			for rest := samples; len(rest) > 0; {
				n := min(len(rest), rng.IntN(700))
				got = r.Write(got, rest[:n])
				rest = rest[n:]
			}
			if got = r.Flush(got); !slices.Equal(got, want) {
				t.Fatalf("%v: split input gives %d samples that differ from %d", rates, len(got), len(want))
			}
		}
	}
}

func TestLength(t *testing.T) {
	for _, n := range []int{0, 1, 5, 6, 440, 441, 442, 44100} {
		if got, want := len(all(t, 44100, 8000, make([]float32, n))), (n*80+440)/441; got != want {
			t.Errorf("%d samples at 44100 Hz give %d at 8000 Hz, want %d", n, got, want)
		}
	}
}

func TestRatesAreBounded(t *testing.T) {
	for _, rates := range [][2]int{{0, 8000}, {-1, 8000}, {999, 8000}, {MaxRate + 1, 8000}, {8000, 0}} {
		if _, err := New(rates[0], rates[1]); err == nil {
			t.Errorf("New(%d, %d): no error", rates[0], rates[1])
		}
	}
}

func BenchmarkSecondOfSound(b *testing.B) {
	r, err := New(44100, 8000)
	if err != nil {
		b.Fatal(err)
	}
	in, out := tone(440, 44100, 44100), make([]float32, 0, 9000)
	b.ReportAllocs()
	for b.Loop() {
		r.Write(out, in)
	}
}
