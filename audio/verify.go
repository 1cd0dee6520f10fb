package audio

import (
	"math"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
)

// An alignment says where what a query plays stands in a work: a peak of the
// work at tick w and frequency f is found in the query at (w-offset)/rate and
// f+shift.
type alignment struct {
	rate, offset float64 // in ticks
	shift        float64 // in quarter bands
}

func (a alignment) queryTick(w float64) float64 { return (w - a.offset) / a.rate }

// pivot changes the rate and keeps what stands at tick w.
func (a alignment) pivot(w, rate float64) alignment {
	a.offset = w - float64(rate*a.queryTick(w))
	a.rate = rate
	return a
}

// Verification.
const (
	coarseTime, coarseFreq = 3.0, 4  // how far a peak may lie off in the first pass: ticks, quarter bands
	fineTime, fineFreq     = 1.25, 2 // and after the alignment has been refined

	drop         = 12.0 // a segment ends where the evidence falls by so much, in nats
	least        = 5.0  // segments with less are not worth refining
	surroundings = 320  // ticks that the null model is made from, at least
	most         = 12.0 // nats that a second can add

	core = 600 // ticks of the segment that the refinement begins with

	maxTies = keep // peaks within reach that are looked at: more only come from a hostile fingerprint
)

// verify is the Verify of the Spec.
func verify(query, work *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
	if c.Hypothesis < 0 || c.Hypothesis >= len(hypotheses) {
		return nil
	}
	a := alignment{hypotheses[c.Hypothesis].Rate, c.Offset, float64(shiftOf(c.Hypothesis) * fine)}
	p := newPair(query, work)
	found := p.segments(a, p.seen(a, c), coarseTime, coarseFreq)
	best := strongest(found)
	if best.evidence < least {
		return nil
	}
	a, best = p.refine(a, best)
	var segments []fingerprint.Segment
	for _, r := range p.segments(a, p.all(a), fineTime, fineFreq) {
		r.evidence = min(r.evidence, p.spread(a, r))
		if s := p.judge(a, r, b); s.Evidence > -5 {
			segments = append(segments, s)
		}
	}
	return segments
}

// pair is the two fingerprints that are aligned.
type pair struct {
	query, work             landmarks
	queryExtent, workExtent float64
}

func newPair(query, work *fingerprint.Fingerprint) *pair {
	return &pair{landmarksOf(query), landmarksOf(work), float64(query.Extent()), float64(work.Extent())}
}

// ticks is a half-open range of ticks of the work.
type ticks struct{ from, to float64 }

// all is the part of the work that the query may show.
func (p *pair) all(a alignment) ticks {
	return ticks{max(0, a.offset), min(p.workExtent, a.offset+float64(a.rate*p.queryExtent))}
}

// seen is the part of the work that the voters of a candidate may show.
func (p *pair) seen(a alignment, c fingerprint.Candidate) ticks {
	if c.To == 0 {
		return p.all(a)
	}
	from, to := a.offset+float64(a.rate*float64(c.From)), a.offset+float64(a.rate*float64(c.To))
	return ticks{max(0, from), min(p.workExtent, to)}
}

// between returns the landmarks from one tick to another.
func (l landmarks) between(from, to float64) landmarks {
	i, _ := slices.BinarySearch(l.ticks, clampTick(from))
	j, _ := slices.BinarySearch(l.ticks, clampTick(to))
	j = max(i, j)
	return landmarks{l.ticks[i:j], l.codes[i*codeWidth : j*codeWidth]}
}

func clampTick(t float64) uint32 { return uint32(max(0, min(math.Ceil(t), math.MaxUint32))) }

// run is a part of the work that agrees with the query.
type run struct {
	ticks            // from the first to the last hit
	evidence float64 // in nats
}

// spread is the evidence of a run against what is around it in the query, of
// no second more than most: one sound that two works use, a drum or a chime,
// agrees in all of its peaks, but is one witness.
func (p *pair) spread(a alignment, r run) float64 {
	sum, second, end := 0.0, 0.0, r.from+1/tick
	p.scan(a, r.ticks, p.null(a, r.wider(), fineTime, fineFreq), func(l look) {
		for ; l.at >= end; end += 1 / tick {
			sum += min(second, most)
			second = 0
		}
		second += l.gain
	})
	return sum + min(second, most)
}

// wider is what the null model of a run is made from: itself, and what is
// around if it is short.
func (r run) wider() ticks {
	more := max(0, surroundings-(r.to-r.from)) / 2
	return ticks{r.from - more, r.to + more}
}

func strongest(runs []run) run {
	var best run
	for _, r := range runs {
		if r.evidence > best.evidence {
			best = r
		}
	}
	return best
}

// segments finds the parts of a range that agree under an alignment: the
// maximal segments of the sum of log-likelihood ratios, as in local alignment
// of sequences (Karlin and Altschul, PNAS 87, 1990).
func (p *pair) segments(a alignment, t ticks, slackTime float64, slackFreq int) []run {
	var runs []run
	var sum, start float64
	var best run
	p.scan(a, t, p.null(a, t, slackTime, slackFreq), func(l look) {
		if sum == 0 {
			if !l.hit {
				return
			}
			start = l.at
		}
		sum += l.gain
		if l.hit && sum > best.evidence {
			best = run{ticks{start, l.at + 1}, sum}
		}
		if sum <= 0 || sum < best.evidence-drop {
			if best.evidence >= least {
				runs = append(runs, best)
			}
			sum, best = 0, run{}
		}
	})
	if best.evidence >= least {
		runs = append(runs, best)
	}
	return runs
}

// total is the evidence in a range.
func (p *pair) total(a alignment, t ticks, n *null) float64 {
	sum := 0.0
	p.scan(a, t, n, func(l look) { sum += l.gain })
	return sum
}

// scan looks each of the work's peaks in a range up in the query and tells
// what that says for the alignment.
func (p *pair) scan(a alignment, t ticks, n *null, tell func(look)) {
	w := p.work.between(t.from, t.to)
	q := p.query.between(a.queryTick(t.from)-n.slackTime, a.queryTick(t.to)+n.slackTime)
	shift := int(math.Round(a.shift))
	next := 0
	for i, at := range w.ticks {
		tick := a.queryTick(float64(at))
		for next < len(q.ticks) && float64(q.ticks[next]) < tick-n.slackTime {
			next++
		}
		f := w.freq(i) + shift
		if f < 0 || f >= fineBands {
			continue
		}
		class := min(w.rank(i)/rankClass, rankClasses-1)
		if k, around := q.near(next, tick+n.slackTime, f, n.slackFreq); k >= 0 {
			gain := math.Ln2 * log2(1+hitRates[class]/(float32(around)*n.share[f]))
			tell(look{float64(at), float64(gain), true, float64(q.ticks[k]) - tick, float64(q.freq(k) - f)})
		} else {
			tell(look{at: float64(at), gain: missGains[class]})
		}
	}
}

// look is what came of looking one peak of the work up in the query.
type look struct {
	at    float64 // its tick
	gain  float64 // in nats
	hit   bool
	dTick float64 // of a hit: how far off it was found, in ticks of the query
	dFreq float64 // and in quarter bands
}

// near returns the index of the peak from index i on, up to a tick, that lies
// nearest to a frequency, or -1, and how many peaks there are up to the tick.
func (l landmarks) near(i int, to float64, freq, slack int) (nearest, around int) {
	nearest = -1
	for ; i < len(l.ticks) && float64(l.ticks[i]) <= to && around < maxTies; i, around = i+1, around+1 {
		d := l.freq(i) - freq
		if d = max(d, -d); d <= slack {
			nearest, slack = i, d-1
		}
	}
	return nearest, around
}

// null is the model of accidents: given when the query has peaks, and how
// many, their frequencies are drawn from all that it has about then. A common
// rhythm, steady tones, a common key and hum explain themselves away.
//
// With x the expected number of such peaks within reach of the one looked
// for, accident shows it with probability x/(1+x), and a copy shows it in
// addition at the rate of hitRates. The ratio of likelihoods is 1 + rate/x
// of a hit and 1 - rate of a miss.
type null struct {
	slackTime float64
	slackFreq int
	share     [fineBands]float32 // of the query's peaks that lie within reach of each frequency
}

// hitRates is how many of the work's peaks of each rank class a badly
// treated copy shows beyond accident, as measured with noise and speech at
// equal level. A clean copy shows nearly all, and gathers enough evidence.
var hitRates = [rankClasses]float32{0.30, 0.25, 0.20, 0.14}

// missGains is what a miss of each rank class says, in nats.
var missGains = newMissGains()

func newMissGains() (gains [rankClasses]float64) {
	for i, rate := range hitRates {
		gains[i] = math.Ln2 * float64(log2(1-rate))
	}
	return gains
}

const (
	rankClass   = 8 // ranks
	rankClasses = keep / rankClass
)

// null models a range of the work under an alignment.
func (p *pair) null(a alignment, t ticks, slackTime float64, slackFreq int) *null {
	q := p.query.between(a.queryTick(t.from)-slackTime, a.queryTick(t.to)+slackTime)
	var count [fineBands + 1]int // of peaks below each frequency
	for i := range q.ticks {
		if f := q.freq(i); f < fineBands {
			count[f+1]++
		}
	}
	for f := range fineBands {
		count[f+1] += count[f]
	}
	n := &null{slackTime: slackTime, slackFreq: slackFreq}
	total := float64(max(len(q.ticks), 1))
	even := float64(2*slackFreq+1) / fineBands
	for f := range fineBands {
		c := float64(count[min(f+slackFreq+1, fineBands)] - count[max(f-slackFreq, 0)])
		n.share[f] = float32(float64(0.8*(c+0.5)/(total+0.5)) + float64(0.2*even))
	}
	return n
}

// refine moves the alignment to where the evidence is greatest, first on the
// core of a segment, and then, while the segment grows with it, on twice as
// much: an error of the rate that does not show in ten seconds does in a
// minute.
func (p *pair) refine(a alignment, r run) (alignment, run) {
	middle := (r.from + r.to) / 2
	for length := float64(core); ; length *= 2 {
		t := ticks{max(r.from, middle-length/2), min(r.to, middle+length/2)}
		a = p.climb(a, t, (t.from+t.to)/2)
		s := strongest(p.segments(a, p.all(a), fineTime, fineFreq))
		if s.to-s.from <= length || length > p.workExtent {
			return a, s
		}
		r = s
		middle = max(min(middle, r.to), r.from)
	}
}

// climb takes steps along each coordinate in turn while they gain.
func (p *pair) climb(a alignment, t ticks, middle float64) alignment {
	length := max(t.to-t.from, 50)
	n := p.null(a, t, fineTime, fineFreq)
	best := p.total(a, t, n)
	try := func(b alignment) bool {
		if sum := p.total(b, t, n); sum > best {
			a, best = b, sum
			return true
		}
		return false
	}
	start := a
	for _, shift := range []float64{0, -2, 2, -4, 4} {
		for offset := -4.0; offset <= 4; offset++ {
			b := start
			b.shift += shift
			b.offset += offset
			try(b)
		}
	}
	for range 3 {
		before := best
		for _, step := range []float64{2, 1, 0.5} {
			for _, sign := range []float64{-1, 1} {
				for range 4 {
					if !try(a.pivot(middle, a.rate+float64(sign*step)*2/length)) {
						break
					}
				}
				b := a
				b.offset += sign * step
				try(b)
				b = a
				b.shift += math.Round(sign * step)
				try(b)
			}
		}
		if best == before {
			break
		}
	}
	return p.settle(p.settle(a, t, n), t, n)
}

// settle moves the alignment to the middle of its hits, by least squares: the
// sum of the evidence is flat where all hits are within reach.
func (p *pair) settle(a alignment, t ticks, n *null) alignment {
	var count, mean, tick, freq float64
	p.scan(a, t, n, func(l look) {
		if l.hit {
			count++
			mean += l.at
			tick += l.dTick
			freq += l.dFreq
		}
	})
	if count < 8 {
		return a
	}
	mean, tick, freq = mean/count, tick/count, freq/count
	var along, square float64
	p.scan(a, t, n, func(l look) {
		if l.hit {
			along += float64((l.at - mean) * (l.dTick - tick))
			square += float64((l.at - mean) * (l.at - mean))
		}
	})
	middle := a.queryTick(mean) + tick
	slope := 1 / a.rate // ticks of the query a tick of the work
	if square > 0 {
		slope += along / square
	}
	if slope > 0.5 && slope < 2 {
		a.rate = 1 / slope
	}
	a.offset = mean - float64(a.rate*middle)
	a.shift = math.Round(a.shift) + freq
	return a
}

// threshold is the evidence with which the score is 0.5: see
// docs/algorithms-sound.md.
const threshold = 3.0

// judge weighs a run against what as many trials give by accident. The
// greatest of sums of log-likelihood ratios over m times n places has an
// expected number of accidents of about m*n*exp(-sum) (Karlin and
// Altschul).
func (p *pair) judge(a alignment, r run, b *fingerprint.Background) fingerprint.Segment {
	places := math.Log(max(p.queryExtent, 1)) + math.Log(max(b.Extent, p.workExtent, 1))
	evidence := (r.evidence - places) / math.Ln10
	query := fingerprint.Span{From: max(0, a.queryTick(r.from)), To: min(p.queryExtent, a.queryTick(r.to))}
	return fingerprint.Segment{
		Query:      fingerprint.Span{From: query.From * tick, To: query.To * tick},
		Work:       fingerprint.Span{From: r.from * tick, To: r.to * tick},
		Rate:       a.rate,
		Score:      1 - math.Exp2(-max(evidence, 0)/threshold),
		Evidence:   evidence,
		Hypothesis: describe(a.rate, a.shift/fine),
	}
}
