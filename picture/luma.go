package picture

import (
	"image"
	"image/color"
)

// Luma is a picture in grey: Width*Height values from 0 to 255, row by row.
type Luma struct {
	Width, Height int
	Pix           []float32
}

// largest is the longest side, in pixels, that hashing looks at. Larger
// pictures are shrunk by a whole factor while they are read, so that a
// picture of 200 million pixels needs no more memory than a small one.
const largest = 2048

// NewLuma takes the grey of a picture with the weights of PDQ's reference
// (0.299, 0.587, 0.114), transparent parts on white. A picture whose longest
// side is more than 2048 pixels is shrunk below that by averaging squares.
func NewLuma(img image.Image) *Luma {
	b := img.Bounds()
	f := max(1, (max(b.Dx(), b.Dy())+largest-1)/largest)
	l := &Luma{Width: b.Dx() / f, Height: b.Dy() / f}
	if l.Width == 0 || l.Height == 0 {
		return &Luma{}
	}
	l.Pix = make([]float32, l.Width*l.Height)
	row := make([]float32, l.Width*f)
	read := rowReader(img)
	weight := 1 / float32(f*f)
	for y := range l.Height * f {
		read(b.Min.Y+y, row)
		out := l.Pix[y/f*l.Width : (y/f+1)*l.Width]
		for x, v := range row {
			out[x/f] += float32(v * weight)
		}
	}
	return l
}

// rowReader returns a function that reads the grey of the first pixels of a
// row.
func rowReader(img image.Image) func(y int, row []float32) {
	b := img.Bounds()
	switch img := img.(type) {
	case *image.Gray:
		return func(y int, row []float32) {
			pix := img.Pix[img.PixOffset(b.Min.X, y):]
			for x := range row {
				row[x] = float32(pix[x])
			}
		}
	case *image.YCbCr: // its Y is this very grey
		return func(y int, row []float32) {
			pix := img.Y[img.YOffset(b.Min.X, y):]
			for x := range row {
				row[x] = float32(pix[x])
			}
		}
	case *image.RGBA:
		return func(y int, row []float32) {
			pix := img.Pix[img.PixOffset(b.Min.X, y):]
			for x := range row {
				p := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = grey(float32(p[0]), float32(p[1]), float32(p[2])) + float32(255-p[3])
			}
		}
	case *image.NRGBA:
		return func(y int, row []float32) {
			pix := img.Pix[img.PixOffset(b.Min.X, y):]
			for x := range row {
				p := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = grey(float32(p[0]), float32(p[1]), float32(p[2]))
				if p[3] != 255 {
					row[x] = float32(255-p[3]) + float32(row[x]*float32(p[3]))/255
				}
			}
		}
	}
	return func(y int, row []float32) {
		for x := range row {
			c := color.RGBA64Model.Convert(img.At(b.Min.X+x, y)).(color.RGBA64)
			row[x] = grey(float32(c.R>>8), float32(c.G>>8), float32(c.B>>8)) + float32(255-c.A>>8)
		}
	}
}

func grey(r, g, b float32) float32 {
	return float32(0.299*r) + float32(0.587*g) + float32(0.114*b)
}
