package transcode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

const opened = `[info] ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers
[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:x':
[info]   Duration: 01:02:03.04, start: 0.000000, bitrate: 159 kb/s
[info]   Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709), 1920x1080 [SAR 1:1 DAR 16:9], 25 fps
[info]   Stream #0:1(und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp
[info]   Stream #0:2: Video: mjpeg (Baseline), yuvj420p(pc), 600x600, 90k tbr (attached pic)
[info] Output #0, rawvideo, to 'pipe:4':
[info]   Stream #0:0: Video: rawvideo, gray, 32x32
`

func TestReport(t *testing.T) {
	r := &report{limits: (*media.Limits)(nil).Effective(), wants: tracks{true, true}}
	for _, part := range strings.SplitAfter(opened, "1") { // any split gives the same
		if _, err := r.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	length := time.Hour + 2*time.Minute + 3040*time.Millisecond
	if r.version != "5.1.9" || r.duration != length || r.width != 1920 || r.height != 1080 || r.streams != 2 || r.shows() != r.wants {
		t.Errorf("%+v", r)
	}
}

func TestReportLimits(t *testing.T) {
	for want, l := range map[string]media.Limits{"duration": {Duration: time.Hour}, "pixels": {Pixels: 2_000_000}} {
		r := &report{limits: l.Effective(), wants: tracks{frames: true}}
		_, err := r.Write([]byte(opened))
		if limit, ok := errors.AsType[*fingerprint.LimitError](err); !ok || limit.Limit != want {
			t.Errorf("limit of %s: %v", want, err)
		}
	}
}

func TestReason(t *testing.T) {
	for messages, want := range map[string]string{
		"[mov,mp4 @ 0x5] [error] moov atom not found\n[error] file:/a b: Invalid data found when processing input":                         "truncated: moov atom not found, the MP4 ends before its index",
		"[png @ 0x5] [error] Picture size 60000x60000 exceeds specified max pixel count 200000000":                                         "3600000000 pixels exceed the limit of 200000000",
		"[concat @ 0x5] [error] Format not on whitelist 'mov'":                                                                             "a playlist, or a format that is not read: it may refer to other files, which are never followed",
		"[error] file:/secret/name: \x1b[31mOdd":                                                                                           "[31mOdd",
		"[error] Cannot allocate memory":                                                                                                   "exceeds the limit of 4294967296 memory",
		"[info] Input #0, wav, from 'x':\n[info]   Stream #0:0: Audio: pcm_s16le, 8000 Hz\n[error] Stream map '0:V:0' matches no streams.": "no pictures in it",
		"[info] Input #0, mov, from 'x':\n[info]   Stream #0:0: Video: h264 (encv / 0x1), 8x8\n[error] bad":                                "encrypted: its tracks cannot be decoded without a key",
	} {
		r := &report{limits: (*media.Limits)(nil).Effective(), wants: tracks{frames: true}}
		if _, err := r.Write([]byte(messages + "\n")); err != nil {
			t.Fatal(err)
		}
		if got := r.reason(errors.New("exit status 1")).Error(); got != want {
			t.Errorf("%q:\n got %q\nwant %q", messages, got, want)
		}
	}
}

// FuzzReport: whatever ffmpeg says, what is kept is bounded, and the reason
// is one short line.
func FuzzReport(f *testing.F) {
	f.Add([]byte(opened))
	f.Add([]byte("[a @ 0x1] [b @ 0x2] [error] x\n[fatal] y\x00\n"))
	f.Add([]byte("[fatal] \n"))
	f.Add([]byte("[info] Input #0\n[info]   Duration: 999999:99:99.99\n[info]   Stream #0:0: Video: , 999999999x999999999\n"))
	f.Fuzz(func(t *testing.T, messages []byte) {
		r := &report{limits: (*media.Limits)(nil).Effective(), wants: tracks{true, true}}
		r.Write(messages)
		if reason := r.reason(nil).Error(); reason == "" || len(reason) > 200 || strings.ContainsAny(reason, "\n\r\x1b\x00") {
			t.Errorf("reason %q", reason)
		}
		if len(r.errors) > maxErrors || len(r.line) > maxLine || r.duration < 0 {
			t.Errorf("%d errors, line of %d, %v", len(r.errors), len(r.line), r.duration)
		}
	})
}

// FuzzSound: any split of the bytes gives the same samples, all within -1 to 1.
func FuzzSound(f *testing.F) {
	nan := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(math.NaN())))
	f.Add(append(nan, 0, 0, 128, 63, 0, 0, 0, 64, 7), 3)
	f.Fuzz(func(t *testing.T, p []byte, at int) {
		decode := func(parts ...[]byte) (all []float32) {
			w := &soundWriter{rate: 8000, limit: time.Hour, emit: func(s []float32) error { all = append(all, s...); return nil }}
			for _, part := range parts {
				if n, err := w.Write(part); n != len(part) || err != nil {
					t.Fatal(n, err)
				}
			}
			return all
		}
		at = min(max(at, 0), len(p))
		whole, split := decode(p), decode(p[:at], p[at:])
		if !slices.Equal(whole, split) || len(whole) != len(p)/4 {
			t.Errorf("%v, split at %d %v", whole, at, split)
		}
		for _, s := range whole {
			if !(s >= -1 && s <= 1) {
				t.Errorf("sample %v", s)
			}
		}
	})
}

func TestFrames(t *testing.T) {
	var times []time.Duration
	w := &frameWriter{rate: 2, limit: -1, frame: image.NewGray(image.Rect(0, 0, 2, 2)), emit: func(at time.Duration, f *image.Gray) error {
		if want := byte(len(times)); !bytes.Equal(f.Pix, []byte{want, want, want, want}) {
			t.Errorf("frame %d: %v", want, f.Pix)
		}
		times = append(times, at)
		return nil
	}}
	for _, part := range []string{"\x00\x00\x00", "\x00\x01\x01\x01\x01\x02", "\x02\x02"} {
		if _, err := w.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(times, []time.Duration{0, time.Second / 2}) {
		t.Errorf("frames at %v", times)
	}
}

// FuzzPAM: no header makes it allocate beyond the limit or panic.
func FuzzPAM(f *testing.F) {
	f.Add([]byte("P7\nWIDTH 1\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n12345678"))
	f.Add([]byte("P7\nWIDTH 2147483647\nHEIGHT 2147483647\nDEPTH 4\nMAXVAL 255\nENDHDR\n"))
	f.Fuzz(func(t *testing.T, p []byte) {
		w := &pamWriter{limit: 100}
		_, err := w.Write(p)
		if w.pixels != nil && len(w.pixels.Pix) > 400 {
			t.Errorf("%v", w.pixels.Rect)
		}
		if img := w.picture(); img != nil && (err != nil || w.filled != len(img.Pix)) {
			t.Errorf("%v, %v", img.Rect, err)
		}
	})
}
