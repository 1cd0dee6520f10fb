package spectrum

import (
	"iter"
	"math/bits"
)

// A view is a part of a frame that is looked up by itself. Views of a class
// are compared with each other: those about the centre, whatever their size,
// so that a crop of the query meets a smaller view of the work, and each half
// with the same half, so that a logo or subtitles spoil only the other one.
type view struct {
	class int
	cut   *Cut
}

const (
	centre = iota
	left
	right
	top
	bottom
)

// Halves are the four halves of a picture.
var Halves = halves[left:]

var halves = []Window{left: {X0: 0, Y0: 0, X1: .5, Y1: 1}, right: {X0: .5, Y0: 0, X1: 1, Y1: 1},
	top: {X0: 0, Y0: 0, X1: 1, Y1: .5}, bottom: {X0: 0, Y0: .5, X1: 1, Y1: 1}}

// A crop to 90 % meets the work's view of 80 % at the query's of 89 %, one
// to 80 % at the query's of all.
var (
	workViews  = views(1, 0.8, 0.64)
	queryViews = views(1, 0.89, 0.8)
)

func views(centres ...float64) (v []view) {
	for _, share := range centres {
		w := Centre(share)
		if share == 1 {
			w = Whole
		}
		v = append(v, view{centre, NewCut(w)})
	}
	for class := left; class <= bottom; class++ {
		v = append(v, view{class, NewCut(halves[class])})
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
	mostWeak = 8
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

// Listed gives the keys under which a work's picture is listed.
func (w *Wave) Listed() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, v := range workViews {
			part, share := v.cut.Of(w)
			if share < leastShare {
				continue
			}
			signs := part.Signs()
			for t := range tables {
				if !yield(tableKey(v.class, t, signs)) {
					return
				}
			}
		}
	}
}

// Asked gives the keys under which a query's picture is looked for, upright
// and mirrored: each view in each table, with every combination of its weak
// signs, those nearest to changing, up to 8 of them.
func (w *Wave) Asked(weak int) iter.Seq2[uint64, bool] {
	return func(yield func(key uint64, mirrored bool) bool) {
		for _, v := range queryViews {
			part, share := v.cut.Of(w)
			if share >= leastShare && !part.asked(v.class, weak, yield) {
				return
			}
		}
	}
}

func (w *Wave) asked(class, weak int, yield func(uint64, bool) bool) bool {
	signs := w.Signs()
	for t := range tables {
		order := w.weakest(t)
		for combination := range 1 << weak {
			flipped := signs
			for b := combination; b != 0; b &= b - 1 {
				flipped ^= 1 << order[bits.TrailingZeros(uint(b))]
			}
			if !yield(tableKey(class, t, flipped), false) || !yield(tableKey(mirrorClass(class), t, flipped^mirrorSigns), true) {
				return false
			}
		}
	}
	return true
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
func (w *Wave) weakest(table int) (weak [mostWeak]int) {
	var strength [mostWeak]float32
	for n := range weak {
		strength[n] = 1e9
	}
	for bit := table; bit < tables*keyBits; bit += tables {
		s := w.strength(bit)
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
