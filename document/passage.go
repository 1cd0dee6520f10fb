package document

import (
	"math"
	"slices"
	"sync"

	"github.com/likeness-go/likeness/fingerprint"
)

const (
	seed      = 3    // tokens of the shortest agreement that counts
	band      = 600  // characters that a short agreement may lie off the line
	firm      = 8    // tokens of a long agreement, which the line follows
	reach     = 8192 // characters that a long agreement may lie off the line
	tries     = 24   // places in the work that are tried for a seed
	gap       = 0.08 // what a token without agreement costs, in tokens that agree
	drop      = 24.0 // a passage ends where it would cost more to go on
	unitShare = 0.6  // what an ideograph counts in words
	leastGain = 10.0 // a passage that gains less is not worth a judgement

	bucketBits = 14 // the table of seeds in the work has 1<<bucketBits entries
	memoryBits = 12 // 1<<memoryBits seeds are remembered, to tell repetitions
)

// A passage is a run of agreements in both texts, in tokens. It is a locally
// maximal sum of what agreement gains and gaps cost (Karlin and Altschul,
// Methods for assessing the statistical significance of molecular sequence
// features, 1990; with gaps, extended as in BLAST's X-drop).
type passage struct {
	query, work       int // first tokens
	queryEnd, workEnd int
	gain              float64
}

// aligner walks along the line of a candidate and finds the passages near it.
type aligner struct {
	query, work *tape
	background  *fingerprint.Background

	offset float64 // of the line: work = query + offset, in characters
	heads  [1 << bucketBits]int32
	before []int32 // the place with the same bucket before each token of the work
	ready  int     // tokens of the work up to this one are in the table

	open    bool
	sum     float64 // of the passage that is open, and best at its end so far
	best    passage
	i, j    int     // where its last agreement ended
	rarity  float64 // of what agrees here
	seen    [1 << memoryBits]uint32
	results []passage
}

var aligners = sync.Pool{New: func() any { return new(aligner) }}

// align returns all passages near a line, in order.
func align(query, work *tape, offset float64, b *fingerprint.Background) []passage {
	a := aligners.Get().(*aligner)
	defer aligners.Put(a)
	a.query, a.work, a.background, a.offset = query, work, b, offset
	a.open, a.results = false, nil
	for i := range a.heads {
		a.heads[i] = -1
	}
	a.before = slices.Grow(a.before[:0], len(work.tokens))[:len(work.tokens)]
	a.start(offset)
	a.walk()
	a.close()
	return a.results
}

// start skips the part of the work that lies before all of the query.
func (a *aligner) start(offset float64) {
	at := uint32(max(0, min(offset-reach, float64(a.work.extent))))
	a.ready, _ = slices.BinarySearch(a.work.at, at)
}

func (a *aligner) walk() {
	at := uint32(max(0, min(-a.offset-reach, float64(a.query.extent))))
	i, _ := slices.BinarySearch(a.query.at, at)
	for i+seed <= len(a.query.tokens) {
		place := float64(a.query.at[i]) + a.offset
		if place > float64(a.work.extent)+reach {
			return
		}
		a.fill(place + reach)
		j, n := a.find(i, place)
		if j < 0 {
			i++
			continue
		}
		a.agree(i, j, n)
		i += n
	}
}

// fill puts the work's seeds up to a place into the table.
func (a *aligner) fill(place float64) {
	for a.ready+seed <= len(a.work.tokens) && float64(a.work.at[a.ready]) <= place {
		b := bucket(seedAt(a.work.tokens, a.ready), bucketBits)
		a.before[a.ready] = a.heads[b]
		a.heads[b] = int32(a.ready)
		a.ready++
	}
}

func seedAt(t []token, i int) uint32 {
	return uint32(t[i])<<(2*tokenBits) | uint32(t[i+1])<<tokenBits | uint32(t[i+2])
}

// bucket hashes a seed to a number of so many bits.
func bucket(seed uint32, bits int) uint32 { return seed * 0x9e3779b1 >> (32 - bits) }

// find returns where in the work the seed at token i of the query stands, and
// how many tokens agree there: on the line that the passage follows, or else
// nearest to it; -1 if nowhere. A short agreement lies in the band, after what
// already agreed, or else it is an accident. A long one may lie further off:
// there the text was moved, or something was put in or left out.
func (a *aligner) find(i int, place float64) (where, n int) {
	want := seedAt(a.query.tokens, i)
	if next := a.j + i - a.i; a.open && next+seed <= len(a.work.tokens) && seedAt(a.work.tokens, next) == want {
		return next, a.run(i, next)
	}
	least := 0
	if a.open && a.best.gain >= leastGain {
		least = a.j
	}
	where = -1
	distance := float64(reach)
	j := int(a.heads[bucket(want, bucketBits)])
	for range tries {
		if j < 0 {
			break
		}
		d := float64(a.work.at[j]) - place
		if d < -distance {
			break // and so do all that come before
		}
		if math.Abs(d) <= distance && seedAt(a.work.tokens, j) == want {
			if m := a.run(i, j); m >= firm || j >= least && math.Abs(d) <= band {
				where, n, distance = j, m, math.Abs(d)
			}
		}
		j = int(a.before[j])
	}
	return where, n
}

// run returns how many tokens agree from here on.
func (a *aligner) run(i, j int) int {
	q, w := a.query.tokens[i:], a.work.tokens[j:]
	n := seed
	for n < len(q) && n < len(w) && q[n] == w[n] {
		n++
	}
	return n
}

// agree adds an agreement of n tokens to the passage, or begins another one
// if the gap before it is too dear.
func (a *aligner) agree(i, j, n int) {
	if a.open {
		a.sum -= float64(gap*a.weight(i)) * float64(max(i-a.i, j-a.j))
		if j < a.j || a.sum <= 0 || a.best.gain-a.sum > drop {
			a.close()
		}
	}
	if !a.open {
		a.open, a.sum, a.rarity = true, 0, 1
		a.best = passage{query: i, work: j}
		a.seen = [1 << memoryBits]uint32{}
	}
	for k := i; k < i+n; k++ {
		a.sum += a.gain(k, min(k, i+n-seed))
	}
	a.i, a.j = i+n, j+n
	if a.sum > a.best.gain {
		a.best.gain, a.best.queryEnd, a.best.workEnd = a.sum, a.i, a.j
	}
	if n >= firm {
		a.offset = float64(a.work.at[j]) - float64(a.query.at[i])
	}
}

func (a *aligner) weight(i int) float64 {
	if a.query.tokens[i].isUnit() {
		return unitShare
	}
	return 1
}

// gain is what the agreement of one token of the query counts: nothing if the
// seed around it agreed a short while ago, since a repetition is no evidence,
// and little if the terms around it stand in many works.
func (a *aligner) gain(i, seedIn int) float64 {
	if key, ok := a.query.shingle(i); ok {
		a.rarity = a.rarityOf(key)
	}
	s := seedAt(a.query.tokens, seedIn)
	if place := &a.seen[bucket(s, memoryBits)]; seedIn == i && *place == s {
		return 0
	} else if seedIn == i {
		*place = s
	}
	return float64(a.weight(i) * a.rarity)
}

// rarityOf is the worth of a term, by the number of works that it stands in.
// Two editions of a book do not lower it; a preface that stands in dozens of
// works is worth nothing.
func (a *aligner) rarityOf(key uint64) float64 {
	if isBoilerplate(key) {
		return 0
	}
	if a.background.Frequency == nil {
		return 1
	}
	r := commonWorks / float64(max(commonWorks, a.background.Frequency(key)))
	return r * r * r
}

const commonWorks = 2

func (a *aligner) close() {
	if a.open && a.best.gain >= leastGain {
		a.results = append(a.results, a.best)
	}
	a.open = false
}
