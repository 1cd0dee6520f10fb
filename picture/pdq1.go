package picture

import (
	"iter"
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

// PDQ1 is the algorithm whose features are PDQ hashes: that of the picture,
// and that of what is left without its border if it has one.
var PDQ1 = fingerprint.Algorithm{Name: "pdq", Version: 1}

const (
	// MatchDistance is the distance of two PDQ hashes up to which Meta
	// recommends to call them the same. The score of a match is 0.5 there.
	MatchDistance = 31
	// LeastQuality is the quality below which Meta recommends to discard a
	// PDQ hash.
	LeastQuality = 50
)

func init() {
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm:     PDQ1,
		Kind:          fingerprint.Picture,
		Width:         len(Hash{}),
		Tick:          1,
		Bin:           1,
		Hypotheses:    dihedrals(),
		MinVotes:      1,
		MaxCandidates: 64,
		Terms:         pdqTerms,
		Probes:        pdqProbes,
		Verify:        pdqVerify,
	})
}

func dihedrals() (h []fingerprint.Hypothesis) {
	for d := Upright; d <= FlipMinus1; d++ {
		h = append(h, fingerprint.Hypothesis{Name: d.String(), Rate: 1})
	}
	return h
}

// Multi-index hashing (Norouzi, Punjani, Fleet, "Fast search in Hamming space
// with multi-index hashing", CVPR 2012): of 16 pieces of two hashes within 31
// bits, at least one differs by one bit at most. Asking for each piece with
// every single bit flipped therefore misses nothing.
const pieces = 16

func (h Hash) piece(i int) uint64 {
	return uint64(i)<<16 | uint64(h[2*i])<<8 | uint64(h[2*i+1])
}

func pdqTerms(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
	return func(yield func(fingerprint.Term) bool) {
		if f.Width() != len(Hash{}) {
			return
		}
		for i := range f.Len() {
			for p := range pieces {
				if !yield(fingerprint.Term{Key: Hash(f.Code(i)).piece(p), Position: f.Position(i)}) {
					return
				}
			}
		}
	}
}

func pdqProbes(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		if f.Width() != len(Hash{}) {
			return
		}
		for i := range f.Len() {
			for d := Upright; d <= FlipMinus1; d++ {
				turned := Hash(f.Code(i)).Turned(d)
				for p := range pieces {
					probe := fingerprint.Probe{Key: turned.piece(p), Position: f.Position(i), From: uint16(d), To: uint16(d) + 1}
					if !yield(probe) {
						return
					}
					for bit := range 16 {
						flipped := probe
						flipped.Key ^= 1 << bit
						if !yield(flipped) {
							return
						}
					}
				}
			}
		}
	}
}

// Turned is the hash, but for some 14 bits at most, that the turned or mirrored picture
// would have. The signs of odd frequencies change, and so the bits of them,
// as nearly half of the coefficients lie on each side of a median near zero.
func (h Hash) Turned(d Dihedral) (t Hash) {
	for i := range low {
		for j := range low {
			at, negative := d.of(i, j)
			bit := i*low + j
			if (h[31-bit>>3]>>(bit&7)&1 == 1) != negative {
				t.set(at)
			}
		}
	}
	return t
}

// unrelated hashes differ by 128 bits, give or take this many.
const unrelated, deviation = 128, 11

func pdqVerify(query, work *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
	if c.Hypothesis < 0 || c.Hypothesis > int(FlipMinus1) || query.Width() != len(Hash{}) || work.Width() != len(Hash{}) {
		return nil
	}
	least := 256
	for i := range query.Len() {
		turned := Hash(query.Code(i)).Turned(Dihedral(c.Hypothesis))
		for j := range work.Len() {
			least = min(least, turned.Distance(Hash(work.Code(j))))
		}
	}
	if least > 2*MatchDistance {
		return nil
	}
	z := float64(unrelated-least) / deviation
	return onePage(1-float64(least)/(2*MatchDistance), tail(z)-math.Log10(8*float64(max(1, b.Works))), Dihedral(c.Hypothesis).String())
}

// tail is the decimal logarithm of how unlikely a deviation of z is, by the
// bound of the normal distribution's tail.
func tail(z float64) float64 { return float64(z*z) / (2 * math.Ln10) }

func onePage(score, evidence float64, hypothesis string) []fingerprint.Segment {
	page := fingerprint.Span{From: 0, To: 1}
	return []fingerprint.Segment{{Query: page, Work: page, Rate: 1, Score: score, Evidence: evidence, Hypothesis: hypothesis}}
}
