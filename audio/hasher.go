package audio

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

// ErrTooLong is returned by Write when a stream has more ticks than a
// fingerprint can count, which is after four years.
var ErrTooLong = errors.New("audio: stream too long")

// A Hasher turns a stream of sound into its landmarks. Its memory does not
// grow but for the landmarks themselves, about 120 bytes a second. It is for
// one goroutine.
type Hasher struct {
	spectrum *spectrum
	window   [frameSize]float32 // the next frame
	filled   int                // samples in window
	samples  uint64             // written so far
	peaks    picker
	levels   [bands]float32
	loud     [bands]float32

	positions []uint32
	codes     []byte
}

// NewHasher returns a Hasher at the beginning of a stream.
func NewHasher() *Hasher {
	h := &Hasher{spectrum: newSpectrum()}
	h.Reset()
	return h
}

// Reset makes the Hasher ready for another stream.
func (h *Hasher) Reset() {
	h.window = [frameSize]float32{}
	h.filled = frameSize / 2 // the middle of the first frame is the first sample
	h.samples = 0
	h.peaks = picker{}
	h.positions, h.codes = nil, nil
}

// Write takes the next samples: mono, at SampleRate, from -1 to 1; what is
// not a number counts as silence. How a stream is cut into calls makes no
// difference. It returns len(samples) and no error but ErrTooLong.
func (h *Hasher) Write(samples []float32) (int, error) {
	if (h.samples+uint64(len(samples)))/hop >= math.MaxUint32 {
		return 0, ErrTooLong
	}
	h.samples += uint64(len(samples))
	for rest := samples; len(rest) > 0; {
		n := copy(h.window[h.filled:], rest)
		sanitise(h.window[h.filled : h.filled+n])
		h.filled += n
		rest = rest[n:]
		if h.filled == frameSize {
			h.frame()
		}
	}
	return len(samples), nil
}

// sanitise keeps infinities and the like out of the sums: a hostile file must
// not spoil more than its own samples.
func sanitise(samples []float32) {
	const most = 16 // decoders of float formats overshoot 1 a little
	for i, v := range samples {
		if !(v >= -most && v <= most) {
			samples[i] = 0
		}
	}
}

// frame hashes the full window and moves it on by a hop.
func (h *Hasher) frame() {
	h.spectrum.whitened(&h.levels, &h.loud, h.window[:])
	h.peaks.add(&h.levels, h.append)
	h.filled = copy(h.window[:], h.window[hop:])
}

func (h *Hasher) append(p peak) {
	h.positions = append(h.positions, p.tick)
	h.codes = binary.LittleEndian.AppendUint16(h.codes, uint16(p.rank)<<freqBits|p.freq)
}

// Fingerprint returns the landmarks of all that was written so far. The
// stream may go on afterwards: on a live one it can be called every second.
// Silence, and what is shorter than a frame, give a fingerprint without
// features.
func (h *Hasher) Fingerprint() (*fingerprint.Fingerprint, error) {
	end := *h // the tail is hashed in a copy, the stream itself stays as it is
	end.positions, end.codes = append([]uint32(nil), h.positions...), append([]byte(nil), h.codes...)
	extent := uint32((h.samples + hop - 1) / hop)
	for end.peaks.seen < extent {
		clear(end.window[end.filled:])
		end.frame()
	}
	end.peaks.flush(end.append)
	n := len(end.positions)
	for n > 0 && end.positions[n-1] >= extent {
		n--
	}
	return fingerprint.New(Landmark, fingerprint.Audio, extent, codeWidth, end.positions[:n], end.codes[:n*codeWidth])
}
