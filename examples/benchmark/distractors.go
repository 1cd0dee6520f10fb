package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

// growth is how one kind of lookup fares in a larger catalogue.
type growth struct {
	Kind      string   `json:"kind"`
	Synthetic int      `json:"synthetic"`  // distractors beside the real works
	LookupCPU float64  `json:"lookup_cpu"` // seconds a query, decoding and hashing apart
	Found     interval `json:"found"`      // copies whose work is named first, at the default threshold
	False     interval `json:"false"`      // queries to which a wrong work, real or synthetic, is named
}

// A distractor is a work that nobody made: features drawn one by one from
// those of real works, so that its terms are as frequent as real ones but
// nothing real is copied. What its length and the distances of its features
// are is drawn from real works too.
type distractors struct {
	spec    *fingerprint.Spec
	models  []*fingerprint.Fingerprint // of real works, in a fixed order
	byBytes bool                       // a code is a whole frame: it is drawn byte by byte
}

// longestDistractor bounds the features of a distractor: a catalogue of
// novels would only measure the memory of this machine.
const longestDistractor = 4000

// distractorsLike makes distractors for each algorithm of a kind.
func distractorsLike(sets []*fingerprint.Set, kind fingerprint.Kind) ([]distractors, error) {
	var all []distractors
	for _, set := range sets {
		for _, f := range set.Of(kind) {
			if f.Len() == 0 {
				continue
			}
			i := slices.IndexFunc(all, func(d distractors) bool { return d.spec.Algorithm == f.Algorithm() })
			if i < 0 {
				spec, err := f.Spec()
				if err != nil {
					return nil, err
				}
				i = len(all)
				all = append(all, distractors{spec: spec, byBytes: kind == fingerprint.Picture || kind == fingerprint.Video})
			}
			all[i].models = append(all[i].models, f)
		}
	}
	return all, nil
}

// make draws one distractor.
func (d *distractors) make(r *rand.Rand) (*fingerprint.Fingerprint, error) {
	model := d.models[r.IntN(len(d.models))]
	n := min(model.Len(), longestDistractor)
	positions, codes := make([]uint32, n), make([]byte, 0, n*d.spec.Width)
	at := model.Position(0)
	for i := range n {
		if i > 0 {
			at += d.gap(r)
		}
		positions[i] = at
		codes = d.appendCode(codes, r)
	}
	return fingerprint.New(d.spec.Algorithm, d.spec.Kind, at+1, d.spec.Width, positions, codes)
}

// findable draws until an index would have something to list.
func (d *distractors) findable(r *rand.Rand) (*fingerprint.Fingerprint, error) {
	for range 100 {
		f, err := d.make(r)
		if err != nil {
			return nil, err
		}
		for range d.spec.Terms(f) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%s: no term in 100 distractors", d.spec.Algorithm)
}

// gap is the distance of two neighbours in some work.
func (d *distractors) gap(r *rand.Rand) uint32 {
	f := d.models[r.IntN(len(d.models))]
	if f.Len() < 2 {
		return 1
	}
	i := 1 + r.IntN(f.Len()-1)
	return f.Position(i) - f.Position(i-1)
}

// appendCode draws the code of one feature; one that stands for a whole frame
// or picture is put together from many, so that none is a real one.
func (d *distractors) appendCode(codes []byte, r *rand.Rand) []byte {
	draw := func() []byte {
		f := d.models[r.IntN(len(d.models))]
		return f.Code(r.IntN(f.Len()))
	}
	if !d.byBytes {
		return append(codes, draw()...)
	}
	for i := range d.spec.Width {
		codes = append(codes, draw()[i])
	}
	return codes
}

// works yields the distractors numbered from up to to, each drawn by its own
// number alone.
func works(all []distractors, kind fingerprint.Kind, from, to int, failed *error) iter.Seq2[index.Work, *fingerprint.Set] {
	return func(yield func(index.Work, *fingerprint.Set) bool) {
		for i := from; i < to; i++ {
			r := rand.New(rand.NewPCG(draw(*seed, "distractor", kind.String()), uint64(i)))
			set := &fingerprint.Set{Kind: kind}
			for k := range all {
				f, err := all[k].findable(r)
				if err != nil {
					*failed = err
					return
				}
				set.Fingerprints = append(set.Fingerprints, f)
			}
			if !yield(index.Work{ID: fmt.Sprintf("distractor/%s/%07d", kind, i)}, set) {
				return
			}
		}
	}
}

// asked is a query with its fingerprints, taken once for all sizes.
type asked struct {
	outcome
	set *fingerprint.Set
}

// grow fills the index with distractors and asks a part of the queries again
// at each size. It comes last: the index is of no other use afterwards.
func (l *library) grow(ctx context.Context, outcomes []outcome) (all []growth, err error) {
	for _, k := range l.kinds {
		queries, err := l.sample(ctx, k, outcomes)
		if err != nil {
			return nil, err
		}
		models, err := distractorsLike(l.ours.models(l.corpus.of(k, work, 64)), k)
		if err != nil || len(queries) == 0 || len(models) == 0 {
			return nil, err
		}
		have := 0
		for _, size := range append([]int{0}, l.distractors...) {
			var failed error
			err := l.ours.ix.RegisterAll(ctx, works(models, k, have, size, &failed))
			if failed != nil || err != nil {
				return nil, fmt.Errorf("distractors: %w", firstError(failed, err))
			}
			have = max(have, size)
			g, err := l.growthAt(ctx, k, size, queries)
			if err != nil {
				return nil, err
			}
			all = append(all, g)
		}
	}
	return all, nil
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// sampled is how many queries of a kind are asked at each size.
const sampled = 120

// sample takes the fingerprints of some queries of a kind, copies and
// strangers as they come.
func (l *library) sample(ctx context.Context, kind fingerprint.Kind, outcomes []outcome) (all []asked, err error) {
	mine := slices.DeleteFunc(slices.Clone(outcomes), func(o outcome) bool { return o.Kind != kind || o.Error != "" })
	step := max(1, len(mine)/sampled)
	meter := newMeter("distractors: reading "+kind.String()+" queries", (len(mine)+step-1)/step)
	defer meter.finish()
	for i := 0; i < len(mine); i += step {
		set, err := fingerprint.File(ctx, mine[i].Path, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, asked{mine[i], set})
		meter.add()
	}
	return all, nil
}

func (l *library) growthAt(ctx context.Context, kind fingerprint.Kind, size int, queries []asked) (growth, error) {
	g := growth{Kind: kind.String(), Synthetic: size}
	found, copies, wrong := 0, 0, 0
	meter := newMeter(fmt.Sprintf("distractors: %s among %d", kind, size), len(queries))
	defer meter.finish()
	for _, q := range queries {
		before := cpu()
		matches, err := l.ours.ix.Lookup(ctx, q.set, &index.LookupOptions{Kinds: []fingerprint.Kind{kind}})
		if err != nil {
			return g, err
		}
		g.LookupCPU += (cpu() - before) / float64(len(queries))
		q.Answers = answersOf(matches)
		if q.Split == work {
			copies++
			if q.try(q.Truths[0], len(q.Truths)).score > 0 {
				found++
			}
		}
		if _, ok := q.worst(); ok {
			wrong++
		}
		meter.add()
	}
	g.Found, g.False = wilson(found, copies), wilson(wrong, len(queries))
	return g, nil
}
