package main

import "iter"

type scanCmd struct {
	Resume bool     `help:"Go on where the last scan of these roots stopped."`
	State  string   `help:"The scan's journal; default: the index's folder with .scan behind it." placeholder:"FILE"`
	Roots  []string `arg:"" name:"root" help:"Folders to scan."`
}

// Run matches all files below the roots, and notes each in the journal after
// its report is out: a scan that is killed reports no file never, and at most
// the last few twice.
func (c *scanCmd) Run(s *session) error {
	if c.State == "" {
		c.State = s.Index + ".scan"
	}
	ix, err := s.open(false)
	if err != nil {
		return err
	}
	defer ix.Close()
	j, err := openJournal(c.State, c.Roots, c.Resume)
	if err != nil {
		return err
	}
	defer j.Close()
	meter := s.progress("scanning", c.Roots)
	defer meter.finish()
	matched, all := 0, 0
	for l := range lookups(s, ix, c.pending(j), 0.5) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		meter.clear()
		if err := s.publish(l); err != nil {
			return err
		}
		if err := j.done(l.file); err != nil {
			return err
		}
		meter.add(l.file)
		all++
		if l.report.Matches != nil && len(*l.report.Matches) > 0 {
			matched++
		}
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.summary(s.errs, "%d files scanned now, %d before: %d matched, %d failed", all, j.before, matched, s.failed)
	return j.finish()
}

// pending yields the files that the journal does not hold yet, unchanged.
func (c *scanCmd) pending(j *journal) iter.Seq[file] {
	return func(yield func(file) bool) {
		for f := range files(c.Roots) {
			if j.holds(f) {
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}
