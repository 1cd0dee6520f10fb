package ffmpeg_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/ffmpeg"
	"github.com/likeness-go/likeness/media/mediatest"
)

// picture.avif is ffmpeg's testsrc: dark at the top left, 64x48.
func TestPicture(t *testing.T) {
	if err := ffmpeg.Pictures.Available(); err != nil {
		t.Skip(err)
	}
	b := mediatest.Film(t, "picture.avif")
	in := &media.Input{ReaderAt: bytes.NewReader(b), Size: int64(len(b))}
	img, info, err := ffmpeg.Pictures.Picture(t.Context(), in, media.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Dx() != 64 || img.Bounds().Dy() != 48 || info.Width != 64 || info.Incomplete != "" {
		t.Errorf("%v, %+v", img.Bounds(), info)
	}
	left, right := img.At(2, 2), img.At(60, 24)
	if l, _, _, _ := left.RGBA(); left == right || l > 0x4000 {
		t.Errorf("colours %v and %v", left, right)
	}
	_, _, err = ffmpeg.Pictures.Picture(t.Context(), in, media.Limits{Pixels: 1000})
	if limit, ok := errors.AsType[*fingerprint.LimitError](err); !ok || limit.Limit != "pixels" {
		t.Errorf("limit of pixels: %v", err)
	}
}
