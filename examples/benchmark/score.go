package main

import (
	"math"
	"slices"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// judged are the figures of one matcher on one kind of media.
type judged struct {
	Matcher   string     `json:"matcher"`
	Kind      string     `json:"kind"`
	Copies    int        `json:"copies"`    // works to be found in queries
	Strangers int        `json:"strangers"` // queries that hold no work
	Levels    []level    `json:"levels"`    // thresholds, and what they cost
	Rows      []row      `json:"rows"`
	MicroAP   float64    `json:"micro_ap"`
	Curve     []detPoint `json:"det"`
	IoU       float64    `json:"iou"`        // median, of what was found first
	OffsetP50 float64    `json:"offset_p50"` // error of the offset, in the kind's unit
	OffsetP90 float64    `json:"offset_p90"`
	QueryCPU  float64    `json:"query_cpu"`  // seconds a query, decoding included
	WrongWork int        `json:"wrong_work"` // copies for which another work reached the default threshold
	Failed    int        `json:"failed"`     // queries that ended in an error
}

// A level is a threshold with the rates at it.
type level struct {
	Name      string   `json:"name"`
	Threshold float64  `json:"threshold"`
	Found     interval `json:"found"`
	False     interval `json:"false"`
	// Transferred is the false-match rate on one half of the strangers of a
	// threshold that was chosen on the other half.
	Transferred *interval `json:"transferred,omitempty"`
}

// A row is one transform at one strength and one length of excerpt.
type row struct {
	Transform string     `json:"transform"`
	Strength  string     `json:"strength,omitempty"`
	Length    float64    `json:"length"`
	First     interval   `json:"first"`  // the right work first, whatever the score
	Levels    []interval `json:"levels"` // found at each of the levels
	False     []interval `json:"false"`  // strangers under the same transform
}

// A trial is one work that a query holds, and how it was found.
type trial struct {
	outcome
	truth
	score  float64 // of the right work if it came first (of several works: among the first), else 0
	iou    float64
	offset float64
}

// trials takes the outcomes apart: a trial for each work in a copy, and the
// highest score of each stranger.
func trials(all []outcome) (found []trial, strangers []float64, strange []outcome) {
	for _, o := range all {
		if o.Split == stranger {
			best := 0.0
			if len(o.Answers) > 0 {
				best = o.Answers[0].Score
			}
			strangers, strange = append(strangers, best), append(strange, o)
			continue
		}
		for _, t := range o.Truths {
			found = append(found, o.try(t, len(o.Truths)))
		}
	}
	return found, strangers, strange
}

// try looks for a work among the first distinct answers, as many as there are
// works in the query.
func (o outcome) try(t truth, works int) trial {
	tr := trial{outcome: o, truth: t, offset: math.NaN()}
	var seen []string
	for _, a := range o.Answers {
		if o.excuses(a.Source) {
			continue
		}
		if !slices.Contains(seen, a.Source) {
			if seen = append(seen, a.Source); len(seen) > works {
				break
			}
		}
		if a.Source != t.Source {
			continue
		}
		tr.score = max(tr.score, a.Score)
		if i := iou(a.Query.From, a.Query.To, t.Query.From, t.Query.To); a.Kind == t.Kind && i > tr.iou {
			tr.iou = i
			rate := 1.0
			if q := t.Query.Length(); q > 0 {
				rate = t.Work.Length() / q
			}
			// where the work would be at the answer's middle, against where it is
			middle := (a.Query.From + a.Query.To) / 2
			tr.offset = math.Abs((a.Work.From+a.Work.To)/2 - (t.Work.From + rate*(middle-t.Query.From)))
		}
	}
	return tr
}

// judge computes the figures of one matcher on one kind.
func judge(name string, kind fingerprint.Kind, all []outcome, defaultThreshold float64) judged {
	all = slices.DeleteFunc(slices.Clone(all), func(o outcome) bool { return o.Kind != kind })
	found, strangers, strange := trials(all)
	j := judged{Matcher: name, Kind: kind.String(), Copies: len(found), Strangers: len(strangers)}
	j.Levels = []level{
		{Name: "≤ 1 % false", Threshold: threshold(strangers, 0.01)},
		{Name: "no false", Threshold: threshold(strangers, 0)},
	}
	if defaultThreshold > 0 {
		j.Levels = append([]level{{Name: "default", Threshold: defaultThreshold}}, j.Levels...)
	}
	for i := range j.Levels {
		l := &j.Levels[i]
		l.Found, l.False = countTrials(found, l.Threshold), countScores(strangers, l.Threshold)
	}
	transfer(&j.Levels[len(j.Levels)-2], strange)
	j.Rows = rows(found, strange, j.Levels)
	j.describe(found, strangers, all)
	return j
}

// transfer chooses the threshold for 1 % on the strangers of one half of the
// sources and counts the false matches of the other half.
func transfer(l *level, strange []outcome) {
	var halves [2][]float64
	for _, o := range strange {
		best := 0.0
		if len(o.Answers) > 0 {
			best = o.Answers[0].Score
		}
		h := draw(*seed, "half", o.Source) % 2
		halves[h] = append(halves[h], best)
	}
	i := countScores(halves[1], threshold(halves[0], 0.01))
	l.Transferred = &i
}

func countTrials(found []trial, least float64) interval {
	hits := 0
	for _, t := range found {
		if t.score > 0 && t.score >= least {
			hits++
		}
	}
	return wilson(hits, len(found))
}

func countScores(scores []float64, least float64) interval {
	hits := 0
	for _, s := range scores {
		if s > 0 && s >= least {
			hits++
		}
	}
	return wilson(hits, len(scores))
}

type rowKey struct {
	transform, strength string
	length              float64
}

// rows groups trials and strangers by transform, strength and length.
func rows(found []trial, strange []outcome, levels []level) []row {
	groups := map[rowKey][]trial{}
	strangers := map[rowKey][]float64{}
	var keys []rowKey
	for _, t := range found {
		k := rowKey{t.Transform, t.Strength, t.Length}
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], t)
	}
	for _, o := range strange {
		k := rowKey{o.Transform, o.Strength, o.Length}
		best := 0.0
		if len(o.Answers) > 0 {
			best = o.Answers[0].Score
		}
		strangers[k] = append(strangers[k], best)
	}
	slices.SortFunc(keys, func(a, b rowKey) int {
		if c := strings.Compare(a.transform, b.transform); c != 0 {
			return c
		}
		if c := strings.Compare(a.strength, b.strength); c != 0 {
			return c
		}
		return int(math.Copysign(1, a.length-b.length))
	})
	var out []row
	for _, k := range keys {
		r := row{Transform: k.transform, Strength: k.strength, Length: k.length, First: countTrials(groups[k], 0)}
		for _, l := range levels {
			r.Levels = append(r.Levels, countTrials(groups[k], l.Threshold))
			r.False = append(r.False, countScores(strangers[k], l.Threshold))
		}
		out = append(out, r)
	}
	return out
}

// describe fills in what is not a rate.
func (j *judged) describe(found []trial, strangers []float64, all []outcome) {
	var scores, ious, offsets []float64
	var predictions []prediction
	for _, t := range found {
		if t.score > 0 {
			scores, ious = append(scores, t.score), append(ious, t.iou)
			if !math.IsNaN(t.offset) {
				offsets = append(offsets, t.offset)
			}
		}
	}
	cpuSum := 0.0
	for _, o := range all {
		cpuSum += o.CPU
		if o.Error != "" {
			j.Failed++
		}
		predictions = append(predictions, o.predictions()...)
		if o.Split == work && slices.ContainsFunc(o.Answers, func(a answer) bool { return a.Score >= j.Levels[0].Threshold && o.wrong(a.Source) }) {
			j.WrongWork++
		}
	}
	j.Curve = det(scores, strangers, len(found))
	j.MicroAP = microAP(predictions, len(found))
	j.IoU, j.OffsetP50, j.OffsetP90 = quantile(ious, 0.5), quantile(offsets, 0.5), quantile(offsets, 0.9)
	if len(all) > 0 {
		j.QueryCPU = cpuSum / float64(len(all))
	}
}

// holds reports whether a work is in the query.
func (o outcome) holds(source string) bool {
	return slices.ContainsFunc(o.Truths, func(t truth) bool { return t.Source == source })
}

// excuses reports whether a work is not in the query but, as the audit found,
// shares something with one that is: to name it is neither right nor wrong.
func (o outcome) excuses(source string) bool {
	return slices.Contains(o.Related, source) && !o.holds(source)
}

// wrong reports whether it is a fault to see a work in the query.
func (o outcome) wrong(source string) bool { return !o.holds(source) && !o.excuses(source) }

// worst is the false answer with the highest score.
func (o outcome) worst() (answer, bool) {
	i := slices.IndexFunc(o.Answers, func(a answer) bool { return a.Score > 0 && o.wrong(a.Source) })
	if i < 0 {
		return answer{}, false
	}
	return o.Answers[i], true
}

// predictions are the distinct works that an outcome claims, each with its
// best score.
func (o outcome) predictions() []prediction {
	var out []prediction
	var seen []string
	for _, a := range o.Answers {
		if !slices.Contains(seen, a.Source) && !o.excuses(a.Source) {
			seen = append(seen, a.Source)
			out = append(out, prediction{a.Score, o.Split == work && o.holds(a.Source)})
		}
	}
	return out
}
