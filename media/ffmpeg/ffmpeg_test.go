package ffmpeg_test

import (
	"testing"

	"github.com/likeness-go/likeness/media/ffmpeg"
	"github.com/likeness-go/likeness/media/mediatest"
)

func TestConformance(t *testing.T) { mediatest.Films(t, ffmpeg.Decoder) }
