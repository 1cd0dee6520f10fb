// Package dct has the discrete cosine transforms that picture hashes need:
// only the low frequencies, in one precision and one order of operations, so
// that every machine gets the same bits.
package dct

import "math"

// A Basis holds consecutive cosines of the DCT-II over n points. It is safe
// for concurrent use.
type Basis struct {
	n, count int
	rows     []float32 // count rows of n
}

// NewBasis makes a basis of count frequencies from first upwards, over n
// points, scaled by sqrt(2/n): orthonormal when first is above 0.
func NewBasis(first, count, n int) *Basis {
	b := &Basis{n, count, make([]float32, count*n)}
	scale := float32(math.Sqrt(2 / float64(n)))
	for i := range count {
		for j := range n {
			angle := math.Pi / 2 / float64(n) * float64(first+i) * float64(2*j+1)
			b.rows[i*n+j] = float32(float64(scale) * math.Cos(angle))
		}
	}
	return b
}

// Forward transforms an n by n block into its count by count coefficients,
// row i being vertical frequency i. tmp holds count*n values. Sums run from
// the first point to the last, as a plain matrix product does: PDQ's bits
// depend on it.
func (b *Basis) Forward(block, tmp, out []float32) {
	n := b.n
	for i := range b.count {
		t := tmp[i*n : i*n+n]
		clear(t)
		for k, d := range b.rows[i*n : i*n+n] {
			addScaled(t, block[k*n:k*n+n], d)
		}
	}
	for i := range b.count {
		b.project(tmp[i*n:i*n+n], out[i*b.count:(i+1)*b.count])
	}
}

// addScaled adds d times row to t.
func addScaled(t, row []float32, d float32) {
	row = row[:len(t)]
	for len(t) >= 4 && len(row) >= 4 {
		t[0] += float32(d * row[0])
		t[1] += float32(d * row[1])
		t[2] += float32(d * row[2])
		t[3] += float32(d * row[3])
		t, row = t[4:], row[4:]
	}
	for j := range t {
		t[j] += float32(d * row[j])
	}
}

// project gives the coefficients of one row, four at a time: the sums are
// independent, so that the processor need not wait for each addition.
func (b *Basis) project(row, out []float32) {
	n, j := b.n, 0
	for ; j+4 <= len(out); j += 4 {
		d0, d1 := b.rows[j*n:j*n+n], b.rows[(j+1)*n:(j+1)*n+n]
		d2, d3 := b.rows[(j+2)*n:(j+2)*n+n], b.rows[(j+3)*n:(j+3)*n+n]
		var s0, s1, s2, s3 float32
		for k, x := range row {
			s0 += float32(x * d0[k])
			s1 += float32(x * d1[k])
			s2 += float32(x * d2[k])
			s3 += float32(x * d3[k])
		}
		out[j], out[j+1], out[j+2], out[j+3] = s0, s1, s2, s3
	}
	for ; j < len(out); j++ {
		var s float32
		for k, x := range row {
			s += float32(x * b.rows[j*n+k])
		}
		out[j] = s
	}
}
