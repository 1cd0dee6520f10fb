package ffmpegwasm_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/ffmpegwasm"
	"github.com/likeness-go/likeness/media/mediatest"
)

func TestConformance(t *testing.T) { mediatest.Films(t, ffmpegwasm.Decoder) }

// Convert to MP4 with the index moved to its front reads the file while it
// writes it.
func TestConvert(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "-tone:%d.wav"), filepath.Join(dir, "tone.mp4")
	if err := os.WriteFile(from, tone(2), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ffmpegwasm.Convert(context.Background(), from, to, []string{"-v", "error"}, []string{"-c:a", "aac", "-movflags", "+faststart"}); err != nil {
		t.Fatal(err)
	}
	mp4, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if moov, mdat := bytes.Index(mp4, []byte("moov")), bytes.Index(mp4, []byte("mdat")); moov < 0 || moov > mdat {
		t.Errorf("index at %d, data at %d: want the index first", moov, mdat)
	}
	var power float64
	var samples int
	in := &media.Input{ReaderAt: bytes.NewReader(mp4), Size: int64(len(mp4))}
	info, err := ffmpegwasm.Decoder.Stream(context.Background(), in, media.Limits{}, media.Request{SampleRate: 8000},
		media.Sink{Sound: func(s []float32) error {
			samples += len(s)
			for _, x := range s {
				power += float64(x) * float64(x)
			}
			return nil
		}})
	if err != nil || samples < 16000 || samples > 17000 || info.Incomplete != "" {
		t.Fatalf("%d samples, %+v, %v: want 2 s, whole", samples, info, err)
	}
	if rms := math.Sqrt(power / float64(samples)); math.Abs(rms-0.5/math.Sqrt2) > 0.02 {
		t.Errorf("rms %.3f, want that of a sine of 0.5", rms)
	}
}

// An Ogg stream has a serial number drawn by lot: without /dev/urandom ffmpeg
// would draw for ever.
func TestConvertToOgg(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "tone.wav"), filepath.Join(dir, "tone.opus")
	if err := os.WriteFile(from, tone(2), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := ffmpegwasm.Convert(ctx, from, to, []string{"-v", "error"}, []string{"-c:a", "libopus", "-b:a", "32k"}); err != nil {
		t.Fatal(err)
	}
	if ogg, err := os.ReadFile(to); err != nil || !bytes.HasPrefix(ogg, []byte("OggS")) {
		t.Errorf("%d bytes, %v: want an Ogg stream", len(ogg), err)
	}
}

// tone is a WAV of a sine of 440 Hz.
func tone(seconds int) []byte {
	n := 8000 * seconds
	b := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data"), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(b[4:], uint32(36+2*n))
	binary.LittleEndian.PutUint32(b[40:], uint32(2*n))
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(16384*math.Sin(2*math.Pi*440*float64(i)/8000))))
	}
	return b
}
