package fingerprint_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func randomIntegers(n int, seed uint64) []uint32 {
	random := rand.New(rand.NewPCG(seed, 0))
	numbers := make([]uint32, n)
	for i := range numbers {
		numbers[i] = 2 * random.Uint32N(2500)
	}
	return numbers
}

func mustIntegers(t testing.TB, numbers []uint32) *fingerprint.Fingerprint {
	t.Helper()
	f, err := ofIntegers(numbers)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCompare(t *testing.T) {
	work := randomIntegers(400, 1)
	fast := make([]uint32, 60)
	for i := range fast {
		fast[i] = work[100+2*i]
	}
	odd := slices.Clone(fast)
	for i := range odd {
		odd[i]++
	}
	oddWork := slices.Clone(work)
	for i := range oddWork {
		oddWork[i]++
	}
	other := randomIntegers(1000, 2)
	tests := []struct {
		name        string
		query, work []uint32
		want        fingerprint.Segment // the best; zero: none with a score of 0.5
	}{
		{"itself", work[:100], work[:100], fingerprint.Segment{
			Query: fingerprint.Span{From: 0, To: 50}, Work: fingerprint.Span{From: 0, To: 50}, Rate: 1}},
		{"excerpt", work[200:280], work, fingerprint.Segment{
			Query: fingerprint.Span{From: 0, To: 40}, Work: fingerprint.Span{From: 100, To: 140}, Rate: 1}},
		{"work within a long query", slices.Concat(other[:510], work[:40], other[510:]), work[:40], fingerprint.Segment{
			Query: fingerprint.Span{From: 255, To: 275}, Work: fingerprint.Span{From: 0, To: 20}, Rate: 1}},
		{"twice the speed", fast, work, fingerprint.Segment{
			Query: fingerprint.Span{From: 0, To: 30}, Work: fingerprint.Span{From: 50, To: 110}, Rate: 2, Hypothesis: "speed x2"}},
		{"twice the speed, refined away", odd, oddWork, fingerprint.Segment{}},
		{"unrelated", other, work, fingerprint.Segment{}},
		{"empty query", nil, work, fingerprint.Segment{}},
		{"empty work", work, nil, fingerprint.Segment{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := fingerprint.Compare(mustIntegers(t, tt.query), mustIntegers(t, tt.work))
			if err != nil {
				t.Fatal(err)
			}
			if tt.want.Rate == 0 {
				if len(got) > 0 && got[0].Score >= 0.5 {
					t.Errorf("got %+v, want no segment with a score of 0.5", got[0])
				}
				return
			}
			if len(got) == 0 || got[0].Score < 0.5 {
				t.Fatalf("got %v, want %+v", got, tt.want)
			}
			best := got[0]
			best.Score, best.Evidence = 0, 0
			if best != tt.want {
				t.Errorf("got %+v, want %+v", best, tt.want)
			}
			again, err := fingerprint.Compare(mustIntegers(t, tt.query), mustIntegers(t, tt.work))
			if err != nil || !reflect.DeepEqual(got, again) {
				t.Errorf("the second time %v, %v, first %v", again, err, got)
			}
		})
	}
}

func TestCompareRefuses(t *testing.T) {
	make := func(name string, kind fingerprint.Kind, width int) *fingerprint.Fingerprint {
		f, err := fingerprint.New(fingerprint.Algorithm{Name: name, Version: 1}, kind, 0, width, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	good, stranger := make("integers", fingerprint.Audio, 4), make("stranger", fingerprint.Audio, 4)
	tests := []struct {
		name string
		a, b *fingerprint.Fingerprint
		want error
	}{
		{"different algorithms", good, stranger, fingerprint.ErrIncomparable},
		{"unknown algorithm", stranger, stranger, fingerprint.ErrUnknownAlgorithm},
		{"wrong width of the query", make("integers", fingerprint.Audio, 3), good, fingerprint.ErrCorrupt},
		{"wrong kind of the work", good, make("integers", fingerprint.Video, 4), fingerprint.ErrCorrupt},
	}
	for _, tt := range tests {
		if got, err := fingerprint.Compare(tt.a, tt.b); got != nil || !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestWindows(t *testing.T) {
	whole, halves := fingerprint.Spec{}, fingerprint.Spec{Window: 100}
	if got := whole.Windows(12345); !slices.Equal(got, []int{0}) {
		t.Errorf("without a Window: %v, want 0 alone", got)
	}
	if from, to := whole.WindowSpan(0, 77); from != 0 || to != 77 {
		t.Errorf("without a Window: %d to %d, want all", from, to)
	}
	for _, p := range []uint32{0, 1, 49, 50, 99, 100, 101, 12345, math.MaxUint32} {
		got := halves.Windows(p)
		var want []int
		for i := int(max(p/50, 2) - 2); i <= int(p/50)+1; i++ {
			if start := uint64(i) * 50; uint64(p) >= start && uint64(p) < start+100 {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("Windows(%d) = %v, want %v", p, got, want)
		}
		for _, w := range got {
			if from, to := halves.WindowSpan(w, math.MaxUint32); p < from || p >= to && to != math.MaxUint32 {
				t.Errorf("window %d spans %d to %d, which does not hold %d", w, from, to, p)
			}
		}
	}
	if from, to := halves.WindowSpan(1, 70); from != 50 || to != 70 {
		t.Errorf("window 1 of 70 ticks spans %d to %d, want 50 to 70", from, to)
	}
}

func TestTidy(t *testing.T) {
	at := func(q, w, length, score float64) fingerprint.Segment {
		return fingerprint.Segment{
			Query: fingerprint.Span{From: q, To: q + length}, Work: fingerprint.Span{From: w, To: w + length}, Rate: 1, Score: score,
		}
	}
	tests := []struct {
		name     string
		in, want []fingerprint.Segment
	}{
		{"none", nil, nil},
		{"best first", []fingerprint.Segment{at(0, 0, 9, .5), at(50, 50, 9, .9)}, []fingerprint.Segment{at(50, 50, 9, .9), at(0, 0, 9, .5)}},
		{"told already", []fingerprint.Segment{at(1, 1, 9, .5), at(0, 0, 9, .9)}, []fingerprint.Segment{at(0, 0, 9, .9)}},
		{"part of a better one", []fingerprint.Segment{at(0, 0, 90, .9), at(10, 11, 9, .8)}, []fingerprint.Segment{at(0, 0, 90, .9)}},
		{"longer than the better one", []fingerprint.Segment{at(0, 0, 9, .9), at(0, 0, 90, .8)}, []fingerprint.Segment{at(0, 0, 9, .9), at(0, 0, 90, .8)}},
		{"same query, other part of the work", []fingerprint.Segment{at(0, 0, 9, .9), at(0, 50, 9, .8)}, []fingerprint.Segment{at(0, 0, 9, .9), at(0, 50, 9, .8)}},
		{"overlap of half", []fingerprint.Segment{at(0, 0, 10, .9), at(5, 5, 10, .8)}, []fingerprint.Segment{at(0, 0, 10, .9), at(5, 5, 10, .8)}},
		{"ties by place in the query", []fingerprint.Segment{at(50, 0, 9, .9), at(20, 0, 9, .9)}, []fingerprint.Segment{at(20, 0, 9, .9), at(50, 0, 9, .9)}},
	}
	for _, tt := range tests {
		if got := fingerprint.Tidy(slices.Clone(tt.in)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestSpan(t *testing.T) {
	a := fingerprint.Span{From: 2, To: 5}
	for _, tt := range []struct {
		b    fingerprint.Span
		want float64
	}{{a, 3}, {fingerprint.Span{From: 4, To: 9}, 1}, {fingerprint.Span{From: 5, To: 9}, 0}, {fingerprint.Span{From: 7, To: 9}, 0}, {fingerprint.Span{From: 0, To: 9}, 3}} {
		if got, back := a.Overlap(tt.b), tt.b.Overlap(a); got != tt.want || back != tt.want {
			t.Errorf("overlap of %v and %v: %g and %g, want %g", a, tt.b, got, back, tt.want)
		}
	}
	if got := a.Length(); got != 3 {
		t.Errorf("Length of %v = %g, want 3", a, got)
	}
}

func TestSpecs(t *testing.T) {
	spec, err := fingerprint.SpecOf(integers)
	if err != nil || spec.Algorithm != integers {
		t.Fatalf("SpecOf(%s) = %v, %v", integers, spec, err)
	}
	if got := fingerprint.Specs(); !slices.Equal(got, []*fingerprint.Spec{spec}) {
		t.Errorf("Specs() = %v, want the one of %s", got, integers)
	}
	_, err = fingerprint.SpecOf(fingerprint.Algorithm{Name: "integers", Version: 2})
	if want := "fingerprint: unknown algorithm integers/2 (forgotten import?)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for name, change := range map[string]func(*fingerprint.Spec){
		"registered twice":  func(s *fingerprint.Spec) { s.Algorithm = integers },
		"invalid algorithm": func(s *fingerprint.Spec) { s.Algorithm.Version = 0 },
		"no kind":           func(s *fingerprint.Spec) { s.Kind = fingerprint.KindInvalid },
		"odd window":        func(s *fingerprint.Spec) { s.Window = 3 },
		"no hypotheses":     func(s *fingerprint.Spec) { s.Hypotheses = nil },
		"no bin":            func(s *fingerprint.Spec) { s.Bin = 0 },
		"no terms":          func(s *fingerprint.Spec) { s.Terms = nil },
		"wide codes":        func(s *fingerprint.Spec) { s.Width = 256 },
	} {
		s := *spec
		s.Algorithm.Version = 9
		change(&s)
		if !panics(func() { fingerprint.RegisterSpec(s) }) {
			t.Errorf("a spec with %s is accepted", name)
		}
	}
}
