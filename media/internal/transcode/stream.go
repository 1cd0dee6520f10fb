package transcode

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// maxFrame bounds the frames that a request may ask for, in pixels. Hashers
// ask for some thousand.
const maxFrame = 64 << 20

// decoding is one call of Stream.
type decoding struct {
	*Engine
	in      *media.Input
	limits  media.Limits
	request media.Request
	sound   soundWriter
	frames  frameWriter
	report  *report // of the last pass
	errors  int     // messages of errors, in all passes
}

// Stream is media.Decoder.Stream.
func (e *Engine) Stream(ctx context.Context, in *media.Input, l media.Limits, r media.Request, s media.Sink) (media.Info, error) {
	wants := tracks{sound: r.SampleRate > 0 && s.Sound != nil, frames: r.FrameRate > 0 && s.Frame != nil}
	if !wants.sound && !wants.frames {
		return media.Info{}, errors.New("transcode: neither sound nor pictures are asked for")
	}
	if wants.frames && (r.FrameWidth <= 0 || r.FrameHeight <= 0 || r.FrameWidth > maxFrame/r.FrameHeight) {
		return media.Info{}, fmt.Errorf("transcode: frames of %dx%d are asked for", r.FrameWidth, r.FrameHeight)
	}
	l = l.Effective()
	ctx, cancel := withWallTime(ctx, l)
	defer cancel()
	d := decoding{Engine: e, in: in, limits: l, request: r,
		sound: soundWriter{emit: s.Sound, rate: r.SampleRate, limit: l.Duration}}
	if wants.frames {
		frame := image.NewGray(image.Rect(0, 0, r.FrameWidth, r.FrameHeight))
		d.frames = frameWriter{emit: s.Frame, rate: r.FrameRate, limit: l.Duration, frame: frame}
	}
	failed, err := d.passes(ctx, wants)
	if err == nil && !d.delivered() {
		err = d.nothing(failed)
	}
	if err != nil {
		return media.Info{}, err
	}
	return d.info(failed), nil
}

// passes decodes all wanted tracks, in one pass if that is possible. A film
// without sound, or one of whose tracks has no decoder, makes that pass fail
// before it gives anything; then each track that is there is tried alone.
// failed tells why a part could not be read; err ends everything.
func (d *decoding) passes(ctx context.Context, wants tracks) (failed, err error) {
	if wants.sound && wants.frames && !d.OneOutput {
		failed, err = d.pass(ctx, wants)
		there := d.report.shows()
		if failed == nil || err != nil || d.delivered() || there == (tracks{}) {
			return failed, err
		}
		wants, failed = there, nil
	}
	for _, t := range []tracks{{frames: wants.frames}, {sound: wants.sound}} {
		if t == (tracks{}) {
			continue
		}
		why, err := d.pass(ctx, t)
		if err != nil {
			return nil, err
		}
		if _, missing := failed.(missingError); failed == nil || missing && why != nil {
			failed = why
		}
	}
	return failed, nil
}

// pass runs ffmpeg once.
func (d *decoding) pass(ctx context.Context, t tracks) (failed, err error) {
	d.report = &report{limits: d.limits, wants: t}
	job := Job{Log: d.report, Args: func(input string, outputs []string) []string {
		return streamArgs(t, d.request, d.limits, input, outputs)
	}}
	if t.frames {
		job.Outputs = append(job.Outputs, &d.frames)
	}
	if t.sound {
		job.Outputs = append(job.Outputs, &d.sound)
	}
	ended, err := d.run(ctx, d.in, d.limits, job)
	d.errors += d.report.errorCount
	if err != nil || ended == nil {
		return nil, err
	}
	failed = d.report.reason(ended)
	if limit, ok := errors.AsType[*fingerprint.LimitError](failed); ok {
		return nil, limit
	}
	return failed, nil
}

func (d *decoding) delivered() bool { return d.sound.samples > 0 || d.frames.frames > 0 }

// nothing is the error when ffmpeg gave nothing.
func (d *decoding) nothing(failed error) error {
	if failed != nil {
		return failed
	}
	return d.report.reason(nil)
}

func (d *decoding) info(failed error) media.Info {
	info := media.Info{
		Decoder:   d.Name + " " + d.report.version,
		HasSound:  d.sound.samples > 0,
		HasFrames: d.frames.frames > 0,
	}
	if info.HasSound {
		info.Duration = d.sound.length()
	}
	if info.HasFrames {
		info.Duration = max(info.Duration, d.frames.length())
		info.Width, info.Height = d.report.width, d.report.height
	}
	info.Incomplete = d.incomplete(info, failed)
	return info
}

// incomplete compares what was decoded with what the container promises. The
// promise covers every track, so that a film whose sound alone was decoded
// may well be shorter; then only errors prove that something is missing.
func (d *decoding) incomplete(got media.Info, failed error) string {
	promised := d.report.duration
	short := got.Duration+max(time.Second, promised/50) < promised && !d.report.estimated
	whole := d.report.streams == count(got.HasSound, got.HasFrames)
	if short && (whole || d.errors > 0) {
		return fmt.Sprintf("truncated: %.1f of %.1f s could be read", got.Duration.Seconds(), promised.Seconds())
	}
	if _, missing := failed.(missingError); missing || failed == nil {
		return ""
	}
	return "damaged: " + failed.Error()
}

func count(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}
