package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"
)

// result is what results.json holds: all that the page shows and that
// compare needs.
type result struct {
	Version int       `json:"version"`
	Corpus  string    `json:"corpus"`
	Seed    uint64    `json:"seed"`
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
	Machine machine   `json:"machine"`
	Sources []sources `json:"sources"`
	Unfit   int       `json:"unfit"` // queries that did not fit their source
	Skipped []string  `json:"skipped,omitempty"`
	// Excluded are strangers that truly share something with a work, Related
	// the works that share something with another work.
	Excluded []shared            `json:"excluded,omitempty"`
	Related  map[string][]string `json:"related,omitempty"`
	Notes    []string            `json:"notes,omitempty"`
	Judged   []judged            `json:"judged"`
	Costs    []cost              `json:"costs"`
	Growth   []growth            `json:"growth,omitempty"`
	Outcomes []outcome           `json:"outcomes,omitempty"` // of Likeness, every query

	exhibits map[string]exhibits // by kind; for the page only
}

// sources counts the corpus as it was measured.
type sources struct {
	Kind      string `json:"kind"`
	Works     int    `json:"works"`
	Strangers int    `json:"strangers"`
}

type exhibits struct{ misses, wrong []exhibit }

const resultVersion = 1

func (r *result) write(dir string) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "results.json"), b, 0o644); err != nil {
		return err
	}
	return r.writePage(filepath.Join(dir, "index.html"))
}

// stripMain writes what compare needs of a result: the figures without the
// queries and curves, so that it can be committed as a baseline.
func stripMain(args []string, errs io.Writer) int {
	if len(args) != 2 {
		fmt.Fprintln(errs, "usage: benchmark strip RESULTS.json BASELINE.json")
		return 2
	}
	r, err := readResult(args[0])
	if err == nil {
		r.Outcomes = nil
		for i := range r.Judged {
			r.Judged[i].Curve = thin(r.Judged[i].Curve, 20)
		}
		var b []byte
		if b, err = json.Marshal(r); err == nil {
			err = os.WriteFile(args[1], append(b, '\n'), 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(errs, "benchmark:", err)
		return 1
	}
	return 0
}

func readResult(name string) (*result, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := &result{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if r.Version != resultVersion {
		return nil, fmt.Errorf("%s: results of version %d, this program reads %d", name, r.Version, resultVersion)
	}
	return r, nil
}

// print writes the short form of the results.
func (r *result) print(w io.Writer) {
	for _, j := range r.Judged {
		fmt.Fprintf(w, "\n%s, %s: %d copies, %d strangers, micro-AP %.3f, IoU %.2f, offset error %.2f (90 %%: %.2f), %.0f ms CPU a query, wrong work %d, failed %d\n",
			j.Matcher, j.Kind, j.Copies, j.Strangers, j.MicroAP, j.IoU, j.OffsetP50, j.OffsetP90, 1000*j.QueryCPU, j.WrongWork, j.Failed)
		for _, l := range j.Levels {
			fmt.Fprintf(w, "  %-12s score ≥ %.4f: found %s, false %s", l.Name, l.Threshold, percent(l.Found), percent(l.False))
			if l.Transferred != nil {
				fmt.Fprintf(w, "; chosen on one half of the strangers, false on the other %s", percent(*l.Transferred))
			}
			fmt.Fprintln(w)
		}
	}
	if len(r.Judged) > 0 {
		fmt.Fprintln(w)
		r.printRows(w)
	}
	for _, c := range r.Costs {
		fmt.Fprintln(w, c)
	}
	for _, g := range r.Growth {
		fmt.Fprintf(w, "%s among %d synthetic works: lookup %.3g ms CPU, found %s, false %s\n", g.Kind, g.Synthetic, 1000*g.LookupCPU, percent(g.Found), percent(g.False))
	}
	for _, e := range r.Excluded {
		fmt.Fprintf(w, "left out %s: with %s, %s\n", e.Source, e.Work, e.Reason)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(w, n)
	}
}

// printRows is the table of the transforms for the first matcher of each kind.
func (r *result) printRows(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	defer table.Flush()
	for _, j := range r.Judged {
		fmt.Fprintf(table, "%s, %s\tlength\tof\tfirst", j.Matcher, j.Kind)
		for _, l := range j.Levels {
			fmt.Fprintf(table, "\t%s", l.Name)
		}
		fmt.Fprintln(table)
		for _, row := range j.Rows {
			fmt.Fprintf(table, "%s %s\t%g\t%d\t%.0f", row.Transform, row.Strength, row.Length, row.First.Of, 100*row.First.Share())
			for _, l := range row.Levels {
				fmt.Fprintf(table, "\t%.0f", 100*l.Share())
			}
			fmt.Fprintln(table)
		}
	}
}

func percent(i interval) string {
	return fmt.Sprintf("%d/%d %.1f %% (%.1f–%.1f)", i.Hits, i.Of, 100*i.Share(), 100*i.Low, 100*i.High)
}
