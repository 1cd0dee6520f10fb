package ffmpeg_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/ffmpeg"
	"github.com/likeness-go/likeness/media/mediatest"
)

// children are the processes whose parent is pid.
func children(t *testing.T, pid string) (pids []string) {
	t.Helper()
	tasks, err := filepath.Glob("/proc/" + pid + "/task/*/children")
	if err != nil || len(tasks) == 0 {
		t.Skip("this kernel does not list children")
	}
	for _, name := range tasks {
		b, _ := os.ReadFile(name) // a thread may have ended
		pids = append(pids, strings.Fields(string(b))...)
	}
	return pids
}

// A cancelled decoding leaves no child.
func TestNoChildLeft(t *testing.T) {
	if err := ffmpeg.Decoder.Available(); err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	film := mediatest.Film(t, "film.mp4")
	seen := 0
	in := &media.Input{ReaderAt: bytes.NewReader(film), Size: int64(len(film))}
	_, err := ffmpeg.Decoder.Stream(ctx, in, media.Limits{}, mediatest.Small, media.Sink{
		Sound: func([]float32) error { return nil },
		Frame: func(time.Duration, *image.Gray) error {
			seen += len(children(t, "self"))
			cancel()
			return nil
		},
	})
	if !errors.Is(err, context.Canceled) || seen == 0 {
		t.Errorf("%v, %d children in the middle", err, seen)
	}
	if left := children(t, "self"); len(left) > 0 {
		t.Errorf("children left: %v", left)
	}
}
