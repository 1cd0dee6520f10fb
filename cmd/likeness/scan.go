package main

import (
	"errors"
	"iter"
)

type scanCmd struct {
	Resume   bool     `help:"Go on where the last scan of these roots stopped."`
	State    string   `help:"The scan's journal; default: the index's folder with .scan behind it." placeholder:"FILE"`
	MinScore float64  `help:"Report matches from this score up, 0 to 1." default:"0.5" placeholder:"SCORE"`
	Roots    []string `arg:"" name:"root" help:"Folders, files, and buckets as s3://bucket/prefix."`
}

func (*scanCmd) Help() string {
	return `Files are read in the order of their names and reported as they are done. A
scan that was stopped goes on with --resume; files that changed since are read
again. The journal is removed when the scan is complete.

Buckets are found and opened with the environment variables AWS_ENDPOINT_URL,
AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; without
keys, only public ones. An object lies in the folder INDEX.spool while it is read.

Examples:
  likeness scan --json /srv/uploads > report.jsonl
  likeness scan --json --resume /srv/uploads >> report.jsonl
  AWS_REGION=eu-central-1 likeness scan s3://uploads/2026/`
}

var errUnreached = errors.New("the scan is not complete, a bucket did not answer: go on with --resume")

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
	pending := c.pending(s, j)
	meter := s.progress("scanning", pending)
	defer meter.finish()
	var count tally
	complete := true
	for l := range lookups(s, ix, pending, c.MinScore) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		meter.clear()
		if err := s.publish(l); err != nil {
			return err
		}
		if unreached(l.failed) {
			complete = false
		} else if err := j.done(l.file); err != nil {
			return err
		}
		meter.add(l.file)
		count.add(l)
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.summary("%d files scanned now, %d before: %d matched, %d failed", count.files, j.before, count.matched, s.failed)
	if !complete {
		return errUnreached
	}
	return j.finish()
}

// pending yields the files that the journal does not hold yet, unchanged.
func (c *scanCmd) pending(s *session, j *journal) iter.Seq[file] {
	return func(yield func(file) bool) {
		for f := range files(s.ctx, c.Roots) {
			if !j.holds(f) && !yield(f) {
				return
			}
		}
	}
}
