package audio

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// best compares two sounds and returns the best segment.
func best(t testing.TB, query, work []float32) fingerprint.Segment {
	t.Helper()
	found, err := fingerprint.Compare(hashed(t, query), hashed(t, work))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		return fingerprint.Segment{}
	}
	return found[0]
}

// faster plays samples at another speed, by linear interpolation.
func faster(x []float32, by float64) []float32 {
	y := make([]float32, int(float64(len(x)-1)/by))
	for i := range y {
		at := float64(i) * by
		k := int(at)
		y[i] = x[k] + float32(at-float64(k))*(x[k+1]-x[k])
	}
	return y
}

// noisy adds white noise as loud as the sound.
func noisy(x []float32) []float32 {
	power := 0.0
	for _, v := range x {
		power += float64(v) * float64(v)
	}
	level := math.Sqrt(power / float64(len(x)))
	r := rand.New(rand.NewPCG(5, 6))
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = v + float32(level*r.NormFloat64())
	}
	return y
}

func TestVerifyAlteredCopies(t *testing.T) {
	work := song(t, "warmux-divertissement.ogg")
	const from = 20.5
	clip := work[int(from*SampleRate):][:10*SampleRate]
	other := song(t, "fillets-rybky14.ogg")
	for _, c := range []struct {
		name       string
		query      []float32
		at         float64 // where the clip begins in the query
		rate       float64
		hypothesis string
	}{
		{"excerpt", clip, 0, 1, ""},
		{"all", work, from, 1, ""},
		{"noise", noisy(clip), 0, 1, ""},
		{"speed up", faster(clip, 1.04), 0, 1.04, "speed +"},
		{"speed between the grid's points", faster(clip, 1.05), 0, 1.05, "speed +"},
		{"speed down", faster(clip, 0.92), 0, 0.92, "speed -"},
		{"hidden", append(append(append([]float32(nil), other[:25*SampleRate]...), clip...), other[25*SampleRate:35*SampleRate]...), 25, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := best(t, c.query, work)
			if s.Score < 0.9 {
				t.Fatalf("got %+v, want a score of at least 0.9", s)
			}
			if math.Abs(s.Rate-c.rate) > 0.004 || !strings.HasPrefix(s.Hypothesis, c.hypothesis) || c.hypothesis == "" && s.Hypothesis != "" {
				t.Errorf("got rate %.4f, %q, want %.4f, %q", s.Rate, s.Hypothesis, c.rate, c.hypothesis)
			}
			if offset := s.Work.From - s.Rate*(s.Query.From-c.at); math.Abs(offset-from) > 0.1 {
				t.Errorf("the clip begins at %.2f s of the work, want %.2f", offset, from)
			}
			if begin, end := s.Query.From-c.at, s.Query.To-c.at; c.name != "all" && (begin < -0.5 || begin > 1.5 || end < 10/c.rate-1.5 || end > 10/c.rate+0.5) {
				t.Errorf("found at %v of the query, want 10 s of the work from %.1f s on", s.Query, c.at)
			}
		})
	}
}

// Ten seconds in five minutes of other music are found where they are.
func TestVerifyHidden(t *testing.T) {
	const from, at = 40.25, 171.3
	work := song(t, "warmux-divertissement.ogg")
	var query []float32
	for _, name := range []string{"fillets-rybky05.ogg", "fillets-rybky14.ogg", "megaglest-menu.ogg", "widelands-ingame20.ogg"} {
		query = append(query, song(t, name)...)
	}
	for len(query) < 300*SampleRate {
		query = append(query, query...)
	}
	query = query[:300*SampleRate]
	copy(query[int(at*SampleRate):], work[int(from*SampleRate):][:10*SampleRate])
	s := best(t, query, work)
	if s.Score < 0.9 || s.Hypothesis != "" {
		t.Fatalf("got %+v, want an unchanged copy with a score of at least 0.9", s)
	}
	if offset := s.Work.From - s.Rate*(s.Query.From-at); math.Abs(offset-from) > 0.1 || s.Query.From < at-0.5 || s.Query.To > at+10.5 {
		t.Errorf("got %+v, want 10 s of the work from %.2f s on at %.1f s", s, from, at)
	}
}

// Of two works that play at once, equally loud, both are found.
func TestVerifyMix(t *testing.T) {
	names := []string{"warmux-divertissement.ogg", "widelands-ingame20.ogg"}
	const from = 12.5
	mix := make([]float32, 10*SampleRate)
	for _, name := range names {
		clip := song(t, name)[int(from*SampleRate):][:len(mix)]
		power := 0.0
		for _, v := range clip {
			power += float64(v) * float64(v)
		}
		level := 0.1 / math.Sqrt(power/float64(len(clip)))
		for i, v := range clip {
			mix[i] += float32(level * float64(v))
		}
	}
	for _, name := range names {
		s := best(t, mix, song(t, name))
		if offset := s.Work.From - s.Rate*s.Query.From; s.Score < 0.5 || math.Abs(offset-from) > 0.1 {
			t.Errorf("%s: got %+v, want it from %.1f s on", name, s, from)
		}
	}
}

func TestVerifyStrangers(t *testing.T) {
	names := []string{"fillets-rybky05.ogg", "fillets-rybky14.ogg", "megaglest-menu.ogg", "megaglest-jadeflange.flac", "widelands-ingame20.ogg", "warmux-divertissement.ogg"}
	for i, a := range names {
		for _, b := range names[i+1:] {
			if s := best(t, song(t, a), song(t, b)); s.Score >= 0.5 {
				t.Errorf("%s in %s: got %+v, want no match", a, b, s)
			}
		}
	}
}

// What matches everything must match nothing: hum against hum, noise against
// noise.
func TestVerifyHum(t *testing.T) {
	hum := func(phase float64) []float32 {
		x := make([]float32, 20*SampleRate)
		for i := range x {
			for h := 5.0; h < 40; h += 2 {
				x[i] += float32(0.05 * math.Sin(2*math.Pi*50*h*float64(i)/SampleRate+h*phase))
			}
		}
		return x
	}
	if s := best(t, noisy(hum(1)), hum(2)); s.Score >= 0.5 {
		t.Errorf("hum matches hum: %+v", s)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8}, []byte{9, 8, 7}, uint16(0), 0.0)
	f.Add(make([]byte, 3000), make([]byte, 3000), uint16(4), -5.5)
	f.Fuzz(func(t *testing.T, a, b []byte, h uint16, offset float64) {
		query, work := hostile(t, a), hostile(t, b)
		for range terms(query) {
		}
		n := 0
		for range probes(query) {
			n++
		}
		if most := (query.Len() + 1) * 6 * 300; n > most {
			t.Errorf("%d probes of %d features", n, query.Len())
		}
		c := fingerprint.Candidate{Hypothesis: int(h) % (len(hypotheses) + 1), Offset: offset, Votes: 3}
		for _, s := range verify(query, work, c, &fingerprint.Background{Works: 1}) {
			if math.IsNaN(s.Score) || s.Score < 0 || s.Score > 1 || s.Work.From > s.Work.To || s.Query.From > s.Query.To {
				t.Errorf("got %+v", s)
			}
		}
	})
}

// hostile makes a fingerprint of any bytes: three a feature.
func hostile(t *testing.T, data []byte) *fingerprint.Fingerprint {
	var positions []uint32
	var codes []byte
	at := uint32(0)
	for ; len(data) >= 3; data = data[3:] {
		at += uint32(data[0] >> 5) // up to 7 ticks: often many features in one
		positions = append(positions, at)
		codes = append(codes, data[1], data[2])
	}
	f, err := fingerprint.New(Landmark, fingerprint.Audio, at+1, codeWidth, positions, codes)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
