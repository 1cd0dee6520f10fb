package fingerprint

// Findings gathers the segments of one query and one work, candidate by
// candidate, and knows which candidates would only find again what is there.
// Without that, a film of two hours against itself is aligned along all of its
// length once for each of its windows. Not for concurrent use.
type Findings struct {
	Query, Work *Fingerprint
	Spec        *Spec       // of both
	Background  *Background // that verifications are given
	segments    []Segment
	sure        []Segment // of them, in ticks
}

// sureScore is the least score of a segment that keeps candidates from
// verification. A weaker one may be a poor reading of what they read well.
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
			f.sure = append(f.sure, Segment{Query: s.Query.over(f.Spec.Tick), Work: s.Work.over(f.Spec.Tick)})
		}
	}
	return true
}

// Segments returns what was found, tidied. It ends the use of the Findings.
func (f *Findings) Segments() []Segment { return Tidy(f.segments) }

// told reports whether all that a candidate can show lies within a segment
// that is sure, in the query and in the work: Tidy would drop it. Neighbouring
// windows overlap by half, so that what sticks out of one lies within another.
func (f *Findings) told(c Candidate) bool {
	const nearly = 0.8
	query, work := f.shown(c)
	for _, s := range f.sure {
		if query.Overlap(s.Query) >= nearly*query.Length() && work.Overlap(s.Work) >= nearly*work.Length() {
			return true
		}
	}
	return false
}

// shown is the part of a candidate's window that its line puts into the work,
// and where. If the line misses the work, it is the window as it is, which no
// segment can hold.
func (f *Findings) shown(c Candidate) (query, work Span) {
	rate := f.Spec.Hypotheses[c.Hypothesis].Rate
	query = Span{
		max(float64(c.From), -c.Offset/rate),
		min(float64(c.To), (float64(f.Work.extent)-c.Offset)/rate),
	}
	if query.Length() <= 0 {
		query = Span{float64(c.From), float64(c.To)}
	}
	return query, Span{float64(rate*query.From) + c.Offset, float64(rate*query.To) + c.Offset}
}

// over converts a span into ticks.
func (s Span) over(tick float64) Span { return Span{s.From / tick, s.To / tick} }
