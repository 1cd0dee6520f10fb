package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/internal/postings"
)

// LookupOptions for Lookup. A nil *LookupOptions, and the zero value of a
// field, mean the defaults.
type LookupOptions struct {
	// MinScore, from 0 to 1, is the least score of a segment. Default 0.5,
	// the threshold that every algorithm is calibrated for; negative for all.
	MinScore float64
	// MaxMatches is how many works are returned, the best first. Default
	// 1000; negative for all.
	MaxMatches int
	// Kinds are the fingerprints of the query to look up. Default all.
	Kinds []fingerprint.Kind
	// TermCap leaves out terms that have more postings than this: they are
	// in too many works to tell them apart. Default 20,000; negative for no
	// cap.
	TermCap int
	// Budget is how many postings are read for each half of a window of a
	// query, or for a fingerprint whose algorithm has no windows; the rarest
	// terms first. Default 1,000,000; negative for no limit.
	Budget int
	// Stats, if not nil, is filled in with what the lookup did and left out.
	Stats *LookupStats
}

// LookupStats says what a lookup did, and whether it looked at everything.
type LookupStats struct {
	Fingerprints int // of the query that were looked up
	Probes       int // keys asked for, with repetitions
	Postings     int // read
	StopTerms    int // probes left out by the TermCap
	OverBudget   int // probes left out by the Budget
	Candidates   int // lines verified
	Retold       int // lines left out, for a segment holds all that they could show
	Dropped      int // matches beyond MaxMatches
}

// Complete reports whether nothing was left out.
func (s *LookupStats) Complete() bool {
	return s.StopTerms == 0 && s.OverBudget == 0 && s.Dropped == 0
}

func (o *LookupOptions) effective() LookupOptions {
	e := LookupOptions{}
	if o != nil {
		e = *o
	}
	if e.MinScore == 0 {
		e.MinScore = 0.5
	}
	fill(&e.MaxMatches, 1000)
	fill(&e.TermCap, 20_000)
	fill(&e.Budget, 1_000_000)
	return e
}

func fill(field *int, value int) {
	if *field == 0 {
		*field = value
	}
}

// A Match is a work that a file shows, at least in part.
type Match struct {
	Work  Work
	Score float64 // from 0 to 1: the best of its tracks
	// Explained, from 0 to 1, is how much of the query the work shows: the
	// mean over the fingerprints of the query that were looked up.
	Explained float64
	Tracks    []TrackMatch
}

// A TrackMatch tells which parts of one fingerprint of the query show which
// parts of one fingerprint of the work.
type TrackMatch struct {
	Kind      fingerprint.Kind
	Algorithm fingerprint.Algorithm
	QueryPart int                   // index of the fingerprint in the Set of the query
	WorkPart  int                   // index in the Set that was registered
	Score     float64               // of the best segment
	Segments  []fingerprint.Segment // the best first
}

// Lookup finds the works that a query shows, the best match first: the surest,
// and among those with scores above 0.99 the one that explains most of the
// query, then the one with more evidence, then the one of which more is shown,
// then by ID. So the same work registered twice stands in the order of the
// IDs, and a film before the song that plays in it when the film is asked
// for, after it when the song is. Lookup sees
// the index as it is when it begins; registrations neither disturb it nor
// make it wait. A query that shows nothing registered, or that has no usable
// feature, gives no match and no error.
//
// A query of another version of an algorithm than the works gives an
// *AlgorithmError, a cancelled context its error: part of an answer is never
// passed off as all of it.
func (ix *Index) Lookup(ctx context.Context, query *fingerprint.Set, o *LookupOptions) ([]Match, error) {
	if query == nil {
		return nil, errors.New("index: lookup of a nil Set")
	}
	s, err := ix.acquire()
	if err != nil {
		return nil, err
	}
	defer ix.release(s)
	l := &lookup{ix: ix, snapshot: s, options: o.effective()}
	var matches []Match
	err = guard(func() (err error) {
		matches, err = l.run(ctx, query)
		return err
	})
	if o != nil && o.Stats != nil {
		*o.Stats = l.stats
	}
	if errors.Is(err, postings.ErrCorrupt) {
		ix.condemn()
		return nil, fmt.Errorf("%w: %w; they are made anew by the next Open", ErrCorrupt, err)
	}
	return matches, err
}

// lookup is one call of Lookup.
type lookup struct {
	ix       *Index
	snapshot *snapshot
	options  LookupOptions
	stats    LookupStats
}

// trackMatch is a TrackMatch and the stored track that it is of.
type trackMatch struct {
	TrackMatch
	number uint32
	track  uint32
	extent float64 // of the track, in the unit of its kind
}

func (l *lookup) run(ctx context.Context, query *fingerprint.Set) ([]Match, error) {
	var found []trackMatch
	looked := 0
	for i, f := range query.Fingerprints {
		if len(l.options.Kinds) > 0 && !slices.Contains(l.options.Kinds, f.Kind()) {
			continue
		}
		looked++
		tracks, err := l.fingerprint(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, t := range tracks {
			t.QueryPart = i
			found = append(found, t)
		}
	}
	return l.matches(query, looked, found)
}

// fingerprint finds the tracks that one fingerprint of the query shows.
func (l *lookup) fingerprint(ctx context.Context, f *fingerprint.Fingerprint) ([]trackMatch, error) {
	spec, err := f.Spec()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	shelf, err := l.snapshot.state.shelf(f.Algorithm())
	if err != nil || shelf < 0 || l.snapshot.state.Shelves[shelf].Tracks == 0 {
		return nil, err
	}
	l.stats.Fingerprints++
	se := newSearch(ctx, l, spec, l.snapshot.shelves[shelf])
	defer se.release()
	if err := se.run(f); err != nil {
		return nil, err
	}
	return l.verify(ctx, f, se, l.snapshot.state.Shelves[shelf])
}

// verify has the algorithm judge every candidate against its stored
// fingerprint.
func (l *lookup) verify(ctx context.Context, f *fingerprint.Fingerprint, se *search, shelf shelfState) ([]trackMatch, error) {
	background := &fingerprint.Background{Works: shelf.Tracks, Extent: float64(shelf.Extent), Frequency: se.frequency}
	var found []trackMatch
	for lines := se.sorted(); len(lines) > 0; {
		track := lines[0].track
		work, err := l.ix.track(l.snapshot, track)
		if err != nil {
			return nil, err
		}
		if spec, err := work.f.Spec(); err != nil || spec != se.spec {
			return nil, fmt.Errorf("%w: track %d is no work of %s", ErrCorrupt, track, se.spec.Algorithm)
		}
		findings := fingerprint.Findings{Query: f, Work: work.f, Spec: se.spec, Background: background}
		for ; len(lines) > 0 && lines[0].track == track; lines = lines[1:] {
			if err := ctx.Err(); err != nil {
				return nil, context.Cause(ctx)
			}
			if findings.Verify(lines[0].Candidate) {
				l.stats.Candidates++
			} else {
				l.stats.Retold++
			}
		}
		segments := slices.DeleteFunc(findings.Segments(), func(s fingerprint.Segment) bool { return s.Score < l.options.MinScore })
		if len(segments) > 0 {
			found = append(found, trackMatch{
				TrackMatch{Kind: f.Kind(), Algorithm: f.Algorithm(), Score: segments[0].Score, Segments: segments}, work.number, track, extent(work.f)})
		}
	}
	return found, nil
}

// track returns a stored fingerprint, from the cache if it is there.
func (ix *Index) track(s *snapshot, track uint32) (cached, error) {
	if c, ok := ix.cache.get(track); ok {
		return c, nil
	}
	number, f, _, err := readTrack(s.txn, track)
	if err != nil {
		return cached{}, fmt.Errorf("%w (track %d)", err, track)
	}
	c := cached{track, number, f}
	ix.cache.put(c)
	return c, nil
}

// matches gathers tracks by work, the best first.
func (l *lookup) matches(query *fingerprint.Set, looked int, found []trackMatch) ([]Match, error) {
	slices.SortStableFunc(found, func(a, b trackMatch) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(b.Score, a.Score),
			cmp.Compare(a.QueryPart, b.QueryPart), cmp.Compare(a.track, b.track))
	})
	type ranked struct {
		match    Match
		standing standing
	}
	var all []ranked
	for len(found) > 0 {
		number := found[0].number
		r, err := l.snapshot.record(number)
		if err != nil {
			return nil, err
		}
		m := Match{Work: r.Work, Score: found[0].Score}
		var extents []float64
		for ; len(found) > 0 && found[0].number == number; found = found[1:] {
			i := int(found[0].track - number)
			if i >= len(r.Tracks) {
				return nil, fmt.Errorf("%w: work %q has no track %d", ErrCorrupt, r.Work.ID, i)
			}
			t := found[0].TrackMatch
			t.WorkPart = r.Tracks[i].Place
			m.Tracks = append(m.Tracks, t)
			extents = append(extents, found[0].extent)
		}
		standing := m.stand(query, looked, extents)
		all = append(all, ranked{m, standing})
	}
	slices.SortFunc(all, func(a, b ranked) int { return a.standing.compare(b.standing) })
	if most := l.options.MaxMatches; most > 0 && len(all) > most {
		l.stats.Dropped = len(all) - most
		all = all[:most]
	}
	var matches []Match
	for _, r := range all {
		matches = append(matches, r.match)
	}
	return matches, nil
}
