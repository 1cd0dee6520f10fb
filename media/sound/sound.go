// Package sound decodes WAV, FLAC, Ogg Vorbis and Ogg Opus in pure Go, so that
// they need no ffmpeg. Import it for its side effect:
//
//	import _ "github.com/likeness-go/likeness/media/sound"
//
// The samples agree with ffmpeg's: mixed down with the same weights and
// resampled with the same filter, aligned to less than a sample.
//
// A file that ends too early is read as far as it goes, and Info.Incomplete
// says so. Damage in the middle, and whatever players read in more ways than
// one, is an error: ffmpeg, where it is imported too, reads such files as
// players do. It also goes first with FLAC and Ogg, where it is found, for it
// takes less CPU. Memory is bounded, whatever the file claims.
package sound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/likeness-go/likeness/media"
)

// Milliseconds of CPU to decode 54 s of stereo to mono at 8 kHz, here and by
// native ffmpeg, of which some 100 are its start (BenchmarkCPU):
//
//	WAV, 44100 Hz            44   117
//	WAV, 22050 Hz            29   115
//	FLAC, 44100 Hz          297   161
//	Ogg Vorbis, 44100 Hz    191   132
//	Ogg Opus                269   214
//
// The resampler takes 30 of ours. A longer song puts ours further behind: it
// is the codecs that cost more in Go, by 2 to 5 times.
func init() {
	register("wav", media.RankGo, decodeWAV, "audio/wav")
	register("flac", media.RankSlowGo, decodeFLAC, "audio/flac")
	register("ogg", media.RankSlowGo, decodeOgg, "audio/ogg")
}

// decode reads a file and writes what it holds to a track that open makes.
type decode func(in *media.Input, open func(rate, channels int) (*track, error)) (*track, error)

func register(name string, rank int, d decode, mediaType string) {
	media.Register(media.Decoder{
		Name:    name,
		Rank:    rank,
		Accepts: func(t string) bool { return t == mediaType },
		Stream: func(ctx context.Context, in *media.Input, _ media.Limits, r media.Request, s media.Sink) (media.Info, error) {
			return stream(ctx, name, d, in, r, s)
		},
	})
}

// errUnwanted ends a decoding of which no sound is wanted.
var errUnwanted = errors.New("no sound is wanted")

func stream(ctx context.Context, name string, d decode, in *media.Input, r media.Request, s media.Sink) (media.Info, error) {
	open := func(rate, channels int) (*track, error) {
		if r.SampleRate == 0 || s.Sound == nil {
			return nil, errUnwanted
		}
		return newTrack(ctx, s.Sound, rate, channels, r.SampleRate)
	}
	reading := *in // decoders skip over damage and long headers: let that end with the context, too
	reading.ReaderAt = readerAt{ctx, in}
	t, err := d(&reading, open)
	if err == errUnwanted {
		return media.Info{Decoder: name, HasSound: true}, nil
	}
	if err != nil {
		return media.Info{Decoder: name}, err
	}
	if err := t.flush(); err != nil {
		return media.Info{Decoder: name}, err
	}
	if t.codec != "" {
		name = t.codec
	}
	return media.Info{Decoder: name, HasSound: true, Duration: t.duration(), Incomplete: t.incomplete}, nil
}

// readerAt ends when the context does.
type readerAt struct {
	ctx context.Context
	r   io.ReaderAt
}

func (r readerAt) ReadAt(p []byte, at int64) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.ReadAt(p, at)
}

// least is how much of a truncated sound must be there to be worth anything.
const least = time.Second

// truncated notes that the file ends early: of total samples a channel, as
// far as that is known, otherwise 0. What has next to nothing is an error.
func (t *track) truncated(total int64) error {
	if t.duration() < least {
		return fmt.Errorf("truncated: only %.2f s of sound in it", t.duration().Seconds())
	}
	if total > t.read {
		t.incomplete = fmt.Sprintf("truncated: %.1f of %.1f s could be read", t.duration().Seconds(), t.seconds(total))
	} else {
		t.incomplete = fmt.Sprintf("truncated: ends within its data after %.1f s", t.duration().Seconds())
	}
	return nil
}

// ended reports whether an error says that the file ends.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// counter counts what is read of a file, so that what is left is known.
type counter struct {
	r    io.Reader
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	return n, err
}

// trailer is how much may follow the end of a sound: tags such as ID3v1 and
// APE. More could be sound that players do play.
const trailer = 64 << 10

var errTrailing = errors.New("damaged: much data after the end of its sound")
