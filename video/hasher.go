package video

import (
	"errors"
	"fmt"
	"image"
	"math"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/spectrum"
)

const (
	// FrameRate is how many frames a second a Hasher wants. It keeps those
	// that show something new, and one a second of those that don't.
	FrameRate = 4
	// FrameWidth and FrameHeight are the size of the frames that a Hasher
	// takes. The aspect ratio is not kept, so that films stretched to
	// another one hash the same.
	FrameWidth, FrameHeight = 128, 128

	tick = time.Second / 8

	// block is how many frames are looked at together for what does not move
	// in them: bars, and the border of a picture within the picture.
	block = 24

	// A frame is kept when it is less like the last one kept than alike, or
	// idle after it.
	alike = 0.95
	idle  = time.Second

	// flat is the contrast, in grey levels, below which a frame says nothing:
	// black, plain, faded nearly away.
	flat = 1.5

	mostTicks = math.MaxUint32 - 1
)

// A Hasher fingerprints moving pictures as they stream through it, in memory
// that does not depend on their length beyond the fingerprint itself. It is
// for one goroutine.
type Hasher struct {
	times     []time.Duration // of the frames in the block
	pix       []byte          // their pixels
	tmp       []float32
	border    border
	kept      [2]keptFrame // the last one of the whole and of the inner picture
	extent    uint32
	positions []uint32
	codes     []byte
}

type keptFrame struct {
	at   time.Duration
	wave *spectrum.Wave
}

// NewHasher returns a Hasher of frame/1.
func NewHasher() *Hasher {
	return &Hasher{
		times: make([]time.Duration, 0, block),
		pix:   make([]byte, 0, block*FrameWidth*FrameHeight),
		tmp:   make([]float32, 32*FrameHeight),
	}
}

// Reset forgets all frames.
func (h *Hasher) Reset() {
	h.times, h.pix = h.times[:0], h.pix[:0]
	h.extent, h.positions, h.codes = 0, nil, nil
	h.border, h.kept = border{}, [2]keptFrame{}
}

// Write takes the frame at t from the start, in grey, of 128 by 128 pixels.
// Times must not go back. FrameRate of them a second are enough.
func (h *Hasher) Write(t time.Duration, frame *image.Gray) error {
	if b := frame.Bounds(); b.Dx() != FrameWidth || b.Dy() != FrameHeight {
		return fmt.Errorf("video: frame of %dx%d, want %dx%d", b.Dx(), b.Dy(), FrameWidth, FrameHeight)
	}
	if t < 0 || t/tick >= mostTicks {
		return fmt.Errorf("video: frame at %v", t)
	}
	if n := len(h.times); n > 0 && t < h.times[n-1] || n == 0 && uint32(t/tick)+1 < h.extent {
		return errBackwards
	}
	h.times = append(h.times, t)
	for y := range FrameHeight {
		at := frame.PixOffset(frame.Rect.Min.X, frame.Rect.Min.Y+y)
		h.pix = append(h.pix, frame.Pix[at:at+FrameWidth]...)
	}
	h.extent = uint32(t/tick) + 1
	if len(h.times) == block {
		h.flush()
	}
	return nil
}

var errBackwards = errors.New("video: frames go back in time")

// Fingerprint returns the fingerprint of all frames since the start or Reset.
// More frames may be written afterwards.
func (h *Hasher) Fingerprint() *fingerprint.Fingerprint {
	h.flush()
	f, err := fingerprint.New(Frame1, fingerprint.Video, h.extent, codeSize,
		append([]uint32(nil), h.positions...), append([]byte(nil), h.codes...))
	if err != nil {
		panic(err) // positions are in order and below the extent: Write saw to it
	}
	return f
}

// flush hashes the frames of the block. A short last block keeps the borders
// of the one before.
func (h *Hasher) flush() {
	if len(h.times) == 0 {
		return
	}
	h.border.find(h.pix, len(h.times))
	for i, t := range h.times {
		pix := h.pix[i*FrameWidth*FrameHeight:]
		h.add(t, whole, pix, h.border.picture)
		if h.border.inner != (spectrum.Area{}) {
			h.add(t, inner, pix, h.border.inner)
		}
	}
	h.times, h.pix = h.times[:0], h.pix[:0]
}

func (h *Hasher) add(t time.Duration, kind byte, pix []byte, a spectrum.Area) {
	w, contrast := spectrum.NewWave(spectrum.ShrinkGray(pix, FrameWidth, a, h.tmp))
	last := &h.kept[kind]
	if contrast < flat || last.wave != nil && t-last.at < idle && w.Correlate(last.wave) >= alike {
		return
	}
	*last = keptFrame{t, w}
	s := w.Pack()
	h.positions = append(h.positions, uint32(t/tick))
	h.codes = append(append(h.codes, kind), s[:]...)
}
