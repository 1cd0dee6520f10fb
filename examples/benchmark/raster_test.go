package main

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	"math"
	"testing"
)

// A raster is a decoded picture or frame.
type raster struct {
	w, h int
	rgb  []uint8
}

func (r raster) luma(i int) float64 {
	p := r.rgb[3*i:]
	return 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
}

// colour is how far from grey a pixel is.
func (r raster) colour(i int) float64 {
	p := r.rgb[3*i:]
	return float64(max(p[0], p[1], p[2]) - min(p[0], p[1], p[2]))
}

// at is the luma between pixels, at u and v of the whole from 0 to 1.
func (r raster) at(u, v float64) float64 {
	x, y := u*float64(r.w)-0.5, v*float64(r.h)-0.5
	x0, y0 := math.Floor(x), math.Floor(y)
	get := func(x, y float64) float64 {
		i := min(max(int(x), 0), r.w-1)
		j := min(max(int(y), 0), r.h-1)
		return r.luma(j*r.w + i)
	}
	fx, fy := x-x0, y-y0
	return (get(x0, y0)*(1-fx)+get(x0+1, y0)*fx)*(1-fy) + (get(x0, y0+1)*(1-fx)+get(x0+1, y0+1)*fx)*fy
}

// blurred is the luma under a Gaussian, in the raster's red, green and blue.
func (r raster) blurred(sigma float64) raster {
	n := int(3 * sigma)
	kernel := make([]float64, 2*n+1)
	sum := 0.0
	for i := range kernel {
		kernel[i] = math.Exp(-float64((i-n)*(i-n)) / (2 * sigma * sigma))
		sum += kernel[i]
	}
	pass := func(in []float64, dx, dy int) []float64 {
		out := make([]float64, len(in))
		for y := range r.h {
			for x := range r.w {
				for k, g := range kernel {
					i := min(max(x+dx*(k-n), 0), r.w-1)
					j := min(max(y+dy*(k-n), 0), r.h-1)
					out[y*r.w+x] += in[j*r.w+i] * g / sum
				}
			}
		}
		return out
	}
	in := make([]float64, r.w*r.h)
	for i := range in {
		in[i] = r.luma(i)
	}
	out := raster{r.w, r.h, make([]uint8, 3*r.w*r.h)}
	for i, v := range pass(pass(in, 1, 0), 0, 1) {
		for c := range 3 {
			out.rgb[3*i+c] = uint8(v + 0.5)
		}
	}
	return out
}

func rasterOf(t *testing.T, file []byte) raster {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	r := raster{b.Dx(), b.Dy(), make([]uint8, 0, 3*b.Dx()*b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c, g, l, _ := img.At(x, y).RGBA()
			r.rgb = append(r.rgb, uint8(c>>8), uint8(g>>8), uint8(l>>8))
		}
	}
	return r
}

// frameAt decodes the picture at a time.
func frameAt(t *testing.T, path string, at float64) raster {
	t.Helper()
	var seek []string
	if at > 0 {
		seek = []string{"-ss", number(at)}
	}
	b, err := ffmpeg(t.Context(), nil, append(seek, "-i", path, "-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "-")...)
	if err != nil {
		t.Fatal(err)
	}
	var r raster
	fields := bytes.SplitN(b, []byte("\n"), 4) // P6, size, 255, pixels
	if len(fields) != 4 {
		t.Fatalf("%s at %g: no frame", path, at)
	}
	if _, err := fmt.Sscan(string(fields[1]), &r.w, &r.h); err != nil || len(fields[3]) != 3*r.w*r.h {
		t.Fatalf("%s at %g: %v, %d bytes", path, at, err, len(fields[3]))
	}
	r.rgb = fields[3]
	return r
}

// A look says what a transform makes of a picture: for a place in the result,
// from 0 to 1 each way, where in the source it comes from, and what becomes of
// its luma. It is written from the transform's name, not from its filter.
type look struct {
	size  func(w, h int) (int, int)                                // nil: as before
	from  func(x, y float64) (u, v float64, ok bool)               // nil: as before
	luma  func(float64) float64                                    // nil: as before
	blur  float64                                                  // sigma in pixels
	level bool                                                     // its mean may differ
	least float64                                                  // dB; 0 is 27
	also  func(t *testing.T, source, made raster, plain []float64) // further proofs; plain are the luma differences
}

// similarity is the peak signal-to-noise ratio in dB of what was made against
// what the look says, where it says anything.
func (l look) similarity(source, made raster) (db float64, differences []float64) {
	if l.blur > 0 {
		source = source.blurred(l.blur)
	}
	const every = 3 // pixels are enough
	sum, square, n := 0.0, 0.0, 0.0
	for y := 0; y < made.h; y += every {
		for x := 0; x < made.w; x += every {
			u, v, ok := (float64(x)+0.5)/float64(made.w), (float64(y)+0.5)/float64(made.h), true
			if l.from != nil {
				u, v, ok = l.from(u, v)
			}
			if !ok {
				continue
			}
			want := source.at(u, v)
			if l.luma != nil {
				want = l.luma(want)
			}
			d := made.luma(y*made.w+x) - want
			sum, square, n = sum+d, square+d*d, n+1
			differences = append(differences, d)
		}
	}
	mean := square / n
	if l.level {
		mean -= sum / n * sum / n
	}
	return 10 * math.Log10(255*255/max(mean, 1e-9)), differences
}

// show fails unless a result looks as it should, and more so than like the
// source that nothing was done to.
func (l look) show(t *testing.T, source, made raster) {
	t.Helper()
	w, h := source.w, source.h
	if l.size != nil {
		w, h = l.size(w, h)
	}
	within(t, "width", float64(made.w), float64(w), 1)
	within(t, "height", float64(made.h), float64(h), 1)
	db, plain := l.similarity(source, made)
	want := l.least
	if want == 0 {
		want = 27
	}
	least(t, "likeness to what it should be, dB", db, want)
	if l.from != nil || l.luma != nil || l.blur > 0 {
		untouched, _ := look{level: l.level}.similarity(source, made)
		least(t, "dB more than of the untouched source", db-untouched, 1)
	}
	if l.also != nil {
		l.also(t, source, made, plain)
	}
}

// shown is a region's place: what is outside of it is not the source's.
func shown(x0, y0, x1, y1 float64) func(x, y float64) (u, v float64, ok bool) {
	const edge = 0.01
	return func(x, y float64) (u, v float64, ok bool) {
		u, v = (x-x0)/(x1-x0), (y-y0)/(y1-y0)
		return u, v, u > edge && u < 1-edge && v > edge && v < 1-edge
	}
}

// cropping keeps the middle.
func cropping(share float64) func(x, y float64) (u, v float64, ok bool) {
	return func(x, y float64) (u, v float64, ok bool) {
		return share/2 + x*(1-share), share/2 + y*(1-share), true
	}
}

// limited is a change of the luma of video, which is from 16 to 235.
func limited(change func(float64) float64) func(float64) float64 {
	return func(l float64) float64 {
		y := max(0, min(255, change(16+l*219/255)))
		return max(0, min(255, (y-16)*255/219))
	}
}

// looks are the proofs that films and pictures share, by label.
var looks = map[string]look{
	"brightness +0.15": {luma: limited(func(y float64) float64 { return y + 0.15*255 })},
	"contrast 0.7":     {luma: limited(func(y float64) float64 { return (y-127.5)*0.7 + 127.5 })},
	"gamma 1.4":        {luma: limited(func(y float64) float64 { return 255 * math.Pow(y/255, 1/1.4) }), least: 23},
	"grey": {also: func(t *testing.T, source, made raster, _ []float64) {
		least(t, "colour before", colourOf(source), 8)
		within(t, "colour after", colourOf(made), 0, 2.5)
	}},
	"letterbox": {size: func(w, h int) (int, int) { return w, h * 13 / 10 }, from: shown(0, 0.15/1.3, 1, 1.15/1.3), also: dark(0.5, 0.05)},
	"pillarbox": {size: func(w, h int) (int, int) { return w * 13 / 10, h }, from: shown(0.15/1.3, 0, 1.15/1.3, 1), also: dark(0.05, 0.5)},
	"crop 5 %":  {size: shrunk(0.95), from: cropping(0.05), least: 23},
	"crop 10 %": {size: shrunk(0.9), from: cropping(0.1), least: 23},
	"crop 20 %": {size: shrunk(0.8), from: cropping(0.2), least: 23},
	"logo 10 %": {from: outside(0.845, 0.045, 0.955, 0.155), also: func(t *testing.T, _, made raster, _ []float64) {
		red, all := 0, 0
		for y := int(0.06 * float64(made.h)); y < int(0.14*float64(made.h)); y++ {
			for x := int(0.86 * float64(made.w)); x < int(0.94*float64(made.w)); x++ {
				p := made.rgb[3*(y*made.w+x):]
				all++
				if p[0] > 180 && p[1] < 100 && p[2] < 100 {
					red++
				}
			}
		}
		least(t, "red in the logo", float64(red)/float64(all), 0.95)
	}},
	"subtitles": {from: outside(-1, 0.8, 2, 1.1), also: func(t *testing.T, source, made raster, _ []float64) {
		least(t, "more white below", white(made, 0.8, 1)-white(source, 0.8, 1), 0.01)
		within(t, "more white above", white(made, 0, 0.8), white(source, 0, 0.8), 0.01)
	}},
	"mirror": {from: func(x, y float64) (u, v float64, ok bool) { return 1 - x, y, true }},
	"picture-in-picture 70 %": {from: shown(0.15, 0.15, 0.85, 0.85), least: 20, also: func(t *testing.T, source, made raster, _ []float64) {
		around, _ := look{from: outside(0.14, 0.14, 0.86, 0.86)}.similarity(source, made)
		within(t, "likeness of what is around it, dB", around, 9, 7)
	}},
	"rotation 2 degrees": {least: 23}, // its from depends on the size
	"noise": {least: 15, also: func(t *testing.T, _, _ raster, plain []float64) {
		within(t, "deviation of the noise", deviation(plain), 12, 8)
	}},
	"blur":       {blur: 2.5, least: 30},
	"aspect 4:3": {least: 23, size: func(_, h int) (int, int) { return 0, 0 }}, // its size depends on the table
	"vertical 9:16 blurred bars": {size: func(int, int) (int, int) { return 270, 480 }, least: 20, also: func(t *testing.T, source, made raster, _ []float64) {
		least(t, "light in the bars", made.at(0.5, 0.1)+made.at(0.5, 0.9), 10)
		within(t, "edges in the bars", edges(made, 0.02, 0.25), 0, 4)
	}},
	"mirror, crop, colour": {size: shrunk(0.9), from: func(x, y float64) (u, v float64, ok bool) { return 0.95 - 0.9*x, 0.05 + 0.9*y, true },
		luma: limited(func(y float64) float64 { return 255 * math.Pow(y/255, 1/1.3) }), least: 24,
		also: func(t *testing.T, source, made raster, _ []float64) {
			within(t, "colour against before", colourOf(made)/colourOf(source), 0.6, 0.2)
		}},
}

func shrunk(share float64) func(w, h int) (int, int) {
	return func(w, h int) (int, int) { return int(float64(w) * share), int(float64(h) * share) }
}

func outside(x0, y0, x1, y1 float64) func(x, y float64) (u, v float64, ok bool) {
	return func(x, y float64) (u, v float64, ok bool) { return x, y, x < x0 || x > x1 || y < y0 || y > y1 }
}

// rotatedBy is clockwise about the middle of a picture that is w to h.
func rotatedBy(degrees, w, h float64) func(x, y float64) (u, v float64, ok bool) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return func(x, y float64) (u, v float64, ok bool) {
		px, py := (x-0.5)*w, (y-0.5)*h
		u, v = (cos*px+sin*py)/w+0.5, (cos*py-sin*px)/h+0.5
		return u, v, u > 0.01 && u < 0.99 && v > 0.01 && v < 0.99
	}
}

// seenAskew maps the whole to a quadrilateral of the source, by the projective
// map of Heckbert (Fundamentals of Texture Mapping, 1989, 2.2.3).
func seenAskew(x, y float64) (u, v float64, ok bool) {
	const x0, y0, x1, y1, x2, y2, x3, y3 = 0.03, 0.04, 0.98, 0.01, 0.96, 0.99, 0.01, 0.97 // clockwise
	dx1, dx2, sx := x1-x2, x3-x2, x0-x1+x2-x3
	dy1, dy2, sy := y1-y2, y3-y2, y0-y1+y2-y3
	d := dx1*dy2 - dx2*dy1
	g, h := (sx*dy2-dx2*sy)/d, (dx1*sy-sx*dy1)/d
	a, b, c := x1-x0+g*x1, x3-x0+h*x3, x0
	e, f, k := y1-y0+g*y1, y3-y0+h*y3, y0
	w := g*x + h*y + 1
	return (a*x + b*y + c) / w, (e*x + f*y + k) / w, true
}

// dark wants black at a place.
func dark(x, y float64) func(t *testing.T, source, made raster, _ []float64) {
	return func(t *testing.T, _, made raster, _ []float64) {
		within(t, "luma of the bar", made.at(x, y), 0, 12)
		within(t, "luma of the other bar", made.at(1-x, 1-y), 0, 12)
	}
}

func colourOf(r raster) float64 {
	sum := 0.0
	for i := range r.w * r.h {
		sum += r.colour(i)
	}
	return sum / float64(r.w*r.h)
}

// white is the share of white pixels between two heights.
func white(r raster, from, to float64) float64 {
	n, all := 0, 0
	for i := int(from*float64(r.h)) * r.w; i < int(to*float64(r.h))*r.w; i++ {
		all++
		if r.luma(i) > 235 && r.colour(i) < 20 {
			n++
		}
	}
	return float64(n) / float64(all)
}

// edges is the mean difference of neighbours between two heights.
func edges(r raster, from, to float64) float64 {
	sum, n := 0.0, 0.0
	for y := int(from * float64(r.h)); y < int(to*float64(r.h)); y++ {
		for x := 1; x < r.w; x++ {
			sum += math.Abs(r.luma(y*r.w+x) - r.luma(y*r.w+x-1))
			n++
		}
	}
	return sum / n
}

func deviation(s []float64) float64 {
	sum, square := 0.0, 0.0
	for _, v := range s {
		sum, square = sum+v, square+v*v
	}
	n := float64(len(s))
	return math.Sqrt(square/n - sum/n*sum/n)
}
