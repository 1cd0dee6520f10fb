package transcode

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"strconv"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// Picture is media.Decoder.Picture: the first picture of the file, turned
// upright as far as ffmpeg knows the orientation. Its pixels are NRGBA.
func (e *Engine) Picture(ctx context.Context, in *media.Input, l media.Limits) (image.Image, media.Info, error) {
	l = l.Effective()
	ctx, cancel := withWallTime(ctx, l)
	defer cancel()
	log := &report{limits: l, wants: tracks{frames: true}}
	pam := &pamWriter{limit: l.Pixels}
	ended, err := e.run(ctx, in, l, Job{Log: log, Outputs: []io.Writer{pam}, Args: func(input string, outputs []string) []string {
		return pictureArgs(l, input, outputs)
	}})
	if err != nil {
		return nil, media.Info{}, err
	}
	picture := pam.picture()
	if picture == nil {
		return nil, media.Info{}, log.reason(ended)
	}
	info := media.Info{Decoder: e.Name + " " + log.version, HasFrames: true,
		Width: picture.Rect.Dx(), Height: picture.Rect.Dy()}
	if ended != nil || log.errorCount > 0 {
		info.Incomplete = "damaged: " + log.reason(ended).Error()
	}
	return picture, info, nil
}

const maxHeader = 256 // bytes; ffmpeg's has about 70

// pamWriter reads one RGBA picture in the PAM format, which ffmpeg writes as
// "P7\nWIDTH 4\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
// and the pixels.
type pamWriter struct {
	limit  int64 // in pixels
	header []byte
	pixels *image.NRGBA
	filled int
}

func (w *pamWriter) Write(p []byte) (int, error) {
	written := len(p)
	if w.pixels == nil {
		w.header = append(w.header, p...)
		head, rest, found := bytes.Cut(w.header, []byte("ENDHDR\n"))
		if !found {
			if len(w.header) > maxHeader {
				return 0, errHeader
			}
			return written, nil
		}
		if err := w.start(string(head)); err != nil {
			return 0, err
		}
		w.header, p = nil, rest
	}
	w.filled += copy(w.pixels.Pix[w.filled:], p)
	return written, nil
}

var errHeader = errors.New("transcode: ffmpeg wrote no PAM picture")

func (w *pamWriter) start(header string) error {
	values := map[string]string{}
	for line := range strings.Lines(header) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		values[key] = value
	}
	width, errW := strconv.ParseInt(values["WIDTH"], 10, 31)
	height, errH := strconv.ParseInt(values["HEIGHT"], 10, 31)
	if errW != nil || errH != nil || width <= 0 || height <= 0 ||
		values["DEPTH"] != "4" || values["MAXVAL"] != "255" || width > maxPicture/height {
		return errHeader
	}
	if err := fingerprint.Exceeds("pixels", width*height, w.limit); err != nil {
		return err
	}
	w.pixels = image.NewNRGBA(image.Rect(0, 0, int(width), int(height)))
	return nil
}

// maxPicture bounds pictures, in pixels, where the caller set no limit.
const maxPicture = 1 << 30 / 4

// picture returns the picture if it came whole.
func (w *pamWriter) picture() *image.NRGBA {
	if w.pixels == nil || w.filled < len(w.pixels.Pix) {
		return nil
	}
	return w.pixels
}
