package media

import (
	"image"
	"sync"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// guard stands between a decoder and a sink: it keeps the limit on duration,
// whatever the decoder does, and remembers whether anything was delivered and
// whether the sink failed.
type guard struct {
	sink    Sink
	limits  Limits
	request Request
	samples int64

	mu        sync.Mutex // Sound and Frame may be called at the same time
	delivered bool
	failed    error
}

func (g *guard) note(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.delivered = true
	if g.failed == nil {
		g.failed = err
	}
}

func (g *guard) guarded() Sink {
	s := Sink{Reset: g.sink.Reset}
	if g.sink.Sound != nil {
		s.Sound = g.sound
	}
	if g.sink.Frame != nil {
		s.Frame = g.frame
	}
	return s
}

func (g *guard) sound(samples []float32) error {
	g.samples += int64(len(samples))
	if g.request.SampleRate > 0 {
		length := time.Duration(float64(g.samples) / float64(g.request.SampleRate) * float64(time.Second))
		if err := fingerprint.Exceeds("duration", length, g.limits.Duration); err != nil {
			return err
		}
	}
	err := g.sink.Sound(samples)
	g.note(err)
	return err
}

func (g *guard) frame(t time.Duration, frame *image.Gray) error {
	if err := fingerprint.Exceeds("duration", t, g.limits.Duration); err != nil {
		return err
	}
	err := g.sink.Frame(t, frame)
	g.note(err)
	return err
}
