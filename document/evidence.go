package document

import (
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

const (
	// digits is the evidence that a rare word in agreement adds, as a decimal
	// logarithm. By chance alone it would be 2; natural language is full of
	// set phrases and quotations.
	digits = 0.5
	// enough is the evidence at which the score is 0.5.
	enough = 3.0
)

// verify aligns two texts along a candidate line and judges each passage: the
// expected number of passages that gain g by accident is proportional to the
// product of the lengths that were compared, and falls exponentially with g
// (Karlin and Altschul 1990, equation 1).
func verify(query, work *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
	if math.IsNaN(c.Offset) || math.IsInf(c.Offset, 0) {
		return nil
	}
	q, w := unroll(query), unroll(work)
	defer q.free()
	defer w.free()
	space := math.Log10(max(1, float64(q.extent))) + math.Log10(max(1, float64(w.extent), b.Extent))
	var found []fingerprint.Segment
	for _, p := range align(q, w, c.Offset, b) {
		evidence := float64(digits*p.gain) - space
		if evidence <= 0 {
			continue
		}
		found = append(found, fingerprint.Segment{
			Query:    fingerprint.Span{From: float64(q.at[p.query]), To: float64(q.end(p.queryEnd))},
			Work:     fingerprint.Span{From: float64(w.at[p.work]), To: float64(w.end(p.workEnd))},
			Rate:     1,
			Score:    evidence / (evidence + enough),
			Evidence: evidence,
		})
	}
	return found
}
