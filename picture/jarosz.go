package picture

// jarosz blurs a picture with two passes of a box filter in each direction,
// which together make a tent (Jarosz, "Fast image convolutions", 2001), in
// the order of operations of PDQ's reference.
func (l *Luma) jarosz(side int) *Luma {
	a := &Luma{l.Width, l.Height, append([]float32(nil), l.Pix...)}
	b := make([]float32, len(l.Pix))
	alongRow, alongColumn := boxSize(l.Width, side), boxSize(l.Height, side)
	sums := make([]float32, l.Width)
	for range 2 {
		for y := range l.Height {
			boxRow(b[y*l.Width:(y+1)*l.Width], a.Pix[y*l.Width:(y+1)*l.Width], alongRow)
		}
		boxColumns(a.Pix, b, sums, l.Width, l.Height, alongColumn)
	}
	return a
}

// boxSize is half a block of the shrunk picture, rounded up.
func boxSize(from, to int) int { return (from + 2*to - 1) / (2 * to) }

// boxRow averages over windows of size points, which shrink at the ends. The
// sum runs along: adding first and subtracting afterwards is part of the
// algorithm, for the sake of its rounding.
func boxRow(out, in []float32, size int) {
	size = min(size, len(in))
	ahead := (size + 2) / 2
	var sum float32
	for _, v := range in[:ahead-1] {
		sum += v
	}
	add, sub, points := ahead-1, 0, ahead-1
	for i := range out {
		switch {
		case points < size && add < len(in):
			sum += in[add]
			points++
		case add < len(in):
			sum += in[add]
			sum -= in[sub]
			sub++
		default:
			sum -= in[sub]
			sub++
			points--
		}
		add++
		out[i] = sum / float32(points)
	}
}

// boxColumns is boxRow for all columns at once, row by row as memory lies.
func boxColumns(out, in, sums []float32, width, height, size int) {
	size = min(size, height)
	ahead := (size + 2) / 2
	clear(sums)
	row := func(y int) []float32 { return in[y*width : (y+1)*width] }
	for y := range ahead - 1 {
		for x, v := range row(y) {
			sums[x] += v
		}
	}
	add, sub, points := ahead-1, 0, ahead-1
	for y := range height {
		grow := points < size && add < height
		if add < height {
			for x, v := range row(add) {
				sums[x] += v
			}
		}
		if !grow {
			for x, v := range row(sub) {
				sums[x] -= v
			}
			sub++
		}
		switch {
		case grow:
			points++
		case add >= height:
			points--
		}
		add++
		n := float32(points)
		for x, s := range sums {
			out[y*width+x] = s / n
		}
	}
}

// decimate takes the points at the centres of side by side blocks.
func (l *Luma) decimate(out []float32, side int) {
	for i := range side {
		y := int((float64(i) + 0.5) * float64(l.Height) / float64(side))
		for j := range side {
			x := int((float64(j) + 0.5) * float64(l.Width) / float64(side))
			out[i*side+j] = l.Pix[y*l.Width+x]
		}
	}
}
