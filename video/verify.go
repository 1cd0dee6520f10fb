package video

import (
	"sort"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/spectrum"
)

// track is one kind of picture of a fingerprint: the frames, or the pictures
// within them.
type track struct {
	of *fingerprint.Fingerprint
	at []int // the features, in order of position
}

func trackOf(f *fingerprint.Fingerprint, kind byte) *track {
	t := &track{of: f}
	for i := range f.Len() {
		if f.Code(i)[0] == kind {
			t.at = append(t.at, i)
		}
	}
	return t
}

func (t *track) len() int               { return len(t.at) }
func (t *track) position(i int) float64 { return float64(t.of.Position(t.at[i])) }
func (t *track) wave(i int) *spectrum.Wave {
	return unpack(t.of.Code(t.at[i]))
}

// from returns the first frame at or after a position.
func (t *track) from(position float64) int {
	return sort.Search(len(t.at), func(i int) bool { return t.position(i) >= position })
}

// A line says which frame of the work a frame of the query shows: the one at
// rate*query + offset, mirrored or not.
type line struct {
	rate, offset float64
	mirrored     bool
}

// A fit is a way to lay the pictures of a query over those of a work: which
// part of the one shows which part of the other.
type fit struct {
	query, work *track
	line
	lay spectrum.Lay

	// What was cut already, once remember has been called.
	queryWaves, workWaves []*spectrum.Wave
}

// remember keeps what is cut from now on, for a fit that is looked at often.
func (f *fit) remember() {
	f.queryWaves = make([]*spectrum.Wave, f.query.len())
	f.workWaves = make([]*spectrum.Wave, f.work.len())
}

func (f *fit) queryWave(i int) *spectrum.Wave {
	return remembered(f.queryWaves, i, func() *spectrum.Wave {
		w := f.query.wave(i)
		if f.mirrored {
			w = w.Mirror()
		}
		w, _ = f.lay.QueryCut.Of(w)
		return w
	})
}

func (f *fit) workWave(i int) *spectrum.Wave {
	return remembered(f.workWaves, i, func() *spectrum.Wave {
		w, _ := f.lay.WorkCut.Of(f.work.wave(i))
		return w
	})
}

func remembered(waves []*spectrum.Wave, i int, compute func() *spectrum.Wave) *spectrum.Wave {
	if waves == nil {
		return compute()
	}
	if waves[i] == nil {
		waves[i] = compute()
	}
	return waves[i]
}

// gap is the longest time, in ticks, between two frames of a work for which
// one of them stands: the hasher keeps one a second.
const gap = 1.5 * ticksPerSecond

// A pair is a frame of the query beside what the work shows at that time.
type pair struct {
	at          float64 // in the query, in ticks
	query, work *spectrum.Wave
	alike       float32
}

// pair lays frame i of the query over the work. It is false where the work
// has nothing to compare with.
func (f *fit) pair(i int) (pair, bool) {
	p := pair{at: f.query.position(i)}
	at := float64(f.rate*p.at) + f.offset
	next := f.work.from(at)
	before := next - 1
	hasNext := next < f.work.len() && f.work.position(next)-at <= gap
	hasBefore := before >= 0 && at-f.work.position(before) <= gap
	if !hasNext && !hasBefore {
		return p, false
	}
	p.query, p.alike = f.queryWave(i), -1
	consider := func(w *spectrum.Wave) {
		if r := w.Correlate(p.query); r > p.alike {
			p.work, p.alike = w, r
		}
	}
	switch {
	case hasNext && hasBefore:
		a, b := f.workWave(before), f.workWave(next)
		from, to := f.work.position(before), f.work.position(next)
		consider(a)
		consider(b)
		if share := (at - from) / (to - from); share > 0.1 && share < 0.9 {
			consider(a.Blend(b, float32(share)))
		}
	case hasNext:
		consider(f.workWave(next))
	default:
		consider(f.workWave(before))
	}
	return p, true
}

// samples are how many frames of a window decide how pictures are laid over
// each other.
const samples = 16

// bestFit finds how the pictures of a query lie over those of the work about
// a candidate, and how good that fit is, from 0 to 1.
func bestFit(query, work [2]*track, l line, from, to float64) (best fit, score float64) {
	for _, q := range query {
		first, last := q.from(from), q.from(to)
		if first >= last {
			continue
		}
		for _, w := range work {
			if w.len() == 0 {
				continue
			}
			f, s := fit{query: q, work: w, line: l}.search(spread(first, last, samples))
			if s > score {
				best, score = f, s
			}
		}
	}
	return best, score
}

// spread takes at most n whole numbers evenly from first up to last.
func spread(first, last, n int) []int {
	n = max(0, min(n, last-first))
	at := make([]int, n)
	for i := range at {
		at[i] = first + (2*i+1)*(last-first)/(2*n)
	}
	return at
}

func (f fit) search(at []int) (fit, float64) {
	quality := func(l *spectrum.Lay) float64 {
		f.lay = *l
		return f.quality(at)
	}
	lay, score := spectrum.BestStart(quality)
	f.lay = lay
	f, score = f.shift(at, score)
	f.lay, score = spectrum.Climb(lay, score, quality)
	return f, score
}

// quality is the mean likeness of the better half of the pairs: the rest may
// lie outside the copied part.
func (f *fit) quality(at []int) float64 {
	var all []float64
	for _, i := range at {
		if p, ok := f.pair(i); ok {
			all = append(all, float64(p.alike))
		}
	}
	if len(all) == 0 {
		return 0
	}
	sort.Float64s(all)
	sum := 0.0
	best := all[len(all)/2:]
	for _, r := range best {
		sum += r
	}
	return sum / float64(len(best))
}

// shift moves the offset to where pictures agree best.
func (f fit) shift(at []int, score float64) (fit, float64) {
	best := f
	for d := -4.; d <= 4; d += 0.5 {
		try := f
		try.offset += d
		if q := try.quality(at); q > score {
			best, score = try, q
		}
	}
	return best, score
}

const (
	certain    = 12. // evidence that needs no better line
	scanned    = 64  // frames that judge a line
	scanReach  = 4 * ticksPerSecond
	scanStep   = ticksPerSecond / 2
	finestStep = ticksPerSecond / 16.
)

// align looks for the rate and offset near the candidate's at which most
// changes agree. Where little moves, votes gather on any of them.
func (f fit) align(from, to float64) fit {
	at := spread(f.query.from(from), f.query.from(to), scanned)
	best, most := f, f.evidence(at)
	if most >= certain {
		return best
	}
	middle := (from + to) / 2
	try := func(rate, shown float64) { // shown is where the middle lies in the work
		g := f
		g.rate, g.offset = rate, shown-float64(rate*middle)
		if e := g.evidence(at); e > most {
			best, most = g, e
		}
	}
	shown := float64(f.rate*middle) + f.offset
	for _, r := range rates {
		for d := -float64(scanReach); d <= scanReach; d += scanStep {
			try(r.rate, shown+d)
		}
	}
	for step := scanStep / 2.; step >= finestStep; step /= 2 {
		shown = float64(best.rate*middle) + best.offset
		try(best.rate, shown-step)
		try(best.rate, shown+step)
	}
	return best
}

func (f *fit) evidence(at []int) float64 {
	pairs := make([]pair, 0, len(at))
	for _, i := range at {
		if p, ok := f.pair(i); ok {
			pairs = append(pairs, p)
		}
	}
	_, _, sum := run(judge(pairs))
	return sum
}
