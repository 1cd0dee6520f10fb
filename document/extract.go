package document

import (
	"context"
	"errors"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

func init() {
	fingerprint.RegisterExtractor(fingerprint.Extractor{Name: "document", Sniff: sniff, Extract: extract})
}

func sniff(in *fingerprint.Input) (mediaType string, confidence int) {
	mediaType = media.Sniff(in)
	if media.CanText(mediaType) {
		confidence = 100
	}
	return mediaType, confidence
}

// extract makes one fingerprint of the whole document. Pages follow each other
// like lines, so that a word which a page break hyphenates is one.
func extract(ctx context.Context, in *fingerprint.Input, l fingerprint.Limits) (*fingerprint.Set, error) {
	h := NewHasher()
	var taken int64
	last := 0
	info, err := media.Text(ctx, in, l, func(page int, text string) error {
		taken += int64(len(text))
		if err := fingerprint.Exceeds("text", taken, l.Text); err != nil {
			return err
		}
		if page != last {
			last, text = page, "\n"+text
		}
		_, err := h.WriteString(text)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := h.Fingerprint()
	if err != nil && info.Incomplete != "" {
		err = errors.New(info.Incomplete)
	}
	if err != nil {
		return nil, err
	}
	return &fingerprint.Set{
		Fingerprints: []*fingerprint.Fingerprint{f},
		Type:         media.Sniff(in),
		Kind:         fingerprint.Document,
		Decoder:      info.Decoder,
		Incomplete:   info.Incomplete,
	}, nil
}
