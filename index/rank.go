package index

import (
	"cmp"
	"math"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
)

// A standing is what decides the place of a match. Scores say how sure a match
// is, and most true ones are nearly certain, so that their last digits would
// rank a song above the film that the query is. Hence, in this order: the
// score, up to what is certain; how much of the query the work explains; the
// evidence, in whole decades; how much of the work is shown, so that a song
// comes before a compilation that holds it; and the ID.
type standing struct {
	score, explained, evidence, shown float64
	id                                string
}

// certain is the score above which matches are equally sure: at the threshold
// of 0.5 false matches are already rare.
const certain = 0.99

func (s standing) compare(t standing) int {
	percent := func(x float64) float64 { return math.Round(100 * x) }
	return cmp.Or(
		cmp.Compare(min(t.score, certain), min(s.score, certain)),
		cmp.Compare(percent(t.explained), percent(s.explained)),
		cmp.Compare(math.Floor(t.evidence), math.Floor(s.evidence)),
		cmp.Compare(percent(t.shown), percent(s.shown)),
		cmp.Compare(s.id, t.id))
}

// stand finds the standing of a match of a query of which so many fingerprints
// were looked up, and sets Explained. The extents of the tracks of the work
// are in their order in the match, in the unit of their kind.
func (m *Match) stand(query *fingerprint.Set, looked int, extents []float64) standing {
	s := standing{score: m.Score, id: m.Work.ID}
	parts := make([]float64, len(query.Fingerprints))
	for i, t := range m.Tracks {
		asked := query.Fingerprints[t.QueryPart]
		var inQuery, inWork []fingerprint.Span
		for _, g := range t.Segments {
			inQuery, inWork = append(inQuery, g.Query), append(inWork, g.Work)
			s.evidence = max(s.evidence, g.Evidence)
		}
		parts[t.QueryPart] = max(parts[t.QueryPart], share(inQuery, extent(asked)))
		s.shown = max(s.shown, share(inWork, extents[i]))
	}
	for _, p := range parts {
		s.explained += p / float64(looked)
	}
	m.Explained = s.explained
	return s
}

// extent is the length of a fingerprint in the unit of its kind.
func extent(f *fingerprint.Fingerprint) float64 {
	spec, err := f.Spec()
	if err != nil {
		return 0
	}
	return float64(f.Extent()) * spec.Tick
}

// share is how much of a length the spans cover together, from 0 to 1. It
// reorders them.
func share(spans []fingerprint.Span, length float64) float64 {
	if length <= 0 {
		return 0
	}
	slices.SortFunc(spans, func(a, b fingerprint.Span) int { return cmp.Compare(a.From, b.From) })
	covered, end := 0.0, 0.0
	for _, s := range spans {
		covered += max(0, s.To-max(end, s.From))
		end = max(end, s.To)
	}
	return min(1, covered/length)
}
