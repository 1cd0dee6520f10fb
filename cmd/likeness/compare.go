package main

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

type compareCmd struct {
	A string `arg:"" name:"a" help:"The file that may be a copy."`
	B string `arg:"" name:"b" help:"The file that it may be a copy of."`
}

func (*compareCmd) Help() string {
	return `Positions are seconds, or characters of a text. Exit status 0 also when the files
have nothing in common.

Example:
  likeness compare clip.mp4 film.mp4`
}

// comparison is the object that compare --json prints.
type comparison struct {
	A      string        `json:"a"`
	B      string        `json:"b"`
	Score  float64       `json:"score"`
	Tracks []trackReport `json:"tracks"`
}

func (c *compareCmd) Run(s *session) error {
	var sets []*fingerprint.Set
	for r := range ordered(s.ctx, s.Jobs, slices.Values([]file{{path: c.A}, {path: c.B}}), s.readFile) {
		if r.err != nil {
			return r.err
		}
		sets = append(sets, r.set)
	}
	rep := comparison{A: c.A, B: c.B, Tracks: []trackReport{}}
	for _, a := range sets[0].Fingerprints {
		for _, b := range sets[1].Fingerprints {
			if a.Algorithm() != b.Algorithm() {
				continue
			}
			segments, err := fingerprint.Compare(a, b)
			if err != nil {
				return err
			}
			if len(segments) > 0 {
				t := trackReport{a.Kind().String(), a.Algorithm().String(), round(segments[0].Score, 4), reportSegments(segments)}
				rep.Tracks = append(rep.Tracks, t)
				rep.Score = max(rep.Score, t.Score)
			}
		}
	}
	if s.JSON {
		return s.printJSON(rep)
	}
	return s.say("%s", rep.sentence())
}

func (c comparison) sentence() string {
	if len(c.Tracks) == 0 {
		return "nothing in common"
	}
	return workReport{Work: c.B, Score: c.Score, Tracks: c.Tracks}.sentence()
}

type fingerprintCmd struct {
	Paths []string `arg:"" name:"file" help:"Files, or folders with all that is in them."`
}

func (*fingerprintCmd) Help() string {
	return `Prints a line for each fingerprint: the file and, behind a tab, the text form
that fingerprint.UnmarshalText reads. Needs no index.

Example:
  likeness fingerprint --json song.ogg`
}

// printed is one line of fingerprint --json.
type printed struct {
	File         string   `json:"file"`
	Kind         string   `json:"kind,omitempty"`
	Type         string   `json:"type,omitempty"`
	SHA256       string   `json:"sha256,omitempty"`
	Duration     float64  `json:"duration,omitempty"`
	Decoder      string   `json:"decoder,omitempty"`
	Incomplete   string   `json:"incomplete,omitempty"`
	Fingerprints []string `json:"fingerprints,omitempty"` // in text form
	Error        string   `json:"error,omitempty"`
	Unscannable  bool     `json:"unscannable,omitempty"`
}

func (c *fingerprintCmd) Run(s *session) error {
	for _, path := range c.Paths {
		if strings.HasPrefix(path, bucketScheme) { // there is no lock on the spool
			return usageError("fingerprint reads no buckets, scan does")
		}
	}
	for r := range ordered(s.ctx, s.Jobs, files(s.ctx, c.Paths), s.readFile) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		p, err := textForms(r)
		if err != nil {
			return err
		}
		if r.err != nil {
			s.fail(r.err)
		}
		if err := s.printFingerprints(p); err != nil {
			return err
		}
	}
	return s.ctx.Err()
}

func textForms(r read) (printed, error) {
	p := printed{File: r.path}
	if r.err != nil {
		p.Error, p.Unscannable = reason(r.err), unscannable(r.err)
		return p, nil
	}
	p.Kind, p.Type, p.Decoder, p.Incomplete = r.set.Kind.String(), r.set.Type, r.set.Decoder, r.set.Incomplete
	p.SHA256, p.Duration = hex.EncodeToString(r.set.SHA256[:]), round(r.set.Duration.Seconds(), 3)
	for _, f := range r.set.Fingerprints {
		text, err := f.MarshalText()
		if err != nil {
			return p, err
		}
		p.Fingerprints = append(p.Fingerprints, string(text))
	}
	return p, nil
}

func (s *session) printFingerprints(p printed) error {
	if s.JSON {
		return s.printJSON(p)
	}
	for _, text := range p.Fingerprints {
		if err := s.say("%s\t%s", p.File, text); err != nil {
			return err
		}
	}
	return nil
}
