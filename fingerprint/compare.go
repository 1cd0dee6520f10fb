package fingerprint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/likeness-go/likeness/internal/align"
)

// LinesPerWork is how many candidate lines of one work a search verifies for
// each window of a query.
const LinesPerWork = 8

// Compare finds the parts of two fingerprints that show the same thing, a as
// the query and b as the work, the best first. It asks for every probe of a
// among all terms of b, and is the specification that index lookups are
// tested against: slow, but with nothing left out.
//
// Segments with a score below 0.5 are returned too. Fingerprints of different
// algorithms give an error that wraps ErrIncomparable.
func Compare(a, b *Fingerprint) ([]Segment, error) {
	if a.algorithm != b.algorithm {
		return nil, fmt.Errorf("%w: %s and %s", ErrIncomparable, a.algorithm, b.algorithm)
	}
	spec, err := a.Spec()
	if err != nil {
		return nil, err
	}
	if _, err := b.Spec(); err != nil {
		return nil, err
	}
	terms := map[uint64][]Term{}
	for t := range spec.Terms(b) {
		terms[t.Key] = append(terms[t.Key], t)
	}
	found := Findings{Query: a, Work: b, Spec: spec, Background: &Background{Works: 1, Extent: float64(b.extent)}}
	for _, c := range candidates(spec, a, terms) {
		found.Verify(c)
	}
	return found.Segments(), nil
}

// candidates finds, window by window, the lines on which hits agree.
func candidates(spec *Spec, query *Fingerprint, terms map[uint64][]Term) []Candidate {
	tallies := map[int]*align.Tally{}
	for p := range spec.Probes(query) {
		for _, w := range spec.Windows(p.Position) {
			if tallies[w] == nil {
				tallies[w] = align.NewTally(spec.Bin)
			}
			for _, t := range terms[p.Key] {
				spec.vote(tallies[w], p, t)
			}
		}
	}
	var all []Candidate
	for w, tally := range tallies { // in any order: all are sorted below
		from, to := spec.WindowSpan(w, query.extent)
		for _, l := range tally.Lines(spec.MaxCandidates, LinesPerWork, spec.MinVotes) {
			all = append(all, Candidate{int(l.Hypothesis), l.Offset, l.Votes, from, to})
		}
	}
	slices.SortFunc(all, func(x, y Candidate) int {
		return cmp.Or(cmp.Compare(y.Votes, x.Votes), cmp.Compare(x.Hypothesis, y.Hypothesis), cmp.Compare(x.Offset, y.Offset), cmp.Compare(x.From, y.From))
	})
	return all
}

// vote votes for the lines that a hit of a probe fits.
func (s *Spec) vote(tally *align.Tally, p Probe, t Term) {
	from, to := p.From, p.To
	if s.Refine != nil {
		from, to = s.Refine(p, t)
	}
	for h := from; h < to; h++ {
		tally.Add(0, h, float64(t.Position)-float64(s.Hypotheses[h].Rate*float64(p.Position)), 1)
	}
}

// Windows returns the numbers of the windows of a query that hold a position:
// window i covers the ticks from i*Window/2 up to i*Window/2 + Window.
// Without a Window all of a query is window 0.
func (s *Spec) Windows(position uint32) []int {
	if s.Window == 0 {
		return []int{0}
	}
	i := int(position / (s.Window / 2))
	if i == 0 {
		return []int{0}
	}
	return []int{i - 1, i}
}

// WindowSpan returns the ticks that window w of a query of this extent covers.
func (s *Spec) WindowSpan(w int, extent uint32) (from, to uint32) {
	if s.Window == 0 {
		return 0, extent
	}
	start := uint64(w) * uint64(s.Window/2)
	return uint32(min(start, uint64(extent))), uint32(min(start+uint64(s.Window), uint64(extent)))
}

// Tidy sorts segments by score, the best first, and drops those that a better
// one already tells: two thirds of their length, in the query and in the work,
// lie within the better one. It reorders its argument.
func Tidy(segments []Segment) []Segment {
	slices.SortStableFunc(segments, func(a, b Segment) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Evidence, a.Evidence),
			cmp.Compare(a.Query.From, b.Query.From), cmp.Compare(a.Work.From, b.Work.From),
			cmp.Compare(b.Query.To, a.Query.To), cmp.Compare(a.Rate, b.Rate), cmp.Compare(a.Hypothesis, b.Hypothesis))
	})
	var kept []Segment
	for _, s := range segments {
		if !slices.ContainsFunc(kept, s.retold) {
			kept = append(kept, s)
		}
	}
	return kept
}

// retold reports whether s tells little that better does not.
func (s Segment) retold(better Segment) bool {
	const share = 2. / 3
	return s.Query.Overlap(better.Query) >= share*s.Query.Length() &&
		s.Work.Overlap(better.Work) >= share*s.Work.Length()
}
