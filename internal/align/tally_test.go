package align

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestLines(t *testing.T) {
	type v struct {
		work           uint32
		hypothesis     uint16
		offset, weight float64
	}
	tests := []struct {
		name    string
		votes   []v
		n       int
		perWork int
		least   float64
		want    []Line
	}{
		{"none", nil, 9, 9, 1, []Line{}},
		{"one", []v{{7, 3, 10, 1}}, 9, 9, 1, []Line{{7, 3, 10, 1}}},
		{"too few", []v{{7, 3, 10, 1}}, 9, 9, 1.5, []Line{}},
		{"neighbouring bins count together", []v{{1, 0, 3, 1}, {1, 0, 5, 1}}, 9, 9, 2, []Line{{1, 0, 4, 2}}},
		{"around zero", []v{{1, 0, -1, 1}, {1, 0, 1, 1}}, 9, 9, 2, []Line{{1, 0, 0, 2}}},
		{"negative", []v{{1, 0, -402, 1}, {1, 0, -403, 1}}, 9, 9, 2, []Line{{1, 0, -402.5, 2}}},
		{"two bins apart do not", []v{{1, 0, 1, 1}, {1, 0, 9, 1}}, 9, 9, 2, []Line{}},
		{"hypotheses are apart", []v{{1, 0, 1, 1}, {1, 1, 1, 1}}, 9, 9, 2, []Line{}},
		{"works are apart", []v{{1, 0, 1, 1}, {2, 0, 1, 1}}, 9, 9, 2, []Line{}},
		{"last hypothesis and first of the next work", []v{{1, 0xffff, 3, 1}, {2, 0, 5, 1}}, 9, 9, 2, []Line{}},
		{"weighted mean", []v{{1, 0, 0, 3}, {1, 0, 2, 1}}, 9, 9, 1, []Line{{1, 0, 0.5, 4}}},
		{"a line lends no votes to its neighbours",
			[]v{{1, 0, 1, 5}, {1, 0, 5, 9}, {1, 0, 9, 4}}, 9, 9, 1, []Line{{1, 0, 25. / 7, 14}}},
		{"three bins on there is another line",
			[]v{{1, 0, 1, 5}, {1, 0, 13, 4}}, 9, 9, 1, []Line{{1, 0, 1, 5}, {1, 0, 13, 4}}},
		{"ties by work, hypothesis, offset",
			[]v{{2, 0, 0, 1}, {1, 1, 0, 1}, {1, 0, 40, 1}, {1, 0, -40, 1}}, 9, 9, 1,
			[]Line{{1, 0, -40, 1}, {1, 0, 40, 1}, {1, 1, 0, 1}, {2, 0, 0, 1}}},
		{"perWork", []v{{1, 0, 0, 3}, {1, 0, 40, 2}, {1, 0, 80, 1}, {2, 0, 0, 1}}, 9, 2, 1,
			[]Line{{1, 0, 0, 3}, {1, 0, 40, 2}, {2, 0, 0, 1}}},
		{"n", []v{{1, 0, 0, 3}, {2, 0, 0, 4}, {3, 0, 0, 5}}, 2, 9, 1, []Line{{3, 0, 0, 5}, {2, 0, 0, 4}}},
		{"highest numbers", []v{{math.MaxUint32, math.MaxUint16, 4 * (1<<31 - 1), 1}}, 9, 9, 1,
			[]Line{{math.MaxUint32, math.MaxUint16, 4 * (1<<31 - 1), 1}}},
		{"lowest bin", []v{{0, 0, -4 * (1 << 31), 1}}, 9, 9, 1, []Line{{0, 0, -4 * (1 << 31), 1}}},
		{"the ends of the axis do not meet", []v{{0, 0, -4 * (1 << 31), 1}, {0, 0, 4 * (1<<31 - 1), 1}}, 9, 9, 2, []Line{}},
		{"what cannot be counted", []v{{0, 0, 4 * (1 << 31), 1}, {0, 0, -4*(1<<31) - 1, 1}, {0, 0, 1e300, 1}, {0, 0, math.Inf(-1), 1},
			{0, 0, math.NaN(), 1}, {0, 0, 0, 0}, {0, 0, 0, -1}, {0, 0, 0, math.NaN()}}, 9, 9, 0, []Line{}},
		{"weights end at 1024", []v{{0, 0, 0, math.Inf(1)}, {1, 0, 0, 1e-300}}, 9, 9, 0,
			[]Line{{0, 0, 0, 1024}, {1, 0, 0, 1. / 65536}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tally := NewTally(4)
			for range 2 { // the second time, after Reset, in reverse order
				for _, v := range tt.votes {
					tally.Add(v.work, v.hypothesis, v.offset, v.weight)
				}
				got := tally.Lines(tt.n, tt.perWork, tt.least)
				if !slices.EqualFunc(got, tt.want, sameLine) {
					t.Errorf("Lines(%d, %d, %g) of %v = %v, want %v", tt.n, tt.perWork, tt.least, tt.votes, got, tt.want)
				}
				tally.Reset()
				slices.Reverse(tt.votes)
			}
		})
	}
}

// sameLine forgives the rounding of offsets to 1/65536 of a bin.
func sameLine(a, b Line) bool {
	near := math.Abs(a.Offset-b.Offset) < 4./65536
	a.Offset = b.Offset
	return near && a == b
}

func TestReset(t *testing.T) {
	tally := NewTally(1)
	tally.Add(1, 1, 1, 1)
	if got := tally.Len(); got != 1 {
		t.Errorf("Len = %d after one vote, want 1", got)
	}
	tally.Reset()
	if got := tally.Lines(9, 9, 0); tally.Len() != 0 || len(got) != 0 {
		t.Errorf("Len = %d, Lines = %v after Reset, want nothing", tally.Len(), got)
	}
}

// TestLessThanABinApart tries all pairs of votes less than one bin apart.
func TestLessThanABinApart(t *testing.T) {
	tally := NewTally(3)
	for at := -7.; at < 7; at += 1. / 8 {
		for apart := 0.; apart < 3; apart += 1. / 8 {
			tally.Reset()
			tally.Add(1, 0, at, 1)
			tally.Add(1, 0, at+apart, 1)
			got := tally.Lines(9, 9, 2)
			if len(got) != 1 || math.Abs(got[0].Offset-(at+apart/2)) > 3./65536 {
				t.Fatalf("votes at %g and %g give %v, want one line half-way", at, at+apart, got)
			}
		}
	}
}

// TestSaturatedSum puts more weight into one bin than the table of sums holds.
func TestSaturatedSum(t *testing.T) {
	tally := NewTally(1)
	for range 100 {
		tally.Add(1, 0, 5, 1024)
	}
	want := []Line{{1, 0, 5, 102400}}
	if got := tally.Lines(9, 9, 102400); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOrderOfVotesDoesNotMatter(t *testing.T) {
	votes := search(20_000, 1)
	want := slices.Clone(fill(NewTally(2), votes).Lines(1000, 8, 1))
	if len(want) < 1000 {
		t.Fatalf("only %d lines to compare", len(want))
	}
	random := rand.New(rand.NewPCG(1, 2))
	tally := NewTally(2)
	for range 5 {
		random.Shuffle(len(votes), func(i, j int) { votes[i], votes[j] = votes[j], votes[i] })
		tally.Reset()
		if got := fill(tally, votes).Lines(1000, 8, 1); !slices.Equal(got, want) {
			t.Fatal("shuffled votes give other lines")
		}
	}
}

func TestNoAllocationWhenWarm(t *testing.T) {
	votes := search(10_000, 1)
	tally := NewTally(2)
	allocs := testing.AllocsPerRun(5, func() {
		tally.Reset()
		fill(tally, votes).Lines(100, 8, 1)
		tally.Lines(100, 8, 5)
	})
	if allocs != 0 {
		t.Errorf("%g allocations a search, want none", allocs)
	}
}

type cast struct {
	work           uint32
	hypothesis     uint16
	offset, weight float64
}

func fill(t *Tally, votes []cast) *Tally {
	for _, v := range votes {
		t.Add(v.work, v.hypothesis, v.offset, v.weight)
	}
	return t
}

// search makes the votes of a search: accidents all over 5,000 works, and one
// vote in fifty on one of a few true lines.
func search(n int, seed uint64) []cast {
	random := rand.New(rand.NewPCG(seed, 7))
	votes := make([]cast, n)
	for i := range votes {
		v := cast{random.Uint32N(5000), uint16(random.UintN(21)), float64(random.IntN(20000) - 4000), 1 + random.Float64()}
		if i%50 == 0 {
			v.work, v.hypothesis, v.offset = uint32(i%7), 10, float64(100*(i%7)+random.IntN(2))
		}
		votes[i] = v
	}
	return votes
}

// naive is what Lines says, word for word, with a map.
func naive(votes []cast, width float64, n, perWork int, least float64) []Line {
	type place struct {
		work       uint32
		hypothesis uint16
		bin        int64
	}
	type sum struct{ votes, moment float64 }
	sums := map[place]sum{}
	for _, v := range votes {
		b := math.Floor(v.offset / width)
		if !(v.weight > 0) || !(math.Abs(b) < 1<<31) && b != -1<<31 {
			continue
		}
		w := max(1, math.Round(min(v.weight, 1024)*65536))
		p := place{v.work, v.hypothesis, int64(b)}
		in := min(math.Floor((v.offset/width-b)*65536), 65535)
		sums[p] = sum{sums[p].votes + w, sums[p].moment + w*in}
	}
	lines := map[place]Line{}
	for p, s := range sums {
		next := sums[place{p.work, p.hypothesis, p.bin + 1}]
		all := s.votes + next.votes
		mean := (s.moment + next.moment + next.votes*65536) / all / 65536
		if all >= least*65536 {
			lines[p] = Line{p.work, p.hypothesis, (float64(p.bin) + mean) * width, all / 65536}
		}
	}
	order := make([]place, 0, len(lines))
	for p := range lines {
		order = append(order, p)
	}
	slices.SortFunc(order, func(a, b place) int {
		return cmp.Or(cmp.Compare(lines[b].Votes, lines[a].Votes), cmp.Compare(a.work, b.work),
			cmp.Compare(a.hypothesis, b.hypothesis), cmp.Compare(a.bin, b.bin))
	})
	var best []Line
	taken := map[place]bool{}
	count := map[uint32]int{}
	for _, p := range order {
		if taken[p] || count[p.work] == perWork {
			continue
		}
		count[p.work]++
		best = append(best, lines[p])
		for d := int64(-2); d <= 2; d++ {
			taken[place{p.work, p.hypothesis, p.bin + d}] = true
		}
	}
	return best[:min(n, len(best))]
}

func TestAgainstNaive(t *testing.T) {
	for _, n := range []int{10, 200, 300, 5000} { // below and above what the radix sort is for
		for _, least := range []float64{0, 1.5, 3, 20} {
			votes := search(n, uint64(n))
			got, want := fill(NewTally(2), votes).Lines(1000, 4, least), naive(votes, 2, 1000, 4, least)
			if !slices.Equal(got, want) {
				t.Errorf("%d votes, least %g: got %v, want %v", n, least, got, want)
			}
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("neighbours and ties \x00\x01\x02\x03\x04\x05"), 4., 8, 2, 1.)
	f.Add([]byte{0xff, 0xff, 0x7f, 0x80, 1, 0, 0, 0, 2, 0}, 0.25, 3, 1, 0.)
	f.Fuzz(func(t *testing.T, data []byte, width float64, n, perWork int, least float64) {
		if !(width > 1e-9 && width < 1e9) || n < 0 || perWork < 0 || math.IsNaN(least) {
			t.Skip("outside of what Lines promises")
		}
		var votes []cast
		for ; len(data) >= 5; data = data[5:] {
			offset := float64(int16(binary.LittleEndian.Uint16(data[2:])))
			votes = append(votes, cast{uint32(data[0] % 4), uint16(data[1] % 4), offset, float64(data[4]) / 16})
		}
		got, want := fill(NewTally(width), votes).Lines(n, perWork, least), naive(votes, width, n, perWork, least)
		if !slices.Equal(got, want) {
			t.Errorf("%v, width %g, Lines(%d, %d, %g) = %v, want %v", votes, width, n, perWork, least, got, want)
		}
	})
}

func BenchmarkTally(b *testing.B) {
	for _, size := range []struct {
		name  string
		n     int
		least float64
	}{{"100k", 1e5, 5}, {"1M", 1e6, 5}, {"1M,all", 1e6, 0}} {
		b.Run(size.name, func(b *testing.B) {
			votes := search(size.n, 1)
			tally := NewTally(2)
			b.ReportAllocs()
			for b.Loop() {
				tally.Reset()
				fill(tally, votes).Lines(100, 8, size.least)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size.n), "ns/vote")
		})
	}
}
