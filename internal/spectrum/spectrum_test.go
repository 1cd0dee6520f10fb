package spectrum

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// scene is a smooth picture, drawn at any point.
func scene(seed uint64) func(x, y float64) float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	type blob struct{ x, y, size, level float64 }
	var blobs []blob
	for range 40 {
		blobs = append(blobs, blob{r.Float64(), r.Float64(), 0.05 + 0.2*r.Float64(), 80 * (r.Float64() - 0.5)})
	}
	return func(x, y float64) float64 {
		v := 128.
		for _, b := range blobs {
			v += b.level * math.Exp(-((x-b.x)*(x-b.x)+(y-b.y)*(y-b.y))/(b.size*b.size))
		}
		return v
	}
}

func shot(s func(x, y float64) float64, w Window) *Wave {
	small := new(Small)
	for i := range grid {
		for j := range grid {
			x, y := (float64(j)+0.5)/grid, (float64(i)+0.5)/grid
			small[i*grid+j] = float32(s(w.X0+x*(w.X1-w.X0), w.Y0+y*(w.Y1-w.Y0)))
		}
	}
	v, _ := NewWave(small)
	return v
}

func TestPackKeepsTheWave(t *testing.T) {
	for seed := range uint64(10) {
		w := shot(scene(seed), Whole)
		s := w.Pack()
		if r := w.Correlate(s.Unpack()); r < 0.95 {
			t.Errorf("scene %d: correlation %.3f after packing", seed, r)
		}
		if again := s.Unpack().Pack(); again != s {
			same := 0
			for i := range s {
				if again[i] == s[i] {
					same++
				}
			}
			if same < Size*8/10 {
				t.Errorf("scene %d: %d of %d bytes stay when packed again", seed, same, Size)
			}
		}
	}
}

func TestBrightnessAndContrastDoNotMatter(t *testing.T) {
	s := scene(3)
	a := shot(s, Whole)
	b := shot(func(x, y float64) float64 { return 0.4*s(x, y) + 60 }, Whole)
	if r := a.Correlate(b); r < 0.9999 {
		t.Errorf("correlation %.5f", r)
	}
}

func TestMirrorAndTurnAreThoseOfThePicture(t *testing.T) {
	s := scene(5)
	a := shot(s, Whole)
	for name, c := range map[string][2]*Wave{
		"mirrored": {a.Mirror(), shot(func(x, y float64) float64 { return s(1-x, y) }, Whole)},
		"turned":   {a.Turn(), shot(func(x, y float64) float64 { return s(y, 1-x) }, Whole)},
		"4 turns":  {a.Turn().Turn().Turn().Turn(), a},
	} {
		if r := c[0].Correlate(c[1]); r < 0.9999 {
			t.Errorf("%s: correlation %.5f", name, r)
		}
	}
	if a.Signs()^mirrorSigns != a.Mirror().Signs() {
		t.Error("mirrorSigns are not those that change")
	}
}

func TestCutIsThatOfThePicture(t *testing.T) {
	for _, w := range []Window{Centre(0.9), Centre(0.64), {0, 0, 0.5, 1}, {0.3, 0.1, 0.95, 0.7}} {
		for seed := range uint64(5) {
			s := scene(seed)
			part, share := NewCut(w).Of(shot(s, Whole))
			if r := part.Correlate(shot(s, w)); r < 0.85 {
				t.Errorf("%v of scene %d: correlation %.3f", w, seed, r)
			}
			if share <= 0 {
				t.Errorf("%v of scene %d: contrast %v", w, seed, share)
			}
		}
	}
}

func TestLayFindsTheCrop(t *testing.T) {
	for seed := range uint64(5) {
		s := scene(seed)
		work := shot(s, Whole)
		query := shot(s, Window{0.06, 0.1, 0.9, 0.86})
		quality := func(l *Lay) float64 {
			q, _ := l.QueryCut.Of(query)
			w, _ := l.WorkCut.Of(work)
			return float64(q.Correlate(w))
		}
		start, before := BestStart(quality)
		lay, after := Climb(start, before, quality)
		if after < 0.9 || after < before {
			t.Errorf("scene %d: %.3f after climbing from %.3f to %v", seed, after, before, lay.Work)
		}
	}
}

func TestCropSharesKeysWithTheWork(t *testing.T) {
	for _, crop := range []float64{1, 0.95, 0.9, 0.8} {
		hits := 0
		for seed := range uint64(20) {
			s := scene(seed)
			listed := slices.Collect(shot(s, Whole).Listed())
			for key, mirrored := range shot(s, Centre(crop)).Asked(3) {
				if !mirrored && slices.Contains(listed, key) {
					hits++
					break
				}
			}
		}
		if hits < 15 {
			t.Errorf("crop to %v: %d of 20 scenes share a key", crop, hits)
		}
	}
}

func TestShrinkGrayAverages(t *testing.T) {
	const w, h = 128, 128
	pix := make([]byte, w*h)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range pix {
		pix[i] = byte(r.IntN(256))
	}
	tmp := make([]float32, grid*h)
	for _, a := range []Area{{0, 0, w, h}, {3, 5, 100, 77}, {10, 10, 42, 42}, {0, 0, 20, 9}, {127, 127, 128, 128}} {
		small := ShrinkGray(pix, w, a, tmp)
		for i := range grid {
			for j := range grid {
				if want := average(pix, w, a, i, j); math.Abs(float64(small[i*grid+j])-want) > 0.01 {
					t.Fatalf("%v: value %d,%d is %v, want %v", a, i, j, small[i*grid+j], want)
				}
			}
		}
	}
}

// average integrates over a fine grid of which every pixel is 32 by 32.
func average(pix []byte, stride int, a Area, i, j int) float64 {
	sum, nx, ny := 0., a.X1-a.X0, a.Y1-a.Y0
	for y := i * ny; y < (i+1)*ny; y++ {
		for x := j * nx; x < (j+1)*nx; x++ {
			sum += float64(pix[(a.Y0+y/grid)*stride+a.X0+x/grid])
		}
	}
	return sum / float64(nx*ny)
}

func TestPlainPicturesHaveNoContrast(t *testing.T) {
	small := new(Small)
	for i := range small {
		small[i] = 77
	}
	if w, contrast := NewWave(small); contrast > 1e-3 || *w != (Wave{}) {
		t.Errorf("contrast %v", contrast)
	}
	if _, share := NewCut(Centre(0.5)).Of(new(Wave)); share != 0 {
		t.Errorf("share %v of nothing", share)
	}
}

func FuzzUnpack(f *testing.F) {
	s := shot(scene(1), Whole).Pack()
	f.Add(s[:])
	f.Add(make([]byte, Size))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < Size {
			return
		}
		w := (*Spectrum)(b[:Size]).Unpack()
		if r := float64(w.Correlate(w)); math.IsNaN(r) || r < 0.99 || r > 1.01 {
			t.Errorf("mean square %v", r)
		}
	})
}

func BenchmarkNewWave(b *testing.B) {
	pix, tmp := make([]byte, 128*128), make([]float32, grid*128)
	for i := range pix {
		pix[i] = byte(i * i)
	}
	b.ReportAllocs()
	for b.Loop() {
		w, _ := NewWave(ShrinkGray(pix, 128, Area{0, 0, 128, 128}, tmp))
		w.Pack()
	}
}

func BenchmarkCut(b *testing.B) {
	w, c := shot(scene(1), Whole), NewCut(Centre(0.8))
	b.ReportAllocs()
	for b.Loop() {
		c.Of(w)
	}
}

func BenchmarkAsked(b *testing.B) {
	w := shot(scene(1), Whole)
	b.ReportAllocs()
	for b.Loop() {
		for range w.Asked(3) {
		}
	}
}
