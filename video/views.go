package video

import (
	"iter"
	"math/bits"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/picture"
)

// A view is a part of a frame that is looked up by itself. Views of a class
// are compared with each other: those about the centre, whatever their size,
// so that a crop of the query meets a smaller view of the work, and each half
// with the same half, so that a logo or subtitles spoil only the other one.
type view struct {
	class int
	cut   *picture.Cut
}

const (
	centre = iota
	left
	right
	top
	bottom
)

var halves = []picture.Window{left: {X0: 0, Y0: 0, X1: .5, Y1: 1}, right: {X0: .5, Y0: 0, X1: 1, Y1: 1},
	top: {X0: 0, Y0: 0, X1: 1, Y1: .5}, bottom: {X0: 0, Y0: .5, X1: 1, Y1: 1}}

// A crop to 90 % meets the work's view of 80 % at the query's of 89 %, one
// to 80 % at the query's of all.
var (
	workViews  = views(1, 0.8, 0.64)
	queryViews = views(1, 0.89, 0.8)
)

func views(centres ...float64) (v []view) {
	for _, share := range centres {
		w := picture.Centre(share)
		if share == 1 {
			w = picture.Whole
		}
		v = append(v, view{centre, picture.NewCut(w)})
	}
	for class := left; class <= bottom; class++ {
		v = append(v, view{class, picture.NewCut(halves[class])})
	}
	return v
}

const (
	// leastShare is the contrast, as a share of the frame's, that a view must
	// have: clear sky says nothing.
	leastShare = 0.35

	// A key is keyBits of the signs of a view; the two tables share out the
	// lowest frequencies evenly, even and odd.
	tables   = 2
	keyBits  = 24
	weakBits = 3 // so many signs nearest to changing are tried both ways
)

func tableKey(class, table int, signs uint64) uint64 {
	return uint64(class*tables+table)<<keyBits | compress(signs>>table)
}

// compress takes the even bits of the lowest 48 together.
func compress(x uint64) uint64 {
	x &= 0x555555555555
	x = (x | x>>1) & 0x333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return (x | x>>16) & (1<<keyBits - 1)
}

// probesOf asks for a view and its mirror image, in each table with every
// combination of its weakest signs.
func probesOf(part *picture.Wave, class int) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		signs := part.Signs()
		for t := range tables {
			weak := weakest(part, t)
			for combination := range 1 << weakBits {
				flipped := signs
				for b := combination; b != 0; b &= b - 1 {
					flipped ^= 1 << weak[bits.TrailingZeros(uint(b))]
				}
				upright := fingerprint.Probe{Key: tableKey(class, t, flipped), From: 0, To: uint16(len(rates))}
				mirrored := fingerprint.Probe{Key: tableKey(mirrorClass(class), t, flipped^picture.MirrorSigns),
					From: uint16(len(rates)), To: uint16(2 * len(rates))}
				if !yield(upright) || !yield(mirrored) {
					return
				}
			}
		}
	}
}

func mirrorClass(class int) int {
	switch class {
	case left:
		return right
	case right:
		return left
	}
	return class
}

// weakest returns which bits of a table are nearest to changing.
func weakest(w *picture.Wave, table int) (weak [weakBits]int) {
	var strength [weakBits]float32
	for n := range weak {
		strength[n] = 1e9
	}
	for bit := table; bit < tables*keyBits; bit += tables {
		s := w.Strength(bit)
		for n := range weak {
			if s < strength[n] {
				copy(strength[n+1:], strength[n:])
				copy(weak[n+1:], weak[n:])
				strength[n], weak[n] = s, bit
				break
			}
		}
	}
	return weak
}
