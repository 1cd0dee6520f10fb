package video

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/nfnt/resize"
)

// A film pans over photographs, five seconds each, and cuts between them.
type film struct {
	photos []*image.Gray // twice the size of a frame
	seed   uint64
}

const shotLength = 5.

func photographs(t testing.TB, n int) []film {
	t.Helper()
	names, err := filepath.Glob("../testdata/pictures/*.jpg")
	if err != nil || len(names) < 6 {
		t.Fatalf("testdata/pictures has %d photographs, %v", len(names), err)
	}
	var photos []*image.Gray
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		small := resize.Resize(2*FrameWidth, 2*FrameHeight, img, resize.Bilinear)
		g := image.NewGray(image.Rect(0, 0, 2*FrameWidth, 2*FrameHeight))
		for y := range 2 * FrameHeight {
			for x := range 2 * FrameWidth {
				g.Set(x, y, small.At(x, y))
			}
		}
		photos = append(photos, g)
	}
	var films []film
	for i := range n {
		films = append(films, film{[]*image.Gray{photos[i*3%len(photos)], photos[(i*3+1)%len(photos)], photos[(i*3+2)%len(photos)]}, uint64(i)})
	}
	return films
}

// at draws the grey of the film at a time, at a point from 0 to 1.
func (f film) at(seconds float64) func(x, y float64) float64 {
	shot := int(seconds/shotLength) % len(f.photos)
	in := math.Mod(seconds, shotLength) / shotLength
	r := rand.New(rand.NewPCG(f.seed, uint64(shot)))
	x0, y0, dx, dy := r.Float64()*0.3, r.Float64()*0.3, r.Float64()*0.4-0.2, r.Float64()*0.4-0.2
	pix := f.photos[shot]
	return func(x, y float64) float64 {
		px := clamp((x0 + dx*in + x*0.6) * (2*FrameWidth - 1))
		py := clamp((y0 + dy*in + y*0.6) * (2*FrameHeight - 1))
		ix, iy := int(px), int(py)
		fx, fy := px-float64(ix), py-float64(iy)
		g := func(x, y int) float64 { return float64(pix.Pix[y*pix.Stride+x]) }
		return (g(ix, iy)*(1-fx)+g(ix+1, iy)*fx)*(1-fy) + (g(ix, iy+1)*(1-fx)+g(ix+1, iy+1)*fx)*fy
	}
}

func clamp(v float64) float64 { return min(max(v, 0), 2*FrameWidth-1.01) }

// An alteration is what was done to a copy.
type alteration struct {
	name     string
	from, to float64 // seconds of the film
	rate     float64 // how much faster it plays
	draw     func(src func(x, y float64) float64, x, y float64) float64
}

func same(src func(x, y float64) float64, x, y float64) float64 { return src(x, y) }

// play hashes a changed film, with a little noise as codecs make.
func (f film) play(t testing.TB, c alteration) *fingerprint.Fingerprint {
	t.Helper()
	h := NewHasher()
	frame := image.NewGray(image.Rect(0, 0, FrameWidth, FrameHeight))
	r := rand.New(rand.NewPCG(9, 9))
	for n := 0; ; n++ {
		at := time.Duration(n) * time.Second / FrameRate
		shown := c.from + at.Seconds()*c.rate
		if shown >= c.to {
			return h.Fingerprint()
		}
		src := f.at(shown)
		for y := range FrameHeight {
			for x := range FrameWidth {
				v := c.draw(src, (float64(x)+0.5)/FrameWidth, (float64(y)+0.5)/FrameHeight)
				frame.Pix[y*frame.Stride+x] = byte(min(max(v+6*(r.Float64()-0.5), 0), 255))
			}
		}
		if err := h.Write(at, frame); err != nil {
			t.Fatal(err)
		}
	}
}

var changes = []alteration{
	{"whole", 0, 15, 1, same},
	{"excerpt", 3.1, 13.1, 1, same},
	{"mirrored", 3.1, 13.1, 1, func(s func(x, y float64) float64, x, y float64) float64 { return s(1-x, y) }},
	{"cropped by 10 %", 3.1, 13.1, 1, func(s func(x, y float64) float64, x, y float64) float64 { return s(0.05+0.9*x, 0.05+0.9*y) }},
	{"cropped by 20 %", 3.1, 13.1, 1, func(s func(x, y float64) float64, x, y float64) float64 { return s(0.1+0.8*x, 0.1+0.8*y) }},
	{"brighter, less contrast", 3.1, 13.1, 1, func(s func(x, y float64) float64, x, y float64) float64 { return 0.6*s(x, y) + 80 }},
	{"bars", 3.1, 13.1, 1, func(s func(x, y float64) float64, x, y float64) float64 {
		if y < 0.125 || y >= 0.875 {
			return 16
		}
		return s(x, (y-0.125)/0.75)
	}},
	{"in a picture", 3.1, 13.1, 1, func(s func(x, y float64) float64, x, y float64) float64 {
		if x < 0.2 || x >= 0.9 || y < 0.1 || y >= 0.8 {
			return 90 + 60*math.Sin(9*x)*math.Cos(7*y)
		}
		return s((x-0.2)/0.7, (y-0.1)/0.7)
	}},
	{"25 % faster", 2, 15, 1.25, same},
	{"4 % faster", 2, 15, 25. / 24, same},
	{"20 % slower", 3, 13, 0.8, same},
}

func best(t testing.TB, query, work *fingerprint.Fingerprint) fingerprint.Segment {
	t.Helper()
	segments, err := fingerprint.Compare(query, work)
	if err != nil {
		t.Fatal(err)
	}
	if len(segments) == 0 {
		return fingerprint.Segment{}
	}
	return segments[0]
}

func TestCopiesAreFoundWhereTheyAre(t *testing.T) {
	for i, f := range photographs(t, 2) {
		work := f.play(t, changes[0])
		for _, c := range changes {
			s := best(t, f.play(t, c), work)
			if s.Score < 0.5 {
				t.Errorf("film %d, %s: score %.2f, evidence %.1f", i, c.name, s.Score, s.Evidence)
				continue
			}
			// Slow pans fit several rates, but the middle lies where it should.
			middle := (s.Query.From + s.Query.To) / 2
			shown := (s.Work.From + s.Work.To) / 2
			if want := c.from + c.rate*middle; math.Abs(shown-want) > 1 || s.Query.Length() < 0.7*(c.to-c.from)/c.rate {
				t.Errorf("film %d, %s: %+v shows %.2f s of the work, want %.2f", i, c.name, s, shown, want)
			}
		}
	}
}

func TestStrangersAreNotFound(t *testing.T) {
	films := photographs(t, 3)
	for i, f := range films {
		for j, g := range films {
			if i == j {
				continue
			}
			if s := best(t, f.play(t, changes[1]), g.play(t, changes[0])); s.Score >= 0.5 {
				t.Errorf("film %d in film %d: %+v", i, j, s)
			}
		}
	}
}

// The same wall with other people before it is another film.
func TestSameSceneIsNoCopy(t *testing.T) {
	scene := photographs(t, 1)[0]
	take := func(seed uint64) *fingerprint.Fingerprint {
		f := scene
		f.photos = f.photos[:1]
		r := rand.New(rand.NewPCG(seed, 2))
		path := make([][2]float64, 40)
		for i := range path {
			path[i] = [2]float64{r.Float64(), r.Float64()}
		}
		n := 0
		return f.play(t, alteration{from: 0, to: 0.015, rate: 0.001, draw: func(s func(x, y float64) float64, x, y float64) float64 {
			p := path[n/(FrameWidth*FrameHeight)/4%len(path)]
			n++
			if math.Hypot(x-p[0], y-p[1]) < 0.12 {
				return 240
			}
			return s(x, y)
		}})
	}
	a, b := take(1), take(2)
	if s := best(t, a, b); s.Score >= 0.5 {
		t.Errorf("another take of the scene: %+v", s)
	}
	if s := best(t, a, a); s.Score < 0.5 {
		t.Errorf("the same take: %+v", s)
	}
}

func holding(t testing.TB, seconds int, draw func(x, y int) byte) *fingerprint.Fingerprint {
	t.Helper()
	h := NewHasher()
	frame := image.NewGray(image.Rect(0, 0, FrameWidth, FrameHeight))
	for i := range frame.Pix {
		frame.Pix[i] = draw(i%FrameWidth, i/FrameWidth)
	}
	for n := range seconds * FrameRate {
		if err := h.Write(time.Duration(n)*time.Second/FrameRate, frame); err != nil {
			t.Fatal(err)
		}
	}
	return h.Fingerprint()
}

func TestStillPicturesProveNothing(t *testing.T) {
	photo := photographs(t, 1)[0].photos[0]
	for name, draw := range map[string]func(x, y int) byte{
		"black":     func(x, y int) byte { return 16 },
		"plain":     func(x, y int) byte { return 180 },
		"test card": func(x, y int) byte { return byte(x / 16 * 30) },
		"photo":     func(x, y int) byte { return photo.Pix[2*y*photo.Stride+2*x] },
	} {
		f := holding(t, 20, draw)
		if s := best(t, f, f); s.Score >= 0.5 {
			t.Errorf("%s: %+v", name, s)
		}
		if flat := name == "black" || name == "plain"; flat && f.Len() != 0 {
			t.Errorf("%s: %d features", name, f.Len())
		}
	}
}

func TestHasherRefuses(t *testing.T) {
	frame := image.NewGray(image.Rect(0, 0, FrameWidth, FrameHeight))
	h := NewHasher()
	if err := h.Write(0, image.NewGray(image.Rect(0, 0, 64, 64))); err == nil {
		t.Error("a frame of another size was taken")
	}
	if err := h.Write(time.Second, frame); err != nil {
		t.Error(err)
	}
	if err := h.Write(0, frame); err == nil {
		t.Error("a frame before the last was taken")
	}
	for _, at := range []time.Duration{-1, math.MaxInt64} {
		if err := h.Write(at, frame); err == nil {
			t.Errorf("a frame at %v was taken", at)
		}
	}
}

func TestResetForgets(t *testing.T) {
	films := photographs(t, 2)
	want := films[0].play(t, changes[1])
	h := NewHasher()
	for round, f := range []film{films[1], films[0]} {
		h.Reset()
		frame := image.NewGray(image.Rect(0, 0, FrameWidth, FrameHeight))
		r := rand.New(rand.NewPCG(9, 9))
		for n := range 40 {
			at := time.Duration(n) * time.Second / FrameRate
			src := f.at(changes[1].from + at.Seconds())
			for i := range frame.Pix {
				v := src((float64(i%FrameWidth)+0.5)/FrameWidth, (float64(i/FrameWidth)+0.5)/FrameHeight)
				frame.Pix[i] = byte(min(max(v+6*(r.Float64()-0.5), 0), 255))
			}
			if err := h.Write(at, frame); err != nil {
				t.Fatal(round, err)
			}
		}
	}
	if got := h.Fingerprint(); !bytes.Equal(got.Codes(), want.Codes()) || got.Extent() != want.Extent() {
		t.Errorf("after Reset: %d features of %d ticks, want %d of %d", got.Len(), got.Extent(), want.Len(), want.Extent())
	}
}

// Released algorithms never change: not by one bit.
func TestFrame1IsFrozen(t *testing.T) {
	h := NewHasher()
	frame := image.NewGray(image.Rect(0, 0, FrameWidth, FrameHeight))
	for n := range 60 {
		for i := range frame.Pix {
			x, y := i%FrameWidth, i/FrameWidth
			frame.Pix[i] = byte(x*y/(9+n/12) + 3*n + 60*((x/24+y/40+n/9)%3))
		}
		if err := h.Write(time.Duration(n)*time.Second/FrameRate, frame); err != nil {
			t.Fatal(err)
		}
	}
	f := h.Fingerprint()
	sum := uint64(14695981039346656037) // FNV-1a
	for i := range f.Len() {
		for _, c := range append([]byte(fmt.Sprint(f.Position(i))), f.Code(i)...) {
			sum = (sum ^ uint64(c)) * 1099511628211
		}
	}
	if want := uint64(goldenFrames); sum != want {
		t.Errorf("%d features sum to %#x, want %#x", f.Len(), sum, want)
	}
}

const goldenFrames = 0xb5a95e5904e86828

func FuzzVerify(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 255}, uint8(1), 3.5, uint32(0), uint32(100))
	f.Add(bytes.Repeat([]byte{0, 9, 77, 1}, 300), uint8(7), -1e9, uint32(9), uint32(3))
	f.Fuzz(func(t *testing.T, seed []byte, hypothesis uint8, offset float64, from, to uint32) {
		make1 := func(step uint32) *fingerprint.Fingerprint {
			var positions []uint32
			var codes []byte
			for i := 0; i+codeSize/4 <= len(seed) && i < 40*codeSize; i += codeSize / 4 {
				code := make([]byte, codeSize)
				copy(code, seed[i:])
				code[0] %= 4
				codes = append(codes, code...)
				positions = append(positions, uint32(len(positions))*step)
			}
			fp, err := fingerprint.New(Frame1, fingerprint.Video, 1+40*step*8, codeSize, positions, codes)
			if err != nil {
				t.Fatal(err)
			}
			return fp
		}
		q, w := make1(3), make1(7)
		c := fingerprint.Candidate{Hypothesis: int(hypothesis), Offset: offset, From: from, To: to}
		for _, s := range verify(q, w, c, &fingerprint.Background{Works: 1}) {
			if !(s.Score >= 0 && s.Score <= 1) || !(s.Query.From <= s.Query.To) || !(s.Work.From <= s.Work.To) {
				t.Errorf("%+v", s)
			}
		}
		for range terms(q) {
		}
		for p := range probes(q) {
			if p.From >= p.To || int(p.To) > 2*len(rates) {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func BenchmarkHasher(b *testing.B) {
	f := photographs(b, 1)[0]
	var frames []*image.Gray
	for n := range 60 {
		g := image.NewGray(image.Rect(0, 0, FrameWidth, FrameHeight))
		src := f.at(float64(n) / FrameRate)
		for i := range g.Pix {
			g.Pix[i] = byte(src((float64(i%FrameWidth)+0.5)/FrameWidth, (float64(i/FrameWidth)+0.5)/FrameHeight))
		}
		frames = append(frames, g)
	}
	b.ReportAllocs()
	h := NewHasher()
	for n := 0; b.Loop(); n++ {
		if err := h.Write(time.Duration(n)*time.Second/FrameRate, frames[n%60]); err != nil {
			b.Fatal(err)
		}
	}
}
