package fingerprint

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

// The encodings of version 1. Docs/format.md draws them.
//
//	fingerprint = "LKFP" version(1 byte) body crc
//	set         = "LKST" version(1 byte) sha256(32 bytes) size type kind duration decoder incomplete count body* crc
//	body        = name version kind extent width count delta* code*
//
// Numbers are uvarints, in their shortest form; names and texts are a length
// and that many bytes; the first delta counts from 0. The crc is the CRC-32C
// of all before it, 4 bytes, low byte first. So there is exactly one encoding
// of each value.
const (
	fingerprintMagic = "LKFP"
	setMagic         = "LKST"

	// codecVersion has been 1 since the first release.
	codecVersion = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendBinary appends the binary form of f to b: the codes as they are, and
// about one byte for each position.
func (f *Fingerprint) AppendBinary(b []byte) ([]byte, error) {
	start := len(b)
	b = append(append(b, fingerprintMagic...), codecVersion)
	b, err := f.appendBody(b)
	if err != nil {
		return nil, err
	}
	return appendSum(b, start), nil
}

// MarshalBinary returns the binary form of f.
func (f *Fingerprint) MarshalBinary() ([]byte, error) {
	return f.AppendBinary(make([]byte, 0, 64+2*len(f.positions)+len(f.codes)))
}

// UnmarshalBinary makes f the fingerprint that data encodes. It keeps no part
// of data. The error wraps ErrCorrupt when data is damaged, and
// ErrEncodingVersion when a later release wrote it; f is unchanged then. Only
// a new Fingerprint may be decoded into: all others are immutable.
func (f *Fingerprint) UnmarshalBinary(data []byte) error {
	d, err := open(data, fingerprintMagic)
	if err != nil {
		return err
	}
	decoded := d.body()
	if err := d.close(); err != nil {
		return err
	}
	*f = decoded
	return nil
}

// AppendBinary appends the binary form of s to b.
func (s *Set) AppendBinary(b []byte) ([]byte, error) {
	if s.Size < 0 || s.Duration < 0 || int(s.Kind) >= len(kindNames) {
		return nil, fmt.Errorf("fingerprint: set of size %d, duration %s and %s cannot be encoded", s.Size, s.Duration, s.Kind)
	}
	start := len(b)
	b = append(append(b, setMagic...), codecVersion)
	b = append(b, s.SHA256[:]...)
	b = binary.AppendUvarint(b, uint64(s.Size))
	b = appendText(b, s.Type)
	b = binary.AppendUvarint(b, uint64(s.Kind))
	b = binary.AppendUvarint(b, uint64(s.Duration))
	b = appendText(b, s.Decoder)
	b = appendText(b, s.Incomplete)
	b = binary.AppendUvarint(b, uint64(len(s.Fingerprints)))
	for _, f := range s.Fingerprints {
		var err error
		if b, err = f.appendBody(b); err != nil {
			return nil, err
		}
	}
	return appendSum(b, start), nil
}

// MarshalBinary returns the binary form of s.
func (s *Set) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

// UnmarshalBinary makes s the set that data encodes. It keeps no part of
// data. The errors are those of [Fingerprint.UnmarshalBinary].
func (s *Set) UnmarshalBinary(data []byte) error {
	d, err := open(data, setMagic)
	if err != nil {
		return err
	}
	var decoded Set
	copy(decoded.SHA256[:], d.bytes(len(decoded.SHA256)))
	decoded.Size = int64(d.number("size", math.MaxInt64))
	decoded.Type = d.text("type")
	decoded.Kind = Kind(d.number("kind", uint64(len(kindNames)-1)))
	decoded.Duration = time.Duration(d.number("duration", math.MaxInt64))
	decoded.Decoder = d.text("decoder")
	decoded.Incomplete = d.text("incomplete")
	for range d.number("number of fingerprints", uint64(len(d.rest))) {
		f := d.body()
		if d.err != nil {
			break
		}
		decoded.Fingerprints = append(decoded.Fingerprints, &f)
	}
	if err := d.close(); err != nil {
		return err
	}
	*s = decoded
	return nil
}

func (f *Fingerprint) appendBody(b []byte) ([]byte, error) {
	if f == nil || !f.algorithm.valid() {
		return nil, errors.New("fingerprint: a fingerprint that New did not make cannot be encoded")
	}
	b = appendText(b, f.algorithm.Name)
	for _, n := range [...]uint64{
		uint64(f.algorithm.Version), uint64(f.kind), uint64(f.extent), uint64(f.width), uint64(len(f.positions)),
	} {
		b = binary.AppendUvarint(b, n)
	}
	last := uint32(0)
	for _, p := range f.positions {
		b = binary.AppendUvarint(b, uint64(p-last))
		last = p
	}
	return append(b, f.codes...), nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendSum(b []byte, start int) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

// A decoder takes values off the front of rest. After the first error, which
// it keeps, all values are zero.
type decoder struct {
	rest []byte
	err  error
}

// open checks magic, version and checksum, and returns what lies between.
func open(data []byte, magic string) (*decoder, error) {
	const sum = 4
	switch {
	case len(data) < len(magic)+1+sum:
		return nil, fmt.Errorf("%w: only %d bytes", ErrCorrupt, len(data))
	case string(data[:len(magic)]) != magic:
		return nil, fmt.Errorf("%w: begins with %q, not %q", ErrCorrupt, data[:len(magic)], magic)
	case data[len(magic)] != codecVersion:
		return nil, fmt.Errorf("%w %d, this release reads %d", ErrEncodingVersion, data[len(magic)], codecVersion)
	}
	content := data[:len(data)-sum]
	got, want := crc32.Checksum(content, castagnoli), binary.LittleEndian.Uint32(data[len(content):])
	if got != want {
		return nil, fmt.Errorf("%w: checksum %08x, want %08x", ErrCorrupt, got, want)
	}
	return &decoder{rest: content[len(magic)+1:]}, nil
}

// close returns the first error, or one about what is left over.
func (d *decoder) close() error {
	if len(d.rest) > 0 {
		d.fail("%d bytes left over", len(d.rest))
	}
	return d.err
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: "+format, append([]any{ErrCorrupt}, args...)...)
	}
	d.rest = nil
}

// number takes a uvarint of at most most.
func (d *decoder) number(what string, most uint64) uint64 {
	n, size := binary.Uvarint(d.rest)
	switch {
	case size <= 0 || size > 1 && d.rest[size-1] == 0: // the latter is not the shortest form
		d.fail("%s is no number", what)
		return 0
	case n > most:
		d.fail("%s is %d, more than %d", what, n, most)
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

// bytes takes n bytes. They still belong to the input.
func (d *decoder) bytes(n int) []byte {
	if n > len(d.rest) {
		d.fail("%d bytes wanted, %d left", n, len(d.rest))
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) text(what string) string {
	return string(d.bytes(int(d.number("length of "+what, uint64(len(d.rest))))))
}

func (d *decoder) body() Fingerprint {
	f := Fingerprint{}
	f.algorithm.Name = d.text("algorithm")
	f.algorithm.Version = int(d.number("version of the algorithm", 65535))
	f.kind = Kind(d.number("kind", uint64(len(kindNames)-1)))
	f.extent = uint32(d.number("extent", math.MaxUint32))
	f.width = int(d.number("width", maxWidth))
	// Each feature takes a byte of position at least, and its code.
	f.positions = d.positions(int(d.number("number of features", uint64(len(d.rest)/(1+f.width)))))
	f.codes = append([]byte(nil), d.bytes(f.width*len(f.positions))...)
	if d.err != nil {
		return Fingerprint{}
	}
	if err := f.check(); err != nil {
		d.fail("%w", err)
	}
	return f
}

func (d *decoder) positions(n int) []uint32 {
	if n == 0 {
		return nil
	}
	positions := make([]uint32, n)
	last := uint64(0)
	for i := range positions {
		last += d.number("position", math.MaxUint32-last)
		positions[i] = uint32(last)
	}
	return positions
}
