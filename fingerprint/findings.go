package fingerprint

import "math"

// Findings gathers the segments of one query and one work, candidate by
// candidate, and knows which candidates would only find again what is there.
// Without that, a film of two hours against itself is aligned along all of its
// length once for each of its windows. Not for concurrent use.
type Findings struct {
	Query, Work *Fingerprint
	Spec        *Spec       // of both
	Background  *Background // that verifications are given
	segments    []Segment
	sure        []path
}

// A path is where a segment runs, in ticks.
type path struct{ query, work Span }

// sureScore is the least score of a segment that stands for its line. A weaker
// one may be a poor reading of what another candidate reads well.
const sureScore = 0.9

// Verify has a candidate verified, and reports whether that was needed.
// Candidates must come in the order of their votes: the result depends on it.
func (f *Findings) Verify(c Candidate) bool {
	if f.told(c) {
		return false
	}
	for _, s := range f.Spec.Verify(f.Query, f.Work, c, f.Background) {
		f.segments = append(f.segments, s)
		if s.Score >= sureScore {
			f.sure = append(f.sure, path{s.Query.over(f.Spec.Tick), s.Work.over(f.Spec.Tick)})
		}
	}
	return true
}

// Segments returns what was found, tidied. It ends the use of the Findings.
func (f *Findings) Segments() []Segment { return Tidy(f.segments) }

// told reports whether a segment runs along the line of a candidate for nearly
// all of the window whose votes made it. Neighbouring windows overlap by half,
// so that what is left of one lies within another. Another occurrence of the
// same passage lies on another line.
func (f *Findings) told(c Candidate) bool {
	const nearly = 0.8
	shown := f.shown(c)
	if shown.Length() <= 0 {
		return false
	}
	for _, p := range f.sure {
		both := Span{max(shown.From, p.query.From), min(shown.To, p.query.To)}
		if both.Length() >= nearly*shown.Length() && f.along(p, c, both.From) && f.along(p, c, both.To) {
			return true
		}
	}
	return false
}

// shown is the part of a candidate's window that its line puts into the work.
func (f *Findings) shown(c Candidate) Span {
	rate := f.Spec.Hypotheses[c.Hypothesis].Rate
	return Span{
		max(float64(c.From), -c.Offset/rate),
		min(float64(c.To), (float64(f.Work.extent)-c.Offset)/rate),
	}
}

// along reports whether a path and a candidate's line lie within two bins at a
// tick of the query: as near as the lines that a tally takes for one.
func (f *Findings) along(p path, c Candidate, tick float64) bool {
	rate := p.work.Length() / p.query.Length()
	onPath := p.work.From + float64(rate*(tick-p.query.From))
	onLine := float64(f.Spec.Hypotheses[c.Hypothesis].Rate*tick) + c.Offset
	return math.Abs(onPath-onLine) <= 2*f.Spec.Bin
}

// over converts a span into ticks.
func (s Span) over(tick float64) Span { return Span{s.From / tick, s.To / tick} }
