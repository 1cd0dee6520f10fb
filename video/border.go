package video

import (
	"cmp"
	"slices"

	"github.com/likeness-go/likeness/internal/spectrum"
)

// border finds what frames it: bars around the picture, and a picture within
// the picture, by lines that stay where they are while the rest moves.
type border struct {
	picture spectrum.Area                   // without the bars
	inner   spectrum.Area                   // zero if there is none
	down    [FrameHeight * FrameWidth]uint8 // frames with a step between a pixel and its right neighbour
	across  [FrameHeight * FrameWidth]uint8 // and its lower neighbour
}

const (
	stepLevel  = 6    // grey levels between neighbours that make a step
	stillShare = 0.65 // of the frames must show it
	leastPart  = 0.3  // of a side that a picture in the picture takes
	leastEdge  = 0.7  // of each border line must be steps
	barLevel   = 10   // grey levels within a row or column of a bar
	short      = 8    // frames too few to tell
)

func (b *border) find(pix []byte, frames int) {
	if frames < short && b.picture != (spectrum.Area{}) {
		return
	}
	b.picture = bars(pix, frames)
	b.inner = spectrum.Area{}
	if frames >= short {
		b.countSteps(pix, frames)
		b.inner = b.innerPicture(frames)
	}
}

// bars cuts off rows and columns at the edges that are plain in every frame.
// Nothing is cut off when hardly anything would be left.
func bars(pix []byte, frames int) spectrum.Area {
	a := spectrum.Area{X0: 0, Y0: 0, X1: FrameWidth, Y1: FrameHeight}
	plainRow := func(y int) bool { return plain(pix, frames, y*FrameWidth, 1, FrameWidth) }
	plainColumn := func(x int) bool { return plain(pix, frames, x, FrameWidth, FrameHeight) }
	for a.Y0 < FrameHeight/3 && plainRow(a.Y0) {
		a.Y0++
	}
	for a.Y1 > FrameHeight*2/3 && plainRow(a.Y1-1) {
		a.Y1--
	}
	for a.X0 < FrameWidth/3 && plainColumn(a.X0) {
		a.X0++
	}
	for a.X1 > FrameWidth*2/3 && plainColumn(a.X1-1) {
		a.X1--
	}
	// The line next to a bar mixes bar and picture.
	if a.Y0 > 0 {
		a.Y0++
	}
	if a.X0 > 0 {
		a.X0++
	}
	if a.Y1 < FrameHeight {
		a.Y1--
	}
	if a.X1 < FrameWidth {
		a.X1--
	}
	return a
}

// plain reports whether a line of n pixels is of one grey in each frame, give
// or take noise.
func plain(pix []byte, frames, start, stride, n int) bool {
	for f := range frames {
		at := f*FrameWidth*FrameHeight + start
		least, most := pix[at], pix[at]
		for i := range n {
			p := pix[at+i*stride]
			least, most = min(least, p), max(most, p)
		}
		if most-least > barLevel {
			return false
		}
	}
	return true
}

func (b *border) countSteps(pix []byte, frames int) {
	clear(b.down[:])
	clear(b.across[:])
	for f := range frames {
		p := pix[f*FrameWidth*FrameHeight : (f+1)*FrameWidth*FrameHeight]
		for i := range len(p) - 1 {
			if d := int(p[i]) - int(p[i+1]); d >= stepLevel || d <= -stepLevel {
				b.down[i]++
			}
		}
		for i := range len(p) - FrameWidth {
			if d := int(p[i]) - int(p[i+FrameWidth]); d >= stepLevel || d <= -stepLevel {
				b.across[i]++
			}
		}
	}
}

// innerPicture returns the rectangle whose border lines are steadiest.
func (b *border) innerPicture(frames int) (best spectrum.Area) {
	still := uint8(max(1, int(stillShare*float64(frames))))
	xs := lines(b.down[:], still, FrameWidth, 1, FrameWidth)
	ys := lines(b.across[:], still, FrameHeight, FrameWidth, 1)
	score := 0.0
	for i, x0 := range xs {
		for _, x1 := range xs[i+1:] {
			for j, y0 := range ys {
				for _, y1 := range ys[j+1:] {
					a := spectrum.Area{X0: x0, Y0: y0, X1: x1, Y1: y1}
					if s := b.edges(a, still); s > score {
						best, score = a, s
					}
				}
			}
		}
	}
	return best
}

// lines returns where the most steps stand one over the other, and both
// edges of the frame, in order.
func lines(steps []uint8, still uint8, n, stride, along int) []int {
	type line struct{ at, steps int }
	all := make([]line, n-1)
	for i := range all {
		all[i].at = i + 1
		for j := range FrameWidth {
			if steps[i*stride+j*along] >= still {
				all[i].steps++
			}
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.steps, a.steps) })
	const most = 6
	at := []int{0, n}
	for _, l := range all[:most] {
		if float64(l.steps) >= leastPart*leastEdge*float64(n) && l.at > 2 && l.at < n-2 {
			at = append(at, l.at)
		}
	}
	slices.Sort(at)
	return at
}

// edges is the share of the border of a that is steps, weighted by its
// length, 0 if a side is not good enough or the area too small or all.
func (b *border) edges(a spectrum.Area, still uint8) float64 {
	w, h := a.X1-a.X0, a.Y1-a.Y0
	if float64(w) < leastPart*FrameWidth || float64(h) < leastPart*FrameHeight || w == FrameWidth && h == FrameHeight {
		return 0
	}
	sum := 0
	side := func(steps []uint8, start, stride, n int) bool {
		c := 0
		for i := range n {
			if steps[start+i*stride] >= still {
				c++
			}
		}
		sum += c
		return float64(c) >= leastEdge*float64(n)
	}
	ok := (a.X0 == 0 || side(b.down[:], a.Y0*FrameWidth+a.X0-1, FrameWidth, h)) &&
		(a.X1 == FrameWidth || side(b.down[:], a.Y0*FrameWidth+a.X1-1, FrameWidth, h)) &&
		(a.Y0 == 0 || side(b.across[:], (a.Y0-1)*FrameWidth+a.X0, 1, w)) &&
		(a.Y1 == FrameHeight || side(b.across[:], (a.Y1-1)*FrameWidth+a.X0, 1, w))
	if !ok {
		return 0
	}
	return float64(sum)
}
