// Package mediatest is the conformance suite for decoders of films: what they
// give must lie at the right time, late tracks and uneven frames or not, and
// nothing hostile may make them look elsewhere or leave anything behind.
package mediatest

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"image"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

//go:embed testdata
var testdata embed.FS

// Film returns one of the small test films.
func Film(t *testing.T, name string) []byte {
	t.Helper()
	b, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Small is what Films asks for.
var Small = media.Request{SampleRate: 11025, FrameRate: 2, FrameWidth: 32, FrameHeight: 32}

// Decoded is all that a decoder gave.
type Decoded struct {
	media.Info
	Sound  []float32
	Frames []*image.Gray
	Times  []time.Duration
}

// Decode decodes bytes that are in no file.
func Decode(ctx context.Context, d media.Decoder, b []byte, l media.Limits, r media.Request) (got Decoded, err error) {
	in := &media.Input{ReaderAt: bytes.NewReader(b), Size: int64(len(b)), Name: "input"}
	return DecodeInput(ctx, d, in, l, r)
}

// DecodeInput decodes any input.
func DecodeInput(ctx context.Context, d media.Decoder, in *media.Input, l media.Limits, r media.Request) (got Decoded, err error) {
	got.Info, err = d.Stream(ctx, in, l, r, media.Sink{
		Sound: func(s []float32) error { got.Sound = append(got.Sound, s...); return nil },
		Frame: func(t time.Duration, f *image.Gray) error {
			copied := *f
			copied.Pix = bytes.Clone(f.Pix)
			got.Frames, got.Times = append(got.Frames, &copied), append(got.Times, t)
			return nil
		},
	})
	return got, err
}

// Films tests a decoder of sound and film in one. It skips, and says why,
// where the decoder is not available.
func Films(t *testing.T, d media.Decoder) {
	if d.Available != nil {
		if err := d.Available(); err != nil {
			t.Skip(err)
		}
	}
	t.Run("alignment", func(t *testing.T) { alignment(t, d) })
	t.Run("tracks", func(t *testing.T) { missingTracks(t, d) })
	t.Run("damaged", func(t *testing.T) { damaged(t, d) })
	t.Run("playlists", func(t *testing.T) { playlists(t, d) })
	t.Run("names", func(t *testing.T) { names(t, d) })
	t.Run("limits", func(t *testing.T) { limits(t, d) })
	t.Run("cancel", func(t *testing.T) { cancelled(t, d) })
}

// alignment: both films are 8 s long, get one step brighter each second, and
// click at 3.0 s. In late.mkv the sound, 5.1, begins at 2 s, and of the
// pictures of the first four seconds two in three are missing.
func alignment(t *testing.T, d media.Decoder) {
	for _, name := range []string{"film.mp4", "late.mkv"} {
		got, err := Decode(t.Context(), d, Film(t, name), media.Limits{}, Small)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !got.HasSound || !got.HasFrames || got.Width != 160 || got.Height != 96 || got.Incomplete != "" || got.Decoder == "" {
			t.Errorf("%s: %+v", name, got.Info)
		}
		if s := float64(len(got.Sound)) / 11025; math.Abs(s-8) > 0.1 {
			t.Errorf("%s: %.3f s of sound, want 8", name, s)
		}
		if at := click(got.Sound); math.Abs(at-3) > 0.01 {
			t.Errorf("%s: click at %.4f s, want 3", name, at)
		}
		steps(t, name, got)
	}
}

// click is the time of the first loud sample.
func click(sound []float32) float64 {
	for i, s := range sound {
		if s > 0.05 || s < -0.05 {
			return float64(i) / 11025
		}
	}
	return -1
}

func steps(t *testing.T, name string, got Decoded) {
	if len(got.Frames) != 16 {
		t.Errorf("%s: %d frames, want 16", name, len(got.Frames))
	}
	for i, f := range got.Frames {
		if want := time.Duration(i) * time.Second / 2; got.Times[i] != want {
			t.Errorf("%s: frame %d is at %v, want %v", name, i, got.Times[i], want)
		}
		if f.Rect != image.Rect(0, 0, 32, 32) {
			t.Errorf("%s: frame %d is %v", name, i, f.Rect)
		}
		want := 24 * float64(i/2) * 255 / 219 // from the range of video to that of pictures
		if level := float64(f.GrayAt(16, 16).Y); math.Abs(level-want) > 10 && !(name == "late.mkv" && i%2 == 0) {
			t.Errorf("%s: frame %d has level %.0f, want %.0f", name, i, level, want)
		}
	}
}

// missingTracks: what is not there is no error as long as something is.
func missingTracks(t *testing.T, d media.Decoder) {
	got, err := Decode(t.Context(), d, Film(t, "silent.mp4"), media.Limits{}, Small)
	if err != nil || got.HasSound || len(got.Frames) != 16 || got.Incomplete != "" {
		t.Errorf("film without sound: %d frames, %+v, %v", len(got.Frames), got.Info, err)
	}
	got, err = Decode(t.Context(), d, Film(t, "sound.mp3"), media.Limits{}, Small)
	if at := click(got.Sound); err != nil || got.HasFrames || math.Abs(at-3) > 0.01 || got.Incomplete != "" {
		t.Errorf("sound alone: click at %.4f, %+v, %v", at, got.Info, err)
	}
	if _, err = Decode(t.Context(), d, Film(t, "silent.mp4"), media.Limits{}, media.Request{SampleRate: 8000}); err == nil {
		t.Error("the sound of a film without sound: want an error")
	}
}

func damaged(t *testing.T, d media.Decoder) {
	film := Film(t, "film.mp4") // its index comes first
	got, err := Decode(t.Context(), d, film[:len(film)*3/4], media.Limits{}, Small)
	if err != nil || !strings.HasPrefix(got.Incomplete, "truncated: ") || len(got.Frames) == 0 {
		t.Errorf("cut in its data: %d frames, %+v, %v", len(got.Frames), got.Info, err)
	}
	for what, b := range map[string][]byte{"cut in its index": film[:1000], "text": []byte("no film at all\n"), "zeros": make([]byte, 1<<16)} {
		got, err := Decode(t.Context(), d, b, media.Limits{}, Small)
		if err == nil || strings.ContainsAny(err.Error(), "\n\x1b") || len(err.Error()) > 200 {
			t.Errorf("%s: %+v, %q: want an error of one short line", what, got.Info, err)
		}
	}
}

// playlists must not make a decoder open what they name: a film that lies
// there, and an address where we listen.
func playlists(t *testing.T, d media.Decoder) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan struct{}, 1)
	go func() {
		if c, err := listener.Accept(); err == nil {
			c.Close()
			called <- struct{}{}
		}
	}()
	secret := filepath.Join(t.TempDir(), "secret.mp4")
	if err := os.WriteFile(secret, Film(t, "film.mp4"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{secret, "file:" + secret, fmt.Sprintf("http://%s/secret.ts", listener.Addr())} {
		for _, list := range []string{
			"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n" + target + "\n#EXT-X-ENDLIST\n",
			"ffconcat version 1.0\nfile '" + target + "'\n",
			"[playlist]\nFile1=" + target + "\nNumberOfEntries=1\n",
			"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
		} {
			path := filepath.Join(t.TempDir(), "list.m3u8") // the name that asks for it
			if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
				t.Fatal(err)
			}
			in := &media.Input{ReaderAt: strings.NewReader(list), Size: int64(len(list)), Path: path}
			got, err := DecodeInput(t.Context(), d, in, media.Limits{}, Small)
			if err == nil || len(got.Sound)+len(got.Frames) > 0 {
				t.Errorf("%q was followed: %+v", list, got.Info)
			}
		}
	}
	listener.Close()
	select {
	case <-called:
		t.Error("a playlist made the decoder open a connection")
	default:
	}
}

// names mean nothing, whatever they look like to a command line.
func names(t *testing.T, d media.Decoder) {
	film := Film(t, "sound.mp3")
	for _, name := range []string{"-i.mp3", "%03d.png", "pipe:0", "a b'\"$(x).m3u8", "歌*?.jpg"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, film, 0o600); err != nil {
			t.Logf("this system has no such name: %v", err)
			continue
		}
		in := &media.Input{ReaderAt: bytes.NewReader(film), Size: int64(len(film)), Path: path}
		if got, err := DecodeInput(t.Context(), d, in, media.Limits{}, Small); err != nil || !got.HasSound {
			t.Errorf("file named %q: %v", name, err)
		}
	}
}

func limits(t *testing.T, d media.Decoder) {
	for want, l := range map[string]media.Limits{
		"duration": {Duration: 5 * time.Second}, "pixels": {Pixels: 100 * 96}, "wall time": {WallTime: 1},
	} {
		_, err := Decode(t.Context(), d, Film(t, "film.mp4"), l, Small)
		limit, ok := errors.AsType[*fingerprint.LimitError](err)
		if !ok || limit.Limit != want {
			t.Errorf("limit of %s: %v", want, err)
		}
	}
	if _, err := Decode(t.Context(), d, Film(t, "film.mp4"), media.Limits{Memory: 1 << 20}, Small); err == nil {
		t.Error("one megabyte of memory: want an error")
	}
}

// cancelled: the context's error and the sink's come out as they are, and
// nothing runs on.
func cancelled(t *testing.T, d media.Decoder) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	film := Film(t, "film.mp4")
	in := &media.Input{ReaderAt: bytes.NewReader(film), Size: int64(len(film))}
	_, err := d.Stream(ctx, in, media.Limits{}, Small, media.Sink{
		Sound: func([]float32) error { return nil },
		Frame: func(time.Duration, *image.Gray) error { cancel(); return nil },
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled in the middle: %v", err)
	}
	enough := errors.New("enough")
	_, err = d.Stream(t.Context(), in, media.Limits{}, Small, media.Sink{
		Sound: func([]float32) error { return enough },
		Frame: func(time.Duration, *image.Gray) error { return nil },
	})
	if err != enough {
		t.Errorf("the sink has enough: %v", err)
	}
	for i := 0; runtime.NumGoroutine() > before; i++ {
		if i > 1e6 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}
