package sound

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/likeness-go/likeness/internal/resample"
)

// chunk is how many samples a channel are mixed and handed on at once.
const chunk = 8192

// track mixes the channels of a sound to one, resamples it, and hands it on.
type track struct {
	ctx        context.Context
	sound      func([]float32) error
	rate       int
	weights    []float32 // of each channel in the mix
	resampler  *resample.Resampler
	read       int64 // samples a channel so far
	mono, out  []float32
	incomplete string
	codec      string // where the container alone does not say it
}

func newTrack(ctx context.Context, sound func([]float32) error, rate, channels, wanted int) (*track, error) {
	if channels < 1 || channels > 255 {
		return nil, fmt.Errorf("damaged: %d channels", channels)
	}
	r, err := resample.New(rate, wanted)
	if err != nil {
		return nil, err
	}
	return &track{ctx: ctx, sound: sound, rate: rate, weights: mixing(channels), resampler: r}, nil
}

func (t *track) channels() int { return len(t.weights) }

// matches fails when a later part of a file is another kind of sound.
func (t *track) matches(rate, channels int) error {
	if rate != t.rate || channels != t.channels() {
		return errors.New("damaged: its sample rate or channels change on the way")
	}
	return nil
}

// write takes interleaved samples, whole ones for all channels.
func (t *track) write(samples []float32) error {
	for n := t.channels(); len(samples) > 0; {
		part := samples[:min(len(samples), chunk*n)]
		samples = samples[len(part):]
		if err := t.mix(part); err != nil {
			return err
		}
	}
	return nil
}

func (t *track) mix(part []float32) error {
	if err := t.alive(); err != nil {
		return err
	}
	t.mono = t.mono[:0]
	switch w := t.weights; len(w) {
	case 1:
		t.mono = append(t.mono, part...)
	case 2:
		for i := 0; i+1 < len(part); i += 2 {
			t.mono = append(t.mono, (part[i]+part[i+1])*0.5)
		}
	default:
		for ; len(part) >= len(w); part = part[len(w):] {
			sum := float32(0)
			for c, x := range part[:len(w)] {
				sum += float32(x * w[c])
			}
			t.mono = append(t.mono, sum)
		}
	}
	t.read += int64(len(t.mono))
	t.out = t.resampler.Write(t.out[:0], t.mono)
	return t.deliver()
}

// alive returns the cause of the context's end, nil while it goes on.
func (t *track) alive() error {
	if t.ctx.Err() != nil {
		return context.Cause(t.ctx)
	}
	return nil
}

func (t *track) flush() error {
	t.out = t.resampler.Flush(t.out[:0])
	return t.deliver()
}

// deliver clips: float formats hold what they like, and filters overshoot.
func (t *track) deliver() error {
	if len(t.out) == 0 {
		return nil
	}
	for i, x := range t.out {
		if !(x >= -1 && x <= 1) {
			t.out[i] = clip(x)
		}
	}
	return t.sound(t.out)
}

func clip(x float32) float32 {
	if x != x {
		return 0
	}
	return min(1, max(-1, x))
}

func (t *track) seconds(samples int64) float64 { return float64(samples) / float64(t.rate) }

func (t *track) duration() time.Duration {
	return time.Duration(t.seconds(t.read) * float64(time.Second))
}

// mixing gives the weights of the channels in the mono mix: those of ffmpeg's
// swresample for its usual layouts in WAV's order (left, right, centre, low
// frequencies, back, side), scaled to a sum of 1. Low frequencies are left
// out; the back is 3 dB below the front.
func mixing(channels int) []float32 {
	const front, centre, back = 0.70710678, 1, 0.5
	layouts := [][]float64{
		3: {front, front, centre}, // 2.1 in WAV, 3.0 in FLAC and Vorbis: nobody knows
		4: {front, front, back, back},
		5: {front, front, centre, back, back},
		6: {front, front, centre, 0, back, back},
		7: {front, front, centre, 0, back, back, back},
		8: {front, front, centre, 0, back, back, back, back},
	}
	weights := make([]float32, channels)
	sum := 0.
	for c := range weights {
		w := 1.
		if channels < len(layouts) && layouts[channels] != nil {
			w = layouts[channels][c]
		}
		sum += w
		weights[c] = float32(w)
	}
	for c := range weights {
		weights[c] = float32(float64(weights[c]) / sum)
	}
	return weights
}
