// Package picture recognises still pictures. Importing it makes
// fingerprint.File and fingerprint.Read know the pictures that an imported
// decoder reads:
//
//	import _ "github.com/likeness-go/likeness/picture"
//	import _ "github.com/likeness-go/likeness/media/still"
//
// A picture gets two fingerprints. That of spectrum/1 finds copies that were
// mirrored, turned, cropped, framed, or re-coloured. That of pdq/1 is Meta's
// PDQ, so that lists of hashes exchanged between providers can be matched by
// the rule that everybody uses, a distance of at most 31.
//
// Hash and Hash64 compute, write and parse PDQ and goimagehash's hashes bit
// for bit; who only compares such hashes needs nothing else of this package.
//
// A picture that is too plain to tell from others has fingerprints without
// features, which match nothing: that is not an error. Decoders are fed by
// strangers; the limits of package media hold before anything is allocated,
// and hashing needs memory for four million pixels whatever the picture's size.
package picture

import (
	"context"
	"image"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/spectrum"
	"github.com/likeness-go/likeness/media"
)

func init() {
	fingerprint.RegisterExtractor(fingerprint.Extractor{Name: "picture", Sniff: sniff, Extract: extract})
}

func sniff(in *fingerprint.Input) (mediaType string, confidence int) {
	mediaType = media.Sniff(in)
	if media.CanPicture(mediaType) {
		return mediaType, 100
	}
	return mediaType, 0
}

func extract(ctx context.Context, in *fingerprint.Input, l fingerprint.Limits) (*fingerprint.Set, error) {
	img, info, err := media.Picture(ctx, in, l)
	if err != nil {
		return nil, err
	}
	return &fingerprint.Set{
		Fingerprints: Fingerprints(img),
		Type:         media.Sniff(in),
		Kind:         fingerprint.Picture,
		Decoder:      info.Decoder,
		Incomplete:   info.Incomplete,
	}, nil
}

// Fingerprints returns the fingerprints of one picture, of spectrum/1 and of
// pdq/1. They are without features when the picture is too plain: of one
// colour, a faint gradient, empty paper.
func Fingerprints(img image.Image) []*fingerprint.Fingerprint {
	l := NewLuma(img)
	if l.Width == 0 {
		return []*fingerprint.Fingerprint{make1(Spectrum1, spectrum.Size, nil), make1(PDQ1, len(Hash{}), nil)}
	}
	parts := []*Luma{l}
	if trimmed := l.trim(); trimmed != nil {
		parts = append(parts, trimmed)
	}
	var spectra, hashes []byte
	for _, p := range parts {
		if s, ok := p.spectrum(); ok {
			spectra = append(spectra, s[:]...)
		}
		if h, quality := p.PDQ(); quality >= LeastQuality {
			hashes = append(hashes, h[:]...)
		}
	}
	return []*fingerprint.Fingerprint{make1(Spectrum1, spectrum.Size, spectra), make1(PDQ1, len(Hash{}), hashes)}
}

// make1 makes the fingerprint of a medium of one page.
func make1(a fingerprint.Algorithm, width int, codes []byte) *fingerprint.Fingerprint {
	f, err := fingerprint.New(a, fingerprint.Picture, 1, width, make([]uint32, len(codes)/width), codes)
	if err != nil {
		panic(err) // all positions are 0, and the codes are whole
	}
	return f
}

const (
	plainLevel = 10 // grey levels within a row or column of a border
	mostBorder = 3  // a third of a side is cut off at most, from each end
)

// trim cuts off plain borders: bars, frames, paper. It returns nil if there
// are none.
func (l *Luma) trim() *Luma {
	x0, y0, x1, y1 := 0, 0, l.Width, l.Height
	for y0 < l.Height/mostBorder && l.plain(0, y0, 1, 0, l.Width) {
		y0++
	}
	for y1 > l.Height-l.Height/mostBorder && l.plain(0, y1-1, 1, 0, l.Width) {
		y1--
	}
	for x0 < l.Width/mostBorder && l.plain(x0, y0, 0, 1, y1-y0) {
		x0++
	}
	for x1 > l.Width-l.Width/mostBorder && l.plain(x1-1, y0, 0, 1, y1-y0) {
		x1--
	}
	if x1-x0 == l.Width && y1-y0 == l.Height {
		return nil
	}
	t := &Luma{x1 - x0, y1 - y0, make([]float32, 0, (x1-x0)*(y1-y0))}
	for y := y0; y < y1; y++ {
		t.Pix = append(t.Pix, l.Pix[y*l.Width+x0:y*l.Width+x1]...)
	}
	return t
}

// plain reports whether n pixels from x, y on, in steps of dx, dy, are of one grey.
func (l *Luma) plain(x, y, dx, dy, n int) bool {
	least := l.Pix[y*l.Width+x]
	most := least
	for range n {
		p := l.Pix[y*l.Width+x]
		least, most = min(least, p), max(most, p)
		x, y = x+dx, y+dy
	}
	return most-least <= plainLevel
}
