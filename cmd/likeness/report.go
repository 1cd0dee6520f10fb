package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

// fileReport is one line of match --json and scan --json: the contract of the
// command line.
type fileReport struct {
	File        string        `json:"file"`
	Kind        string        `json:"kind,omitempty"`
	Type        string        `json:"type,omitempty"`
	SHA256      string        `json:"sha256,omitempty"`
	Duration    float64       `json:"duration,omitempty"` // seconds
	Decoder     string        `json:"decoder,omitempty"`
	Matches     *[]workReport `json:"matches,omitempty"` // nil only when unscannable
	Incomplete  string        `json:"incomplete,omitempty"`
	Error       string        `json:"error,omitempty"`
	Unscannable bool          `json:"unscannable,omitempty"`
}

type workReport struct {
	Work   string        `json:"work"`
	Title  string        `json:"title,omitempty"`
	Holder string        `json:"holder,omitempty"`
	Policy string        `json:"policy,omitempty"`
	Score  float64       `json:"score"`
	Tracks []trackReport `json:"tracks"`
}

type trackReport struct {
	Kind      string          `json:"kind"`
	Algorithm string          `json:"algorithm"`
	Score     float64         `json:"score"`
	Segments  []segmentReport `json:"segments"`
}

type segmentReport struct {
	Query      [2]float64 `json:"query"` // seconds, characters or pages
	Work       [2]float64 `json:"work"`
	Rate       float64    `json:"rate"`
	Score      float64    `json:"score"`
	Evidence   float64    `json:"evidence"`
	Hypothesis string     `json:"hypothesis,omitempty"`
}

// describe starts the report of a file with what is known of it.
func describe(r read) fileReport {
	rep := fileReport{File: r.path}
	if r.set != nil {
		rep.Kind, rep.Type, rep.Decoder = r.set.Kind.String(), r.set.Type, r.set.Decoder
		rep.SHA256 = hex.EncodeToString(r.set.SHA256[:])
		rep.Duration = round(r.set.Duration.Seconds(), 3)
	}
	return rep
}

func reportWorks(matches []index.Match) []workReport {
	works := make([]workReport, 0, len(matches))
	for _, m := range matches {
		w := workReport{Work: m.Work.ID, Title: m.Work.Title, Holder: m.Work.Holder,
			Policy: m.Work.Policy.String(), Score: round(m.Score, 4)}
		for _, t := range m.Tracks {
			w.Tracks = append(w.Tracks, trackReport{t.Kind.String(), t.Algorithm.String(), round(t.Score, 4), reportSegments(t.Segments)})
		}
		works = append(works, w)
	}
	return works
}

func reportSegments(segments []fingerprint.Segment) []segmentReport {
	out := make([]segmentReport, 0, len(segments))
	for _, s := range segments {
		out = append(out, segmentReport{
			Query: [2]float64{round(s.Query.From, 3), round(s.Query.To, 3)},
			Work:  [2]float64{round(s.Work.From, 3), round(s.Work.To, 3)},
			Rate:  round(s.Rate, 5), Score: round(s.Score, 4), Evidence: round(s.Evidence, 2), Hypothesis: s.Hypothesis,
		})
	}
	return out
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// printJSON writes one object on a line of its own.
func (s *session) printJSON(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// say writes a line for people, whatever a stranger put into it: control
// characters could forge lines or drive the terminal.
func (s *session) say(format string, args ...any) error {
	_, err := fmt.Fprintln(s.out, oneLine(fmt.Sprintf(format, args...)))
	return err
}

func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return ' '
		}
		return r
	}, text)
}

// printReport writes what was found in a file, for people or for programs.
func (s *session) printReport(r fileReport) error {
	if s.JSON {
		return s.printJSON(r)
	}
	switch {
	case r.Matches == nil:
		return nil // it is on standard error
	case len(*r.Matches) == 0:
		return s.say("%s: no match", r.File)
	}
	for _, w := range *r.Matches {
		if err := s.say("%s: %s", r.File, w.sentence()); err != nil {
			return err
		}
	}
	return nil
}

// sentence tells one match in a line: film-1 "Film", score 0.97: video 0:00.0-1:01.2 is 20:00.4-21:01.6.
func (w workReport) sentence() string {
	var b strings.Builder
	b.WriteString(w.Work)
	if w.Title != "" && w.Title != w.Work {
		fmt.Fprintf(&b, " %q", w.Title)
	}
	fmt.Fprintf(&b, ", score %.2f:", w.Score)
	for i, t := range w.Tracks {
		if i > 0 {
			b.WriteByte(';')
		}
		for j, s := range t.Segments {
			if j == 3 {
				fmt.Fprintf(&b, ", and %d more", len(t.Segments)-j)
				break
			}
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, " %s", s.sentence(t.Kind))
		}
	}
	return b.String()
}

func (s segmentReport) sentence(kind string) string {
	k, _ := fingerprint.ParseKind(kind) // it came from String
	if k == fingerprint.Picture {
		return strings.TrimSpace("picture " + s.Hypothesis)
	}
	place := func(x float64) string { return fmt.Sprintf("%.0f", x) }
	if k.Unit() == "s" {
		place = clock
	}
	text := fmt.Sprintf("%s %s-%s is %s-%s", kind, place(s.Query[0]), place(s.Query[1]), place(s.Work[0]), place(s.Work[1]))
	if s.Hypothesis != "" {
		text += " (" + s.Hypothesis + ")"
	}
	return text
}
