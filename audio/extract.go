package audio

import (
	"context"
	"errors"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

func init() {
	fingerprint.RegisterExtractor(fingerprint.Extractor{Name: "audio", Sniff: sniff, Extract: extract})
}

// sniff leaves films to package video where that is imported: of them, this
// package reads the sound only.
func sniff(in *fingerprint.Input) (mediaType string, confidence int) {
	mediaType = media.Sniff(in)
	switch {
	case media.Refused(mediaType) != nil:
		return mediaType, 0
	case strings.HasPrefix(mediaType, "audio/"):
		return mediaType, 100
	case mediaType == "application/ogg": // with pictures, or with none that are known
		return mediaType, 60
	case strings.HasPrefix(mediaType, "video/"):
		return mediaType, 50
	}
	return mediaType, 0
}

var errNoSound = errors.New("no sound in it")

func extract(ctx context.Context, in *fingerprint.Input, l fingerprint.Limits) (*fingerprint.Set, error) {
	h := NewHasher()
	sink := media.Sink{
		Sound: func(samples []float32) error {
			_, err := h.Write(samples)
			return err
		},
		Reset: h.Reset,
	}
	info, err := media.Stream(ctx, in, l, media.Request{SampleRate: SampleRate}, sink)
	if err != nil {
		return nil, err
	}
	if !info.HasSound {
		return nil, errNoSound
	}
	f, err := h.Fingerprint()
	if err != nil {
		return nil, err
	}
	return &fingerprint.Set{
		Fingerprints: []*fingerprint.Fingerprint{f},
		Type:         media.Sniff(in),
		Kind:         fingerprint.Audio,
		Duration:     info.Duration,
		Decoder:      info.Decoder,
		Incomplete:   info.Incomplete,
	}, nil
}
