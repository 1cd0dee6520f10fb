package ffmpegwasm_test

import (
	"math"
	"testing"

	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/ffmpeg"
	"github.com/likeness-go/likeness/media/ffmpegwasm"
	"github.com/likeness-go/likeness/media/mediatest"
)

// Native and WebAssembly ffmpeg give the same samples and frames, up to the
// rounding of their different processors' instructions.
func TestSameAsNative(t *testing.T) {
	if err := ffmpeg.Decoder.Available(); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"film.mp4", "late.mkv", "sound.mp3"} {
		native, err := mediatest.Decode(t.Context(), ffmpeg.Decoder, mediatest.Film(t, name), media.Limits{}, mediatest.Small)
		if err != nil {
			t.Fatal(err)
		}
		wasm, err := mediatest.Decode(t.Context(), ffmpegwasm.Decoder, mediatest.Film(t, name), media.Limits{}, mediatest.Small)
		if err != nil {
			t.Fatal(err)
		}
		if len(native.Sound) != len(wasm.Sound) || len(native.Frames) != len(wasm.Frames) {
			t.Fatalf("%s: %d and %d samples, %d and %d frames", name, len(native.Sound), len(wasm.Sound), len(native.Frames), len(wasm.Frames))
		}
		var sound, level float64
		for i, s := range native.Sound {
			sound = max(sound, math.Abs(float64(s)-float64(wasm.Sound[i])))
		}
		for i, f := range native.Frames {
			for j, p := range f.Pix {
				level = max(level, math.Abs(float64(p)-float64(wasm.Frames[i].Pix[j])))
			}
		}
		t.Logf("%s: largest difference %.2g of a sample, %.0f of 255 of a pixel", name, sound, level)
		if sound > 1e-4 || level > 2 {
			t.Errorf("%s: samples differ by %.2g, pixels by %.0f", name, sound, level)
		}
	}
}
