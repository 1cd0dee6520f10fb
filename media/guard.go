package media

import (
	"context"
	"image"
	"sync"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// guard stands between a decoder and what takes its output: whatever the
// decoder does, it keeps the limits and the context, and after the first
// error it lets nothing through any more.
type guard struct {
	ctx     context.Context
	sink    Sink
	emit    func(page int, text string) error
	limits  Limits
	request Request
	samples int64
	text    int64 // bytes

	mu        sync.Mutex // Sound and Frame may be called at the same time
	delivered bool
	failed    error
}

// guarded is the sink that the decoder is given.
func (g *guard) guarded() Sink {
	var s Sink
	if g.sink.Sound != nil {
		s.Sound = g.sound
	}
	if g.sink.Frame != nil {
		s.Frame = g.frame
	}
	return s
}

// pass lets one piece through, unless there was an error or there is one now.
func (g *guard) pass(exceeds error, deliver func() error) error {
	if err := g.check(exceeds); err != nil {
		return err
	}
	err := deliver()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failed == nil {
		g.failed = err
	}
	return err
}

func (g *guard) check(exceeds error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.failed != nil:
	case g.ctx.Err() != nil:
		g.failed = context.Cause(g.ctx)
	default:
		g.failed = exceeds
	}
	g.delivered = g.delivered || g.failed == nil
	return g.failed
}

func (g *guard) sound(samples []float32) error {
	g.samples += int64(len(samples))
	var length time.Duration
	if g.request.SampleRate > 0 {
		length = time.Duration(float64(g.samples) / float64(g.request.SampleRate) * float64(time.Second))
	}
	return g.pass(fingerprint.Exceeds("duration", length, g.limits.Duration), func() error { return g.sink.Sound(samples) })
}

func (g *guard) frame(t time.Duration, frame *image.Gray) error {
	return g.pass(fingerprint.Exceeds("duration", t, g.limits.Duration), func() error { return g.sink.Frame(t, frame) })
}

func (g *guard) page(page int, text string) error {
	g.text += int64(len(text))
	exceeds := fingerprint.Exceeds("pages", page+1, g.limits.Pages)
	if exceeds == nil {
		exceeds = fingerprint.Exceeds("text", g.text, g.limits.Text)
	}
	return g.pass(exceeds, func() error { return g.emit(page, text) })
}

// verdict is how a decoding ended: the guard's error and that of the context,
// whatever a decoder made of them, count before that of the decoder.
func (g *guard) verdict(err error) (verdict error, final bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failed != nil {
		return g.failed, true
	}
	if err != nil && g.ctx.Err() != nil {
		return context.Cause(g.ctx), true
	}
	return err, !retry(g.ctx, err)
}
