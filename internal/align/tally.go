// Package align gathers votes on lines. A query and a work that show the same
// thing agree on a line work = rate*query + offset; every hit of a probe in a
// list votes for the lines that it fits, and the lines with the most votes
// are the candidates.
package align

import (
	"cmp"
	"math"
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
// it ready for the next search without giving its memory back.
type Tally struct {
	bin   float64
	votes []vote
}

type vote struct {
	work       uint32
	hypothesis uint16
	bin        int32
	offset     float32 // within the bin
	weight     float32
}

// NewTally makes a tally whose bins are bin ticks wide. Votes less than one
// bin apart always count together.
func NewTally(bin float64) *Tally { return &Tally{bin: bin} }

// Reset forgets all votes.
func (t *Tally) Reset() { t.votes = t.votes[:0] }

// Len is the number of votes so far.
func (t *Tally) Len() int { return len(t.votes) }

// Add casts a vote for the line of a hypothesis with this offset.
func (t *Tally) Add(work uint32, hypothesis uint16, offset, weight float64) {
	b := math.Floor(offset / t.bin)
	t.votes = append(t.votes, vote{work, hypothesis, int32(b), float32(offset - float64(b*t.bin)), float32(weight)})
}

// Lines returns at most n lines that gathered at least least votes, the best
// first, at most perWork of them for one work. The order is deterministic.
// It may be called once between Resets.
func (t *Tally) Lines(n, perWork int, least float64) []Line {
	slices.SortFunc(t.votes, func(a, b vote) int {
		return cmp.Or(cmp.Compare(a.work, b.work), cmp.Compare(a.hypothesis, b.hypothesis),
			cmp.Compare(a.bin, b.bin), cmp.Compare(a.offset, b.offset), cmp.Compare(a.weight, b.weight))
	})
	var lines []Line
	for rest := t.votes; len(rest) > 0; {
		end := 1
		for end < len(rest) && rest[end].work == rest[0].work {
			end++
		}
		lines = append(lines, t.ofWork(rest[:end], perWork, least)...)
		rest = rest[end:]
	}
	slices.SortStableFunc(lines, better)
	return lines[:min(n, len(lines))]
}

// ofWork finds the best lines of one work. Two neighbouring bins count as
// one, and a bin that lent its votes to a better line is not a line again.
func (t *Tally) ofWork(votes []vote, perWork int, least float64) []Line {
	bins := sumBins(votes, t.bin)
	var lines []Line
	for i, b := range bins {
		line := b.line
		if i+1 < len(bins) && bins[i+1].follows(b) {
			line = merge(line, bins[i+1].line)
		}
		dominated := i > 0 && b.follows(bins[i-1]) && bins[i-1].line.Votes > b.next(bins, i)
		if line.Votes >= least && !dominated {
			lines = append(lines, line)
		}
	}
	slices.SortStableFunc(lines, better)
	return lines[:min(perWork, len(lines))]
}

type bin struct {
	line  Line
	index int32
}

func (b bin) follows(a bin) bool {
	return b.index == a.index+1 && b.line.Hypothesis == a.line.Hypothesis
}

// next is the number of votes in the bin after bins[i], if it is a neighbour.
func (b bin) next(bins []bin, i int) float64 {
	if i+1 < len(bins) && bins[i+1].follows(b) {
		return bins[i+1].line.Votes
	}
	return 0
}

func sumBins(votes []vote, width float64) []bin {
	var bins []bin
	for _, v := range votes {
		at := float64(float64(v.bin)*width) + float64(v.offset)
		w := float64(v.weight)
		one := Line{v.work, v.hypothesis, at, w}
		if n := len(bins) - 1; n >= 0 && bins[n].index == v.bin && bins[n].line.Hypothesis == v.hypothesis {
			bins[n].line = merge(bins[n].line, one)
		} else {
			bins = append(bins, bin{one, v.bin})
		}
	}
	return bins
}

func merge(a, b Line) Line {
	sum := a.Votes + b.Votes
	if sum > 0 {
		a.Offset += float64((b.Offset - a.Offset) * (b.Votes / sum))
	}
	a.Votes = sum
	return a
}

func better(a, b Line) int {
	return cmp.Or(cmp.Compare(b.Votes, a.Votes), cmp.Compare(a.Work, b.Work),
		cmp.Compare(a.Hypothesis, b.Hypothesis), cmp.Compare(a.Offset, b.Offset))
}
