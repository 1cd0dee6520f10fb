package postings

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"sync/atomic"
)

// A Segment is an immutable set of postings, safe for concurrent use.
type Segment struct {
	data    []byte
	keys    []byte // directory: the first key of each block
	ends    []byte // directory: where each block ends
	count   int
	blocks  int
	from    uint32
	to      uint32
	checked []atomic.Uint32 // a bit for each block whose checksum was right; nil: trusted
}

// Open reads the directory of a segment and compares its checksum; blocks are
// checked when they are first read. The segment keeps data.
func Open(data []byte) (*Segment, error) {
	s, err := OpenTrusted(data)
	if err == nil {
		s.checked = make([]atomic.Uint32, (s.blocks+31)/32)
	}
	return s, err
}

// OpenTrusted is Open for bytes that this process made: blocks are not checked.
func OpenTrusted(data []byte) (*Segment, error) {
	n := len(data)
	if n < len(magic)+margin+footerSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrCorrupt, n)
	}
	if got := string(data[n-len(magic):]); got != magic || string(data[:len(magic)]) != magic {
		if got[:len(magic)-1] == magic[:len(magic)-1] && got != magic {
			return nil, fmt.Errorf("%w: %d, this program reads %d", ErrVersion, got[len(magic)-1], version)
		}
		return nil, fmt.Errorf("%w: not a posting list", ErrCorrupt)
	}
	le := binary.LittleEndian
	foot := data[n-footerSize:]
	if end := footerSize - len(magic) - 4; crc32.Checksum(foot[:end], castagnoli) != le.Uint32(foot[end:]) {
		return nil, fmt.Errorf("%w: footer", ErrCorrupt)
	}
	count, blocks := le.Uint64(foot), le.Uint64(foot[8:])
	directory := uint64(n-footerSize-len(magic)-margin) / 16
	if blocks > directory || count > math.MaxUint32 || blocks != (count+BlockSize-1)/BlockSize {
		return nil, fmt.Errorf("%w: %d postings in %d blocks", ErrCorrupt, count, blocks)
	}
	s := &Segment{data: data, count: int(count), blocks: int(blocks), from: le.Uint32(foot[16:]), to: le.Uint32(foot[20:])}
	start := n - footerSize - 16*s.blocks
	s.keys, s.ends = data[start:start+8*s.blocks], data[start+8*s.blocks:n-footerSize]
	if crc32.Checksum(data[start:n-footerSize], castagnoli) != le.Uint32(foot[24:]) {
		return nil, fmt.Errorf("%w: directory", ErrCorrupt)
	}
	return s, nil
}

// Len returns the number of postings.
func (s *Segment) Len() int { return s.count }

// Bytes returns the encoded segment.
func (s *Segment) Bytes() []byte { return s.data }

// Tracks returns the range of tracks that the segment covers.
func (s *Segment) Tracks() (from, to uint32) { return s.from, s.to }

func (s *Segment) key(b int) uint64 { return binary.LittleEndian.Uint64(s.keys[8*b:]) }

func (s *Segment) end(b int) uint64 {
	if b < 0 {
		return uint64(len(magic))
	}
	return binary.LittleEndian.Uint64(s.ends[8*b:])
}

// block returns block i, after a look at its checksum if that is still due.
func (s *Segment) block(i int) (block, error) {
	from, to := s.end(i-1), s.end(i)
	if from > to || to > uint64(len(s.data)) {
		return block{}, fmt.Errorf("%w: block %d from %d to %d", ErrCorrupt, i, from, to)
	}
	data, size := s.data[from:], int(to-from)
	b, err := parse(data, size, min(BlockSize, s.count-i*BlockSize), s.key(i))
	if err != nil || s.checked == nil {
		return b, err
	}
	if bit := uint32(1) << (i % 32); s.checked[i/32].Load()&bit == 0 {
		if checksum(b.first, data[:size]) != binary.LittleEndian.Uint32(data) {
			return block{}, fmt.Errorf("%w: block %d", ErrCorrupt, i)
		}
		s.checked[i/32].Or(bit)
	}
	return b, nil
}

// A Range is the list of one key: the postings numbered From up to To.
type Range struct {
	Key      int // index of the key in those asked for
	From, To uint32
}

// Find appends the lists of keys, which must be sorted and distinct, to dst.
// Keys without a list are left out.
func (s *Segment) Find(dst []Range, keys []uint64) ([]Range, error) {
	next := 0 // the first block whose first key is not below the key
	for i, key := range keys {
		next = s.seek(next, key, false)
		var from, to int
		var err error
		if next < s.blocks && s.key(next) == key {
			from, to, err = s.spread(next, key)
		} else if next > 0 { // the usual case: a list within the block before
			var b block
			if b, err = s.block(next - 1); err == nil {
				from = b.from(0, key, false)
				to = b.from(from, key, true)
			}
			from, to = from+(next-1)*BlockSize, to+(next-1)*BlockSize
		}
		if err != nil {
			return dst, err
		}
		if from < to {
			dst = append(dst, Range{i, uint32(from), uint32(to)})
		}
	}
	return dst, nil
}

// spread finds the list of a key with which block next, and maybe more, begins.
func (s *Segment) spread(next int, key uint64) (from, to int, err error) {
	if next > 0 {
		b, err := s.block(next - 1)
		if err != nil {
			return 0, 0, err
		}
		from = (next-1)*BlockSize + b.from(0, key, false)
	}
	last := s.seek(next, key, true) - 1
	b, err := s.block(last)
	if err != nil {
		return 0, 0, err
	}
	return from, last*BlockSize + b.from(0, key, true), nil
}

// seek returns the first block at or after start whose first key is not below
// key, or above it when above is set. It gallops (Bentley and Yao 1976), for
// the keys of a query are near each other.
func (s *Segment) seek(start int, key uint64, above bool) int {
	before := func(b int) bool {
		k := s.key(b)
		return k < key || above && k == key
	}
	lo, hi, step := start, start, 1
	for hi < s.blocks && before(hi) {
		lo = hi + 1
		hi += step
		step *= 2
	}
	hi = min(hi, s.blocks)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if before(mid) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// Append appends the postings numbered from up to to.
func (s *Segment) Append(dst []Posting, from, to uint32) ([]Posting, error) {
	for i := int(from); i < int(min(to, uint32(s.count))); {
		b, err := s.block(i / BlockSize)
		if err != nil {
			return dst, err
		}
		base := i - i%BlockSize
		for end := min(int(to), base+b.n); i < end; i++ {
			dst = append(dst, b.posting(i-base))
		}
	}
	return dst, nil
}

// Check reads every block and compares its checksum and its order.
func (s *Segment) Check() error {
	var last Posting
	buf := make([]Posting, 0, BlockSize)
	for i := 0; i < s.count; i += BlockSize {
		ps, err := s.Append(buf, uint32(i), uint32(min(s.count, i+BlockSize)))
		if err != nil {
			return err
		}
		for _, p := range ps {
			if Compare(p, last) < 0 {
				return fmt.Errorf("%w: block %d is out of order", ErrCorrupt, i/BlockSize)
			}
			last = p
		}
	}
	return nil
}
