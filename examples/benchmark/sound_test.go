package main

import (
	"encoding/binary"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// song is 83 s of music, at 44.1 kHz.
const song = "songs/widelands-ingame20.ogg"

// soundProofs hold for every row of the table, by name.
var soundProofs = map[string]func(t *testing.T, p proof){
	"copy":        proveCodec,
	"codec":       proveCodec,
	"excerpt":     proveExcerptOfSound,
	"8 kHz":       prove8kHz,
	"telephone":   proveTelephone,
	"equaliser":   proveEqualiser,
	"reverb":      proveReverb,
	"compression": proveCompression,
	"pink noise":  provePinkNoise,
	"babble":      proveSpeech,
	"speech-over": proveSpeech,
	"speed":       proveStretch,
	"tempo":       proveStretch,
	"pitch":       proveStretch,
	"hidden":      proveHidden,
	"mix":         proveMix,
}

func TestSoundTransforms(t *testing.T) {
	c := proofCorpus(t)
	for i, s := range c.Sources {
		if s.ID == song || s.ID == "songs/megaglest-menu.ogg" { // to mix works there must be works
			c.Sources[i].Split = work
		}
	}
	for _, tr := range soundTransforms() {
		t.Run(tr.label(), func(t *testing.T) {
			of, ok := soundProofs[tr.Name]
			if !ok {
				t.Fatal("nothing proves this transform")
			}
			if tr.Name == "hidden" || tr.Name == "mix" {
				of(t, prove(t, c, tr, song, 10))
				return
			}
			lengths := tr.Lengths
			if len(lengths) == 0 {
				lengths = []float64{0}
			}
			for _, l := range lengths {
				p := prove(t, c, tr, song, l)
				if len(p.Truths) != 1 || p.Truths[0].Source != song || p.Truths[0].Kind != fingerprint.Audio {
					t.Errorf("truths = %v, want one of %s", p.Truths, song)
				}
				if l > 0 {
					within(t, "start in the source", p.Truths[0].Work.From, p.plan.ingredients.From, 0)
					within(t, "length in the source", p.Truths[0].Work.Length(), l, 1e-9)
					within(t, "seconds against the truth", seconds(t, p.Path), p.Truths[0].Query.To, 0.08)
				}
				of(t, p)
			}
		})
	}
}

// heardIn decodes a part of a file, of length seconds; 0 is all of it.
func heardIn(t *testing.T, s source, from, length float64) []float32 {
	t.Helper()
	out, err := decodeSamples(t.Context(), ingredients{Source: s, From: from, Length: length})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sides are the samples of the source's excerpt and of the query.
func sides(t *testing.T, p proof) (before, after []float32) {
	t.Helper()
	in := p.plan.ingredients
	return heardIn(t, in.Source, in.From, in.Length), heardIn(t, source{Path: p.Path}, 0, 0)
}

// cosine is that of the angle between a and the part of b that starts later.
func cosine(a, b []float32, later int) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for i, x := range a {
		if k := i + later; k >= 0 && k < len(b) {
			y := b[k]
			ab, aa, bb = ab+float64(x)*float64(y), aa+float64(x)*float64(x), bb+float64(y)*float64(y)
		}
	}
	return ab / math.Sqrt(max(aa*bb, 1e-20))
}

// shift finds how many samples later than a, at most reach, b has what is in
// a second from the middle of a. It looks at every eighth sample: a fraction
// of a millisecond is near enough.
func shift(a, b []float32, reach int) (later int, best float64) {
	const every = 8
	a, b = thinned(a, every), thinned(b, every)
	from := max(0, len(a)/2-rate/every/2)
	part := a[from:min(len(a), from+rate/every)]
	for k := -reach / every; k <= reach/every; k++ {
		if c := math.Abs(cosine(part, b, from+k)); c > best {
			later, best = k*every, c
		}
	}
	return later, best
}

// thinned are the means of n samples each.
func thinned(s []float32, n int) []float32 {
	out := make([]float32, len(s)/n)
	for i := range out {
		for _, v := range s[i*n : (i+1)*n] {
			out[i] += v / float32(n)
		}
	}
	return out
}

func bestCorrelation(a, b []float32, reach int) float64 {
	_, best := shift(a, b, reach)
	return best
}

// spectrum is the mean power of a second's worth of bins of half a hertz or
// coarser: size is a power of two.
func spectrum(s []float32, size int) []float64 {
	out := make([]float64, size/2)
	for at := 0; at+size <= len(s); at += size / 2 {
		x := make([]complex128, size)
		for i := range x {
			x[i] = complex(float64(s[at+i])*(0.5-0.5*math.Cos(2*math.Pi*float64(i)/float64(size))), 0)
		}
		transformed(x)
		for i := range out {
			out[i] += real(x[i])*real(x[i]) + imag(x[i])*imag(x[i])
		}
	}
	return out
}

// transformed is the fast Fourier transform of Cooley and Tukey.
func transformed(x []complex128) {
	if len(x) == 1 {
		return
	}
	n := len(x) / 2
	even, odd := make([]complex128, n), make([]complex128, n)
	for i := range n {
		even[i], odd[i] = x[2*i], x[2*i+1]
	}
	transformed(even)
	transformed(odd)
	for i := range n {
		w := cmplx.Rect(1, -math.Pi*float64(i)/float64(n)) * odd[i]
		x[i], x[i+n] = even[i]+w, even[i]-w
	}
}

// band is the power between two frequencies, in dB.
func band(power []float64, from, to float64) float64 {
	bin := float64(rate) / float64(2*len(power))
	sum := 0.0
	for i := int(from / bin); i <= int(to/bin) && i < len(power); i++ {
		sum += power[i]
	}
	return 10 * math.Log10(max(sum, 1e-12))
}

// gains is what a band gained, in dB, from before to after.
func gains(before, after []float32) func(from, to float64) float64 {
	const size = 8192
	a, b := spectrum(before, size), spectrum(after, size)
	return func(from, to float64) float64 { return band(b, from, to) - band(a, from, to) }
}

func proveCodec(t *testing.T, p proof) {
	kbits, err := strconv.ParseFloat(strings.TrimSuffix(strings.Fields(p.plan.Strength)[1], "k"), 64)
	if err != nil {
		t.Fatal(err)
	}
	codec := map[string]string{"MP3": "Audio: mp3", "AAC": "Audio: aac", "Opus": "Audio: opus"}[strings.Fields(p.plan.Strength)[0]]
	if info := probe(t, p.Path); codec == "" || !strings.Contains(info, codec) {
		t.Errorf("ffmpeg sees %s, want %q", info, codec)
	}
	within(t, "bits a second", bitsOf(t, p)/seconds(t, p.Path), 1000*kbits, 200*kbits+2000)
	before, after := sides(t, p)
	within(t, "seconds", float64(len(after))/rate, float64(len(before))/rate, 0.08)
	later, same := shift(before, after, rate/20)
	within(t, "shift in seconds", float64(later)/rate, 0, 0.03)
	least(t, "likeness", same, 0.8)
}

func proveExcerptOfSound(t *testing.T, p proof) {
	in := p.plan.ingredients
	if in.From == math.Trunc(in.From) {
		t.Errorf("starts at %g s, a whole second", in.From)
	}
	before, after := sides(t, p)
	within(t, "seconds", float64(len(after))/rate, in.Length, 0.08)
	later, same := shift(before, after, rate/20)
	within(t, "shift in seconds", float64(later)/rate, 0, 0.03)
	least(t, "likeness", same, 0.95)
}

func prove8kHz(t *testing.T, p proof) {
	if info := probe(t, p.Path); !strings.Contains(info, "8000 Hz") {
		t.Errorf("ffmpeg sees %s, want 8000 Hz", info)
	}
	before, after := sides(t, p)
	gain := gains(before, after)
	within(t, "gain at 300 to 1000 Hz", gain(300, 1000), gain(1000, 3000), 0.5)
	within(t, "gain above 5 kHz", gain(5000, 15000), -60, 35)
}

func proveTelephone(t *testing.T, p proof) {
	if info := probe(t, p.Path); !strings.Contains(info, "8000 Hz") || !strings.Contains(info, "pcm_mulaw") {
		t.Errorf("ffmpeg sees %s, want mu-law at 8000 Hz", info)
	}
	before, after := sides(t, p)
	gain := gains(before, after)
	middle := gain(600, 2000)
	within(t, "gain at 300 Hz", gain(280, 320)-middle, -6, 2)
	within(t, "gain at 100 Hz", gain(90, 110)-middle, -38, 8)
	within(t, "gain above 5 kHz", gain(5000, 15000), -60, 35)
}

func proveEqualiser(t *testing.T, p proof) {
	gain := gains(sides(t, p))
	lowest := gain(97, 103)
	for _, b := range []struct{ hertz, want float64 }{{500, -18}, {1500, 0}, {4000, -18}} {
		within(t, number(b.hertz)+" Hz against 100 Hz", gain(b.hertz*0.97, b.hertz*1.03)-lowest, b.want, 4)
	}
}

// proveReverb plays a click into the room, and takes the time in which its
// energy falls by 60 dB from how it falls between 5 and 35 dB, by Schroeder's
// backward integration (New Method of Measuring Reverberation Time, 1965).
func proveReverb(t *testing.T, p proof) {
	click := make([]float32, 3*rate)
	for i := range 20 {
		click[rate/2+i] = 0.9
	}
	room := heardIn(t, played(t, p.plan.transform, click), 0, 0)[rate/2+rate/20:]
	left := make([]float64, len(room)+1)
	for i := len(room) - 1; i >= 0; i-- {
		left[i] = left[i+1] + float64(room[i])*float64(room[i])
	}
	fell := func(db float64) float64 {
		i := slices.IndexFunc(left, func(e float64) bool { return e <= left[0]*math.Pow(10, -db/10) })
		return float64(i) / rate
	}
	within(t, "reverberation time", 2*(fell(35)-fell(5)), 0.6, 0.09)
	before, after := sides(t, p)
	gain := cosine(before, after, 0) * math.Sqrt(power(after)/power(before))
	within(t, "direct sound against the room, dB", ratio(before, after, gain), 0, 2)
}

// played runs samples of our own through a transform.
func played(t *testing.T, tr transform, s []float32) source {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "in.wav"), filepath.Join(t.TempDir(), "out"+tr.Ext)
	if err := writeWAV(in, s); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Make(t.Context(), ingredients{Source: source{Path: in}}, out); err != nil {
		t.Fatal(err)
	}
	return source{Path: out}
}

// ratio is the power of gain times sound to that of the rest of a sum, in dB.
func ratio(sound, sum []float32, gain float64) float64 {
	rest, n := 0.0, min(len(sound), len(sum))
	for i := range n {
		d := float64(sum[i]) - gain*float64(sound[i])
		rest += d * d
	}
	return 10 * math.Log10(gain*gain*power(sound[:n])*float64(n)/max(rest, 1e-12))
}

// residual is what is in a query besides the source, and the source's ratio to
// it in dB.
func residual(before, after []float32) (rest []float32, snr float64) {
	n := min(len(before), len(after))
	before, after = before[:n], after[:n]
	gain := cosine(before, after, 0) * math.Sqrt(power(after)/power(before))
	rest = make([]float32, n)
	for i := range rest {
		rest[i] = after[i] - float32(gain*float64(before[i]))
	}
	return rest, ratio(before, after, gain)
}

func wantedRatio(t *testing.T, p proof) float64 {
	t.Helper()
	snr, err := strconv.ParseFloat(strings.Fields(p.plan.Strength)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return snr
}

func provePinkNoise(t *testing.T, p proof) {
	rest, snr := residual(sides(t, p))
	within(t, "signal to noise, dB", snr, wantedRatio(t, p), 0.5)
	noise := spectrum(rest, 8192)
	first := band(noise, 250, 500)
	for hertz := 500.0; hertz < 10_000; hertz *= 2 {
		within(t, "power in the octave above "+number(hertz)+" Hz", band(noise, hertz, 2*hertz)-first, 0, 1.5)
	}
}

// proveSpeech tells one voice from many by its pauses.
func proveSpeech(t *testing.T, p proof) {
	rest, snr := residual(sides(t, p))
	within(t, "signal to noise, dB", snr, wantedRatio(t, p), 0.5)
	quiet, all := 0, 0
	for at := 0; at+rate/20 <= len(rest); at += rate / 20 {
		all++
		if power(rest[at:at+rate/20]) < power(rest)/50 {
			quiet++
		}
	}
	pauses := float64(quiet) / float64(all)
	if p.plan.Name == "babble" {
		within(t, "pauses", pauses, 0, 0.03)
	} else {
		within(t, "pauses", pauses, 0.2, 0.16)
	}
	noise := spectrum(rest, 8192)
	least(t, "speech's band against what is above it, dB", band(noise, 150, 4000)-band(noise, 8000, 20000), 10)
}

// proveStretch measures the tempo by the envelope and the pitch by the
// spectrum.
func proveStretch(t *testing.T, p proof) {
	tempo, pitch := 1.0, 1.0
	factor, err := strconv.ParseFloat(strings.Fields(p.plan.Strength)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	switch p.plan.Name {
	case "speed":
		tempo, pitch = 1+factor/100, 1+factor/100
	case "tempo":
		tempo = 1 + factor/100
	case "pitch":
		pitch = math.Pow(2, factor/12)
	}
	within(t, "end of the truth", p.Truths[0].Query.To, p.plan.ingredients.Length/tempo, 1e-9)
	proveTempo(t, p, tempo)
	before, after := sides(t, p)
	within(t, "cents of pitch", cents(before, after), 1200*math.Log2(pitch), 8)
}

// proveTempo finds two events of the source, the loudness around two seconds
// far from each other, in the query, and compares their distances.
func proveTempo(t *testing.T, p proof, want float64) {
	t.Helper()
	const hop = rate / 200
	a, b := sides(t, p)
	before, after := envelope(a, hop), envelope(b, hop)
	width := 300.0 // of an event, in hops
	if len(before) < 1200 {
		width = 200
	}
	find := func(at float64) float64 { // where in the query is what the source has there
		best, place := -2.0, 0.0
		for shift := -40.0; shift <= 40; shift++ {
			var x, y []float64
			for i := 0.0; i < width; i++ {
				x, y = append(x, between(before, at+i)), append(y, between(after, (at+i)/want+shift))
			}
			if c := pearson(x, y); c > best {
				best, place = c, at/want+shift
			}
		}
		least(t, "likeness of an event", best, 0.7)
		return place
	}
	first, last := 60.0, float64(len(before))-width-60
	got := (last - first) / (find(last) - find(first))
	within(t, "tempo", got, want, 0.006*want*1000/(last-first))
	within(t, "place of an event, s", find(first)/200, first/want/200, 0.06)
}

func envelope(s []float32, hop int) (out []float64) {
	for i := 0; i+2*hop <= len(s); i += hop {
		out = append(out, math.Log(power(s[i:i+2*hop])+1e-7))
	}
	return out
}

func between(s []float64, at float64) float64 {
	i := int(math.Floor(at))
	if i < 0 || i+1 >= len(s) {
		return 0
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}

func pearson(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	xy, xx, yy := 0.0, 0.0, 0.0
	for i := range x {
		a, b := x[i]-mx, y[i]-my
		xy, xx, yy = xy+a*b, xx+a*a, yy+b*b
	}
	return xy / math.Sqrt(max(xx*yy, 1e-20))
}

// cents is how much higher b is than a: the shift at which their spectra over
// the logarithm of the frequency are most alike.
func cents(a, b []float32) float64 {
	const size, step = 32768, 2.0
	scale := func(s []float32) (out []float64) {
		p := spectrum(s, size)
		for c := 0.0; c < 4*1200; c += step { // four octaves
			bin := 180 * math.Pow(2, c/1200) * size / rate
			out = append(out, math.Log(between(p, bin)+1e-9))
		}
		return out
	}
	x, y := scale(a), scale(b)
	const reach = 200 / step
	best, at := -2.0, 0.0
	for k := -int(reach); k <= int(reach); k++ {
		inner := x[int(reach) : len(x)-int(reach)]
		if c := pearson(inner, y[int(reach)+k:len(y)-int(reach)+k]); c > best {
			best, at = c, float64(k)*step
		}
	}
	return at
}

// proveCompression wants what is louder than others to be less so.
func proveCompression(t *testing.T, p proof) {
	before, after := sides(t, p)
	wide := func(s []float32) float64 {
		var db []float64
		for i := 0; i+rate/10 <= len(s); i += rate / 10 {
			db = append(db, 10*math.Log10(power(s[i:i+rate/10])+1e-9))
		}
		slices.Sort(db)
		return db[len(db)*95/100] - db[len(db)*10/100]
	}
	within(t, "range of loudness against before", wide(after)/wide(before), 0.4, 0.35)
	_, same := shift(before, after, rate/20)
	least(t, "likeness", same, 0.8)
}

// proveHidden looks for the source where the truth says, and for strangers
// around it.
func proveHidden(t *testing.T, p proof) {
	in, q := p.plan.ingredients, p.Truths[0].Query
	within(t, "seconds", seconds(t, p.Path), 300, 0.1)
	within(t, "length", q.Length(), in.Length, 1e-9)
	made := source{Path: p.Path}
	for _, at := range []float64{0, in.Length - 2} {
		later, same := shift(heardIn(t, in.Source, in.From+at, 2), heardIn(t, made, q.From+at, 2), rate/10)
		within(t, "shift in seconds", float64(later)/rate, 0, 0.03)
		least(t, "likeness inside", same, 0.95)
	}
	for _, at := range []float64{q.From - 2.2, q.To + 0.2} {
		if at < 0 || at > 298 {
			continue
		}
		within(t, "likeness outside", bestCorrelation(heardIn(t, in.Source, in.From+at-q.From, 2), heardIn(t, made, at, 2), rate/50), 0, 0.4)
	}
	if q.From > 3 {
		least(t, "likeness to a stranger at the start", bestCorrelation(heardIn(t, in.Hosts[0], 0, 2), heardIn(t, made, 0, 2), rate/10), 0.95)
	}
}

// proveMix solves for how loud both sources are in the sum.
func proveMix(t *testing.T, p proof) {
	if len(p.Truths) != 2 || p.Truths[1].Source != p.plan.ingredients.Hosts[0].ID {
		t.Fatalf("truths = %v, want both works", p.Truths)
	}
	a, sum := sides(t, p)
	host := p.Truths[1].Work
	b := heardIn(t, p.plan.ingredients.Hosts[0], host.From, host.Length())
	n := min(len(a), len(b), len(sum))
	a, b, sum = a[:n], b[:n], sum[:n]
	aa, bb, ab, as, bs := 0.0, 0.0, 0.0, 0.0, 0.0
	for i := range n {
		x, y, s := float64(a[i]), float64(b[i]), float64(sum[i])
		aa, bb, ab, as, bs = aa+x*x, bb+y*y, ab+x*y, as+x*s, bs+y*s
	}
	d := aa*bb - ab*ab
	ga, gb := (as*bb-bs*ab)/d, (bs*aa-as*ab)/d
	within(t, "one against the other, dB", 10*math.Log10(ga*ga*aa/(gb*gb*bb)), 0, 0.5)
	rest := 0.0
	for i := range n {
		r := float64(sum[i]) - ga*float64(a[i]) - gb*float64(b[i])
		rest += r * r
	}
	least(t, "both against the rest, dB", 10*math.Log10((ga*ga*aa+gb*gb*bb)/max(rest, 1e-9)), 30)
}

// TestWAV wants the samples back that were written, to 16 bits.
func TestWAV(t *testing.T) {
	need(t, "ffmpeg")
	s := make([]float32, rate)
	for i := range s {
		s[i] = float32(0.9 * math.Sin(float64(i)/17))
	}
	path := filepath.Join(t.TempDir(), "a.wav")
	if err := writeWAV(path, s); err != nil {
		t.Fatal(err)
	}
	got := heardIn(t, source{Path: path}, 0, 0)
	if len(got) != len(s) {
		t.Fatalf("%d samples, want %d", len(got), len(s))
	}
	for i := range s {
		if math.Abs(float64(got[i]-s[i])) > 1.0/16384 {
			t.Fatalf("sample %d = %g, want %g", i, got[i], s[i])
		}
	}
	b, err := os.ReadFile(path)
	if err != nil || binary.LittleEndian.Uint32(b[4:]) != uint32(len(b)-8) {
		t.Errorf("RIFF of %d bytes in a file of %d, %v", binary.LittleEndian.Uint32(b[4:]), len(b), err)
	}
}
