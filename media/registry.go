package media

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"sync"

	"github.com/likeness-go/likeness/fingerprint"
)

// Ranks that decoders register with: pure Go before native before WebAssembly.
const (
	RankGo     = 60
	RankNative = 50
	RankWasm   = 10
)

var registry struct {
	sync.RWMutex
	decoders []Decoder // the highest rank first, then by name
}

// Register makes a decoder known. It is called from init functions and panics
// on a name that is taken.
func Register(d Decoder) {
	registry.Lock()
	defer registry.Unlock()
	for _, x := range registry.decoders {
		if x.Name == d.Name {
			panic("media: decoder " + d.Name + " registered twice")
		}
	}
	registry.decoders = append(registry.decoders, d)
	slices.SortFunc(registry.decoders, func(a, b Decoder) int {
		if a.Rank != b.Rank {
			return b.Rank - a.Rank
		}
		return strings.Compare(a.Name, b.Name)
	})
}

// decodersFor returns the decoders that accept a type and can do what the caller wants.
func decodersFor(mediaType string, can func(Decoder) bool) []Decoder {
	registry.RLock()
	defer registry.RUnlock()
	var of []Decoder
	for _, d := range registry.decoders {
		if can(d) && d.Accepts(mediaType) {
			of = append(of, d)
		}
	}
	return of
}

func streams(d Decoder) bool  { return d.Stream != nil }
func pictures(d Decoder) bool { return d.Picture != nil }
func texts(d Decoder) bool    { return d.Text != nil }

// CanStream reports whether an imported decoder reads sound or moving
// pictures of this type, be it available here or not.
func CanStream(mediaType string) bool { return len(decodersFor(mediaType, streams)) > 0 }

// CanPicture reports the same for still pictures.
func CanPicture(mediaType string) bool { return len(decodersFor(mediaType, pictures)) > 0 }

// CanText reports the same for text.
func CanText(mediaType string) bool { return len(decodersFor(mediaType, texts)) > 0 }

// Stream decodes the sound and the moving pictures of a file in one pass.
func Stream(ctx context.Context, in *Input, l Limits, r Request, s Sink) (Info, error) {
	return try(in, streams, func(d Decoder) (Info, attempt, error) {
		g := &guard{sink: s, limits: l, request: r}
		info, err := d.Stream(ctx, in, l, r, g.guarded())
		if err != nil && g.delivered && s.Reset != nil && g.failed == nil && retry(ctx, err) {
			s.Reset()
		}
		return info, attempt{final: g.failed != nil || !retry(ctx, err)}, err
	})
}

// Picture decodes a still picture, upright.
func Picture(ctx context.Context, in *Input, l Limits) (img image.Image, info Info, err error) {
	info, err = try(in, pictures, func(d Decoder) (Info, attempt, error) {
		var i Info
		var err error
		img, i, err = d.Picture(ctx, in, l)
		return i, attempt{final: !retry(ctx, err)}, err
	})
	if err != nil {
		return nil, info, err
	}
	return img, info, nil
}

// Text takes the text of a document. When a decoder failed after it had
// emitted something, no other is tried.
func Text(ctx context.Context, in *Input, l Limits, emit func(page int, text string) error) (Info, error) {
	return try(in, texts, func(d Decoder) (Info, attempt, error) {
		emitted := false
		var failed error
		info, err := d.Text(ctx, in, l, func(page int, text string) error {
			emitted = true
			failed = emit(page, text)
			return failed
		})
		return info, attempt{final: emitted || failed != nil || !retry(ctx, err)}, err
	})
}

// attempt says whether another decoder may try after an error.
type attempt struct{ final bool }

// retry reports whether another decoder could fare better than this error.
func retry(ctx context.Context, err error) bool {
	var limit *fingerprint.LimitError
	return ctx.Err() == nil && !errors.As(err, &limit)
}

// try lets the decoders of a file's type try, the highest rank first. A panic
// of a decoder library is an error of that file.
func try(in *Input, can func(Decoder) bool, decode func(Decoder) (Info, attempt, error)) (Info, error) {
	mediaType := Sniff(in)
	if err := Refused(mediaType); err != nil {
		return Info{}, err
	}
	decoders := decodersFor(mediaType, can)
	if len(decoders) == 0 {
		return Info{}, fmt.Errorf("no decoder for %s (forgotten import?)", mediaType)
	}
	var first, missing error
	for _, d := range decoders {
		if d.Available != nil {
			if err := d.Available(); err != nil {
				missing = errors.Join(missing, fmt.Errorf("%s: %w", d.Name, err))
				continue
			}
		}
		info, a, err := calm(d, decode)
		if err == nil {
			if info.Decoder == "" {
				info.Decoder = d.Name
			}
			return info, nil
		}
		if first == nil {
			first = err
		}
		if a.final {
			return info, err
		}
	}
	if first == nil {
		return Info{}, fmt.Errorf("no decoder for %s can run here: %w", mediaType, missing)
	}
	return Info{}, first
}

func calm(d Decoder, decode func(Decoder) (Info, attempt, error)) (info Info, a attempt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: decoder %s gave up (%v)", d.Name, p)
		}
	}()
	return decode(d)
}
