package audio

import (
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// The probes of an altered triplet must hold the key of the original, and
// Refine must keep the hypothesis that altered it.
func TestProbesMeetTerms(t *testing.T) {
	work := triplet{tick: 100, freq: 200, df1: 31, df2: -45, dt1: 14, dt2: 30}
	for h, hyp := range hypotheses {
		query := work
		query.freq += shiftOf(h) * fine
		query.dt1 = int(float64(work.dt1)/hyp.Rate + 0.5)
		query.dt2 = int(float64(work.dt2)/hyp.Rate + 0.5)
		query.df1++ // jitter
		met := false
		query.probes(func(k uint64) bool {
			met = met || k == work.key()
			return true
		})
		if !met {
			t.Errorf("%s: no probe meets the term", hyp.Name)
		}
		from, to := refine(fingerprint.Probe{Aux: query.aux()}, fingerprint.Term{Aux: work.aux()})
		if h < int(from) || h >= int(to) {
			t.Errorf("%s: refined to %d..%d, want %d in it", hyp.Name, from, to, h)
		}
	}
}

func TestRefineRejects(t *testing.T) {
	work := triplet{freq: 200, dt2: 30}
	for name, query := range map[string]triplet{
		"an octave higher": {freq: 200 + octave*fine, dt2: 30},
		"half as long":     {freq: 200, dt2: 15},
	} {
		if from, to := refine(fingerprint.Probe{Aux: query.aux()}, fingerprint.Term{Aux: work.aux()}); from != to {
			t.Errorf("%s: got hypotheses %d..%d, want none", name, from, to)
		}
	}
}

func TestTripletsAreSparse(t *testing.T) {
	f := hashed(t, song(t, "megaglest-jadeflange.flac"))
	n := 0
	for range terms(f) {
		n++
	}
	if rate := float64(n) / (float64(f.Extent()) * tick); rate < 12 || rate > 40 {
		t.Errorf("%.1f terms a second, want 12 to 40", rate)
	}
}

func TestCellRoundsDown(t *testing.T) {
	for x := -40; x <= 40; x++ {
		if c := cell(x, 12); c*12 > x || x >= c*12+12 {
			t.Errorf("cell(%d, 12) = %d", x, c)
		}
	}
}
