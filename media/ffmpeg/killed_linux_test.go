package ffmpeg_test

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/ffmpeg"
	"github.com/likeness-go/likeness/media/mediatest"
)

// When this process is killed in the middle, ffmpeg dies with it.
func TestKilled(t *testing.T) {
	if err := ffmpeg.Decoder.Available(); err != nil {
		t.Skip(err)
	}
	if os.Getenv("DECODE_AND_HANG") != "" {
		decodeAndHang(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "DECODE_AND_HANG=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var child string
	if _, err := fmt.Fscan(bufio.NewReader(out), &child); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	for deadline := time.Now().Add(10 * time.Second); ; {
		status, err := os.ReadFile("/proc/" + child + "/status")
		if err != nil || bytes.Contains(status, []byte("State:\tZ")) {
			return // gone, or waiting for init to take note
		}
		if time.Now().After(deadline) {
			t.Fatalf("ffmpeg, process %s, outlived us", child)
		}
	}
}

// decodeAndHang says which process ffmpeg is, and never ends.
func decodeAndHang(t *testing.T) {
	film := mediatest.Film(t, "film.mp4")
	in := &media.Input{ReaderAt: bytes.NewReader(film), Size: int64(len(film))}
	big := media.Request{FrameRate: 25, FrameWidth: 512, FrameHeight: 512} // more than a pipe holds
	_, err := ffmpeg.Decoder.Stream(t.Context(), in, media.Limits{}, big, media.Sink{
		Frame: func(time.Duration, *image.Gray) error {
			fmt.Println(children(t, "self")[0])
			select {}
		},
	})
	t.Fatal(err)
}
