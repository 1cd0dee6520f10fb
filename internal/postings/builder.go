package postings

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// version of the segment format. It stands at both ends of a segment.
//
//	1: bit-packed blocks of 128 postings, a directory of first keys and offsets
const version = 1

const (
	magic      = "likeness lists\x00\x01" // ends in the version
	footerSize = 64
)

// A Builder writes a segment to a writer, block by block.
type Builder struct {
	w       io.Writer
	pending []Posting
	last    Posting // the one before, to hold callers to the order
	bytes   []byte
	keys    []uint64
	ends    []uint64 // where each block ends
	offset  uint64
	count   uint64
	from    uint32
	to      uint32
}

// NewBuilder makes a builder of a segment of the tracks numbered from and up
// to, not including, to. The range is only recorded, for those who merge.
func NewBuilder(w io.Writer, from, to uint32) *Builder {
	return &Builder{w: w, from: from, to: to, pending: make([]Posting, 0, BlockSize)}
}

// Add appends a posting, which must not be less than the one before.
func (b *Builder) Add(p Posting) error {
	if b.count > 0 && Compare(p, b.last) < 0 {
		return fmt.Errorf("posting %v after %v", p, b.last)
	}
	if b.count == math.MaxUint32 {
		return fmt.Errorf("more than %d postings in a segment", uint32(math.MaxUint32))
	}
	b.last = p
	b.count++
	b.pending = append(b.pending, p)
	if len(b.pending) == BlockSize {
		return b.flush()
	}
	return nil
}

// Len returns the number of postings so far.
func (b *Builder) Len() int { return int(b.count) }

func (b *Builder) flush() error {
	b.bytes = b.bytes[:0]
	if b.offset == 0 {
		b.bytes = append(b.bytes, magic...)
	}
	if len(b.pending) > 0 {
		b.keys = append(b.keys, b.pending[0].Key)
		b.bytes = appendBlock(b.bytes, b.pending)
		b.ends = append(b.ends, b.offset+uint64(len(b.bytes)))
		b.pending = b.pending[:0]
	}
	return b.write(b.bytes)
}

func (b *Builder) write(p []byte) error {
	n, err := b.w.Write(p)
	b.offset += uint64(n)
	return err
}

// Finish writes what is left: the last block, the directory and the footer.
func (b *Builder) Finish() error {
	if err := b.flush(); err != nil {
		return err
	}
	le := binary.LittleEndian
	tail := make([]byte, margin, margin+16*len(b.keys)+footerSize)
	for _, k := range b.keys {
		tail = le.AppendUint64(tail, k)
	}
	for _, e := range b.ends {
		tail = le.AppendUint64(tail, e)
	}
	sum := crc32.Checksum(tail[margin:], castagnoli)
	foot := make([]byte, 0, footerSize)
	foot = le.AppendUint64(foot, b.count)
	foot = le.AppendUint64(foot, uint64(len(b.keys)))
	foot = le.AppendUint32(foot, b.from)
	foot = le.AppendUint32(foot, b.to)
	foot = le.AppendUint32(foot, sum)
	foot = append(foot, make([]byte, footerSize-4-len(magic)-len(foot))...)
	foot = le.AppendUint32(foot, crc32.Checksum(foot, castagnoli))
	foot = append(foot, magic...)
	return b.write(append(tail, foot...))
}

// buffer collects what a Builder writes.
type buffer []byte

func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// Build makes a segment in memory of sorted postings of the tracks from up to to.
func Build(ps []Posting, from, to uint32) (*Segment, error) {
	out := make(buffer, 0, 64+8*len(ps))
	b := NewBuilder(&out, from, to)
	for _, p := range ps {
		if err := b.Add(p); err != nil {
			return nil, err
		}
	}
	if err := b.Finish(); err != nil {
		return nil, err
	}
	return OpenTrusted(out)
}
