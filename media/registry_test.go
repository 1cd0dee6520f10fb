package media_test

import (
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// The decoders of these tests take formats that no decoder of the project
// reads in pure Go; what they do is set by each test.
const (
	wavpack  = "wvpk"
	trueTone = "TTA1"
	core     = "caff"
)

var (
	better, worse, absent media.Decoder
	tried                 []string
)

func init() {
	wavpackOnly := func(t string) bool { return t == "audio/x-wavpack" }
	stream := func(d *media.Decoder) func(context.Context, *media.Input, media.Limits, media.Request, media.Sink) (media.Info, error) {
		return func(ctx context.Context, in *media.Input, l media.Limits, r media.Request, s media.Sink) (media.Info, error) {
			tried = append(tried, d.Name)
			return d.Stream(ctx, in, l, r, s)
		}
	}
	better.Name, worse.Name = "better", "worse"
	media.Register(media.Decoder{Name: "worse", Rank: 1, Accepts: wavpackOnly, Stream: stream(&worse),
		Picture: func(ctx context.Context, in *media.Input, l media.Limits) (image.Image, media.Info, error) {
			return worse.Picture(ctx, in, l)
		},
		Text: func(ctx context.Context, in *media.Input, l media.Limits, emit func(int, string) error) (media.Info, error) {
			return worse.Text(ctx, in, l, emit)
		}})
	media.Register(media.Decoder{Name: "better", Rank: 2, Accepts: wavpackOnly, Stream: stream(&better)})
	media.Register(media.Decoder{Name: "absent", Rank: 3,
		Accepts:   func(t string) bool { return t == "audio/x-wavpack" || t == "audio/x-tta" },
		Available: func() error { return errors.New("no such program on PATH") },
		Stream:    stream(&absent)})
}

type streamFunc = func(context.Context, *media.Input, media.Limits, media.Request, media.Sink) (media.Info, error)

// deliver is a decoder that delivers so many blocks of a tenth of a second at
// 8 kHz, and returns the sink's error, or err at the end.
func deliver(blocks int, err error) streamFunc {
	return func(_ context.Context, _ *media.Input, _ media.Limits, _ media.Request, s media.Sink) (media.Info, error) {
		for range blocks {
			if err := s.Sound(make([]float32, 800)); err != nil {
				return media.Info{}, err
			}
		}
		return media.Info{HasSound: true}, err
	}
}

// received is what came out of a decoding.
type received struct {
	samples, resets int
	info            media.Info
	err             error
}

func decodeSound(ctx context.Context, l media.Limits, failAfter int, sinkErr error) (got received) {
	tried = nil
	got.info, got.err = media.Stream(ctx, input([]byte(wavpack)), l, media.Request{SampleRate: 8000}, media.Sink{
		Sound: func(samples []float32) error {
			if got.samples += len(samples); sinkErr != nil && got.samples >= failAfter {
				return sinkErr
			}
			return nil
		},
		Reset: func() { got.samples = 0; got.resets++ },
	})
	return got
}

var errBroken = errors.New("damaged: block 3")

func TestFallback(t *testing.T) {
	for _, test := range []struct {
		name          string
		better, worse streamFunc
		want          received
		tried         string
		wantErr       error
	}{
		{"the best one serves", deliver(5, nil), deliver(9, nil), received{samples: 4000, info: media.Info{Decoder: "better"}}, "better", nil},
		{"failed at once", deliver(0, errBroken), deliver(9, nil), received{samples: 7200, info: media.Info{Decoder: "worse"}}, "better worse", nil},
		{"failed on the way", deliver(3, errBroken), deliver(9, nil), received{samples: 7200, resets: 1, info: media.Info{Decoder: "worse"}}, "better worse", nil},
		{"both failed", deliver(0, errBroken), deliver(0, errors.New("other")), received{}, "better worse", errBroken},
		{"too much for one is too much for all", deliver(0, &fingerprint.LimitError{Limit: "pixels"}), deliver(9, nil), received{}, "better", &fingerprint.LimitError{Limit: "pixels"}},
	} {
		better.Stream, worse.Stream = test.better, test.worse
		got := decodeSound(context.Background(), media.Limits{}, 0, nil)
		if got.samples != test.want.samples || got.resets != test.want.resets || got.info.Decoder != test.want.info.Decoder {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
		if strings.Join(tried, " ") != test.tried {
			t.Errorf("%s: tried %v, want %s", test.name, tried, test.tried)
		}
		if (test.wantErr == nil) != (got.err == nil) || test.wantErr != nil && got.err.Error() != test.wantErr.Error() {
			t.Errorf("%s: error %v, want %v", test.name, got.err, test.wantErr)
		}
	}
}

func TestPanicIsAnError(t *testing.T) {
	better.Stream = func(_ context.Context, _ *media.Input, _ media.Limits, _ media.Request, s media.Sink) (media.Info, error) {
		_ = s.Sound(make([]float32, 800))
		var none []int
		return media.Info{}, errors.New(string(rune(none[3])))
	}
	worse.Stream = deliver(2, nil)
	if got := decodeSound(context.Background(), media.Limits{}, 0, nil); got.err != nil || got.samples != 1600 || got.resets != 1 {
		t.Errorf("after a panic of the first decoder: %+v", got)
	}
	worse.Stream = better.Stream
	if got := decodeSound(context.Background(), media.Limits{}, 0, nil); got.err == nil || !strings.HasPrefix(got.err.Error(), "damaged: decoder better gave up") {
		t.Errorf("both panicked: %+v", got)
	}
}

func TestNoDecoder(t *testing.T) {
	sink := media.Sink{Sound: func([]float32) error { return nil }}
	for head, want := range map[string]string{
		trueTone: "no decoder for audio/x-tta can run here: absent: no such program on PATH",
		core:     "no decoder for audio/x-caf (forgotten import?)",
	} {
		_, err := media.Stream(context.Background(), input([]byte(head)), media.Limits{}, media.Request{SampleRate: 8000}, sink)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", head, err, want)
		}
	}
	if !media.CanStream("audio/x-tta") || media.CanStream("audio/x-caf") || !media.CanText("audio/x-wavpack") || media.CanPicture("audio/x-tta") {
		t.Error("Can... do not say what the registered decoders accept")
	}
}

func TestTakenName(t *testing.T) {
	defer func() {
		if p, ok := recover().(string); !ok || !strings.Contains(p, "better") {
			t.Errorf("registering a name twice: %v, want a panic that names it", p)
		}
	}()
	media.Register(media.Decoder{Name: "better", Accepts: func(string) bool { return false }})
}

// A decoder that ignores what the sink said, and then reports success or
// another error, changes nothing.
func TestFirstErrorOfTheSinkStays(t *testing.T) {
	full := errors.New("disk full")
	for _, end := range []error{nil, errBroken} {
		calls := 0
		better.Stream = func(_ context.Context, _ *media.Input, _ media.Limits, _ media.Request, s media.Sink) (media.Info, error) {
			for range 10 {
				if err := s.Sound(make([]float32, 800)); err == full {
					calls++
				}
			}
			return media.Info{}, end
		}
		worse.Stream = deliver(1, nil)
		got := decodeSound(context.Background(), media.Limits{}, 2400, full)
		if got.err != full || got.samples != 2400 || calls != 8 || got.resets != 0 || !slices.Equal(tried, []string{"better"}) {
			t.Errorf("got %+v, %d times the error, tried %v", got, calls, tried)
		}
	}
}

func isLimit(err error, limit string) bool {
	var l *fingerprint.LimitError
	return errors.As(err, &l) && l.Limit == limit
}

// The limits hold even with decoders that know none.
func TestLimits(t *testing.T) {
	ctx, in := context.Background(), input([]byte(wavpack))
	better.Stream, worse.Stream = deliver(100, nil), deliver(1, nil)
	if got := decodeSound(ctx, media.Limits{Duration: time.Second}, 0, nil); !isLimit(got.err, "duration") || got.samples != 8000 {
		t.Errorf("10 s of sound: %+v", got)
	}
	better.Stream = func(_ context.Context, _ *media.Input, _ media.Limits, _ media.Request, s media.Sink) (media.Info, error) {
		_ = s.Frame(2*time.Second, image.NewGray(image.Rect(0, 0, 1, 1)))
		return media.Info{}, nil // swallowed
	}
	frames := 0
	_, err := media.Stream(ctx, in, media.Limits{Duration: time.Second}, media.Request{FrameRate: 1}, media.Sink{
		Frame: func(time.Duration, *image.Gray) error { frames++; return nil },
	})
	if !isLimit(err, "duration") || frames != 0 {
		t.Errorf("a frame at 2 s: %d frames, %v", frames, err)
	}

	worse.Picture = func(context.Context, *media.Input, media.Limits) (image.Image, media.Info, error) {
		return image.NewGray(image.Rect(0, 0, 20, 20)), media.Info{}, nil
	}
	for most, over := range map[int64]bool{399: true, 400: false, -1: false} {
		img, _, err := media.Picture(ctx, in, media.Limits{Pixels: most})
		if isLimit(err, "pixels") != over || (img == nil) != over {
			t.Errorf("400 pixels, limit %d: %v, %v", most, img != nil, err)
		}
	}

	worse.Text = func(_ context.Context, _ *media.Input, _ media.Limits, emit func(int, string) error) (media.Info, error) {
		for page := range 10 {
			_ = emit(page, "0123456789")
		}
		return media.Info{}, nil
	}
	for _, test := range []struct {
		limits media.Limits
		breach string
		text   int
	}{
		{media.Limits{}, "", 100},
		{media.Limits{Text: 100, Pages: 10}, "", 100},
		{media.Limits{Text: 99}, "text", 90},
		{media.Limits{Pages: 3}, "pages", 30},
	} {
		text := 0
		_, err := media.Text(ctx, in, test.limits, func(_ int, s string) error { text += len(s); return nil })
		if text != test.text || isLimit(err, test.breach) != (test.breach != "") || (err == nil) != (test.breach == "") {
			t.Errorf("%+v: %d bytes, %v", test.limits, text, err)
		}
	}
}

func TestTextIsNotDoubled(t *testing.T) {
	worse.Text = func(_ context.Context, _ *media.Input, _ media.Limits, emit func(int, string) error) (media.Info, error) {
		if err := emit(0, "half"); err != nil {
			return media.Info{}, err
		}
		return media.Info{}, errBroken
	}
	var text string
	_, err := media.Text(context.Background(), input([]byte(wavpack)), media.Limits{}, func(_ int, s string) error { text += s; return nil })
	if err != errBroken || text != "half" {
		t.Errorf("got %q, %v", text, err)
	}
}

// A decoder that never looks at its context ends at the next piece.
func TestContextEnds(t *testing.T) {
	why := errors.New("server stops")
	ctx, cancel := context.WithCancelCause(context.Background())
	better.Stream = func(_ context.Context, _ *media.Input, _ media.Limits, _ media.Request, s media.Sink) (media.Info, error) {
		for i := 0; ; i++ {
			if i == 5 {
				cancel(why)
			}
			if err := s.Sound(make([]float32, 800)); err != nil {
				return media.Info{}, errBroken
			}
		}
	}
	worse.Stream = deliver(1, nil)
	if got := decodeSound(ctx, media.Limits{}, 0, nil); got.err != why || got.samples != 4000 || len(tried) != 1 {
		t.Errorf("got %+v, tried %v", got, tried)
	}
}
