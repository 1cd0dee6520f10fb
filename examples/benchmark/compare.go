package main

import (
	"flag"
	"fmt"
	"io"
	"math"
)

// compareMain names what changed beyond noise between two results, and
// returns 1 if something was lost.
func compareMain(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(errs)
	least := flags.Float64("least", 0.02, "changes of a share below this are never named")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 2 {
		fmt.Fprintln(errs, "usage: benchmark compare OLD.json NEW.json")
		return 2
	}
	before, err := readResult(flags.Arg(0))
	if err == nil {
		var after *result
		if after, err = readResult(flags.Arg(1)); err == nil {
			if lost := compareResults(before, after, *least, out); lost > 0 {
				return 1
			}
			return 0
		}
	}
	fmt.Fprintln(errs, "benchmark:", err)
	return 2
}

// compareResults prints every change and counts the losses.
func compareResults(before, after *result, least float64, out io.Writer) (lost int) {
	note := func(what string, old, new interval, more bool) {
		d := new.Share() - old.Share()
		if math.Abs(d) < least || !beyondNoise(old, new) {
			return
		}
		word := "gained"
		if (d > 0) != more {
			word = "LOST"
			lost++
		}
		fmt.Fprintf(out, "%s: %s, from %s to %s\n", what, word, percent(old), percent(new))
	}
	for _, a := range before.Judged {
		b := after.find(a.Matcher, a.Kind)
		if b == nil {
			fmt.Fprintf(out, "%s, %s: LOST, it is not in the new results\n", a.Matcher, a.Kind)
			lost++
			continue
		}
		for i, l := range a.Levels {
			name := fmt.Sprintf("%s, %s, %s", a.Matcher, a.Kind, l.Name)
			if i < len(b.Levels) && b.Levels[i].Name == l.Name {
				note(name+", found", l.Found, b.Levels[i].Found, true)
				note(name+", false matches", l.False, b.Levels[i].False, false)
			}
		}
		for _, r := range a.Rows {
			if s := b.row(r); s != nil && len(r.Levels) > 0 && len(s.Levels) > 0 {
				note(fmt.Sprintf("%s, %s, %s %s %g", a.Matcher, a.Kind, r.Transform, r.Strength, r.Length), r.Levels[0], s.Levels[0], true)
			}
		}
	}
	if lost == 0 {
		fmt.Fprintln(out, "nothing lost beyond noise")
	}
	return lost
}

func (r *result) find(matcher, kind string) *judged {
	for i := range r.Judged {
		if r.Judged[i].Matcher == matcher && r.Judged[i].Kind == kind {
			return &r.Judged[i]
		}
	}
	return nil
}

func (j *judged) row(like row) *row {
	for i, r := range j.Rows {
		if r.Transform == like.Transform && r.Strength == like.Strength && r.Length == like.Length {
			return &j.Rows[i]
		}
	}
	return nil
}

// beyondNoise is the two-proportion z-test at 5 %. The queries are the same
// in both runs, which makes it conservative.
func beyondNoise(a, b interval) bool {
	if a.Of == 0 || b.Of == 0 {
		return false
	}
	n, m := float64(a.Of), float64(b.Of)
	p := float64(a.Hits+b.Hits) / (n + m)
	se := math.Sqrt(p * (1 - p) * (1/n + 1/m))
	return se > 0 && math.Abs(a.Share()-b.Share())/se > 1.96
}
