package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

const (
	bunny = "films/big-buck-bunny.mp4" // 640x360, 24 frames a second, 30 s, with sound
	pans  = "films/photographs.mkv"    // with sound from the start
)

// filmProofs are the proofs of films alone, by label.
var filmProofs = map[string]struct {
	look look
	fps  float64 // 0: 24
	also func(t *testing.T, p proof)
}{
	"copy 360p CRF 32": {look: look{least: 26}, also: func(t *testing.T, p proof) { inFile(t, p, "crf=32.0") }},
	"excerpt":          {look: look{least: 30}},
	"H.264 CRF 35":     {look: look{least: 23}, also: func(t *testing.T, p proof) { inFile(t, p, "crf=35.0") }},
	"VP9 CRF 50": {look: look{size: func(int, int) (int, int) { return 480, 270 }, least: 22}, also: func(t *testing.T, p proof) {
		info := probe(t, p.Path)
		if !strings.Contains(info, "Video: vp9") || !strings.Contains(info, "Audio: opus") {
			t.Errorf("ffmpeg sees %s, want VP9 and Opus", info)
		}
		within(t, "bits a second", bitsOf(t, p)/p.plan.ingredients.Length, 130e3, 50e3) // 32k of them sound
	}},
	"240p":          {look: look{size: func(int, int) (int, int) { return 426, 240 }, least: 24}},
	"frame rate 15": {fps: 15},
	"frame rate 60": {fps: 60},
	"aspect 4:3":    {look: look{size: func(int, int) (int, int) { return 480, 360 }, least: 23}},
	"filmed from a screen": {look: look{from: seenAskew, blur: 1.4, level: true, least: 24}, also: func(t *testing.T, p proof) {
		var light []float64 // how much lighter than the source, an eighth of a second apart
		for i := range 8 {
			at := 1 + float64(i)/8
			source, made := frameAt(t, p.plan.ingredients.Source.Path, p.plan.ingredients.From+at), frameAt(t, p.Path, at)
			_, d := look{from: seenAskew}.similarity(source, made)
			light = append(light, mean(d))
		}
		within(t, "deviation of the light", deviation(light), 0.03*255*255/219/math.Sqrt2, 3)
	}},
	"speed 1.04": {},
	"speed 1.25": {},
	"hidden 10 s in 3 min": {fps: 25, also: func(t *testing.T, p proof) {
		within(t, "seconds", seconds(t, p.Path), 180, 0.2)
		before, _ := look{}.similarity(frameAt(t, p.plan.ingredients.Source.Path, p.plan.ingredients.From), frameAt(t, p.Path, max(0, p.Truths[0].Query.From-0.2)))
		after, _ := look{}.similarity(frameAt(t, p.plan.ingredients.Source.Path, p.plan.ingredients.From+p.plan.ingredients.Length), frameAt(t, p.Path, p.Truths[0].Query.To+0.2))
		within(t, "likeness just outside, dB", max(before, after), 12, 7)
	}},
	"dubbed other sound":    {also: proveDubbed},
	"sound of another work": {also: proveDubbed},
}

func TestFilmTransforms(t *testing.T) {
	c := proofCorpus(t)
	for i, s := range c.Sources {
		if s.ID == bunny || s.ID == pans { // to mix works there must be works
			c.Sources[i].Split = work
		}
	}
	for _, tr := range filmTransforms() {
		t.Run(tr.label(), func(t *testing.T) {
			of, alone := filmProofs[tr.label()]
			shared, both := looks[tr.label()]
			if !alone && !both {
				t.Fatal("nothing proves this transform")
			}
			l := of.look
			if !alone {
				l = shared
			}
			lengths := []float64{6}
			if tr.Name == "copy" {
				lengths = []float64{0}
			} else if tr.Name == "excerpt" {
				lengths = []float64{5, 15}
			}
			for _, length := range lengths {
				p := prove(t, c, tr, bunny, length)
				proveFilm(t, p, l, of.fps)
				if of.also != nil {
					of.also(t, p)
				}
			}
		})
	}
}

// proveFilm compares frames of the query with those of the source at the same
// time, and wants the truth to say where they are.
func proveFilm(t *testing.T, p proof, l look, fps float64) {
	t.Helper()
	in := p.plan.ingredients
	tempo := 1.0
	if p.plan.Name == "speed" {
		tempo = map[string]float64{"1.04": 1.04, "1.25": 1.25}[p.plan.Strength]
	}
	length := in.Length
	if length == 0 {
		length = 30
	}
	start := p.Truths[0].Query.From
	if in.Length > 0 {
		within(t, "end of the truth", p.Truths[0].Query.To-start, length/tempo, 0.001)
		within(t, "start in the source", p.Truths[0].Work.From, in.From, 0)
	}
	if start == 0 {
		within(t, "seconds", seconds(t, p.Path), length/tempo, 0.15)
	}
	if fps == 0 {
		fps = 24
	}
	within(t, "frames a second", float64(frames(t, p.Path))/seconds(t, p.Path), fps, 0.02*fps)
	for _, share := range []float64{0.2, 0.8} {
		at := share * length
		made := frameAt(t, p.Path, start+at/tempo)
		best, bestDB := raster{}, -1.0
		for _, step := range []float64{0, -1, 1} { // rounding to frames
			if bestDB > 30 {
				break
			}
			source := frameAt(t, in.Source.Path, max(0, in.From+at+step/24))
			if db, _ := l.fit(p.plan.transform.label(), source).similarity(source, made); db > bestDB {
				best, bestDB = source, db
			}
		}
		l.fit(p.plan.transform.label(), best).show(t, best, made)
	}
	if p.plan.Name != "hidden" && p.plan.Host == 0 {
		proveTempo(t, p, tempo)
	}
}

// proveDubbed wants the host's sound and not the source's.
func proveDubbed(t *testing.T, p proof) {
	in := p.plan.ingredients
	made := heardIn(t, source{Path: p.Path}, 0, 5)
	var host source
	for _, h := range in.Hosts {
		if ok, err := audible(t.Context(), ingredients{Source: h, Length: in.Length}); err == nil && ok {
			host = h
			break
		}
	}
	least(t, "likeness to the other's sound", bestCorrelation(heardIn(t, host, 0, 5), made, rate/20), 0.7)
	within(t, "likeness to its own sound", bestCorrelation(heardIn(t, in.Source, in.From, 5), made, rate/20), 0, 0.3)
	if want := p.plan.Mix; want != (len(p.Truths) == 2 && p.Truths[1].Kind == fingerprint.Audio && p.Truths[1].Source == host.ID) {
		t.Errorf("truths = %v, want one of the sound of %s: %t", p.Truths, host.ID, want)
	}
}

func inFile(t *testing.T, p proof, want string) {
	t.Helper()
	b, err := os.ReadFile(p.Path)
	if err != nil || !bytes.Contains(b, []byte(want)) {
		t.Errorf("the encoder did not note %q, %v", want, err)
	}
}

// probe is what ffmpeg says of a file.
func probe(t *testing.T, path string) string {
	t.Helper()
	out, _ := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-nostdin", "-i", path).CombinedOutput() // no output file: it always fails
	return string(out)
}

func seconds(t *testing.T, path string) float64 {
	t.Helper()
	s, err := durationOf(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var frameLine = regexp.MustCompile(`frame=\s*(\d+)`)

func frames(t *testing.T, path string) int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-nostdin", "-i", path, "-map", "0:v:0", "-c", "copy", "-f", "null", "-").CombinedOutput()
	all := frameLine.FindAllSubmatch(out, -1)
	if err != nil || len(all) == 0 {
		t.Fatalf("frames of %s: %v: %s", path, err, out)
	}
	n, err := strconv.Atoi(string(all[len(all)-1][1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func bitsOf(t *testing.T, p proof) float64 {
	t.Helper()
	info, err := os.Stat(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	return 8 * float64(info.Size())
}

func mean(s []float64) float64 {
	sum := 0.0
	for _, v := range s {
		sum += v
	}
	return sum / float64(len(s))
}

// TestParts wants a time filled to the frame.
func TestParts(t *testing.T) {
	hosts := []source{{ID: "a"}, {ID: "b"}}
	for _, tt := range []struct {
		seconds float64
		want    string
	}{{0, ""}, {20, "a20"}, {50.04, "a20 b20 a10.04"}} {
		var got []string
		for _, p := range parts(hosts, tt.seconds, 20) {
			got = append(got, fmt.Sprintf("%s%.4g", p.Source.ID, p.Length))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("parts of %g s = %q, want %q", tt.seconds, got, tt.want)
		}
	}
}
