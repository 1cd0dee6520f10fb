package dct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/corona10/goimagehash/transforms"
)

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	block := make([]float32, n)
	for i := range block {
		block[i] = float32(r.IntN(256))
	}
	return block
}

func TestForwardIsTheDefinition(t *testing.T) {
	for _, c := range []struct{ first, count, n int }{{1, 16, 64}, {0, 14, 32}, {0, 5, 7}, {0, 1, 1}} {
		block := noise(c.n * c.n)
		out := make([]float32, c.count*c.count)
		NewBasis(c.first, c.count, c.n).Forward(block, make([]float32, c.count*c.n), out)
		for i := range c.count {
			for j := range c.count {
				want := 0.0
				for y := range c.n {
					for x := range c.n {
						cy := math.Cos(math.Pi / 2 / float64(c.n) * float64((c.first+i)*(2*y+1)))
						cx := math.Cos(math.Pi / 2 / float64(c.n) * float64((c.first+j)*(2*x+1)))
						want += float64(block[y*c.n+x]) * cy * cx * 2 / float64(c.n)
					}
				}
				if got := float64(out[i*c.count+j]); math.Abs(got-want) > 0.02 {
					t.Errorf("%v: coefficient %d,%d is %v, want %v", c, i, j, got, want)
				}
			}
		}
	}
}

func TestLow8HasTheBitsOfGoimagehash(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 20 {
		var block [4096]float64
		for i := range block {
			if round > 0 { // round 0: a flat block
				block[i] = math.Floor(r.Float64() * 255)
			}
			if round%3 == 2 && i%64 >= 32 { // symmetric: coefficients that should be zero
				block[i] = block[i-2*(i%64)+63]
			}
		}
		full := append([]float64(nil), block[:]...)
		transforms.DCT2DFast64(&full)
		for i, got := range Low8(&block) {
			if want := full[i/8*64+i%8]; got != want {
				t.Fatalf("round %d: coefficient %d is %v, want %v", round, i, got, want)
			}
		}
	}
}

func BenchmarkForward64(b *testing.B) {
	basis, block := NewBasis(1, 16, 64), noise(64*64)
	tmp, out := make([]float32, 16*64), make([]float32, 256)
	b.ReportAllocs()
	for b.Loop() {
		basis.Forward(block, tmp, out)
	}
}

func BenchmarkLow8(b *testing.B) {
	var block [4096]float64
	b.ReportAllocs()
	for b.Loop() {
		Low8(&block)
	}
}

func BenchmarkGoimagehashDCT(b *testing.B) {
	block := make([]float64, 4096)
	b.ReportAllocs()
	for b.Loop() {
		transforms.DCT2DFast64(&block)
	}
}
