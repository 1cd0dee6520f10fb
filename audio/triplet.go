package audio

import (
	"iter"

	"github.com/likeness-go/likeness/fingerprint"
)

// Landmarks are triplets of peaks. Their shape (two intervals of frequency on
// the logarithmic axis, one ratio of times) does not change with speed, pitch
// or tempo, as that of the quads of Sonnleitner and Widmer (DAFx 2014); where
// the first peak lies and how long the triplet is change little, and are told
// apart coarsely.
const (
	workRank  = 12 // peaks of a work with a lower rank make triplets
	queryRank = 24

	workPartners  = 3 // the strongest after a peak, each two of which make a triplet with it
	queryPartners = 4

	nearest  = 2 // ticks to the nearest partner
	shortest = 8 // ticks to the farther of the two
	longest  = 1<<6 - 1
	span     = 36 * fine // greatest interval, in quarter bands

	maxZone = 256 // peaks looked at for partners: more only come from a hostile fingerprint
)

// Cells of the key: their widths, and how far from its own cell a query looks
// for what jitter moved.
const (
	intervalCell = 3 * fine
	intervalSlip = 1
	ratioCells   = 8
	toneCell     = 12 * fine
)

// A triplet has its peaks in order of time.
type triplet struct {
	tick uint32
	freq int // of the first peak, in quarter bands
	df1  int // intervals from it, in quarter bands
	df2  int
	dt1  int // ticks from it
	dt2  int
}

// aux holds what Refine compares: the length and the first frequency.
func (t triplet) aux() uint16 { return uint16(t.dt2<<freqBits | t.freq) }

// cells is the range of cells, from the first to the last, that a coordinate
// of a triplet may have fallen into.
type cells struct{ from, to int }

// key packs the cells of the five coordinates, and spreads them.
func key(df1, df2, ratio, length, tone int) uint64 {
	k := uint64(df1+64)<<24 | uint64(df2+64)<<16 | uint64(ratio)<<12 | uint64(length)<<6 | uint64(tone)
	return k * 0x9e3779b97f4a7c15
}

func (t triplet) key() uint64 {
	return key(cell(t.df1, intervalCell), cell(t.df2, intervalCell), t.dt1*ratioCells/t.dt2, lengthCell[t.dt2], t.freq/toneCell)
}

// probes calls yield with the keys of all works' triplets that t may be an
// altered copy of, until it returns false.
func (t triplet) probes(yield func(key uint64) bool) bool {
	a, b := slip(t.df1), slip(t.df2)
	ratio := cells{max(ratioCells*(t.dt1-1), 0) / (t.dt2), min(ratioCells*(t.dt1+1)/t.dt2, ratioCells)}
	tone := cells{max(t.freq-mostShift*fine-1, 0) / toneCell, (t.freq + mostShift*fine + 1) / toneCell}
	length := lengthCells[t.dt2]
	for i := a.from; i <= a.to; i++ {
		for j := b.from; j <= b.to; j++ {
			for r := ratio.from; r <= ratio.to; r++ {
				for l := length.from; l <= length.to; l++ {
					for f := tone.from; f <= tone.to; f++ {
						if !yield(key(i, j, r, l, f)) {
							return false
						}
					}
				}
			}
		}
	}
	return true
}

func slip(df int) cells {
	return cells{cell(df-intervalSlip, intervalCell), cell(df+intervalSlip, intervalCell)}
}

// cell divides and rounds down.
func cell(x, width int) int {
	if x < 0 {
		return -((-x + width - 1) / width)
	}
	return x / width
}

// lengthCell is the cell of a triplet's length, three to the octave, and
// lengthCells those of a work's triplets that it may be a copy of.
var lengthCell, lengthCells = newLengthCells()

func newLengthCells() (of [longest + 1]int, within [longest + 1]cells) {
	const most = 1.13 // change of tempo
	for dt := shortest; dt <= longest; dt++ {
		of[dt] = int(3 * log2(float32(dt)/(shortest-2)))
	}
	for dt := shortest; dt <= longest; dt++ {
		low := max(int(float64(dt)/most-0.5), shortest)
		high := min(int(float64(dt)*most+1.5), longest)
		within[dt] = cells{of[low], of[high]}
	}
	return of, within
}

// triplets calls yield for the triplets of the peaks below a rank, in order
// of the first peak, until it returns false.
func triplets(l landmarks, below, partners int, yield func(triplet) bool) {
	var best [queryPartners]int
	for i := range l.ticks {
		if l.rank(i) >= below {
			continue
		}
		n := l.partners(best[:partners], i, below)
		for a := range n {
			for b := a + 1; b < n; b++ {
				t, ok := l.triplet(i, best[a], best[b])
				if ok && !yield(t) {
					return
				}
			}
		}
	}
}

// partners finds the strongest peaks in the zone after peak i, in order of
// time, and returns how many.
func (l landmarks) partners(best []int, i, below int) int {
	n := 0
	for j := i + 1; j < min(len(l.ticks), i+1+maxZone) && l.ticks[j]-l.ticks[i] <= longest; j++ {
		df := l.freq(j) - l.freq(i)
		if l.ticks[j]-l.ticks[i] < nearest || l.rank(j) >= below || df < -span || df > span {
			continue
		}
		if n == len(best) {
			if n = l.dropWeakest(best, j); n == len(best) {
				continue
			}
		}
		best[n] = j
		n++
	}
	return n
}

// dropWeakest removes the weakest of best, unless peak j is no stronger.
func (l landmarks) dropWeakest(best []int, j int) int {
	weakest := 0
	for k := range best {
		if l.rank(best[k]) >= l.rank(best[weakest]) {
			weakest = k
		}
	}
	if l.rank(best[weakest]) <= l.rank(j) {
		return len(best)
	}
	copy(best[weakest:], best[weakest+1:])
	return len(best) - 1
}

func (l landmarks) triplet(i, a, b int) (triplet, bool) {
	f := l.freq(i)
	t := triplet{l.ticks[i], f, l.freq(a) - f, l.freq(b) - f, int(l.ticks[a] - l.ticks[i]), int(l.ticks[b] - l.ticks[i])}
	return t, t.dt2 >= shortest && t.dt1 < t.dt2
}

func terms(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
	return func(yield func(fingerprint.Term) bool) {
		triplets(landmarksOf(f), workRank, workPartners, func(t triplet) bool {
			return yield(fingerprint.Term{Key: t.key(), Position: t.tick, Aux: t.aux()})
		})
	}
}

func probes(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		triplets(landmarksOf(f), queryRank, queryPartners, func(t triplet) bool {
			p := fingerprint.Probe{Position: t.tick, Aux: t.aux(), To: uint16(len(hypotheses))}
			return t.probes(func(key uint64) bool {
				p.Key = key
				return yield(p)
			})
		})
	}
}

// refine keeps the hypotheses that agree with the shift from the work's first
// frequency to the query's and with the ratio of the lengths.
func refine(p fingerprint.Probe, t fingerprint.Term) (from, to uint16) {
	shift := int(p.Aux&freqMask) - int(t.Aux&freqMask)
	d := cell(shift+fine/2, fine) + mostShift
	if d < 0 || d >= len(rows) {
		return 0, 0
	}
	query, work := float64(p.Aux>>freqBits), float64(t.Aux>>freqBits)
	slack := float64(0.01*work) + 1.2
	from, to = uint16(rows[d].from), uint16(rows[d].to)
	for from < to && float64(hypotheses[from].Rate*query) < work-slack {
		from++
	}
	for from < to && float64(hypotheses[to-1].Rate*query) > work+slack {
		to--
	}
	return from, to
}
