// Package still decodes pictures in pure Go: JPEG, PNG, GIF (the first frame),
// BMP, TIFF and WebP. Import it for its side effect:
//
//	import _ "github.com/likeness-go/likeness/media/still"
//
// Pictures come upright, turned as EXIF says. The size in the header is
// checked against Limits.Pixels before anything is decoded, so that a picture
// that claims to be huge costs nothing. A picture that ends too early is an
// error: half of one would look like another.
package still

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// format is one kind of picture. The decoders are named one by one: those
// that a program registers with package image know no limits.
type format struct {
	name   string
	types  []string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var formats = []format{
	{"jpeg", []string{"image/jpeg"}, jpeg.DecodeConfig, jpeg.Decode},
	{"png", []string{"image/png", "image/apng", "image/vnd.mozilla.apng"}, png.DecodeConfig, png.Decode},
	{"gif", []string{"image/gif"}, gif.DecodeConfig, gif.Decode},
	{"bmp", []string{"image/bmp"}, bmp.DecodeConfig, bmp.Decode},
	{"tiff", []string{"image/tiff"}, tiff.DecodeConfig, tiff.Decode},
	{"webp", []string{"image/webp"}, webp.DecodeConfig, webp.Decode},
}

func init() {
	for _, f := range formats {
		media.Register(media.Decoder{
			Name:    f.name,
			Rank:    media.RankGo,
			Accepts: func(t string) bool { return slices.Contains(f.types, t) },
			Picture: f.picture,
		})
	}
}

// picture decodes one picture. The context is looked at on every read.
func (f format) picture(ctx context.Context, in *media.Input, l media.Limits) (image.Image, media.Info, error) {
	l = l.Effective()
	info := media.Info{Decoder: f.name}
	config, err := f.config(bufio.NewReader(&reader{ctx, in.Reader()}))
	if err != nil {
		return nil, info, f.reason(err)
	}
	info.Width, info.Height = config.Width, config.Height
	if config.Width < 1 || config.Height < 1 {
		return nil, info, fmt.Errorf("damaged: a picture of %dx%d pixels", config.Width, config.Height)
	}
	if err := fingerprint.Exceeds("pixels", int64(config.Width)*int64(config.Height), l.Pixels); err != nil {
		return nil, info, err
	}
	img, err := f.decode(bufio.NewReader(&reader{ctx, in.Reader()}))
	if err != nil {
		return nil, info, f.reason(err)
	}
	if f.name == "jpeg" || f.name == "tiff" || f.name == "webp" {
		img = upright(img, orientation(in, f.name))
	}
	size := img.Bounds().Size()
	info.Width, info.Height = size.X, size.Y
	return img, info, nil
}

// reason says in one line what is wrong, without the names of packages.
func (f format) reason(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	text := err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(text, "not enough pixel data") ||
		strings.Contains(text, "not enough image data") || strings.Contains(text, "short Huffman data") {
		return errors.New("truncated: the picture ends before its data")
	}
	_, said, found := strings.Cut(text, ": ")
	if !found {
		said = text
	}
	return fmt.Errorf("damaged %s: %s", f.name, said)
}

// reader ends when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.Read(p)
}
