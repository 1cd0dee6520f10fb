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

// Ranks that decoders register with. Pure Go goes first where it costs no more
// than native code, which needs a process of its own; where it costs more, it
// serves where there is no native decoder. WebAssembly costs most.
const (
	RankGo     = 60
	RankNative = 50
	RankSlowGo = 40
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

// Decoders returns all registered decoders, in the order in which they try.
func Decoders() []Decoder {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Clone(registry.decoders)
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
	l = l.Effective()
	return try(in, streams, func(d Decoder) (info Info, final bool, err error) {
		g := &guard{ctx: ctx, sink: s, limits: l, request: r}
		info, err = calm(d, func() (Info, error) { return d.Stream(ctx, in, l, r, g.guarded()) })
		err, final = g.verdict(err)
		if err != nil && !final && g.delivered && s.Reset != nil {
			s.Reset()
		}
		return info, final, err
	})
}

// Picture decodes a still picture, upright.
func Picture(ctx context.Context, in *Input, l Limits) (img image.Image, info Info, err error) {
	l = l.Effective()
	info, err = try(in, pictures, func(d Decoder) (info Info, final bool, err error) {
		info, err = calm(d, func() (info Info, err error) {
			if img, info, err = d.Picture(ctx, in, l); err != nil {
				return info, err
			}
			size := img.Bounds().Size()
			return info, fingerprint.Exceeds("pixels", int64(size.X)*int64(size.Y), l.Pixels)
		})
		return info, !retry(ctx, err), err
	})
	if err != nil {
		return nil, info, err
	}
	return img, info, nil
}

// Text takes the text of a document. When a decoder failed after it had
// emitted something, no other is tried.
func Text(ctx context.Context, in *Input, l Limits, emit func(page int, text string) error) (Info, error) {
	l = l.Effective()
	return try(in, texts, func(d Decoder) (info Info, final bool, err error) {
		g := &guard{ctx: ctx, emit: emit, limits: l}
		info, err = calm(d, func() (Info, error) { return d.Text(ctx, in, l, g.page) })
		err, final = g.verdict(err)
		return info, final || g.delivered, err
	})
}

// retry reports whether another decoder could fare better than this error.
func retry(ctx context.Context, err error) bool {
	var limit *fingerprint.LimitError
	return ctx.Err() == nil && !errors.As(err, &limit)
}

// try lets the decoders of a file's type try, the highest rank first, until
// one succeeds or an error is final. The error is that of the first one.
func try(in *Input, can func(Decoder) bool, decode func(Decoder) (info Info, final bool, err error)) (Info, error) {
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
		info, final, err := decode(d)
		if err == nil {
			if info.Decoder == "" {
				info.Decoder = d.Name
			}
			return info, nil
		}
		if first == nil {
			first = err
		}
		if final {
			return info, err
		}
	}
	if first == nil {
		return Info{}, fmt.Errorf("no decoder for %s can run here: %w", mediaType, missing)
	}
	return Info{}, first
}

// calm makes the panic of a decoder library an error of the file.
func calm(d Decoder, decode func() (Info, error)) (info Info, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: decoder %s gave up (%v)", d.Name, p)
		}
	}()
	return decode()
}
