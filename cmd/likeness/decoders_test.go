//go:build !noffmpegwasm

package main

import (
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/media/ffmpegwasm"
)

// TestDecodersAgree matches the same files with the ffmpeg of this machine
// and with the one that is part of the program: an index made with one must
// serve the other.
func TestDecodersAgree(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil || testing.Short() {
		t.Skip("no ffmpeg to compare with, or no minute to spend: ", err)
	}
	dir := t.TempDir()
	song, film := filepath.Join(testdata, "songs", "megaglest-menu.ogg"), filepath.Join(testdata, "films", "big-buck-bunny.mp4")
	for name, from := range map[string]string{"cut.m4a": song, "cut.mp4": film} {
		// The song is cut and encoded anew, the film only cut.
		after := []string{"-t", "20", "-vn", "-c:a", "aac", "-b:a", "96k"}
		if from == film {
			after = []string{"-t", "8", "-c", "copy"}
		}
		if err := ffmpegwasm.Convert(t.Context(), from, filepath.Join(dir, name), []string{"-ss", "4"}, after); err != nil {
			t.Fatal(err)
		}
	}
	ix := filepath.Join(t.TempDir(), "index")
	cockatoo := filepath.Join(testdata, "films", "cockatoo.mp4")
	cliIn(t, ix, "register", song, film, cockatoo).want(t, exitFine)
	match := []string{"--json", "match", dir, film, cockatoo}
	native := cliIn(t, ix, match...).want(t, exitFine).reports(t)
	t.Setenv("PATH", "")
	wasm := cliIn(t, ix, match...).want(t, exitFine).reports(t)

	for i, works := range []string{"megaglest-menu", "big-buck-bunny", "big-buck-bunny", "cockatoo"} {
		a, b := native[i], wasm[i]
		if !strings.HasPrefix(a.Decoder, "ffmpeg ") || !strings.HasPrefix(b.Decoder, "ffmpeg (wasm)") {
			t.Fatalf("%s: decoders %q and %q", a.File, a.Decoder, b.Decoder)
		}
		if n := len(*a.Matches); n == 0 || n != len(*b.Matches) || (*a.Matches)[0].Work != works {
			t.Fatalf("%s: native %v, wasm %v, want %s", a.File, *a.Matches, *b.Matches, works)
		}
		for j := range *a.Matches {
			agree(t, a.File, (*a.Matches)[j], (*b.Matches)[j])
		}
	}
}

func agree(t *testing.T, name string, native, wasm workReport) {
	t.Helper()
	if native.Work != wasm.Work || len(native.Tracks) != len(wasm.Tracks) {
		t.Fatalf("%s: native %v, wasm %v", name, native, wasm)
	}
	for i, a := range native.Tracks {
		b := wasm.Tracks[i]
		if a.Algorithm != b.Algorithm || len(a.Segments) != len(b.Segments) {
			t.Fatalf("%s: native %v, wasm %v", name, a, b)
		}
		for k, s := range a.Segments {
			const most = 0.2 // s
			offset := func(s segmentReport) float64 { return s.Work[0] - s.Query[0] }
			if d := math.Abs(offset(s) - offset(b.Segments[k])); d > most {
				t.Errorf("%s: offsets of %s differ by %.3f s", name, a.Algorithm, d)
			}
		}
	}
}
