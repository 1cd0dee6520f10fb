package audio

import "math"

// picker finds the peaks of a stream of whitened levels. A level is a peak if
// it is the greatest in its surroundings (Wang, An Industrial-Strength Audio
// Search Algorithm, ISMIR 2003, section 2.1); those are kept that few within
// half a second surpass, so that every stretch of sound has about as many.
// Both conditions look at a bounded stretch of time, so that what is found
// does not depend on where a recording begins. It holds no pointers: a copy
// goes on from where the original was.
type picker struct {
	seen   uint32                           // frames
	level  [2*reachTime + 1][bands]float32  // the last frames, frame i at i modulo the length
	ceil   [2*reachTime + 1][bands]float32  // the greatest within reachBand
	queue  [(2*rankTime + 2) * perFrame]raw // peaks not yet ranked, and those they are ranked against
	queued int                              // length of queue in use
	ranked int                              // of those, how many have been ranked
}

// perFrame is the greatest number of peaks in a frame.
const perFrame = (bands + reachBand) / (reachBand + 1)

type raw struct {
	tick     uint32
	freq     uint16
	strength float32
}

// add takes the next frame and calls emit for each peak that it settles.
func (p *picker) add(level *[bands]float32, emit func(peak)) {
	const n = 2*reachTime + 1
	row := &p.level[p.seen%n]
	*row = *level
	maxima(&p.ceil[p.seen%n], row)
	p.seen++
	if p.seen > reachTime {
		p.find(p.seen - 1 - reachTime)
		p.rank(p.seen-1-reachTime, emit)
	}
}

// maxima writes the greatest value within reachBand of each band: of two
// neighbours, of four in a row, and of two fours that meet at the band.
func maxima(ceil, level *[bands]float32) {
	const least = -math.MaxFloat32
	var row [bands + 2*reachBand]float32
	for i := range reachBand {
		row[i], row[bands+reachBand+i] = least, least
	}
	copy(row[reachBand:], level[:])
	for i := range len(row) - 1 {
		row[i] = max(row[i], row[i+1])
	}
	for i := range bands + reachBand {
		row[i] = max(row[i], row[i+2])
	}
	for b := range ceil {
		ceil[b] = max(row[b], row[b+reachBand])
	}
}

// find queues the peaks of frame t.
func (p *picker) find(t uint32) {
	const n = 2*reachTime + 1
	row := &p.level[t%n]
	for b := 1; b < bands-1; b++ {
		v := row[b]
		if v >= prominence && v == p.ceil[t%n][b] && first(row, b) && p.tops(t, b, v) {
			p.queue[p.queued] = raw{t, interpolate(row, b), v}
			p.queued++
		}
	}
}

// first reports whether band b is the lowest of equal ones within reachBand.
func first(row *[bands]float32, b int) bool {
	for i := max(b-reachBand, 0); i < b; i++ {
		if row[i] == row[b] {
			return false
		}
	}
	return true
}

// tops reports whether no other frame within reachTime surpasses v near band b.
// At the beginning the frames before the first are empty, and lose.
func (p *picker) tops(t uint32, b int, v float32) bool {
	const n = 2*reachTime + 1
	for d := uint32(1); d <= reachTime; d++ {
		if p.ceil[(t+d)%n][b] > v || t >= d && p.ceil[(t+n-d)%n][b] >= v {
			return false
		}
	}
	return true
}

// interpolate returns the top of the parabola through three bands, in quarter
// bands.
func interpolate(row *[bands]float32, b int) uint16 {
	left, mid, right := row[b-1], row[b], row[b+1]
	curve := 2*mid - left - right
	at := float32(0)
	if curve > 0 {
		at = (right - left) / (2 * curve) // -0.5 to 0.5
	}
	return uint16(float32(float32(b)*fine) + float32(at*fine) + 0.5)
}

// rank settles the peaks of frames up to t-rankTime and forgets those that
// none of the others can be ranked against.
func (p *picker) rank(t uint32, emit func(peak)) {
	for ; p.ranked < p.queued && p.queue[p.ranked].tick+rankTime <= t; p.ranked++ {
		r := p.queue[p.ranked]
		if n := p.stronger(p.ranked); n < keep {
			emit(peak{r.tick, r.freq, uint8(n)})
		}
	}
	old := 0
	for old < p.ranked && p.queue[old].tick+2*rankTime < t {
		old++
	}
	copy(p.queue[:], p.queue[old:p.queued])
	p.queued -= old
	p.ranked -= old
}

// stronger counts the peaks within rankTime that surpass queue[i].
func (p *picker) stronger(i int) int {
	n := 0
	r := p.queue[i]
	for j, o := range p.queue[:p.queued] {
		near := o.tick+rankTime >= r.tick && o.tick <= r.tick+rankTime
		if near && (o.strength > r.strength || o.strength == r.strength && j < i) {
			n++
		}
	}
	return n
}

// flush settles what is left, as if silence followed.
func (p *picker) flush(emit func(peak)) {
	silence := &[bands]float32{}
	for range reachTime + rankTime {
		p.add(silence, emit)
	}
}
