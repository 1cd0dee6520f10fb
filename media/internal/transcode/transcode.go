// Package transcode is what the native and the WebAssembly ffmpeg share: the
// command lines, the reading of samples, frames and pictures from what ffmpeg
// writes, and the reading of its messages. Only how the program is started
// differs, so that the same file gives the same samples through both.
package transcode

import (
	"context"
	"io"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// An Engine starts ffmpeg.
type Engine struct {
	// Name is "ffmpeg"; the version is put behind it.
	Name string
	// OneOutput says that a run can have one output only. Sound and pictures
	// then take a pass each.
	OneOutput bool
	// Run runs ffmpeg once, until it ends or ctx does, and returns nil if its
	// exit status was 0. After it returned, nothing is written any more. The
	// first error of a writer ends the run.
	Run func(ctx context.Context, in *media.Input, l media.Limits, j Job) error
}

// A Job is one run of ffmpeg.
type Job struct {
	// Args gives the arguments, for an input and outputs called so.
	Args    func(input string, outputs []string) []string
	Outputs []io.Writer
	Log     io.Writer // takes the messages
}

// Accepts says whether ffmpeg is worth a try with sound or film of a type.
func Accepts(mediaType string) bool {
	if strings.HasPrefix(mediaType, "audio/") || strings.HasPrefix(mediaType, "video/") {
		return true
	}
	switch mediaType {
	case "application/ogg", "application/mp4", "application/mxf", "application/x-matroska",
		"application/vnd.rn-realmedia", "application/vnd.rn-realmedia-vbr",
		"application/vnd.ms-asf", "application/x-shockwave-flash", "image/gif", "image/apng", "image/vnd.mozilla.apng":
		return true
	}
	return false
}

// AcceptsPicture says whether ffmpeg is worth a try with a still picture.
func AcceptsPicture(mediaType string) bool {
	// Vector drawings are refused: their renderer follows references.
	return strings.HasPrefix(mediaType, "image/") && !strings.HasPrefix(mediaType, "image/svg")
}

// withWallTime bounds the whole decoding by the limit.
func withWallTime(ctx context.Context, l media.Limits) (context.Context, context.CancelFunc) {
	if l.WallTime < 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, l.WallTime, &fingerprint.LimitError{Limit: "wall time", Max: l.WallTime})
}

// run runs one job and tells how ffmpeg ended. err is what ended it from our
// side: the context, or the first error of a writer.
func (e *Engine) run(ctx context.Context, in *media.Input, l media.Limits, j Job) (ended, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	outputs := make([]io.Writer, len(j.Outputs))
	for i, w := range j.Outputs {
		outputs[i] = &guard{w, cancel}
	}
	j.Outputs, j.Log = outputs, &guard{j.Log, cancel}
	ended = e.Run(ctx, in, l, j)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return ended, nil
}

// guard cancels the run on the first error of its writer.
type guard struct {
	w      io.Writer
	cancel context.CancelCauseFunc
}

func (g *guard) Write(p []byte) (int, error) {
	n, err := g.w.Write(p)
	if err != nil {
		g.cancel(err)
	}
	return n, err
}
