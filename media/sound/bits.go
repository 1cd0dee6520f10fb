package sound

import mathbits "math/bits"

// bits reads numbers from the low bits on, as Vorbis packs them (Vorbis I,
// section 2). Past the end it reads zeros and is over.
type bits struct {
	data []byte
	at   uint64 // in bits
	over bool
}

func (r *bits) read(n int) uint32 {
	v := uint32(0)
	for i := range n {
		at := r.at + uint64(i)
		if at/8 >= uint64(len(r.data)) {
			r.over = true
			return 0
		}
		v |= uint32(r.data[at/8]>>(at%8)&1) << i
	}
	r.at += uint64(n)
	return v
}

func (r *bits) skip(n uint64) {
	if r.at += n; r.at > 8*uint64(len(r.data)) {
		r.over = true
	}
}

// bitLength is how many bits n takes.
func bitLength(n uint32) int { return mathbits.Len32(n) }
