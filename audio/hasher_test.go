package audio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
	_ "github.com/likeness-go/likeness/media/sound"
	"os"
)

// songs of the shared test data, decoded once.
var songs sync.Map

func song(t testing.TB, name string) []float32 {
	t.Helper()
	if x, ok := songs.Load(name); ok {
		return x.([]float32)
	}
	f, err := os.Open("../testdata/songs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	var samples []float32
	var limits *fingerprint.Limits
	_, err = media.Stream(context.Background(), &media.Input{ReaderAt: f, Name: name, Size: info.Size()}, limits.Effective(),
		media.Request{SampleRate: SampleRate}, media.Sink{Sound: func(s []float32) error {
			samples = append(samples, s...)
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	songs.Store(name, samples)
	return samples
}

func hashed(t testing.TB, samples []float32) *fingerprint.Fingerprint {
	t.Helper()
	h := NewHasher()
	if n, err := h.Write(samples); n != len(samples) || err != nil {
		t.Fatalf("Write: got %d, %v, want %d", n, err, len(samples))
	}
	f, err := h.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func same(a, b *fingerprint.Fingerprint) bool {
	return a.Extent() == b.Extent() && slices.Equal(a.Positions(), b.Positions()) && string(a.Codes()) == string(b.Codes())
}

// tones is a deterministic melody: it needs no functions of package math whose
// last bits could differ between architectures.
func tones(n int) []float32 {
	x := make([]float32, n)
	r := rand.New(rand.NewPCG(1, 2))
	period, phase := 20, 0
	for i := range x {
		if i%2000 == 0 {
			period = 4 + r.IntN(28)
		}
		phase = (phase + 1) % period
		x[i] = (float32(phase)/float32(period) - 0.5) * float32(2000-i%2000) / 2000
	}
	return x
}

func TestHasherGolden(t *testing.T) {
	f := hashed(t, tones(10*SampleRate))
	sum := sha256.New()
	for i := range f.Len() {
		p := f.Position(i)
		sum.Write([]byte{byte(p), byte(p >> 8)})
	}
	sum.Write(f.Codes())
	const want = "3f9acd6c3adbb14c"
	if got := hex.EncodeToString(sum.Sum(nil))[:16]; got != want || f.Extent() != 313 {
		t.Errorf("got %d features over %d ticks with hash %s, want hash %s over 313", f.Len(), f.Extent(), got, want)
	}
}

func TestHasherSplits(t *testing.T) {
	x := song(t, "fillets-rybky05.ogg")[:12*SampleRate+77]
	want := hashed(t, x)
	r := rand.New(rand.NewPCG(3, 4))
	h := NewHasher()
	for _, most := range []int{1, 100, 256, 5000} {
		h.Reset()
		for rest := x; len(rest) > 0; {
			n := min(1+r.IntN(most), len(rest))
			if _, err := h.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		got, err := h.Fingerprint()
		if err != nil {
			t.Fatal(err)
		}
		if !same(got, want) {
			t.Errorf("pieces of up to %d samples: %d features, want the %d of one piece", most, got.Len(), want.Len())
		}
	}
}

// A fingerprint taken in the middle must not disturb the stream.
func TestHasherLive(t *testing.T) {
	x := song(t, "fillets-rybky05.ogg")[:12*SampleRate]
	h := NewHasher()
	for second := range 12 {
		if _, err := h.Write(x[second*SampleRate : (second+1)*SampleRate]); err != nil {
			t.Fatal(err)
		}
		got, err := h.Fingerprint()
		if err != nil {
			t.Fatal(err)
		}
		if want := hashed(t, x[:(second+1)*SampleRate]); !same(got, want) {
			t.Errorf("after %d s: %d features live, %d at once", second+1, got.Len(), want.Len())
		}
	}
}

func TestHasherPoorSound(t *testing.T) {
	sine := func(f float64) []float32 {
		x := make([]float32, 20*SampleRate)
		for i := range x {
			x[i] = float32(0.3 * math.Sin(2*math.Pi*f*float64(i)/SampleRate))
		}
		return x
	}
	broken := make([]float32, SampleRate)
	for i := range broken {
		broken[i] = float32(math.NaN())
	}
	for _, c := range []struct {
		name    string
		samples []float32
		most    int // features
	}{
		{"nothing", nil, 0},
		{"one sample", []float32{1}, 40},
		{"silence", make([]float32, 20*SampleRate), 0},
		{"not a number", broken, 0},
		{"tone", sine(1000), 12 * 20},
	} {
		if f := hashed(t, c.samples); f.Len() > c.most {
			t.Errorf("%s: %d features, want at most %d", c.name, f.Len(), c.most)
		}
	}
}

func TestHasherDensity(t *testing.T) {
	x := song(t, "megaglest-jadeflange.flac")
	f := hashed(t, x)
	seconds := float64(f.Extent()) * tick
	if rate := float64(f.Len()) / seconds; rate < 20 || rate > 33 {
		t.Errorf("%.1f landmarks a second, want 20 to 41", rate)
	}
	data, err := f.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	if perHour := float64(len(data)) / seconds * 3600; perHour > 350e3 {
		t.Errorf("%.0f bytes an hour, want at most 350 kB", perHour)
	} else {
		t.Logf("%.0f bytes an hour", perHour)
	}
}

func FuzzHasher(f *testing.F) {
	f.Add([]byte{0, 0, 128, 63, 255, 255, 255, 127}, uint16(3))
	f.Add(make([]byte, 5000), uint16(256))
	f.Fuzz(func(t *testing.T, data []byte, repeat uint16) {
		var x []float32
		for i := 0; i+4 <= len(data); i += 4 {
			v := math.Float32frombits(uint32(data[i]) | uint32(data[i+1])<<8 | uint32(data[i+2])<<16 | uint32(data[i+3])<<24)
			for range repeat%512 + 1 {
				x = append(x, v)
			}
		}
		x = x[:min(len(x), 20*SampleRate)]
		got := hashed(t, x)
		h := NewHasher()
		for i := range x {
			if _, err := h.Write(x[i : i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if single, err := h.Fingerprint(); err != nil || !same(got, single) {
			t.Errorf("sample by sample: %v, other features than at once", err)
		}
	})
}

func BenchmarkHasher(b *testing.B) {
	x := song(b, "megaglest-jadeflange.flac")
	h := NewHasher()
	b.ReportAllocs()
	b.SetBytes(int64(4 * len(x)))
	for b.Loop() {
		h.Reset()
		if _, err := h.Write(x); err != nil {
			b.Fatal(err)
		}
	}
	seconds := float64(len(x)) / SampleRate
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/seconds*3600, "s/h")
}
