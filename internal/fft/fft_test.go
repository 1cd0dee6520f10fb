package fft

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	dsp "github.com/mjibson/go-dsp/fft"
	"github.com/mjibson/go-dsp/window"
)

func hann(n int) []float32 {
	w := make([]float32, n)
	for i, v := range window.Hann(n) {
		w[i] = float32(v)
	}
	return w
}

func noise(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// reference is the power spectrum by go-dsp.
func reference(x []float32, w []float32) []float64 {
	in := make([]float64, len(x))
	for i := range x {
		in[i] = float64(x[i]) * float64(w[i])
	}
	out := make([]float64, len(x)/2+1)
	for k, c := range dsp.FFTReal(in)[:len(out)] {
		out[k] = real(c)*real(c) + imag(c)*imag(c)
	}
	return out
}

func TestPowerAgainstReference(t *testing.T) {
	for _, n := range []int{8, 16, 32, 64, 128, 512, 1024, 2048, 4096, 8192} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := hann(n)
			s := New(w)
			got := make([]float32, n/2+1)
			for seed := range uint64(4) {
				x := noise(n, seed)
				x[0] += 3 // also some direct current
				s.Power(got, x)
				want := reference(x, w)
				most := 0.0
				for _, v := range want {
					most = max(most, v)
				}
				for k := range want {
					if d := math.Abs(float64(got[k]) - want[k]); d > 1e-5*most {
						t.Fatalf("bin %d of %d: got %g, want %g", k, n, got[k], want[k])
					}
				}
			}
		})
	}
}

// A weak tone beside a strong one must not drown in rounding noise: peaks are
// picked down to 70 dB below the strongest.
func TestPowerDynamicRange(t *testing.T) {
	const n = 2048
	x := make([]float32, n)
	for i := range x {
		p := 2 * math.Pi * float64(i) / n
		x[i] = float32(math.Sin(100*p) + 1e-4*math.Sin(700*p))
	}
	got := make([]float32, n/2+1)
	New(hann(n)).Power(got, x)
	if ratio := 10 * math.Log10(float64(got[700]/got[100])); math.Abs(ratio+80) > 0.1 {
		t.Errorf("weak tone at %.2f dB, want -80", ratio)
	}
}

func TestPowerShortOutput(t *testing.T) {
	x, w := noise(64, 1), hann(64)
	s := New(w)
	all, some := make([]float32, 33), make([]float32, 10)
	s.Power(all, x)
	s.Power(some, x)
	for k := range some {
		if some[k] != all[k] {
			t.Errorf("bin %d: %g when ten bins are wanted, %g when all are", k, some[k], all[k])
		}
	}
}

func TestNewRefusesOddLengths(t *testing.T) {
	for _, n := range []int{0, 4, 12, 1000} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a window of %d samples was accepted", n)
				}
			}()
			New(make([]float32, n))
		}()
	}
}

func BenchmarkPower(b *testing.B) {
	for _, n := range []int{2048, 4096} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			s, x, y := New(hann(n)), noise(n, 1), make([]float32, n/2+1)
			for b.Loop() {
				s.Power(y, x)
			}
		})
	}
}

func BenchmarkReference(b *testing.B) {
	for _, n := range []int{2048, 4096} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			x, w := noise(n, 1), hann(n)
			for b.Loop() {
				reference(x, w)
			}
		})
	}
}
