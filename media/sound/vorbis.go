package sound

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jfreymuth/vorbis"
)

// vorbisOrder turns weights from WAV's order of channels into that of Vorbis:
// the centre is the second, the low frequencies are the last (Vorbis I,
// section 4.3.9).
func vorbisOrder(weights []float32) {
	if len(weights) > 2 && len(weights) != 4 {
		weights[1], weights[2] = weights[2], weights[1]
	}
	if len(weights) > 5 {
		low := weights[3]
		copy(weights[3:], weights[4:])
		weights[len(weights)-1] = low
	}
}

// vorbisCodec decodes Ogg Vorbis of up to 8 channels.
type vorbisCodec struct {
	decoder vorbis.Decoder
	headers int
	buf     []float32
}

var errVorbisHeader = errors.New("damaged: Vorbis header")

// header checks what the library would believe: it allocates what a header
// asks for, and loops for ever in one that ends early.
func (c *vorbisCodec) header(packet []byte) (bool, error) {
	kinds := [...]byte{1, 3, 5}
	if len(packet) < 7 || packet[0] != kinds[c.headers] || string(packet[1:7]) != "vorbis" {
		return false, errVorbisHeader
	}
	var sound bool
	switch body := packet[7:]; c.headers {
	case 0:
		sound = identifies(body)
	case 1:
		sound = comments(body)
	case 2:
		r := bits{data: body}
		sound = r.codebooks() && r.floors()
	}
	if !sound {
		return false, errVorbisHeader
	}
	if err := c.decoder.ReadHeader(packet); err != nil {
		return false, fmt.Errorf("damaged: %w", err)
	}
	if c.headers++; c.headers < len(kinds) {
		return false, nil
	}
	c.buf = make([]float32, c.decoder.BufferSize())
	return true, nil
}

func (c *vorbisCodec) name() string { return "vorbis" }

func (c *vorbisCodec) format() (rate, channels, skip int) {
	return c.decoder.SampleRate(), c.decoder.Channels(), 0
}

func (c *vorbisCodec) decode(samples []float32, packet []byte) ([]float32, error) {
	out, err := c.decoder.DecodeInto(packet, c.buf)
	if err != nil {
		return samples, fmt.Errorf("damaged: %w", err)
	}
	return append(samples, out...), nil
}

// identifies checks channels and block sizes (Vorbis I, section 4.2.2).
func identifies(body []byte) bool {
	if len(body) < 23 {
		return false
	}
	short, long := body[21]&15, body[21]>>4
	return body[4] >= 1 && body[4] <= 8 && short >= 6 && short <= long && long <= 13
}

// comments checks that there is room for as many as it says (section 5.2.1).
func comments(body []byte) bool {
	if len(body) < 8 {
		return false
	}
	vendor := uint64(binary.LittleEndian.Uint32(body))
	if vendor+8 > uint64(len(body)) {
		return false
	}
	count := uint64(binary.LittleEndian.Uint32(body[4+vendor:]))
	return count <= (uint64(len(body))-8-vendor)/4
}

// maxCodebooks bounds entries times dimensions of all codebooks together. The
// books of libvorbis have 200,000 at most.
const maxCodebooks = 4 << 20

// codebooks walks through the codebooks (section 3.2.1), which are all that
// takes memory in the setup header.
func (r *bits) codebooks() bool {
	total := uint64(0)
	for range r.read(8) + 1 {
		if r.read(24) != 0x564342 {
			return false
		}
		dimensions, entries := r.read(16), r.read(24)
		if total += uint64(entries) * uint64(max(1, dimensions)); dimensions < 1 || entries < 1 || total > maxCodebooks {
			return false
		}
		if !r.lengths(entries) || !r.values(dimensions, entries) {
			return false
		}
	}
	return !r.over
}

// floors walks through the time domain transforms, of which there are none,
// and the floors (sections 6 and 7). Type 0, which no encoder has written
// since 2001, is refused: one small packet of it can cost a second.
func (r *bits) floors() bool {
	for range r.read(6) + 1 {
		r.read(16)
	}
	for range r.read(6) + 1 {
		if r.read(16) != 1 {
			return false
		}
		r.floor1()
	}
	return !r.over
}

func (r *bits) floor1() {
	partitions := make([]uint32, r.read(5))
	most := uint32(0)
	for i := range partitions {
		partitions[i] = r.read(4)
		most = max(most, partitions[i])
	}
	var dimensions [16]uint32
	for i := range most + 1 {
		dimensions[i] = r.read(3) + 1
		subclasses := r.read(2)
		if subclasses > 0 {
			r.read(8)
		}
		r.skip(8 << subclasses)
	}
	r.read(2)
	width := uint64(r.read(4))
	for _, p := range partitions {
		r.skip(width * uint64(dimensions[p]))
	}
}

// lengths passes over the lengths of the code words. In a book without any
// the library would look for ever.
func (r *bits) lengths(entries uint32) bool {
	if r.read(1) == 0 {
		sparse, used := r.read(1) == 1, 0
		for i := uint32(0); i < entries && !r.over; i++ {
			if !sparse || r.read(1) == 1 {
				r.read(5)
				used++
			}
		}
		return !r.over && used > 0
	}
	r.read(5)
	for current := uint32(0); current < entries; {
		current += r.read(bitLength(entries - current))
		if r.over || current > entries {
			return false
		}
	}
	return true
}

// values passes over the table of vectors.
func (r *bits) values(dimensions, entries uint32) bool {
	kind := r.read(4)
	if kind == 0 {
		return !r.over
	}
	if kind > 2 {
		return false
	}
	r.read(32)
	r.read(32)
	width := r.read(4) + 1
	r.read(1)
	count := uint64(entries) * uint64(dimensions)
	if kind == 1 {
		count = root(entries, dimensions)
	}
	r.skip(count * uint64(width))
	return !r.over
}

// root is the largest integer whose power of dimensions is at most entries.
func root(entries, dimensions uint32) uint64 {
	for n := uint64(1); ; n++ {
		power := uint64(1)
		for i := uint32(0); i < dimensions && power <= uint64(entries); i++ {
			power *= n + 1
		}
		if power > uint64(entries) {
			return n
		}
	}
}
