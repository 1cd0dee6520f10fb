package main

import (
	"cmp"
	"math"
	"slices"
)

// interval is a share with its 95 % confidence interval after Wilson (1927),
// which holds for small counts and for shares near 0 and 1.
type interval struct {
	Hits int     `json:"hits"`
	Of   int     `json:"of"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Share is hits over all, 0 if there are none.
func (i interval) Share() float64 {
	if i.Of == 0 {
		return 0
	}
	return float64(i.Hits) / float64(i.Of)
}

func wilson(hits, of int) interval {
	if of == 0 {
		return interval{High: 1}
	}
	const z = 1.959964
	n, p := float64(of), float64(hits)/float64(of)
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return interval{hits, of, max(0, centre-half), min(1, centre+half)}
}

// prediction is one claim: this query holds this work, with this score.
type prediction struct {
	Score float64
	Right bool
}

// microAP is the area under the precision-recall curve of all predictions of
// all queries in one ranking (VSC 2022's measure); positives is how many
// right predictions there are to make.
func microAP(all []prediction, positives int) float64 {
	if positives == 0 {
		return 0
	}
	ranked := slices.Clone(all)
	// among equal scores the wrong come first: no luck of the order
	slices.SortFunc(ranked, func(a, b prediction) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), boolCompare(a.Right, b.Right))
	})
	sum, right := 0.0, 0
	for i, p := range ranked {
		if p.Right {
			right++
			sum += float64(right) / float64(i+1)
		}
	}
	return sum / float64(positives)
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// threshold returns the lowest score such that at most share of the
// strangers' highest scores reach it.
func threshold(strangers []float64, share float64) float64 {
	if len(strangers) == 0 {
		return 0
	}
	s := slices.Clone(strangers)
	slices.SortFunc(s, func(a, b float64) int { return cmp.Compare(b, a) })
	allowed := int(share * float64(len(s)))
	if allowed >= len(s) {
		return 0
	}
	return math.Nextafter(s[allowed], math.Inf(1))
}

// detPoint is one point of the detection error trade-off curve.
type detPoint struct {
	Threshold  float64 `json:"threshold"`
	FalseMatch float64 `json:"false_match"` // share of the strangers' queries that match
	Miss       float64 `json:"miss"`        // share of the copies that are not found first
}

// det draws the curve through every threshold at which one of the rates changes.
func det(right, strangers []float64, copies int) []detPoint {
	cuts := append(slices.Clone(right), strangers...)
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	curve := make([]detPoint, 0, len(cuts))
	for _, c := range cuts {
		curve = append(curve, detPoint{c, shareFrom(strangers, c, len(strangers)), 1 - shareFrom(right, c, copies)})
	}
	return thin(curve, 400)
}

func shareFrom(scores []float64, least float64, of int) float64 {
	n := 0
	for _, s := range scores {
		if s >= least && s > 0 {
			n++
		}
	}
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// thin keeps about n points, the first and the last among them.
func thin(curve []detPoint, n int) []detPoint {
	if len(curve) <= n {
		return curve
	}
	kept := make([]detPoint, 0, n)
	for i := range n {
		kept = append(kept, curve[i*(len(curve)-1)/(n-1)])
	}
	return kept
}

// quantile returns the q-quantile of xs, 0 for none.
func quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	s := slices.Clone(xs)
	slices.Sort(s)
	return s[int(q*float64(len(s)-1)+0.5)]
}

// iou is intersection over union of two spans.
func iou(aFrom, aTo, bFrom, bTo float64) float64 {
	both := max(0, min(aTo, bTo)-max(aFrom, bFrom))
	either := max(aTo, bTo) - min(aFrom, bFrom)
	if either <= 0 {
		return 0
	}
	return both / either
}
