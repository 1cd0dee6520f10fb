package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/spectrum"
	"github.com/nfnt/resize"
)

func score(t *testing.T, query, work *fingerprint.Fingerprint) float64 {
	t.Helper()
	segments, err := fingerprint.Compare(query, work)
	if err != nil {
		t.Fatal(err)
	}
	if len(segments) == 0 {
		return 0
	}
	return segments[0].Score
}

func opaque(img image.Image) *image.RGBA {
	b := img.Bounds()
	p := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(p, p.Rect, img, b.Min, draw.Src)
	return p
}

func mapped(img image.Image, w, h int, from func(x, y int) (int, int)) image.Image {
	src, out := opaque(img), image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetRGBA(x, y, src.RGBAAt(from(x, y)))
		}
	}
	return out
}

func mirror(img image.Image) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	return mapped(img, w, h, func(x, y int) (int, int) { return w - 1 - x, y })
}

func turnLeft(img image.Image) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	return mapped(img, h, w, func(x, y int) (int, int) { return w - 1 - y, x })
}

// crop takes percent off width and height.
func crop(img image.Image, percent int) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	dx, dy := w*percent/200, h*percent/200
	return mapped(img, w-2*dx, h-2*dy, func(x, y int) (int, int) { return x + dx, y + dy })
}

func bars(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()*13/10))
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	draw.Draw(out, b.Sub(b.Min).Add(image.Pt(0, b.Dy()*3/20)), img, b.Min, draw.Src)
	return out
}

func reencode(t *testing.T, img image.Image) image.Image {
	small := resize.Resize(uint(img.Bounds().Dx()/2), 0, img, resize.Bilinear)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, small, &jpeg.Options{Quality: 40}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&buf)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCopiesOfPhotographsAreFound(t *testing.T) {
	pictures := photographs(t)
	changes := []struct {
		name   string
		change func(image.Image) image.Image
		pdq    bool // is expected to find it too
		misses int  // allowed in all pictures
	}{
		{"JPEG 40 at half size", func(i image.Image) image.Image { return reencode(t, i) }, true, 0},
		{"mirrored", mirror, true, 0},
		{"turned", turnLeft, true, 0},
		{"bars", bars, true, 0},
		{"crop 5 %", func(i image.Image) image.Image { return crop(i, 5) }, false, 0},
		{"crop 10 %", func(i image.Image) image.Image { return crop(i, 10) }, false, 1},
		{"mirrored, crop 10 %, JPEG 40", func(i image.Image) image.Image { return reencode(t, mirror(crop(i, 10))) }, false, 1},
	}
	for name, img := range pictures { // no need for all of their pixels
		pictures[name] = resize.Thumbnail(640, 640, img, resize.Bilinear)
	}
	for _, c := range changes {
		misses := 0
		for name, img := range pictures {
			work, query := Fingerprints(img), Fingerprints(c.change(img))
			if s := score(t, query[0], work[0]); s < 0.5 {
				t.Logf("%s, %s: spectrum/1 scores %.2f", name, c.name, s)
				misses++
			}
			if s := score(t, query[1], work[1]); c.pdq && s < 0.5 {
				t.Errorf("%s, %s: pdq/1 scores %.2f", name, c.name, s)
			}
		}
		if misses > c.misses {
			t.Errorf("%s: %d misses, allowed are %d", c.name, misses, c.misses)
		}
	}
}

func TestStrangersAreNotFound(t *testing.T) {
	var names []string
	works := map[string][]*fingerprint.Fingerprint{}
	for name, img := range photographs(t) {
		names, works[name] = append(names, name), Fingerprints(img)
	}
	slices.Sort(names)
	for _, a := range names {
		for _, b := range names {
			for i, query := range works[a] {
				if s := score(t, query, works[b][i]); a != b && s >= 0.5 {
					t.Errorf("%s in %s: %s scores %.2f", a, b, query.Algorithm(), s)
				}
			}
		}
	}
}

func TestPlainPicturesHaveNoFeatures(t *testing.T) {
	gradient := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range gradient.Pix {
		gradient.Pix[i] = byte(120 + i%300/100)
	}
	for name, img := range map[string]image.Image{
		"white": image.NewUniform(color.White), "gradient": gradient, "one pixel": synthetic(1, 1, 1), "empty": image.NewGray(image.Rectangle{}),
	} {
		if u, ok := img.(*image.Uniform); ok {
			white := image.NewRGBA(image.Rect(0, 0, 400, 300))
			draw.Draw(white, white.Rect, u, image.Point{}, draw.Src)
			img = white
		}
		for _, f := range Fingerprints(img) {
			if f.Len() != 0 {
				t.Errorf("%s: %s has %d features", name, f.Algorithm(), f.Len())
			}
			if s := score(t, f, f); s != 0 {
				t.Errorf("%s: %s scores %.2f against itself", name, f.Algorithm(), s)
			}
		}
	}
}

func TestAnyFeaturesAreHarmless(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, a := range []fingerprint.Algorithm{PDQ1, Spectrum1} {
		spec, err := fingerprint.SpecOf(a)
		if err != nil {
			t.Fatal(err)
		}
		var all []*fingerprint.Fingerprint
		for _, features := range []int{0, 1, 3} {
			for _, width := range []int{spec.Width, 1, 255} {
				codes := make([]byte, features*width)
				for i := range codes {
					codes[i] = byte(r.Uint32()) & byte(-r.IntN(2))
				}
				f, err := fingerprint.New(a, fingerprint.Picture, 1, width, make([]uint32, features), codes)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, f)
			}
		}
		for _, q := range all {
			for _, w := range all {
				for h := -1; h <= len(spec.Hypotheses); h++ {
					for _, s := range spec.Verify(q, w, fingerprint.Candidate{Hypothesis: h, Offset: -1e12}, &fingerprint.Background{}) {
						if !(s.Score >= 0 && s.Score <= 1) {
							t.Errorf("%s: score %v", a, s.Score)
						}
					}
				}
			}
			for range spec.Terms(q) {
			}
			for p := range spec.Probes(q) {
				if p.From >= p.To || int(p.To) > len(spec.Hypotheses) {
					t.Fatalf("%s: hypotheses %d to %d", a, p.From, p.To)
				}
			}
		}
	}
}

// Released algorithms never change: not by one bit.
func TestSpectrum1IsFrozen(t *testing.T) {
	s := Fingerprints(synthetic(320, 240, 3))[0].Code(0)
	if got, want := spectrumSum(s), uint64(goldenSpectrum); got != want {
		t.Errorf("spectrum of the synthetic picture sums to %#x, want %#x", got, want)
	}
	if len(s) != spectrum.Size {
		t.Errorf("%d bytes, want %d", len(s), spectrum.Size)
	}
}

const goldenSpectrum = 0xb2b663528deb2e51

// spectrumSum is FNV-1a.
func spectrumSum(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func BenchmarkFingerprints(b *testing.B) {
	img := synthetic(1024, 768, 3)
	b.ReportAllocs()
	for b.Loop() {
		Fingerprints(img)
	}
}
