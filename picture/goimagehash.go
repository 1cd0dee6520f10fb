package picture

import (
	"fmt"
	"image"
	"math/bits"
	"strconv"

	"github.com/corona10/goimagehash"
	"github.com/corona10/goimagehash/etcs"
	"github.com/corona10/goimagehash/transforms"
	"github.com/likeness-go/likeness/internal/dct"
	"github.com/nfnt/resize"
)

// A Hash64 is one of the 64-bit hashes of package goimagehash, with the same
// bits and the same text form, so that lists of them can be read and written.
type Hash64 struct {
	Kind byte // 'p' for PerceptionHash, 'd' for DifferenceHash, 'a' for AverageHash, 'w' for a wavelet hash
	Bits uint64
}

// String returns goimagehash's form, such as "p:8f3b0f1a...".
func (h Hash64) String() string { return fmt.Sprintf("%c:%016x", h.Kind, h.Bits) }

// ParseHash64 is the inverse of String.
func ParseHash64(s string) (Hash64, error) {
	if len(s) == 18 && s[1] == ':' {
		switch s[0] {
		case 'a', 'd', 'p', 'w':
			if n, err := strconv.ParseUint(s[2:], 16, 64); err == nil {
				return Hash64{s[0], n}, nil
			}
		}
	}
	return Hash64{}, fmt.Errorf("picture: %q is no hash: want a, d, p or w, a colon, and 16 hexadecimal digits", s)
}

// Distance is the number of differing bits, 0 to 64. Hashes of different
// kinds are incomparable, which the error says.
func (h Hash64) Distance(g Hash64) (int, error) {
	if h.Kind != g.Kind {
		return 0, fmt.Errorf("picture: hashes of different kinds, %c and %c", h.Kind, g.Kind)
	}
	return bits.OnesCount64(h.Bits ^ g.Bits), nil
}

// PHash is goimagehash.PerceptionHash, bit for bit, at less than half the cost
// once the picture is small: the transform computes only what is looked at.
func PHash(img image.Image) Hash64 {
	var pixels [4096]float64
	all := pixels[:]
	transforms.Rgb2GrayFast(resize.Resize(64, 64, img, resize.Bilinear), &all)
	low := dct.Low8(&pixels)
	median := etcs.MedianOfPixelsFast64(low[:])
	h := Hash64{Kind: 'p'}
	for i, v := range low {
		if v > median {
			h.Bits |= 1 << (63 - i)
		}
	}
	return h
}

// DHash is goimagehash.DifferenceHash.
func DHash(img image.Image) (Hash64, error) {
	h, err := goimagehash.DifferenceHash(img)
	if err != nil {
		return Hash64{}, fmt.Errorf("picture: %w", err)
	}
	return Hash64{'d', h.GetHash()}, nil
}
