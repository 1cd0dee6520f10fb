package sound

import (
	"errors"
	"fmt"
	"io"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"

	"github.com/likeness-go/likeness/media"
)

// decodeFLAC reads a FLAC stream (RFC 9639), also one behind an ID3v2 tag. It
// reads on to the end of the file, whatever length the header claims.
func decodeFLAC(in *media.Input, open func(rate, channels int) (*track, error)) (*track, error) {
	start := tagged(in)
	c := &counter{r: io.NewSectionReader(in, start, in.Size-start)}
	s, err := flac.New(c)
	if ended(err) {
		return nil, errors.New("truncated: ends within its header")
	}
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	t, err := open(int(s.Info.SampleRate), int(s.Info.NChannels))
	if err != nil {
		return nil, err
	}
	total := int64(s.Info.NSamples)
	d := flacFrames{track: t, bits: int(s.Info.BitsPerSample)}
	for {
		f, err := s.ParseNext()
		if err == nil {
			if err = d.write(f); err != nil {
				return nil, err
			}
			continue
		}
		whole := total > 0 && t.read >= total
		switch {
		case whole && in.Size-start-c.read <= trailer, total == 0 && errors.Is(err, io.EOF) && t.read > 0:
			return t, nil
		case whole:
			return nil, errTrailing
		case ended(err):
			return t, t.truncated(total)
		}
		return nil, fmt.Errorf("damaged after %.1f s: %w", t.duration().Seconds(), err)
	}
}

// flacFrames turns frames into interleaved samples.
type flacFrames struct {
	track *track
	bits  int // a sample, where the frame does not say
	buf   []float32
}

func (d *flacFrames) write(f *frame.Frame) error {
	rate, bits := int(f.SampleRate), int(f.BitsPerSample)
	if rate == 0 {
		rate = d.track.rate
	}
	if bits == 0 {
		bits = d.bits
	}
	if err := d.track.matches(rate, len(f.Subframes)); err != nil {
		return err
	}
	if bits < 4 || bits > 32 {
		return fmt.Errorf("damaged: samples of %d bits", bits)
	}
	n, channels := int(f.BlockSize), len(f.Subframes)
	if cap(d.buf) < n*channels {
		d.buf = make([]float32, n*channels)
	}
	d.buf = d.buf[:n*channels]
	scale := 1 / float32(int64(1)<<(bits-1))
	for c, sub := range f.Subframes {
		if len(sub.Samples) != n {
			return errors.New("damaged: channels of different lengths")
		}
		for i, v := range sub.Samples {
			d.buf[i*channels+c] = float32(v) * scale
		}
	}
	return d.track.write(d.buf)
}

// tagged returns where a file goes on after an ID3v2 tag (id3.org, 2.4.0
// structure, section 3.1), 0 when there is none.
func tagged(in *media.Input) int64 {
	var h [10]byte
	if _, err := in.ReadAt(h[:], 0); err != nil || string(h[:3]) != "ID3" {
		return 0
	}
	size := int64(h[6]&0x7f)<<21 | int64(h[7]&0x7f)<<14 | int64(h[8]&0x7f)<<7 | int64(h[9]&0x7f)
	return min(size+10, in.Size)
}
