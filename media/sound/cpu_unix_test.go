//go:build unix

package sound

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/likeness-go/likeness/media"
)

// BenchmarkCPU compares the processor time, user and system, of these decoders
// with that of native ffmpeg for the same work: one song to mono at 8 kHz.
// The ranks are set by it:
//
//	go test -run '^$' -bench CPU -benchtime 5x ./media/sound
func BenchmarkCPU(b *testing.B) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		b.Skip(err)
	}
	song := filepath.FromSlash("../../testdata/songs/widelands-ingame20.ogg")
	for _, format := range []struct {
		name, file string
		args       []string
	}{
		{"vorbis", "", nil},
		{"flac 44100", "44.flac", []string{"-ar", "44100"}},
		{"flac 48000", "48.flac", []string{"-ar", "48000"}},
		{"wav 44100", "44.wav", []string{"-ar", "44100"}},
		{"wav 22050", "22.wav", []string{"-ar", "22050"}},
		{"opus", "48.opus", []string{"-b:a", "96k"}},
	} {
		file := song
		if format.file != "" {
			file = filepath.Join(b.TempDir(), format.file)
			args := append([]string{"-nostdin", "-v", "error", "-i", song, "-sample_fmt", "s16"}, format.args...)
			if format.name == "opus" {
				args = append([]string{"-nostdin", "-v", "error", "-i", song}, format.args...)
			}
			if out, err := exec.Command("ffmpeg", append(args, file)...).CombinedOutput(); err != nil {
				b.Fatalf("%s: %v: %s", format.name, err, out)
			}
		}
		b.Run(format.name, func(b *testing.B) { compareCPU(b, file) })
	}
}

func compareCPU(b *testing.B, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var ours, native time.Duration
	for b.Loop() {
		from := spent(b)
		if _, err := media.Stream(context.Background(), &media.Input{ReaderAt: bytes.NewReader(data), Name: file, Size: int64(len(data))}, limits(), media.Request{SampleRate: rate}, media.Sink{
			Sound: func([]float32) error { return nil },
		}); err != nil {
			b.Fatal(err)
		}
		ours += spent(b) - from

		cmd := exec.Command("ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", file, "-ac", "1", "-ar", "8000", "-f", "f32le", "-y", os.DevNull)
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		native += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	b.ReportMetric(ours.Seconds()*1000/float64(b.N), "ms-cpu/op")
	b.ReportMetric(native.Seconds()*1000/float64(b.N), "ms-cpu-ffmpeg/op")
	b.ReportMetric(ours.Seconds()/native.Seconds(), "times-ffmpeg")
}

// spent is the processor time of this process so far.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
