package fingerprint_test

import (
	"slices"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// surely is integers with all evidence certain and all of the query walked, as
// the real algorithms do, and counts verifications.
func surely(t *testing.T, count *int) *fingerprint.Spec {
	t.Helper()
	spec, err := fingerprint.SpecOf(integers)
	if err != nil {
		t.Fatal(err)
	}
	s := *spec
	s.Verify = func(q, w *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
		*count++
		c.From, c.To = 0, q.Extent()
		found := verifyIntegers(q, w, c, b)
		for i := range found {
			found[i].Score = 1 - 1/(1+found[i].Evidence)
		}
		return found
	}
	return &s
}

func findings(t *testing.T, spec *fingerprint.Spec, query, work []uint32) *fingerprint.Findings {
	t.Helper()
	q, w := mustIntegers(t, query), mustIntegers(t, work)
	return &fingerprint.Findings{Query: q, Work: w, Spec: spec,
		Background: &fingerprint.Background{Works: 1, Extent: float64(w.Extent())}}
}

func TestOneVerificationOfAWorkAgainstItself(t *testing.T) {
	count := 0
	work := randomIntegers(5000, 3)
	spec := surely(t, &count)
	f := findings(t, spec, work, work)
	for w := range 5000/50 - 1 {
		from, to := spec.WindowSpan(w, 5000)
		f.Verify(fingerprint.Candidate{From: from, To: to, Votes: 100})
	}
	if count != 1 {
		t.Errorf("%d verifications of a work against itself, want 1", count)
	}
	want := fingerprint.Span{From: 0, To: 2500}
	if got := f.Segments(); len(got) != 1 || got[0].Query != want || got[0].Work != want {
		t.Errorf("got %v, want one segment of %v", got, want)
	}
}

func TestWhatASegmentHoldsIsNotVerified(t *testing.T) {
	work := randomIntegers(1000, 4)
	tests := []struct {
		name string
		c    fingerprint.Candidate
		need bool
	}{
		{"the same line", fingerprint.Candidate{From: 300, To: 400}, false},
		{"another line within the segment", fingerprint.Candidate{Offset: -200, From: 300, To: 400}, false},
		{"another rate within the segment", fingerprint.Candidate{Hypothesis: 1, Offset: -350, From: 300, To: 400}, false},
		{"another occurrence", fingerprint.Candidate{Offset: 850, From: 300, To: 400}, true},
		{"another occurrence, half of it new", fingerprint.Candidate{Offset: 650, From: 300, To: 400}, true},
		{"shown twice", fingerprint.Candidate{Offset: -800, From: 1050, To: 1150}, true},
		{"beyond the segment", fingerprint.Candidate{From: 1000, To: 1100}, true},
		{"four fifths within it", fingerprint.Candidate{From: 920, To: 1020}, false},
		{"half within it", fingerprint.Candidate{From: 950, To: 1050}, true},
		{"outside of the work", fingerprint.Candidate{Offset: 5000, From: 300, To: 400}, true},
	}
	for _, tt := range tests {
		count := 0
		f := findings(t, surely(t, &count), slices.Concat(work, randomIntegers(200, 5)), slices.Concat(work, randomIntegers(400, 6)))
		f.Verify(fingerprint.Candidate{From: 0, To: 100})
		if got := f.Verify(tt.c); got != tt.need || got != (count == 2) {
			t.Errorf("%s: verified %t, %d times in all, want %t", tt.name, got, count, tt.need)
		}
	}
}

func TestRepetitionsAreAllFound(t *testing.T) {
	verse, chorus := randomIntegers(300, 7), randomIntegers(200, 8)
	song := slices.Concat(chorus, verse, chorus, randomIntegers(300, 9), chorus)
	got, err := fingerprint.Compare(mustIntegers(t, chorus), mustIntegers(t, song))
	if err != nil {
		t.Fatal(err)
	}
	for _, start := range []float64{0, 250, 500} {
		if !slices.ContainsFunc(got, func(s fingerprint.Segment) bool { return s.Score >= 0.5 && s.Work.From == start }) {
			t.Errorf("the chorus at %g was not found: %v", start, got)
		}
	}
}

func TestWeakSegmentsHoldNothing(t *testing.T) {
	count := 0
	spec := surely(t, &count)
	strong := spec.Verify
	spec.Verify = func(q, w *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
		found := strong(q, w, c, b)
		for i := range found {
			found[i].Score = 0.6
		}
		return found
	}
	work := randomIntegers(300, 10)
	f := findings(t, spec, work, work)
	f.Verify(fingerprint.Candidate{From: 0, To: 100})
	if !f.Verify(fingerprint.Candidate{From: 50, To: 150}) {
		t.Errorf("a segment with a score of 0.6 kept a candidate from verification")
	}
}
