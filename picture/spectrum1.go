package picture

import (
	"iter"
	"math"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/spectrum"
)

// Spectrum1 is the algorithm whose features are low frequencies: of the
// picture, and of what is left without its border if it has one.
var Spectrum1 = fingerprint.Algorithm{Name: "spectrum", Version: 1}

func init() {
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm:     Spectrum1,
		Kind:          fingerprint.Picture,
		Width:         spectrum.Size,
		Tick:          1,
		Bin:           1,
		Hypotheses:    turns(),
		MinVotes:      1,
		MaxCandidates: 48,
		Terms:         terms,
		Probes:        probes,
		Verify:        verify,
	})
}

// turnsOf are the quarter turns; hypothesis 2*t is t of them, and 2*t + 1 the
// same mirrored.
const turnsOf = 4

func turns() (h []fingerprint.Hypothesis) {
	for _, d := range [2 * turnsOf]Dihedral{Upright, FlipY, Rotate270, FlipPlus1, Rotate180, FlipX, Rotate90, FlipMinus1} {
		h = append(h, fingerprint.Hypothesis{Name: d.String(), Rate: 1})
	}
	return h
}

// weakSigns are tried both ways: a single picture has one chance only.
const weakSigns = 5

// flat is the contrast, in grey levels, below which a picture says nothing.
const flat = 1.5

func (l *Luma) spectrum() (s spectrum.Spectrum, ok bool) {
	pix := make([]byte, len(l.Pix))
	for i, v := range l.Pix {
		pix[i] = byte(v + 0.5)
	}
	all := spectrum.Area{X0: 0, Y0: 0, X1: l.Width, Y1: l.Height}
	w, contrast := spectrum.NewWave(spectrum.ShrinkGray(pix, l.Width, all, make([]float32, 32*l.Height)))
	return w.Pack(), contrast >= flat
}

func wave(code []byte) *spectrum.Wave { return (*spectrum.Spectrum)(code).Unpack() }

func terms(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
	return func(yield func(fingerprint.Term) bool) {
		if f.Width() != spectrum.Size {
			return
		}
		for i := range f.Len() {
			for key := range wave(f.Code(i)).Listed() {
				if !yield(fingerprint.Term{Key: key, Position: f.Position(i)}) {
					return
				}
			}
		}
	}
}

func probes(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		if f.Width() != spectrum.Size {
			return
		}
		for i := range f.Len() {
			w := wave(f.Code(i))
			for turn := range uint16(turnsOf) {
				for key, mirrored := range w.Asked(weakSigns) {
					p := fingerprint.Probe{Key: key, Position: f.Position(i), From: 2 * turn, To: 2*turn + 1}
					if mirrored {
						p.From, p.To = p.From+1, p.To+1
					}
					if !yield(p) {
						return
					}
				}
				w = w.Turn()
			}
		}
	}
}

const (
	// enough is the likeness at which the score is 0.5. Of 37,000 pairs of
	// unrelated pictures one in 10,000 is above 0.45, none above 0.55; laying
	// one over the other in the best way adds 0.1.
	enough = 0.78
	// slope is the likeness that changes the odds tenfold.
	slope = 0.12
	// half of the pictures hold less, and are alike by accident more often.
	halfPrice = 0.9
	// accident scales the decimal logarithm of the tail, which was measured
	// to be the square of likeness/accident.
	accident = 0.23
)

func verify(query, work *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
	if c.Hypothesis < 0 || c.Hypothesis >= 2*turnsOf || query.Width() != spectrum.Size || work.Width() != spectrum.Size {
		return nil
	}
	most, how := 0., spectrum.Flat
	for i := range query.Len() {
		q := turned(wave(query.Code(i)), c.Hypothesis)
		for j := range work.Len() {
			if lay, r := overlay(q, wave(work.Code(j))); r > most {
				most, how = r, lay
			}
		}
	}
	if most < 0.5 {
		return nil
	}
	name := turns()[c.Hypothesis].Name
	switch {
	case how.Partial():
		name = join(name, "partly covered")
	case how.Cropped():
		name = join(name, "cropped")
	}
	score := 1 / (1 + math.Pow(10, (enough-most)/slope))
	evidence := float64(most/accident*most/accident) - math.Log10(100*float64(max(1, b.Works)))
	return onePage(score, evidence, name)
}

func turned(w *spectrum.Wave, hypothesis int) *spectrum.Wave {
	for range hypothesis / 2 {
		w = w.Turn()
	}
	if hypothesis%2 == 1 {
		w = w.Mirror()
	}
	return w
}

// overlay lays a query over a work in the best way, and returns how alike
// they are there.
func overlay(query, work *spectrum.Wave) (spectrum.Lay, float64) {
	quality := func(l *spectrum.Lay) float64 {
		q, _ := l.QueryCut.Of(query)
		w, _ := l.WorkCut.Of(work)
		r := float64(q.Correlate(w))
		if l.Partial() {
			r *= halfPrice
		}
		return r
	}
	lay, r := spectrum.BestStart(quality)
	return spectrum.Climb(lay, r, quality)
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}
