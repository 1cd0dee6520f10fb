package fingerprint

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// A Term is what registration puts into the inverted lists: a key that a
// query can ask for exactly, and where in the work it stands.
type Term struct {
	Key      uint64 // the more evenly spread the better: the hash of a landmark or shingle, a substring of a code
	Position uint32 // in ticks of the work
	Aux      uint16 // what Refine needs to narrow the hypotheses; 0 if there is no Refine
}

// A Probe is what a query asks of the inverted lists: a key under a range of
// hypotheses.
type Probe struct {
	Key      uint64
	Position uint32 // in ticks of the query
	Aux      uint16
	From, To uint16 // the half-open range of hypotheses that a hit speaks for
}

// A Hypothesis is one way in which a copy may differ from the work. Its rate
// gives the line on which votes gather: work = rate*query + offset.
type Hypothesis struct {
	Name string  // "identity", "speed +4 %", "mirror": for reports
	Rate float64 // work ticks a query tick
}

// A Candidate is a line on which enough votes agree: a work, a hypothesis and
// an offset, to be verified.
type Candidate struct {
	Hypothesis int     // index into Spec.Hypotheses
	Offset     float64 // in ticks of the work: where tick 0 of the query lies
	Votes      float64 // weighted agreement of terms on the line
	From, To   uint32  // the part of the query whose votes they are, in ticks: a window of the Spec, or all
}

// Background is what a verification knows of the catalogue, to judge how
// likely its evidence is by accident.
type Background struct {
	Works     int                  // works with this algorithm that were searched, at least 1
	Extent    float64              // their length in ticks, all together
	Frequency func(key uint64) int // in how many works a term of the query stands; nil: in one
}

// A Span is a part of a medium, from From up to To, in the kind's unit. In
// JSON it is [from,to].
type Span struct {
	From, To float64
}

// Length is To - From.
func (s Span) Length() float64 { return s.To - s.From }

// Overlap is the length that two spans have in common, 0 if none.
func (s Span) Overlap(t Span) float64 { return max(0, min(s.To, t.To)-max(s.From, t.From)) }

// A Segment says that a part of the query shows a part of the work.
type Segment struct {
	Query Span    // in the query, in the unit of the kind
	Work  Span    // in the work
	Rate  float64 // work units a query unit: 1.04 when the query plays 4 % faster than the work
	// Score, from 0 to 1, says how sure the match is. Every algorithm is
	// calibrated so that 0.5 is its default threshold: the false-match rates
	// behind it stand in docs/algorithms.md.
	Score float64
	// Evidence is the decimal logarithm of how unlikely that much agreement
	// is by accident in a catalogue of this size.
	Evidence float64
	// Hypothesis names how the query was changed: "" for not at all.
	Hypothesis string
}

// Spec is all that an index, or Compare, must know of an algorithm. The
// functions are deterministic, safe for concurrent use, and never panic on a
// fingerprint whose Spec method returns this one. They neither keep nor
// change what they are given.
type Spec struct {
	Algorithm  Algorithm
	Kind       Kind
	Width      int          // bytes a code
	Tick       float64      // kind's units a tick: 0.032 for 32 ms
	Bin        float64      // how far apart two votes for one line may lie, in ticks of the work
	Hypotheses []Hypothesis // at least one

	MinVotes      float64 // a line with fewer votes is no candidate
	MaxCandidates int     // candidates verified for each query, best first
	// Window, when not 0, is how many ticks of a query share one search for
	// candidates, an even number: a long query is searched window by window,
	// which overlap by half, so that a short copy in a long file does not
	// drown.
	Window uint32

	// Terms gives what registration puts into the lists: sparse.
	Terms func(*Fingerprint) iter.Seq[Term]
	// Probes gives what a query asks for: dense, under every hypothesis, in
	// order of position.
	Probes func(*Fingerprint) iter.Seq[Probe]
	// Refine narrows the hypotheses of a probe for one hit; an empty range
	// rejects the hit. nil: the probe's own range stands.
	Refine func(Probe, Term) (from, to uint16)
	// Verify aligns the fingerprints around a candidate, gathers the
	// evidence, and judges it by the algorithm's null model. It returns no
	// segment when there is nothing; weak segments, with scores below 0.5,
	// are returned too, for those who measure.
	Verify func(query, work *Fingerprint, c Candidate, b *Background) []Segment
}

var specs = struct {
	sync.RWMutex
	m map[Algorithm]*Spec
}{m: map[Algorithm]*Spec{}}

// RegisterSpec makes an algorithm known, for Compare and for every index. It
// is called from the init function of the package that implements it, and
// panics when the spec is incomplete or its algorithm is already known.
func RegisterSpec(s Spec) {
	switch {
	case !s.Algorithm.valid(), s.Kind == KindInvalid, s.Width < 1, s.Width > maxWidth, s.Tick <= 0, s.Bin <= 0,
		len(s.Hypotheses) == 0, len(s.Hypotheses) > 1<<16-1, s.MaxCandidates < 1, s.Window%2 != 0, s.Terms == nil, s.Probes == nil, s.Verify == nil:
		panic(fmt.Sprintf("fingerprint: incomplete spec of %s", s.Algorithm))
	}
	specs.Lock()
	defer specs.Unlock()
	if _, dup := specs.m[s.Algorithm]; dup {
		panic(fmt.Sprintf("fingerprint: %s registered twice", s.Algorithm))
	}
	specs.m[s.Algorithm] = &s
}

// SpecOf returns the spec of an algorithm. The error of an unknown one asks
// for a forgotten import.
func SpecOf(a Algorithm) (*Spec, error) {
	specs.RLock()
	defer specs.RUnlock()
	if s := specs.m[a]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%w %s (forgotten import?)", ErrUnknownAlgorithm, a)
}

// Specs returns all registered specs, in order of kind, name and version.
func Specs() []*Spec {
	specs.RLock()
	defer specs.RUnlock()
	all := make([]*Spec, 0, len(specs.m))
	for _, s := range specs.m {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Spec) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Algorithm.Name, b.Algorithm.Name),
			cmp.Compare(a.Algorithm.Version, b.Algorithm.Version))
	})
	return all
}
