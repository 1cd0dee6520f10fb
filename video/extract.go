// Package video recognises films, by their pictures and by their sound.
// Importing it makes fingerprint.File and fingerprint.Read know the films that
// an imported decoder reads:
//
//	import _ "github.com/likeness-go/likeness/video"
//	import _ "github.com/likeness-go/likeness/media/ffmpeg"
//
// Pictures and sound are decoded in one pass and fingerprinted apart, so that
// a film under another sound, or a song under other pictures, is found too. A
// film without pictures is a sound file: its Set has the kind Audio.
//
// Copies that were re-encoded, re-coloured, cropped, framed, mirrored, or
// played up to 25 % faster or slower are found from ten seconds on. What
// proves a copy is that its pictures change as the work's do: one still
// picture, a black frame, or a test card proves nothing, and another film of
// the same scene is not a copy. Of a film that does not change at all, only
// the sound is recognised.
//
// Who has decoded frames already uses a Hasher. Memory does not grow with the
// size of the pictures, and by up to 400 bytes with each second of film.
package video

import (
	"context"
	"errors"
	"image"
	"strings"
	"time"

	"github.com/likeness-go/likeness/audio"
	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

func init() {
	fingerprint.RegisterExtractor(fingerprint.Extractor{Name: "video", Sniff: sniff, Extract: extract})
}

func sniff(in *fingerprint.Input) (mediaType string, confidence int) {
	mediaType = media.Sniff(in)
	switch {
	case media.Refused(mediaType) != nil:
		return mediaType, 0
	case strings.HasPrefix(mediaType, "video/"), mediaType == "application/ogg", mediaType == "application/vnd.rn-realmedia":
		return mediaType, 100
	}
	return mediaType, 0
}

var errNothing = errors.New("neither pictures nor sound in it")

func extract(ctx context.Context, in *fingerprint.Input, l fingerprint.Limits) (*fingerprint.Set, error) {
	frames, sound := NewHasher(), audio.NewHasher()
	request := media.Request{
		SampleRate: audio.SampleRate,
		FrameRate:  FrameRate, FrameWidth: FrameWidth, FrameHeight: FrameHeight,
	}
	info, err := media.Stream(ctx, in, l, request, media.Sink{
		Sound: func(samples []float32) error {
			_, err := sound.Write(samples)
			return err
		},
		Frame: func(t time.Duration, frame *image.Gray) error { return frames.Write(t, frame) },
		Reset: func() {
			frames.Reset()
			sound.Reset()
		},
	})
	if err != nil {
		return nil, err
	}
	set := &fingerprint.Set{Type: media.Sniff(in), Duration: info.Duration, Decoder: info.Decoder, Incomplete: info.Incomplete}
	if info.HasSound {
		f, err := sound.Fingerprint()
		if err != nil {
			return nil, err
		}
		set.Fingerprints, set.Kind = append(set.Fingerprints, f), fingerprint.Audio
	}
	if info.HasFrames {
		set.Fingerprints, set.Kind = append([]*fingerprint.Fingerprint{frames.Fingerprint()}, set.Fingerprints...), fingerprint.Video
	}
	if len(set.Fingerprints) == 0 {
		return nil, errNothing
	}
	return set, nil
}
