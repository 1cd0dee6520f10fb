package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// library is one run: the corpus, and Likeness with an index of its own.
type library struct {
	options
	corpus   corpus
	skipped  []string
	notes    []string
	excluded []shared            // strangers that were left out
	related  map[string][]string // works that share something with a work
	lengths  map[string]float64  // of each source, in the kind's unit
	ours     *likeness
	dir      string
}

func openLibrary(ctx context.Context, o options) (*library, error) {
	l := &library{options: o, lengths: map[string]float64{}}
	var err error
	if l.corpus, l.skipped, err = loadCorpus(o.corpus, kindOf); err != nil {
		return nil, err
	}
	if len(l.corpus.Sources) == 0 {
		return nil, fmt.Errorf("nothing to measure in %s", o.corpus)
	}
	if l.dir, err = os.MkdirTemp("", "benchmark"); err != nil {
		return nil, err
	}
	l.ours, err = newLikeness(filepath.Join(l.dir, "index"))
	return l, err
}

// Close removes the index.
func (l *library) Close() {
	l.ours.Close()
	os.RemoveAll(l.dir)
}

// measure makes the queries, registers the works, and asks every matcher.
func (l *library) measure(ctx context.Context, transforms []transform) (*result, error) {
	start := time.Now()
	if l.audit {
		if err := l.auditCorpus(ctx); err != nil {
			return nil, err
		}
		l.reportAudit()
	}
	if err := l.measureLengths(ctx); err != nil {
		return nil, err
	}
	var all []plan
	for _, k := range l.kinds {
		ofKind := slices.DeleteFunc(slices.Clone(transforms), func(t transform) bool { return t.Kind != k })
		all = append(all, plans(l.corpus, ofKind, l.works[k], l.strangers[k], func(s source) float64 { return l.lengths[s.ID] })...)
	}
	queries, unfit, err := makeAll(ctx, all, l.cache, l.jobs)
	if err != nil {
		return nil, err
	}
	r := &result{Version: resultVersion, Seed: *seed, Corpus: filepath.Base(l.options.corpus), Started: start.UTC(),
		Machine: thisMachine(l.jobs), Unfit: unfit, Skipped: l.skipped, Excluded: l.excluded, Related: l.related, Notes: l.notes}
	for _, k := range l.kinds {
		r.Sources = append(r.Sources, sources{k.String(), len(l.corpus.of(k, work, 0)), len(l.corpus.of(k, stranger, 0))})
	}
	var works []source
	for _, k := range l.kinds {
		works = append(works, l.corpus.of(k, work, 0)...)
	}
	for _, m := range l.matchers(r) {
		if err := l.ask(ctx, r, m, works, queries); err != nil {
			return nil, err
		}
	}
	if r.Costs, err = l.costs(ctx); err != nil {
		return nil, err
	}
	if len(l.distractors) > 0 {
		if r.Growth, err = l.grow(ctx, r.Outcomes); err != nil {
			return nil, err
		}
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// matchers are Likeness and every peer that is installed.
func (l *library) matchers(r *result) []matcher {
	all := []matcher{l.ours}
	if !l.peers {
		return all
	}
	for _, p := range peers() {
		if !slices.ContainsFunc(l.kinds, func(k fingerprint.Kind) bool { return slices.Contains(p.Kinds(), k) }) {
			continue
		}
		if err := p.Missing(); err != nil {
			r.Notes = append(r.Notes, fmt.Sprintf("%s skipped: %v", p.Name(), err))
			continue
		}
		all = append(all, p)
	}
	return all
}

func (l *library) ask(ctx context.Context, r *result, m matcher, works []source, queries []query) error {
	if m != matcher(l.ours) {
		defer m.Close()
	}
	if err := registerAll(ctx, m, works, l.jobs); err != nil {
		return err
	}
	outcomes, err := askAll(ctx, m, queries)
	if err != nil {
		return err
	}
	for i := range outcomes {
		for _, t := range outcomes[i].Truths {
			outcomes[i].Related = append(outcomes[i].Related, l.related[t.Source]...)
		}
	}
	level := 0.0
	if m == matcher(l.ours) {
		level = 0.5
		r.Outcomes = outcomes
		r.exhibits = map[string]exhibits{}
	}
	for _, k := range l.kinds {
		j := judge(m.Name(), k, outcomes, level)
		if j.Copies == 0 {
			continue
		}
		r.Judged = append(r.Judged, j)
		if m == matcher(l.ours) {
			misses, wrong := l.exhibitsOf(ctx, k, outcomes, level, 12)
			r.exhibits[k.String()] = exhibits{misses, wrong}
		}
	}
	return nil
}

// measureLengths learns how long the sources are, so that excerpts can be
// planned; a document's is its words, a picture has none.
func (l *library) measureLengths(ctx context.Context) error {
	type length struct {
		id string
		n  float64
	}
	wanted := slices.DeleteFunc(slices.Clone(l.corpus.Sources), func(s source) bool { return !slices.Contains(l.kinds, s.Kind) })
	found := make(chan length, len(wanted))
	err := inParallel(ctx, l.jobs, "measuring", wanted, func(ctx context.Context, s source) error {
		switch s.Kind {
		case fingerprint.Audio, fingerprint.Video:
			if n, err := durationOf(ctx, s.Path); err == nil {
				found <- length{s.ID, n}
			}
		case fingerprint.Document:
			if text, err := textOf(ctx, s.Path); err == nil {
				found <- length{s.ID, float64(len(words(text)))}
			}
		}
		return nil
	})
	close(found)
	for f := range found {
		l.lengths[f.id] = f.n
	}
	return err
}
