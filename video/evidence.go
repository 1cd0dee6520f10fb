package video

import (
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

// What proves that two films are the same is not that their pictures are
// alike: two recordings in front of the same wall are that all the time. It
// is that they change alike. A change is the difference of two frames about
// two seconds apart; in copies it correlates by 0.6 and more, in others by 0,
// give or take 0.2, even where the pictures themselves correlate by 0.9. So a
// still picture proves nothing, and one cut or one gesture proves much.
const (
	lag      = 1.5 * ticksPerSecond // between the frames of a change, at least
	mostLag  = 4 * ticksPerSecond   // and at most
	counted  = 2 * ticksPerSecond   // the time that counts as one independent change
	stirring = 0.08                 // energy of a change above the noise of coding

	moving = 0.3 // and that of a change that no copy hides,
	still  = 8   // if it is so many times the other's

	expected = 0.8 // correlation of changes in copies
	spreadOf = 0.2 // of correlations, in copies and others

	unlike       = 0.4  // frames less alike than this are not copies
	alikeEnough  = 0.6  // and those above it may belong to the copied part
	leastPenalty = -2.0 // decimal logarithms, for one change
	mostReward   = 6.0
	halfPrice    = 0.5 // of the changes of half a picture, which agree by accident more often
	pictureGift  = 2.0 // for the pictures being alike at all
)

// judge gives the evidence that a pair adds, as the decimal logarithm of how
// much likelier it is in a copy than by accident.
func judge(pairs []pair) []float64 {
	scores := make([]float64, len(pairs))
	j := 0
	for i, p := range pairs {
		time := 0.
		if i > 0 {
			time = math.Min(p.at-pairs[i-1].at, ticksPerSecond) / counted
		}
		if p.alike < unlike {
			scores[i] = -1.5 * math.Max(time, 0.1)
			continue
		}
		for j+1 < i && p.at-pairs[j+1].at >= lag {
			j++
		}
		if d := p.at - pairs[j].at; d >= lag && d <= mostLag {
			scores[i] = time * change(pairs[j], p)
		}
	}
	return scores
}

// change judges how alike the query and the work changed between two pairs.
func change(a, b pair) float64 {
	query, work := b.query.Minus(a.query), b.work.Minus(a.work)
	eq, ew := float64(query.Correlate(query)), float64(work.Correlate(work))
	switch less, more := math.Min(eq, ew), math.Max(eq, ew); {
	case less < stirring && more > still*less && more > moving:
		return leastPenalty / 2 // one moves, the other doesn't
	case less < stirring:
		return 0
	}
	r := float64(query.Correlate(work)) / math.Sqrt(eq*ew)
	llr := (float64(r*expected) - expected*expected/2) / (spreadOf * spreadOf * math.Ln10)
	return math.Max(leastPenalty, math.Min(mostReward, llr))
}

// run is the stretch of scores with the largest sum.
func run(scores []float64) (from, to int, sum float64) {
	start, current := 0, 0.
	for i, s := range scores {
		if current <= 0 {
			start, current = i, 0
		}
		current += s
		if current > sum {
			from, to, sum = start, i+1, current
		}
	}
	return from, to, sum
}

func verify(query, work *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
	if c.Hypothesis < 0 || c.Hypothesis >= 2*len(rates) || query.Width() != codeSize || work.Width() != codeSize {
		return nil
	}
	from, to := float64(c.From), float64(c.To)
	if c.To == 0 {
		to = float64(query.Extent())
	}
	if from >= to || math.IsNaN(c.Offset) || math.IsInf(c.Offset, 0) {
		return nil
	}
	l := line{rates[c.Hypothesis%len(rates)].rate, c.Offset, c.Hypothesis >= len(rates)}
	tracks := func(f *fingerprint.Fingerprint) [2]*track {
		return [2]*track{trackOf(f, whole), trackOf(f, inner)}
	}
	f, score := bestFit(tracks(query), tracks(work), l, from, to)
	if score < unlike {
		return nil
	}
	f.remember()
	f = f.align(from, to)
	pairs := f.pairs(from, to)
	first, last, sum := run(judge(pairs))
	if f.lay.Partial() {
		sum *= halfPrice
	}
	if sum <= 0 {
		return nil
	}
	for first > 0 && pairs[first-1].alike > alikeEnough {
		first--
	}
	for last < len(pairs) && pairs[last].alike > alikeEnough {
		last++
	}
	return []fingerprint.Segment{f.segment(pairs[first:last], sum, b)}
}

// pairs lays all frames of a window over the work, and goes on to both sides
// for as long as they are alike.
func (f *fit) pairs(from, to float64) []pair {
	first, last := f.query.from(from), f.query.from(to)
	var before []pair
	for i := range f.walk(first-1, -1) {
		before = append(before, i)
	}
	var all []pair
	for i := len(before) - 1; i >= 0; i-- {
		all = append(all, before[i])
	}
	for i := first; i < last; i++ {
		if p, ok := f.pair(i); ok {
			all = append(all, p)
		}
	}
	for p := range f.walk(last, 1) {
		all = append(all, p)
	}
	return all
}

const (
	patience = 10 * ticksPerSecond // of unlike frames end a walk
	near     = 240                 // frames of a walk before it takes only every fourth
)

// walk gives the pairs from a frame on, in one direction, until the pictures
// have been unlike for a while.
func (f *fit) walk(i, step int) func(func(pair) bool) {
	return func(yield func(pair) bool) {
		if i < 0 || i >= f.query.len() {
			return
		}
		good := f.query.position(i)
		for n := 0; i >= 0 && i < f.query.len(); n++ {
			p, ok := f.pair(i)
			if ok && p.alike >= unlike {
				good = p.at
			}
			if math.Abs(f.query.position(i)-good) > patience || ok && !yield(p) {
				return
			}
			i += step
			if n > near {
				i += 3 * step
			}
		}
	}
}

// The score of a segment is 0.5 where its evidence, less what the size of the
// catalogue takes away, is enough, and falls or rises tenfold in odds with
// every slope of it.
const (
	enough = 4.5
	slope  = 4.
)

func (f *fit) segment(pairs []pair, sum float64, b *fingerprint.Background) fingerprint.Segment {
	q := fingerprint.Span{From: pairs[0].at / ticksPerSecond, To: (pairs[len(pairs)-1].at + 2) / ticksPerSecond}
	w := fingerprint.Span{From: float64(f.rate*q.From) + f.offset/ticksPerSecond, To: float64(f.rate*q.To) + f.offset/ticksPerSecond}
	w.From = math.Max(0, w.From)
	q.To = math.Min(q.To, float64(f.query.of.Extent())/ticksPerSecond)
	w.To = math.Min(w.To, float64(f.work.of.Extent())/ticksPerSecond)
	evidence := sum + pictureGift - math.Log10(1+float64(b.Works))
	return fingerprint.Segment{Query: q, Work: w, Rate: f.rate, Evidence: evidence,
		Score: 1 / (1 + math.Pow(10, -(evidence-enough)/slope)), Hypothesis: f.name()}
}

// name tells what was changed.
func (f *fit) name() (name string) {
	add := func(s string) {
		if name != "" {
			name += ", "
		}
		name += s
	}
	if f.mirrored {
		add("mirrored")
	}
	for _, r := range rates[1:] {
		if r.rate == f.rate {
			add(r.name)
		}
	}
	if f.query.at[0] < f.query.of.Len() && f.query.of.Code(f.query.at[0])[0] == inner {
		add("framed")
	}
	switch {
	case f.lay.Partial():
		add("partly covered")
	case f.lay.Cropped():
		add("cropped")
	}
	return name
}
