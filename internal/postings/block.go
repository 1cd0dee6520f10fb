package postings

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"
)

// BlockSize is the number of postings in every block but the last. 128 of
// them fill some ten cache lines, and the directory costs an eighth of a byte
// a posting.
const BlockSize = 128

const blockHeader = 16

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A block holds postings column by column, each column at the width of its
// widest value, less the least one (frame of reference: Goldstein,
// Ramakrishnan and Shaft 1998, section 2). So any one value is read without
// the others, and a key is found by bisection in the packed bytes.
type block struct {
	n                    int
	first                uint64 // the least key, from the directory
	track, position      uint32 // the least ones
	wk, wt, wp, wa       uint   // widths in bits
	keys, tracks, ps, as []byte // each runs on beyond its column, so that 9 bytes can be read at once
}

// appendBlock appends the encoding of 1 to BlockSize sorted postings.
func appendBlock(dst []byte, ps []Posting) []byte {
	first, track, position := ps[0].Key, ps[0].Track, ps[0].Position
	maxTrack, maxPosition, aux := track, position, uint16(0)
	for _, p := range ps {
		track, maxTrack = min(track, p.Track), max(maxTrack, p.Track)
		position, maxPosition = min(position, p.Position), max(maxPosition, p.Position)
		aux |= p.Aux
	}
	wk, wt := bits.Len64(ps[len(ps)-1].Key-first), bits.Len32(maxTrack-track)
	wp, wa := bits.Len32(maxPosition-position), bits.Len16(aux)
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0, byte(wk), byte(wt), byte(wp), byte(wa))
	dst = binary.LittleEndian.AppendUint32(dst, track)
	dst = binary.LittleEndian.AppendUint32(dst, position)
	dst = appendColumn(dst, ps, wk, func(p Posting) uint64 { return p.Key - first })
	dst = appendColumn(dst, ps, wt, func(p Posting) uint64 { return uint64(p.Track - track) })
	dst = appendColumn(dst, ps, wp, func(p Posting) uint64 { return uint64(p.Position - position) })
	dst = appendColumn(dst, ps, wa, func(p Posting) uint64 { return uint64(p.Aux) })
	binary.LittleEndian.PutUint32(dst[start:], checksum(first, dst[start:]))
	return dst
}

func appendColumn(dst []byte, ps []Posting, width int, value func(Posting) uint64) []byte {
	var word uint64 // the lowest used bits are not yet written
	used := 0
	for _, p := range ps {
		v := value(p)
		word |= v << used
		used += width
		if used >= 64 {
			dst = binary.LittleEndian.AppendUint64(dst, word)
			used -= 64
			word = v >> (width - used) // 0 when v was written whole
		}
	}
	for ; used > 0; used -= 8 {
		dst = append(dst, byte(word))
		word >>= 8
	}
	return dst
}

// parse reads the header of the block of n postings that fills data up to
// size; what follows in data is readable, but not the block's.
func parse(data []byte, size, n int, first uint64) (block, error) {
	if size < blockHeader || size > len(data) {
		return block{}, fmt.Errorf("%w: a block of %d bytes", ErrCorrupt, size)
	}
	b := block{
		n: n, first: first, wk: uint(data[4]), wt: uint(data[5]), wp: uint(data[6]), wa: uint(data[7]),
		track: binary.LittleEndian.Uint32(data[8:]), position: binary.LittleEndian.Uint32(data[12:]),
	}
	if b.wk > 64 || b.wt > 32 || b.wp > 32 || b.wa > 16 {
		return block{}, fmt.Errorf("%w: columns of %d, %d, %d and %d bits", ErrCorrupt, b.wk, b.wt, b.wp, b.wa)
	}
	column := func(width uint) int { return (n*int(width) + 7) / 8 }
	t := blockHeader + column(b.wk)
	p := t + column(b.wt)
	a := p + column(b.wp)
	if end := a + column(b.wa); end != size || len(data) < end+margin {
		return block{}, fmt.Errorf("%w: a block of %d bytes, want %d", ErrCorrupt, size, end)
	}
	b.keys, b.tracks, b.ps, b.as = data[blockHeader:], data[t:], data[p:], data[a:]
	return b, nil
}

// margin is how many bytes follow the last block of a segment, so that at
// reads whole words.
const margin = 9

// at reads value i of a column.
func at(column []byte, i int, width uint) uint64 {
	bit := uint(i) * width
	p := column[bit>>3:]
	shift := bit & 7
	v := binary.LittleEndian.Uint64(p) >> shift
	if width+shift > 64 {
		v |= uint64(p[8]) << (64 - shift)
	}
	return v & (1<<width - 1)
}

func (b *block) posting(i int) Posting {
	return Posting{
		Key:      b.first + at(b.keys, i, b.wk),
		Track:    b.track + uint32(at(b.tracks, i, b.wt)),
		Position: b.position + uint32(at(b.ps, i, b.wp)),
		Aux:      uint16(at(b.as, i, b.wa)),
	}
}

// from returns the first posting at or after i whose key is at least key, or
// above it when above is set; n if there is none.
func (b *block) from(i int, key uint64, above bool) int {
	if key < b.first {
		return i
	}
	key -= b.first
	lo, hi := i, b.n
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		k := at(b.keys, mid, b.wk)
		if k < key || above && k == key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// checksum is over the first key, which stands in the directory, and all of
// the block but the checksum itself.
func checksum(first uint64, block []byte) uint32 {
	var key [8]byte
	binary.LittleEndian.PutUint64(key[:], first)
	return crc32.Update(crc32.Checksum(key[:], castagnoli), castagnoli, block[4:])
}
