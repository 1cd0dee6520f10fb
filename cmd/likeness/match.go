package main

import (
	"context"
	"errors"
	"iter"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

type matchCmd struct {
	FailOnMatch bool     `help:"Exit with status 3 when something matched."`
	MinScore    float64  `help:"Report matches from this score up, 0 to 1." default:"0.5" placeholder:"SCORE"`
	Paths       []string `arg:"" name:"file" help:"Files, or folders with all that is in them."`
}

func (*matchCmd) Help() string {
	return `Each file gets a line: what it holds of which work, and where, in seconds, or in
characters of a text. With --json it is an object; one that could not be read
has "unscannable":true and no "matches".

Examples:
  likeness match upload.mp4
  likeness match --json --fail-on-match uploads/ > report.jsonl`
}

func (c *matchCmd) Run(s *session) error {
	ix, err := s.open(false)
	if err != nil {
		return err
	}
	defer ix.Close()
	inputs := files(s.ctx, c.Paths)
	meter := s.progress("matching", inputs)
	defer meter.finish()
	var count tally
	for l := range lookups(s, ix, inputs, c.MinScore) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		meter.clear()
		if err := s.publish(l); err != nil {
			return err
		}
		meter.add(l.file)
		count.add(l)
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.summary("%d files: %d matched, %d failed", count.files, count.matched, s.failed)
	if c.FailOnMatch && count.matched > 0 {
		return errMatched
	}
	return nil
}

// lookup is what became of one file.
type lookup struct {
	file
	report fileReport
	failed error // names the file; nil if it was read and looked up whole
}

// lookups fingerprints the inputs and looks them up, on all cores, and yields
// the answers in the order of the inputs.
func lookups(s *session, ix *index.Index, inputs iter.Seq[file], minScore float64) iter.Seq[lookup] {
	return ordered(s.ctx, s.Jobs, inputs, func(ctx context.Context, f file) lookup {
		r := s.readFile(ctx, f)
		l := lookup{file: f, report: describe(r)}
		if r.err != nil {
			l.report.Error, l.report.Unscannable = reason(r.err), unscannable(r.err)
			l.failed = r.err
			return l
		}
		matches, err := ix.Lookup(ctx, r.set, &index.LookupOptions{MinScore: minScore})
		if err != nil {
			l.report.Error = err.Error()
			l.failed = &fileError{f.path, err}
			return l
		}
		l.judge(r, matches)
		return l
	})
}

// tally counts what became of the files.
type tally struct{ files, matched int }

func (t *tally) add(l lookup) {
	t.files++
	if l.report.Matches != nil && len(*l.report.Matches) > 0 {
		t.matched++
	}
}

// judge files the matches; where there are none, a file of which a part could
// not be read is unscannable, not clean.
func (l *lookup) judge(r read, matches []index.Match) {
	works := reportWorks(matches)
	doubt := r.doubt()
	if doubt != "" {
		l.failed = &fingerprint.UnscannableError{Name: l.path, Reason: doubt}
	}
	if doubt != "" && len(works) == 0 {
		l.report.Error, l.report.Unscannable = doubt, true
		return
	}
	l.report.Incomplete = doubt
	l.report.Matches = &works
}

// publish prints the report of a file, and its error if it has one.
func (s *session) publish(l lookup) error {
	if l.failed != nil && !errors.Is(l.failed, context.Canceled) {
		s.fail(l.failed)
	}
	return s.printReport(l.report)
}

// fileError names the file of an error that is not the file's fault.
type fileError struct {
	path string
	err  error
}

func (e *fileError) Error() string { return e.path + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }
