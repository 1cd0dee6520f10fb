package video_test

import (
	"context"
	"fmt"
	"image"
	"os/exec"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	_ "github.com/likeness-go/likeness/media/ffmpeg"
	"github.com/likeness-go/likeness/video"
)

func needFFmpeg(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("no ffmpeg on PATH; media/ffmpegwasm's tests read films everywhere")
	}
}

func TestFilesHaveTheirTracks(t *testing.T) {
	needFFmpeg(t)
	clip := t.TempDir() + "/clip.mp4"
	cut := exec.Command("ffmpeg", "-nostdin", "-v", "error", "-ss", "2", "-t", "8", "-i", "../testdata/films/cockatoo.mp4",
		"-vf", "scale=-2:240,hflip", "-c:v", "mpeg4", "-q:v", "12", clip)
	if out, err := cut.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	query := read(t, clip)
	for _, name := range []string{"cockatoo.mp4", "city.webm", "big-buck-bunny.mp4", "photographs.mkv"} {
		set := read(t, "../testdata/films/"+name)
		if set.Kind != fingerprint.Video || len(set.Of(fingerprint.Video)) != 1 || set.Duration <= 0 || set.Decoder == "" {
			t.Fatalf("%s: %+v", name, set)
		}
		segments, err := fingerprint.Compare(query.Of(fingerprint.Video)[0], set.Of(fingerprint.Video)[0])
		if err != nil {
			t.Fatal(err)
		}
		found := len(segments) > 0 && segments[0].Score >= 0.5
		if want := name == "cockatoo.mp4"; found != want {
			t.Errorf("mirrored clip of cockatoo.mp4 in %s: found %v, want %v: %+v", name, found, want, segments)
		}
	}
}

func read(t testing.TB, name string) *fingerprint.Set {
	t.Helper()
	set, err := fingerprint.File(context.Background(), name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func ExampleNewHasher() {
	h := video.NewHasher()
	frame := image.NewGray(image.Rect(0, 0, video.FrameWidth, video.FrameHeight))
	for n := range 5 * video.FrameRate { // from your own decoder
		frame.Pix[n] = 200
		if err := h.Write(time.Duration(n)*time.Second/video.FrameRate, frame); err != nil {
			fmt.Println(err)
		}
	}
	f := h.Fingerprint()
	fmt.Println(f.Algorithm(), f.Kind(), f.Extent(), "ticks of 1/8 s")
	// Output: frame/1 video 39 ticks of 1/8 s
}
