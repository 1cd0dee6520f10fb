package picture

import (
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"math/bits"
	"slices"

	"github.com/likeness-go/likeness/internal/dct"
)

// A Hash is a PDQ hash: 256 bits, in the byte order of its hexadecimal form.
type Hash [32]byte

// ParseHash reads the hexadecimal form, 64 digits.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return h, fmt.Errorf("picture: PDQ hash of %d digits, want %d", len(s), 2*len(h))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("picture: PDQ hash: %w", errNotHex)
	}
	return h, nil
}

var errNotHex = errors.New("not hexadecimal")

// String returns the hexadecimal form, as all of Meta's tools write it.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Distance is the number of bits, 0 to 256, in which two hashes differ. Meta
// recommends to call up to 31 the same picture.
func (h Hash) Distance(g Hash) int {
	d := 0
	for i := range h {
		d += bits.OnesCount8(h[i] ^ g[i])
	}
	return d
}

// bit numbers run over the rows of the coefficients; the last byte holds the
// first eight.
func (h *Hash) set(bit int) { h[31-bit>>3] |= 1 << (bit & 7) }

// PDQ returns the PDQ hash of a picture and its quality from 0 to 100. Below
// 50 the picture is too plain for its hash to mean anything. Pictures with a
// side of less than 5 pixels have the zero hash and quality 0.
func PDQ(img image.Image) (Hash, int) { return NewLuma(img).PDQ() }

// PDQ returns the hash and the quality: the very bits of the reference for
// the same luma.
func (l *Luma) PDQ() (Hash, int) {
	c, quality := l.coefficients()
	return c.hash(Upright), quality
}

// PDQDihedral returns the hashes that the picture would have turned and
// mirrored, indexed by Dihedral, and its quality.
func (l *Luma) PDQDihedral() (hashes [8]Hash, quality int) {
	c, quality := l.coefficients()
	for d := range hashes {
		hashes[d] = c.hash(Dihedral(d))
	}
	return hashes, quality
}

// A Dihedral is one of the eight ways to turn and mirror a picture.
type Dihedral int

const (
	Upright   Dihedral = iota
	Rotate90           // as PDQ's reference calls them
	Rotate180          //
	Rotate270          //
	FlipX              // upside down
	FlipY              // left and right exchanged: what people call mirrored
	FlipPlus1          // along the diagonal from top left
	FlipMinus1
)

var dihedralNames = [...]string{"", "rotated 90", "rotated 180", "rotated 270", "flipped", "mirrored", "transposed", "transversed"}

// String names the change, "" for Upright.
func (d Dihedral) String() string { return dihedralNames[d] }

const (
	side = 64 // of the shrunk picture that PDQ transforms
	low  = 16 // frequencies it keeps each way
)

var pdqBasis = dct.NewBasis(1, low, side)

// coefficients[i*16+j] belongs to vertical frequency i+1 and horizontal
// frequency j+1.
type coefficients [low * low]float32

func (l *Luma) coefficients() (c *coefficients, quality int) {
	c = new(coefficients)
	if l.Width < 5 || l.Height < 5 {
		return c, 0
	}
	var small [side * side]float32
	if l.Width == side && l.Height == side { // already shrunk, by a video decoder
		copy(small[:], l.Pix)
	} else {
		l.jarosz(side).decimate(small[:], side)
	}
	var tmp [low * side]float32
	pdqBasis.Forward(small[:], tmp[:], c[:])
	return c, quality64(&small)
}

// quality64 counts gradients, in steps of a hundredth of the range so that
// many small ones count for nothing (PDQ paper, "Quality metric").
func quality64(p *[side * side]float32) int {
	sum := 0
	for i := range side {
		for j := range side {
			if i+1 < side {
				sum += step(p[i*side+j], p[(i+1)*side+j])
			}
			if j+1 < side {
				sum += step(p[i*side+j], p[i*side+j+1])
			}
		}
	}
	return min(100, sum/90)
}

func step(u, v float32) int {
	d := int(float32((u-v)*100) / 255)
	return max(d, -d)
}

// hash compares each coefficient with the median. Turning and mirroring a
// picture transposes its coefficients and changes the signs of odd ones: the
// frequencies begin at 1, so that the odd ones have even indices.
func (c *coefficients) hash(d Dihedral) (h Hash) {
	var turned coefficients
	for i := range low {
		for j := range low {
			at, negative := d.of(i, j)
			turned[at] = c[i*low+j]
			if negative {
				turned[at] = -turned[at]
			}
		}
	}
	sorted := turned
	slices.Sort(sorted[:])
	median := sorted[low*low/2-1] // of an even number the lower, as the reference's algorithm gives
	for i, v := range turned {
		if v > median {
			h.set(i)
		}
	}
	return h
}

// of says where the coefficient of row i and column j goes, and whether its
// sign changes.
func (d Dihedral) of(i, j int) (at int, negative bool) {
	oddY, oddX := i&1 == 0, j&1 == 0
	at = i*low + j
	switch d {
	case Rotate90, Rotate270, FlipPlus1, FlipMinus1:
		at = j*low + i
	}
	switch d {
	case Rotate90, FlipY:
		negative = oddX
	case Rotate270, FlipX:
		negative = oddY
	case Rotate180, FlipMinus1:
		negative = oddX != oddY
	}
	return at, negative
}
