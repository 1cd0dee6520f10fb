package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

// A matcher is what is measured: Likeness itself, or a peer. It gets the same
// files and is judged by the same figures.
type matcher interface {
	Name() string
	// Missing says why the matcher cannot run here; nil if it can.
	Missing() error
	Kinds() []fingerprint.Kind
	Register(ctx context.Context, s source) error
	// Query returns every work that it sees in the file, with any score, the
	// best first; scores are comparable within one kind of query.
	Query(ctx context.Context, q query) ([]answer, error)
	Close() error
}

// An answer is one work that a matcher sees in a query.
type answer struct {
	Source string           `json:"source"`
	Score  float64          `json:"score"`
	Kind   fingerprint.Kind `json:"-"` // of the track with the best score
	Query  fingerprint.Span `json:"query"`
	Work   fingerprint.Span `json:"work"`
}

// An outcome is what one matcher answered to one query.
type outcome struct {
	query
	Related []string `json:"related,omitempty"` // works that share something with those it holds
	Answers []answer `json:"answers,omitempty"`
	Error   string   `json:"error,omitempty"`
	CPU     float64  `json:"cpu"` // seconds, of reading and looking up
}

// inParallel calls f for each item on all cores, in no order, until one fails.
func inParallel[T any](ctx context.Context, jobs int, what string, items []T, f func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	meter := newMeter(what, len(items))
	defer meter.finish()
	var next atomic.Int64
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				if err := f(ctx, items[i]); err != nil {
					cancel(err)
					return
				}
				meter.add()
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// makeAll makes the queries of all plans, or takes them from the cache. What
// does not fit its source is left out and counted.
func makeAll(ctx context.Context, all []plan, cache string, jobs int) (queries []query, unfit int, err error) {
	made := make([]query, len(all))
	numbers := make([]int, len(all))
	for i := range numbers {
		numbers[i] = i
	}
	// one source after the other, so that its decoded sound and text are at hand
	slices.SortStableFunc(numbers, func(a, b int) int { return compareStrings(all[a].Source.ID, all[b].Source.ID) })
	err = inParallel(ctx, jobs, "making queries", numbers, func(ctx context.Context, i int) error {
		q, err := all[i].make(ctx, cache)
		switch {
		case err == nil:
			made[i] = q
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errSkip):
		default:
			fmt.Fprintf(os.Stderr, "benchmark: %s, %s: %v\n", all[i].Source.ID, all[i].label(), err)
		}
		return nil
	})
	for _, q := range made {
		if q.Path != "" {
			queries = append(queries, q)
		}
	}
	return queries, len(all) - len(queries), err
}

// likeness is the library itself.
type likeness struct {
	dir   string
	ix    *index.Index
	mu    sync.Mutex
	bytes map[fingerprint.Kind]int64   // of fingerprints, registered
	units map[fingerprint.Kind]float64 // seconds, characters, pictures registered
	sets  map[string]*fingerprint.Set  // of the works, by ID
}

func newLikeness(dir string) (*likeness, error) {
	ix, err := index.Open(dir, nil)
	return &likeness{dir: dir, ix: ix, bytes: map[fingerprint.Kind]int64{}, units: map[fingerprint.Kind]float64{}, sets: map[string]*fingerprint.Set{}}, err
}

func (l *likeness) Name() string   { return "likeness" }
func (l *likeness) Missing() error { return nil }
func (l *likeness) Close() error   { return l.ix.Close() }
func (l *likeness) Kinds() []fingerprint.Kind {
	return []fingerprint.Kind{fingerprint.Audio, fingerprint.Video, fingerprint.Picture, fingerprint.Document}
}

func (l *likeness) Register(ctx context.Context, s source) error {
	set, err := fingerprint.File(ctx, s.Path, nil)
	if err != nil {
		return err
	}
	l.mu.Lock()
	for _, f := range set.Fingerprints {
		b, err := f.AppendBinary(nil)
		if err != nil {
			l.mu.Unlock()
			return err
		}
		l.bytes[f.Kind()] += int64(len(b))
		l.units[f.Kind()] += unitsOf(f)
	}
	l.sets[s.ID] = set
	l.mu.Unlock()
	return l.ix.Register(ctx, index.Work{ID: s.ID, Title: s.ID}, set)
}

func unitsOf(f *fingerprint.Fingerprint) float64 {
	spec, err := fingerprint.SpecOf(f.Algorithm())
	if err != nil {
		return 0
	}
	return float64(f.Extent()) * spec.Tick
}

func (l *likeness) Query(ctx context.Context, q query) ([]answer, error) {
	set, err := fingerprint.File(ctx, q.Path, nil)
	if err != nil {
		return nil, err
	}
	matches, err := l.ix.Lookup(ctx, set, &index.LookupOptions{MinScore: anyScore, MaxMatches: 50})
	if err != nil {
		return nil, err
	}
	return answersOf(matches), nil
}

// models are the fingerprints of some of the works, in their order.
func (l *likeness) models(works []source) []*fingerprint.Set {
	var all []*fingerprint.Set
	for _, s := range works {
		if set := l.sets[s.ID]; set != nil {
			all = append(all, set)
		}
	}
	return all
}

// answersOf lists the best segments of each work, the best of all first.
func answersOf(matches []index.Match) (answers []answer) {
	for _, m := range matches {
		for _, t := range m.Tracks {
			for _, s := range t.Segments[:min(3, len(t.Segments))] {
				answers = append(answers, answer{m.Work.ID, s.Score, t.Kind, s.Query, s.Work})
			}
		}
	}
	slices.SortStableFunc(answers, func(a, b answer) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return answers
}

// anyScore asks a lookup for all that was verified, however weak.
const anyScore = 1e-9

// registerAll registers the works of the kinds that a matcher knows.
func registerAll(ctx context.Context, m matcher, works []source, jobs int) error {
	works = slices.DeleteFunc(slices.Clone(works), func(s source) bool { return !slices.Contains(m.Kinds(), s.Kind) })
	return inParallel(ctx, jobs, m.Name()+": registering", works, func(ctx context.Context, s source) error {
		if err := m.Register(ctx, s); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			fmt.Fprintf(os.Stderr, "benchmark: %s: %s not registered: %v\n", m.Name(), s.ID, err)
		}
		return nil
	})
}

// askAll looks every query up. It is done on one core, so that the CPU of a
// query is its own.
func askAll(ctx context.Context, m matcher, queries []query) ([]outcome, error) {
	var all []outcome
	queries = slices.DeleteFunc(slices.Clone(queries), func(q query) bool { return !slices.Contains(m.Kinds(), q.Kind) })
	err := inParallel(ctx, 1, m.Name()+": looking up", queries, func(ctx context.Context, q query) error {
		o := outcome{query: q}
		before := cpu()
		answers, err := m.Query(ctx, q)
		o.CPU = cpu() - before
		o.Answers = answers
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			o.Error = err.Error()
		}
		all = append(all, o)
		return nil
	})
	return all, err
}

// cpu is the time that this process and its ended children have used, in seconds.
func cpu() float64 {
	total := 0.0
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		if syscall.Getrusage(who, &r) == nil {
			total += time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
		}
	}
	return total
}

// folderSize adds up the files below a folder.
func folderSize(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil
	})
	return bytes
}
