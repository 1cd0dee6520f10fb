package video

import (
	"iter"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/spectrum"
)

// Frame1 is the algorithm of moving pictures.
var Frame1 = fingerprint.Algorithm{Name: "frame", Version: 1}

// A code is one byte that says what of the frame it describes, and the
// spectrum of that.
const (
	whole = 0 // the frame without its bars
	inner = 1 // a picture within the picture

	codeSize = 1 + spectrum.Size
)

const ticksPerSecond = 8

// rates are how fast a copy may run: as the work, 25 for 24 frames a second
// and back, and the usual speed-ups of those who evade.
var rates = [...]struct {
	name string
	rate float64
}{{"", 1}, {"speed +4 %", 25. / 24}, {"speed -4 %", 24. / 25}, {"speed +25 %", 1.25}, {"speed -20 %", 0.8}}

func init() {
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm:     Frame1,
		Kind:          fingerprint.Video,
		Width:         codeSize,
		Tick:          1. / ticksPerSecond,
		Bin:           ticksPerSecond,
		Hypotheses:    hypotheses(),
		MinVotes:      3,
		MaxCandidates: 32,
		Window:        60 * ticksPerSecond,
		Terms:         terms,
		Probes:        probes,
		Verify:        verify,
	})
}

// hypotheses are all rates, and all rates mirrored.
func hypotheses() (h []fingerprint.Hypothesis) {
	for _, r := range rates {
		h = append(h, fingerprint.Hypothesis{Name: r.name, Rate: r.rate})
	}
	for _, r := range rates {
		name := "mirrored"
		if r.name != "" {
			name += ", " + r.name
		}
		h = append(h, fingerprint.Hypothesis{Name: name, Rate: r.rate})
	}
	return h
}

const (
	termGap   = ticksPerSecond / 2 // at least, between frames of a work that are listed
	repeatGap = 2 * ticksPerSecond // between listing the same key twice, as still pictures give
	weakSigns = 3                  // tried both ways
	mostAsked = 4000               // frames of a query that are asked for: of more, every second, third ...
)

// terms lists the views of a work.
func terms(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
	return func(yield func(fingerprint.Term) bool) {
		if f.Width() != codeSize {
			return
		}
		listed := map[uint64]uint32{}
		var next [2]uint32
		for i := range f.Len() {
			code, at := f.Code(i), f.Position(i)
			if code[0] > inner || at < next[code[0]] {
				continue
			}
			next[code[0]] = at + termGap
			for key := range unpack(code).Listed() {
				if last, ok := listed[key]; ok && at < last+repeatGap {
					continue
				}
				listed[key] = at
				if !yield(fingerprint.Term{Key: key, Position: at}) {
					return
				}
			}
		}
	}
}

// probes asks for the views of a query, upright and mirrored.
func probes(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		if f.Width() != codeSize {
			return
		}
		step := 1 + f.Len()/mostAsked
		for i := 0; i < f.Len(); i += step {
			code, at := f.Code(i), f.Position(i)
			if code[0] > inner {
				continue
			}
			for key, mirrored := range unpack(code).Asked(weakSigns) {
				p := fingerprint.Probe{Key: key, Position: at, From: 0, To: uint16(len(rates))}
				if mirrored {
					p.From, p.To = p.To, 2*p.To
				}
				if !yield(p) {
					return
				}
			}
		}
	}
}

func unpack(code []byte) *spectrum.Wave {
	return (*spectrum.Spectrum)(code[1:]).Unpack()
}
