package index

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/align"
	"github.com/likeness-go/likeness/internal/postings"
)

// A search finds the lines on which a fingerprint agrees with the tracks of a
// shelf. It goes through the query by half-windows: each is looked up once and
// votes in the two windows that it is half of, so that no more than two
// windows' votes are in memory.
type search struct {
	ctx   context.Context
	l     *lookup
	spec  *fingerprint.Spec
	shelf shelf

	extent  uint32 // of the query
	half    int    // number of the half-window
	probes  []fingerprint.Probe
	keys    []uint64 // of the probes, distinct
	starts  []int    // where the probes of each key begin, and the end of all
	totals  []int    // postings of each key; -1 when it is left out
	order   []int
	ranges  [][]postings.Range // by segment
	list    []postings.Posting
	works   []int          // tracks in which each key was seen
	last    []uint32       // the last of them
	current *align.Tally   // of window half
	before  *align.Tally   // of window half-1
	lines   []line         // of all windows that are done
	seen    []keyFrequency // of all half-windows; sorted when asked
	sortedF bool
}

// line is where votes of one window gathered.
type line struct {
	track uint32
	fingerprint.Candidate
}

type keyFrequency struct {
	key   uint64
	works int
}

// memory of searches, by the bin of their tallies.
var searches sync.Map // float64 -> *sync.Pool

func newSearch(ctx context.Context, l *lookup, spec *fingerprint.Spec, sh shelf) *search {
	pool, _ := searches.LoadOrStore(spec.Bin, &sync.Pool{New: func() any {
		return &search{current: align.NewTally(spec.Bin), before: align.NewTally(spec.Bin)}
	}})
	s := pool.(*sync.Pool).Get().(*search)
	s.ctx, s.l, s.spec, s.shelf = ctx, l, spec, sh
	s.lines, s.seen, s.sortedF, s.half = s.lines[:0], s.seen[:0], false, 0
	s.current.Reset()
	s.before.Reset()
	return s
}

func (s *search) release() {
	pool, _ := searches.Load(s.spec.Bin)
	s.ctx, s.l, s.shelf = nil, nil, nil
	pool.(*sync.Pool).Put(s)
}

// run fills s.lines.
func (s *search) run(f *fingerprint.Fingerprint) error {
	s.probes, s.extent = s.probes[:0], f.Extent()
	for p := range s.spec.Probes(f) {
		windows := s.spec.Windows(p.Position)
		if half := windows[len(windows)-1]; half != s.half {
			if err := s.step(); err != nil {
				return err
			}
			s.moveTo(half)
		}
		s.probes = append(s.probes, p)
	}
	if err := s.step(); err != nil {
		return err
	}
	s.moveTo(s.half + 2)
	return nil
}

// moveTo finishes the windows that half has no part in.
func (s *search) moveTo(half int) {
	if s.half > 0 {
		s.finish(s.before, s.half-1)
	}
	if half == s.half+1 {
		s.before, s.current = s.current, s.before
	} else {
		s.finish(s.current, s.half)
	}
	s.half = half
}

func (s *search) finish(t *align.Tally, window int) {
	from, to := s.spec.WindowSpan(window, s.extent)
	for _, l := range t.Lines(s.spec.MaxCandidates, fingerprint.LinesPerWork, s.spec.MinVotes) {
		s.lines = append(s.lines, line{l.Work, fingerprint.Candidate{
			Hypothesis: int(l.Hypothesis), Offset: l.Offset, Votes: l.Votes, From: from, To: to}})
	}
	t.Reset()
}

// step looks up the probes gathered so far and lets their hits vote.
func (s *search) step() error {
	if len(s.probes) == 0 {
		return nil
	}
	s.l.stats.Probes += len(s.probes)
	s.group()
	if err := s.find(); err != nil {
		return err
	}
	s.choose()
	for i, g := range s.shelf {
		for _, r := range s.ranges[i] {
			if s.totals[r.Key] >= 0 {
				if err := s.read(g, r); err != nil {
					return err
				}
			}
		}
	}
	for i, key := range s.keys {
		works := s.works[i]
		if s.totals[i] < 0 { // not read: as many as there are postings at most
			works = ^s.totals[i]
		}
		s.seen = append(s.seen, keyFrequency{key, works})
	}
	s.probes = s.probes[:0]
	return nil
}

// group sorts the probes by key.
func (s *search) group() {
	slices.SortFunc(s.probes, func(a, b fingerprint.Probe) int {
		if a.Key != b.Key {
			return cmp.Compare(a.Key, b.Key)
		}
		return cmp.Compare(a.Position, b.Position)
	})
	s.keys, s.starts = s.keys[:0], s.starts[:0]
	for i, p := range s.probes {
		if i == 0 || p.Key != s.probes[i-1].Key {
			s.keys, s.starts = append(s.keys, p.Key), append(s.starts, i)
		}
	}
	s.starts = append(s.starts, len(s.probes))
}

// find finds the lists of all keys in all segments, without reading them.
func (s *search) find() error {
	n := len(s.keys)
	s.totals, s.works, s.last = cleared(s.totals, n), cleared(s.works, n), cleared(s.last, n)
	for len(s.ranges) < len(s.shelf) {
		s.ranges = append(s.ranges, nil)
	}
	for i, g := range s.shelf {
		if err := s.ctx.Err(); err != nil {
			return context.Cause(s.ctx)
		}
		var err error
		if s.ranges[i], err = g.Find(s.ranges[i][:0], s.keys); err != nil {
			return err
		}
		for _, r := range s.ranges[i] {
			s.totals[r.Key] += int(r.To - r.From)
		}
	}
	return nil
}

func cleared[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// choose leaves out the keys above the cap, and the commonest of the others
// if they don't fit into the budget. What is left out has its total inverted.
func (s *search) choose() {
	o, sum := &s.l.options, 0
	s.order = s.order[:0]
	for i, n := range s.totals {
		if o.TermCap > 0 && n > o.TermCap {
			s.l.stats.StopTerms += s.starts[i+1] - s.starts[i]
			s.totals[i] = ^n
		} else if n > 0 {
			sum += n
			s.order = append(s.order, i)
		}
	}
	if o.Budget < 0 || sum <= o.Budget {
		return
	}
	slices.SortFunc(s.order, func(a, b int) int { return cmp.Or(cmp.Compare(s.totals[a], s.totals[b]), cmp.Compare(a, b)) })
	sum = 0
	for _, i := range s.order {
		n := s.totals[i]
		if sum += n; sum > o.Budget {
			s.l.stats.OverBudget += s.starts[i+1] - s.starts[i]
			s.totals[i] = ^n
		}
	}
}

// read lets the list of a key in a segment vote, a thousand postings at a
// time.
func (s *search) read(g *segment, r postings.Range) error {
	probes := s.probes[s.starts[r.Key]:s.starts[r.Key+1]]
	for from := r.From; from < r.To; {
		to := min(r.To, from+1024)
		var err error
		if s.list, err = g.Append(s.list[:0], from, to); err != nil {
			return err
		}
		before := s.l.stats.Postings
		if s.l.stats.Postings += len(s.list); s.l.stats.Postings>>10 != before>>10 {
			if s.ctx.Err() != nil {
				return context.Cause(s.ctx)
			}
		}
		for _, p := range s.list {
			if s.l.snapshot.dead.has(p.Track) {
				continue
			}
			if s.works[r.Key] == 0 || s.last[r.Key] != p.Track {
				s.works[r.Key]++
				s.last[r.Key] = p.Track
			}
			term := fingerprint.Term{Key: p.Key, Position: p.Position, Aux: p.Aux}
			for i := range probes {
				s.vote(&probes[i], term, p.Track)
			}
		}
		from = to
	}
	return nil
}

// vote adds the votes of a hit, as Compare does.
func (s *search) vote(p *fingerprint.Probe, t fingerprint.Term, track uint32) {
	from, to := p.From, p.To
	if s.spec.Refine != nil {
		from, to = s.spec.Refine(*p, t)
	}
	for h := from; h < to; h++ {
		offset := float64(t.Position) - float64(s.spec.Hypotheses[h].Rate*float64(p.Position))
		s.current.Add(track, h, offset, 1)
		if s.half > 0 {
			s.before.Add(track, h, offset, 1)
		}
	}
}

// sorted returns the lines by track, those of each track as Compare takes
// them.
func (s *search) sorted() []line {
	slices.SortFunc(s.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.track, b.track), cmp.Compare(b.Votes, a.Votes),
			cmp.Compare(a.Hypothesis, b.Hypothesis), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.From, b.From))
	})
	return s.lines
}

// frequency returns in how many tracks a key of the query stands.
func (s *search) frequency(key uint64) int {
	if !s.sortedF {
		slices.SortFunc(s.seen, func(a, b keyFrequency) int { return cmp.Compare(a.key, b.key) })
		s.sortedF = true
	}
	i, ok := slices.BinarySearchFunc(s.seen, key, func(f keyFrequency, key uint64) int { return cmp.Compare(f.key, key) })
	if !ok {
		return 0
	}
	return s.seen[i].works
}
