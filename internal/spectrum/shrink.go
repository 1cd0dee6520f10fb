package spectrum

// Area is a rectangle of pixels: from X0 and Y0 up to X1 and Y1.
type Area struct{ X0, Y0, X1, Y1 int }

// ShrinkGray averages an area of a grey picture, whose rows are stride bytes
// apart, down to the 32 by 32 values that NewWave takes. tmp holds 32 values
// a row of the area.
func ShrinkGray(pix []byte, stride int, a Area, tmp []float32) *Small {
	x := bins(a.X0, a.X1)
	y := bins(a.Y0, a.Y1)
	for row := a.Y0; row < a.Y1; row++ {
		line := pix[row*stride:]
		out := tmp[(row-a.Y0)*grid : (row-a.Y0+1)*grid]
		for i, b := range x {
			sum := float32(b.head*float32(line[b.from])) + float32(b.tail*float32(line[b.to]))
			n := 0
			for _, p := range line[b.from+1 : max(b.from+1, b.to)] {
				n += int(p)
			}
			out[i] = (sum + float32(n)) * b.scale
		}
	}
	small := new(Small)
	for i, b := range y {
		out := small[i*grid : (i+1)*grid]
		for row := b.from; row <= b.to; row++ {
			weight := b.scale
			switch row {
			case b.from:
				weight *= b.head
			case b.to:
				weight *= b.tail
			}
			for j, v := range tmp[(row-a.Y0)*grid : (row-a.Y0+1)*grid] {
				out[j] += float32(weight * v)
			}
		}
	}
	return small
}

// bin is what one value averages: the pixel from with weight head, the one to
// with weight tail, and all between them.
type bin struct {
	from, to          int
	head, tail, scale float32
}

func bins(from, to int) (b [grid]bin) {
	n := to - from
	for i := range b {
		first, last := i*n, (i+1)*n // in parts of 1/grid of a pixel
		f, l := first/grid, last/grid
		head := float32(grid-first%grid) / grid
		tail := float32(last%grid) / grid
		if l == f { // within one pixel
			head, tail = float32(last-first)/grid, 0
		}
		if l == n {
			l, tail = n-1, 0
			if l == f {
				head = float32(last-first) / grid
			} else {
				tail = 1
			}
		}
		b[i] = bin{from + f, from + l, head, tail, grid / float32(n)}
	}
	return b
}
