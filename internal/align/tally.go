// Package align gathers votes on lines. A query and a work that show the same
// thing agree on a line work = rate*query + offset; every hit of a probe in a
// list votes for the lines that it fits, and the lines with the most votes
// are the candidates (Wang, "An industrial-strength audio search algorithm",
// ISMIR 2003, section 2.3: the histogram of time differences).
package align

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A Line is where votes gathered.
type Line struct {
	Work       uint32
	Hypothesis uint16
	Offset     float64 // in ticks of the work: the weighted mean of the votes
	Votes      float64
}

// Tally collects votes and finds the lines that they gather on. The zero
// value is not ready: use NewTally. A Tally is for one goroutine; Reset makes
// it ready for the next search without giving its memory back, so that a
// tally in use for some time allocates nothing.
//
// Weights and offsets are summed as integers: the result is the same in
// whatever order the votes came.
type Tally struct {
	width float64
	votes []vote

	// Working memory of Lines.
	sums  []uint32 // votes of bins, by hash
	kept  []vote   // those that may be part of a line
	spare []vote   // the other half of the radix sort
	bins  []bin    // of one work
	order []int32  // of bins, by votes
	lines []Line
}

type vote struct {
	line   uint64 // work<<32 | hypothesis<<16 | offset within the bin, in 1/65536 of its width
	bin    uint32 // binZero is the bin that begins at offset 0
	weight uint32 // in 1/unit
}

const (
	binZero   = 1 << 31
	unit      = 1 << 16
	maxWeight = 1 << 10
)

// NewTally makes a tally whose bins are width ticks wide. Two votes less than
// one bin apart are counted together.
func NewTally(width float64) *Tally { return &Tally{width: width} }

// Reset forgets all votes.
func (t *Tally) Reset() { t.votes = t.votes[:0] }

// Len is the number of votes so far.
func (t *Tally) Len() int { return len(t.votes) }

// Add casts a vote for the line of a hypothesis with this offset. Weights are
// kept in steps of 1/65536 and from one step up to 1024; a vote without a
// positive weight, or 2^31 bins or more away from offset 0, is not counted.
func (t *Tally) Add(work uint32, hypothesis uint16, offset, weight float64) {
	place := offset / t.width
	b := math.Floor(place)
	if !(weight > 0 && b >= -binZero && b < binZero) { // false for NaN, too
		return
	}
	within := uint64(float64((place - b) * unit))
	t.votes = append(t.votes, vote{
		line:   uint64(work)<<32 | uint64(hypothesis)<<16 | min(within, unit-1),
		bin:    uint32(int64(b) + binZero),
		weight: max(1, uint32(math.Round(min(weight, maxWeight)*unit))),
	})
}

// Lines returns at most n lines that gathered at least least votes, the best
// first, at most perWork of them for one work. A line gathers the votes of
// two neighbouring bins; one that lies within two bins of a better line of
// the same work and hypothesis is left out. Lines with equal votes come in
// the order of work, hypothesis and offset. The slice is valid until the next
// call of Lines.
func (t *Tally) Lines(n, perWork int, least float64) []Line {
	need := least * unit
	t.keep(need)
	t.sort()
	t.lines = t.lines[:0]
	for rest := t.kept; len(rest) > 0; {
		end := 1
		for end < len(rest) && rest[end].line>>32 == rest[0].line>>32 {
			end++
		}
		t.sumBins(rest[:end])
		t.linesOfWork(uint32(rest[0].line>>32), perWork, need)
		rest = rest[end:]
	}
	slices.SortFunc(t.lines, better)
	return t.lines[:min(n, len(t.lines))]
}

func better(a, b Line) int {
	return cmp.Or(cmp.Compare(b.Votes, a.Votes), cmp.Compare(a.Work, b.Work),
		cmp.Compare(a.Hypothesis, b.Hypothesis), cmp.Compare(a.Offset, b.Offset))
}

// keep copies the votes that may be part of a line with the votes needed.
// Nearly all votes of a search are accidents, alone in their bin: summing the
// bins in a table that puts neighbours side by side, and lets others collide,
// finds most of them at a fifth of the price of sorting. A collision only
// adds to a sum, so that no line is lost.
func (t *Tally) keep(need float64) {
	size := 1 << bits.Len(uint(2*min(max(len(t.votes), 1<<9), 1<<21)-1))
	t.sums = slices.Grow(t.sums[:0], size)[:size]
	clear(t.sums)
	mask := uint32(size - 1)
	for _, v := range t.votes {
		sum := &t.sums[v.slot()&mask]
		*sum = uint32(min(uint64(*sum)+uint64(v.weight), math.MaxUint32))
	}
	enough := uint64(max(0, min(math.Ceil(need), math.MaxUint32)))
	t.kept = t.kept[:0]
	for _, v := range t.votes {
		i := v.slot()
		beside := max(t.sums[(i-1)&mask], t.sums[(i+1)&mask])
		if uint64(t.sums[i&mask])+uint64(beside) >= enough {
			t.kept = append(t.kept, v)
		}
	}
}

// slot hashes work and hypothesis, and adds the bin.
func (v vote) slot() uint32 {
	const golden = 0x9E3779B97F4A7C15 // Knuth, TAOCP 3, section 6.4
	return uint32((v.line>>16)*golden>>32) + v.bin
}

// A bin is the votes of a work that lie side by side.
type bin struct {
	hypothesis uint16
	taken      bool   // by a line, or too near to one
	index      uint32 // as in vote
	votes      uint64 // sum of weights
	moment     uint64 // sum of weight times place in the bin: room for 4 million votes of the highest weight
	pair       uint64 // votes of this bin and the next
}

// near reports whether b comes at most d bins after a.
func (b *bin) near(a *bin, d uint32) bool {
	return b.hypothesis == a.hypothesis && b.index-a.index <= d
}

// sumBins sums the votes of one work, which are sorted, bin by bin.
func (t *Tally) sumBins(votes []vote) {
	t.bins = t.bins[:0]
	for _, v := range votes {
		h, w := uint16(v.line>>16), uint64(v.weight)
		if n := len(t.bins); n == 0 || t.bins[n-1].index != v.bin || t.bins[n-1].hypothesis != h {
			t.bins = append(t.bins, bin{hypothesis: h, index: v.bin})
		}
		b := &t.bins[len(t.bins)-1]
		b.votes += w
		b.moment += w * (v.line & (unit - 1))
	}
	t.order = t.order[:0]
	for i := range t.bins {
		b := &t.bins[i]
		b.pair = b.votes
		if next := i + 1; next < len(t.bins) && t.bins[next].near(b, 1) {
			b.pair += t.bins[next].votes
		}
		t.order = append(t.order, int32(i))
	}
}

// linesOfWork adds the best lines of the bins to t.lines.
func (t *Tally) linesOfWork(work uint32, most int, need float64) {
	slices.SortFunc(t.order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(t.bins[j].pair, t.bins[i].pair), cmp.Compare(i, j))
	})
	for _, i := range t.order {
		if most == 0 || float64(t.bins[i].pair) < need {
			return
		}
		if !t.bins[i].taken {
			t.lines = append(t.lines, t.line(work, int(i)))
			t.take(int(i))
			most--
		}
	}
}

// line is the line of bins[i] and the bin after it.
func (t *Tally) line(work uint32, i int) Line {
	b := &t.bins[i]
	moment := b.moment
	if b.pair > b.votes {
		moment += t.bins[i+1].moment + t.bins[i+1].votes*unit
	}
	place := float64(int64(b.index)-binZero) + float64(moment)/float64(b.pair)/unit
	return Line{work, b.hypothesis, place * t.width, float64(b.pair) / unit}
}

// take takes bins[i] and those within two bins of it.
func (t *Tally) take(i int) {
	b := &t.bins[i]
	for j := i; j >= 0 && b.near(&t.bins[j], 2); j-- {
		t.bins[j].taken = true
	}
	for j := i; j < len(t.bins) && t.bins[j].near(b, 2); j++ {
		t.bins[j].taken = true
	}
}
