package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mewkiz/flac"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

const (
	rate     = 8000
	songRate = 22050 // of the FLAC song
)

func limits() media.Limits { return (*media.Limits)(nil).Effective() }

func decodeAll(data []byte, l media.Limits) ([]float32, media.Info, error) {
	in := &media.Input{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}
	var samples []float32
	info, err := media.Stream(context.Background(), in, l, media.Request{SampleRate: rate}, media.Sink{
		Sound: func(s []float32) error { samples = append(samples, s...); return nil },
		Reset: func() { samples = samples[:0] },
	})
	return samples, info, err
}

func song(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../testdata/songs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wav writes samples in a format of mmreg.h.
func wav(samples []int32, tag, channels, bits int, extensible bool) []byte {
	var data bytes.Buffer
	for _, s := range samples { // 32 bits
		switch {
		case tag == waveFloat && bits == 64:
			binary.Write(&data, binary.LittleEndian, float64(s)/(1<<31))
		case tag == waveFloat:
			binary.Write(&data, binary.LittleEndian, float32(s)/(1<<31))
		case bits == 8:
			data.WriteByte(byte(s>>24) + 128)
		default:
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], uint32(s))
			data.Write(b[4-bits/8:])
		}
	}
	block := channels * bits / 8
	format := binary.LittleEndian.AppendUint16(nil, uint16(tag))
	if extensible {
		format = binary.LittleEndian.AppendUint16(nil, waveExtensible)
	}
	format = binary.LittleEndian.AppendUint16(format, uint16(channels))
	format = binary.LittleEndian.AppendUint32(format, songRate)
	format = binary.LittleEndian.AppendUint32(format, uint32(songRate*block))
	format = binary.LittleEndian.AppendUint16(format, uint16(block))
	format = binary.LittleEndian.AppendUint16(format, uint16(bits))
	if extensible {
		format = append(format, 22, 0, byte(bits), 0, 3, 0, 0, 0, byte(tag), 0)
		format = append(format, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	}
	out := append([]byte("RIFF\xff\xff\xff\xffWAVEfmt "), byte(len(format)), 0, 0, 0)
	out = append(append(out, format...), "data"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(data.Len()))
	return append(out, data.Bytes()...)
}

// pcm is the start of the FLAC song, which is mono, on two channels of 32 bits.
func pcm(t testing.TB) []int32 {
	s, err := flac.New(bytes.NewReader(song(t, "megaglest-jadeflange.flac")))
	if err != nil {
		t.Fatal(err)
	}
	var all []int32
	for len(all) < 10*2*44100 {
		f, err := s.ParseNext()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range f.Subframes[0].Samples {
			v <<= 32 - f.BitsPerSample
			all = append(all, v, v)
		}
	}
	return all
}

// ratio is the signal-to-noise ratio of got against want, in dB.
func ratio(got, want []float32) float64 {
	signal, noise := 0., 1e-30
	for i := range min(len(got), len(want)) {
		d := float64(got[i] - want[i])
		signal += float64(want[i]) * float64(want[i])
		noise += d * d
	}
	return 10 * math.Log10(signal/noise)
}

func TestWAVFormats(t *testing.T) {
	samples := pcm(t)
	want, _, err := decodeAll(wav(samples, wavePCM, 2, 24, false), limits())
	if err != nil {
		t.Fatal(err)
	}
	lossless, _, err := decodeAll(song(t, "megaglest-jadeflange.flac"), limits())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(want) - rate/2; !slices.Equal(want[:n], lossless[:n]) {
		t.Error("24-bit WAV and FLAC of the same song differ")
	}
	for _, c := range []struct {
		tag, bits  int
		extensible bool
		atLeast    float64
	}{{1, 8, false, 15}, {1, 16, true, 60}, {1, 24, false, 200}, {1, 24, true, 200}, {1, 32, false, 200},
		{3, 32, false, 200}, {3, 32, true, 200}, {3, 64, false, 200}} {
		got, info, err := decodeAll(wav(samples, c.tag, 2, c.bits, c.extensible), limits())
		if err != nil || info.Incomplete != "" || info.Decoder != "wav" || !info.HasSound {
			t.Errorf("%+v: %+v, %v", c, info, err)
		}
		if r := ratio(got, want); len(got) != len(want) || r < c.atLeast {
			t.Errorf("%+v: %d samples, want %d, at %.1f dB", c, len(got), len(want), r)
		}
	}
}

// Against ffmpeg's own decoders and resampler, at the same offset.
func TestAgreesWithFFmpeg(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("no ffmpeg on PATH to compare with")
	}
	flac, ogg := "../../testdata/songs/megaglest-jadeflange.flac", "../../testdata/songs/megaglest-menu.ogg"
	for _, c := range []struct {
		name, from string
		args       []string
		atLeast    float64
	}{
		{"flac", flac, []string{"-c:a", "flac", "-f", "flac"}, 70},
		{"vorbis", ogg, []string{"-c:a", "copy", "-f", "ogg"}, 65},
		{"vorbis 5.1", flac, []string{"-ac", "6", "-c:a", "libvorbis", "-f", "ogg"}, 60},
		{"opus music", flac, []string{"-c:a", "libopus", "-b:a", "64k", "-f", "ogg"}, 60},
		{"opus speech", flac, []string{"-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-f", "ogg"}, 28},
		{"wav 5.1", flac, []string{"-ac", "6", "-f", "wav"}, 70},
	} {
		file := t.TempDir() + "/" + "sound"
		args := append([]string{"-nostdin", "-v", "error", "-t", "10", "-i", c.from}, c.args...)
		if out, err := exec.Command("ffmpeg", append(args, file)...).CombinedOutput(); err != nil {
			t.Skipf("this ffmpeg cannot write it: %s", out)
		}
		raw, err := exec.Command("ffmpeg", "-nostdin", "-v", "error", "-i", file, "-af", "aresample=rematrix_maxval=1",
			"-ac", "1", "-ar", "8000", "-f", "f32le", "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float32, len(raw)/4)
		if err := binary.Read(bytes.NewReader(raw), binary.LittleEndian, want); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, info, err := decodeAll(data, limits())
		if r := ratio(got, want); err != nil || r < c.atLeast || len(got)-len(want) > 1 || len(want)-len(got) > 1 {
			t.Errorf("%s: %d samples, ffmpeg has %d, at %.1f dB; %+v %v", c.name, len(got), len(want), r, info, err)
		}
	}
}

func TestTruncated(t *testing.T) {
	files := map[string][]byte{
		"flac": song(t, "megaglest-jadeflange.flac"), "vorbis": song(t, "megaglest-menu.ogg"), "wav": wav(pcm(t), 1, 2, 16, false),
	}
	for name, data := range files {
		whole, _, err := decodeAll(data, limits())
		if err != nil {
			t.Fatal(err)
		}
		got, info, err := decodeAll(data[:len(data)/2], limits())
		if err != nil || !strings.HasPrefix(info.Incomplete, "truncated: ") {
			t.Errorf("%s: half of it: %+v, %v", name, info, err)
		}
		n := len(got) - rate/10
		if n < len(whole)/4 || !slices.Equal(got[:n], whole[:n]) {
			t.Errorf("%s: half of it gives %d of %d samples, or others", name, len(got), len(whole))
		}
		if _, _, err := decodeAll(data[:600], limits()); err == nil || !strings.HasPrefix(err.Error(), "truncated: ") {
			t.Errorf("%s: its first 600 bytes: %v", name, err)
		}
	}
}

// Damage in the middle never passes for the whole: FLAC and Ogg have
// checksums.
func TestDamageIsSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"megaglest-jadeflange.flac", "megaglest-menu.ogg"} {
		data := song(t, name)
		for range 5 {
			damaged := bytes.Clone(data)
			at := len(data)/4 + rng.IntN(len(data)/2)
			damaged[at] ^= 1 << rng.IntN(8)
			if _, info, err := decodeAll(damaged, limits()); err == nil && info.Incomplete == "" {
				t.Errorf("%s with byte %d changed: no error", name, at)
			}
		}
	}
}

func TestChainedStreamsAreOneSound(t *testing.T) {
	one := song(t, "megaglest-menu.ogg")
	single, _, err := decodeAll(one, limits())
	if err != nil {
		t.Fatal(err)
	}
	twice, info, err := decodeAll(append(bytes.Clone(one), one...), limits())
	if err != nil || info.Incomplete != "" || len(twice) < 2*len(single)-2 {
		t.Errorf("two streams: %d samples, one has %d; %+v %v", len(twice), len(single), info, err)
	}
}

func TestDurationLimit(t *testing.T) {
	l := limits()
	l.Duration = 5 * time.Second
	var limit *fingerprint.LimitError
	if got, _, err := decodeAll(song(t, "megaglest-menu.ogg"), l); !errors.As(err, &limit) || len(got) > 6*rate {
		t.Errorf("%d samples, error %v", len(got), err)
	}
}

func FuzzSound(f *testing.F) {
	f.Add(wav(make([]int32, 100), 1, 2, 16, true))
	f.Add(song(f, "megaglest-jadeflange.flac")[:20_000])
	f.Add(song(f, "megaglest-menu.ogg")[:20_000])
	for _, seed := range []string{"\x01vorbis", "OpusHead\x01\x02\x00\x00\x80\xbb\x00\x00\x00\x00\x00"} {
		page := append([]byte("OggS\x00\x02"), make([]byte, 20)...)
		page = append(append(page, 1, byte(len(seed))), seed...)
		binary.LittleEndian.PutUint32(page[22:], oggSum(0, page))
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		samples, info, err := decodeAll(data, limits())
		if err == nil && len(samples) == 0 {
			t.Errorf("no sound and no error: %+v", info)
		}
		for _, x := range samples {
			if !(x >= -1 && x <= 1) {
				t.Fatalf("sample %v", x)
			}
		}
	})
}

// Scanning without any sound to deliver, the decoders look at the context.
func TestContextEndsTheReading(t *testing.T) {
	why := errors.New("server stops")
	for name, data := range map[string][]byte{
		"flac": append(song(t, "megaglest-jadeflange.flac")[:8192:8192], make([]byte, 8<<20)...),
		"ogg":  song(t, "megaglest-menu.ogg"),
		"wav":  wav(make([]int32, 100_000), 1, 2, 16, true),
	} {
		ctx, cancel := context.WithCancelCause(context.Background())
		in := &media.Input{ReaderAt: &cancelling{r: bytes.NewReader(data), cancel: func() { cancel(why) }}, Name: name, Size: int64(len(data))}
		_, err := media.Stream(ctx, in, limits(), media.Request{SampleRate: 8000}, media.Sink{Sound: func([]float32) error { return nil }})
		if !errors.Is(err, why) {
			t.Errorf("%s: got %v, want the cause of the end", name, err)
		}
	}
}

// cancelling ends the context at the first read behind the header.
type cancelling struct {
	r      *bytes.Reader
	cancel func()
	reads  int
}

func (c *cancelling) ReadAt(p []byte, at int64) (int, error) {
	if c.reads++; c.reads > 3 {
		c.cancel()
	}
	return c.r.ReadAt(p, at)
}
