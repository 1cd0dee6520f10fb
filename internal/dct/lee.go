package dct

import "math"

// Low8 takes the 8 lowest by 8 lowest frequencies of the unscaled DCT-II of a
// 64 by 64 block, and destroys the block. It is the algorithm of Byeong Gi Lee
// ("A new algorithm to compute the discrete cosine transform", IEEE ASSP
// 1984) in the order of operations of goimagehash, so that its bits come out
// the same, but with the 56 columns left out that a 64-bit hash never looks
// at.
func Low8(block *[4096]float64) (low [64]float64) {
	var tmp [64]float64
	for i := range 64 {
		lee(block[i*64:i*64+64], tmp[:])
	}
	var column [64]float64
	for x := range 8 {
		for y := range 64 {
			column[y] = block[y*64+x]
		}
		lee(column[:], tmp[:])
		for y := range 8 {
			low[y*8+x] = column[y]
		}
	}
	return low
}

// lee transforms x in place; its length is a power of two.
func lee(x, tmp []float64) {
	n := len(x)
	if n == 1 {
		return
	}
	half := n / 2
	halves := &secants[n]
	for i := range half {
		a, b := x[i], x[n-1-i]
		tmp[i] = a + b
		tmp[i+half] = (a - b) / halves[i]
	}
	lee(tmp[:half], x[:half])
	lee(tmp[half:n], x[half:])
	for i := range half - 1 {
		x[2*i] = tmp[i]
		x[2*i+1] = tmp[i+half] + tmp[i+half+1]
	}
	x[n-2], x[n-1] = tmp[half-1], tmp[n-1]
}

// secants[n][i] divides the difference of points i and n-1-i.
var secants = func() (s [65][32]float64) {
	for n := 2; n <= 64; n *= 2 {
		for i := range n / 2 {
			s[n][i] = math.Cos((float64(i)+0.5)*math.Pi/float64(n)) * 2
		}
	}
	return s
}()
