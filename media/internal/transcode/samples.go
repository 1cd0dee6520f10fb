package transcode

import (
	"encoding/binary"
	"image"
	"math"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// soundWriter turns the little-endian float32 that ffmpeg writes into
// samples. Files hold what they like: samples beyond -1 to 1 are clipped,
// and what is no number becomes silence.
type soundWriter struct {
	emit    func([]float32) error
	rate    int
	limit   time.Duration
	samples int64
	buf     []float32
	part    [4]byte // of a sample that a write split
	parts   int
}

func (w *soundWriter) Write(p []byte) (int, error) {
	written := len(p)
	w.buf = w.buf[:0]
	if w.parts > 0 {
		n := copy(w.part[w.parts:], p)
		w.parts, p = w.parts+n, p[n:]
		if w.parts < 4 {
			return written, nil
		}
		w.buf = append(w.buf, sample(w.part[:]))
	}
	for ; len(p) >= 4; p = p[4:] {
		w.buf = append(w.buf, sample(p))
	}
	w.parts = copy(w.part[:], p)
	if len(w.buf) == 0 {
		return written, nil
	}
	w.samples += int64(len(w.buf))
	if err := fingerprint.Exceeds("duration", w.length(), w.limit); err != nil {
		return 0, err
	}
	if err := w.emit(w.buf); err != nil {
		return 0, err
	}
	return written, nil
}

func (w *soundWriter) length() time.Duration { return at(w.samples, float64(w.rate)) }

func sample(p []byte) float32 {
	s := math.Float32frombits(binary.LittleEndian.Uint32(p))
	switch {
	case s >= -1 && s <= 1:
		return s
	case s > 1:
		return 1
	case s < -1:
		return -1
	}
	return 0
}

// frameWriter turns a row of grey pictures into frames.
type frameWriter struct {
	emit   func(time.Duration, *image.Gray) error
	rate   float64
	limit  time.Duration
	frame  *image.Gray
	filled int
	frames int64
}

func (w *frameWriter) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		n := copy(w.frame.Pix[w.filled:], p)
		w.filled, p = w.filled+n, p[n:]
		if w.filled < len(w.frame.Pix) {
			break
		}
		w.filled = 0
		t := at(w.frames, w.rate)
		if err := fingerprint.Exceeds("duration", t, w.limit); err != nil {
			return 0, err
		}
		if err := w.emit(t, w.frame); err != nil {
			return 0, err
		}
		w.frames++
	}
	return written, nil
}

func (w *frameWriter) length() time.Duration { return at(w.frames, w.rate) }

// at is the time of item n of a row with so many a second.
func at(n int64, rate float64) time.Duration {
	return time.Duration(math.Round(float64(n) / rate * float64(time.Second)))
}
