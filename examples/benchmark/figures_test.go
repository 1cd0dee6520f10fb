package main

import (
	"math"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, by)
	}
}

// The values are those of Newcombe (1998), Statistics in Medicine 17:857,
// table I, method 3 (Wilson without continuity correction).
func TestWilsonPublished(t *testing.T) {
	for _, c := range []struct {
		hits, of  int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		got := wilson(c.hits, c.of)
		near(t, "low", got.Low, c.low, 0.00006)
		near(t, "high", got.High, c.high, 0.00006)
	}
	if none := wilson(0, 0); none.Low != 0 || none.High != 1 || none.Share() != 0 {
		t.Errorf("of nothing: %+v, want all from 0 to 1", none)
	}
}

func TestMicroAPByHand(t *testing.T) {
	ranked := []prediction{{0.9, true}, {0.8, false}, {0.7, true}, {0.1, true}}
	// precision at the right ones: 1/1, 2/3, 3/4; one of four positives is missed
	near(t, "micro-AP", microAP(ranked, 4), (1+2./3+3./4)/4, 1e-12)
	slices.Reverse(ranked)
	near(t, "micro-AP of another order", microAP(ranked, 4), (1+2./3+3./4)/4, 1e-12)
	// a tie counts as if the wrong one came first
	near(t, "micro-AP of a tie", microAP([]prediction{{0.5, true}, {0.5, false}}, 1), 0.5, 1e-12)
	near(t, "micro-AP without positives", microAP(ranked, 0), 0, 0)
}

func TestThresholdLetsThroughItsShare(t *testing.T) {
	scores := make([]float64, 200)
	for i := range scores {
		scores[i] = float64(i) / 1000
	}
	for _, c := range []struct {
		share float64
		want  int
	}{{0, 0}, {0.01, 2}, {0.1, 20}} {
		if got := countScores(scores, threshold(scores, c.share)); got.Hits != c.want {
			t.Errorf("threshold for %v lets %d of 200 through, want %d", c.share, got.Hits, c.want)
		}
	}
	if got := countScores([]float64{0.5, 0.5, 0.5}, threshold([]float64{0.5, 0.5, 0.5}, 0.4)); got.Hits != 0 {
		t.Errorf("of equal scores %d get through, want 0: one would be all", got.Hits)
	}
}

func TestDETIsMonotone(t *testing.T) {
	curve := det([]float64{0.9, 0.8, 0.8, 0.3}, []float64{0, 0.1, 0.5, 0.8}, 5)
	if len(curve) != 6 {
		t.Fatalf("%d points for 6 distinct scores", len(curve))
	}
	for i := 1; i < len(curve); i++ {
		if a, b := curve[i-1], curve[i]; a.Threshold >= b.Threshold || a.FalseMatch < b.FalseMatch || a.Miss > b.Miss {
			t.Errorf("from %+v to %+v: a higher threshold must miss more and accuse less", a, b)
		}
	}
	last := curve[len(curve)-1]
	near(t, "misses at the highest score", last.Miss, 4./5, 1e-12)
	near(t, "false matches there", last.FalseMatch, 0, 0)
	near(t, "misses at the lowest", curve[0].Miss, 1./5, 1e-12) // one copy had no score at all
}

func TestThinKeepsBothEnds(t *testing.T) {
	var curve []detPoint
	for i := range 1000 {
		curve = append(curve, detPoint{Threshold: float64(i)})
	}
	thinned := thin(curve, 20)
	if len(thinned) != 20 || thinned[0] != curve[0] || thinned[19] != curve[999] {
		t.Errorf("%d points from %v to %v", len(thinned), thinned[0], thinned[len(thinned)-1])
	}
}

func TestIoU(t *testing.T) {
	for _, c := range []struct{ a, b, c, d, want float64 }{
		{0, 10, 0, 10, 1}, {0, 10, 5, 15, 1. / 3}, {0, 10, 10, 20, 0}, {0, 10, 30, 40, 0}, {2, 4, 0, 10, 0.2}, {1, 1, 1, 1, 0},
	} {
		near(t, "IoU", iou(c.a, c.b, c.c, c.d), c.want, 1e-12)
	}
}

func TestQuantile(t *testing.T) {
	xs := []float64{5, 1, 3, 2, 4}
	near(t, "median", quantile(xs, 0.5), 3, 0)
	near(t, "highest", quantile(xs, 1), 5, 0)
	near(t, "of none", quantile(nil, 0.5), 0, 0)
}
