package main

import (
	"math"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func span(from, to float64) fingerprint.Span { return fingerprint.Span{From: from, To: to} }

// copyOf is an outcome of a query that holds works at 10..20 of each.
func copyOf(transform string, works []string, answers ...answer) outcome {
	o := outcome{query: query{Transform: transform, Kind: fingerprint.Audio, Split: work, Source: works[0]}}
	for _, w := range works {
		o.Truths = append(o.Truths, truth{w, fingerprint.Audio, span(0, 10), span(10, 20)})
	}
	o.Answers = answers
	return o
}

func strangeOne(source string, score float64) outcome {
	o := outcome{query: query{Transform: "noise", Kind: fingerprint.Audio, Split: stranger, Source: source}}
	if score > 0 {
		o.Answers = []answer{said("works/a", score)}
	}
	return o
}

func said(source string, score float64) answer {
	return answer{source, score, fingerprint.Audio, span(0, 10), span(10, 20)}
}

func TestTryOfTwoWorks(t *testing.T) {
	o := copyOf("mix", []string{"a", "b"}, said("b", 0.9), said("b", 0.8), said("a", 0.7), said("c", 0.6))
	for i, want := range []float64{0.7, 0.9} {
		if got := o.try(o.Truths[i], 2); got.score != want || got.iou != 1 || got.offset != 0 {
			t.Errorf("work %s: score %v, IoU %v, offset error %v; want %v, 1, 0", got.truth.Source, got.score, got.iou, got.offset, want)
		}
	}
	// a third work between them pushes the second out of the first two
	o = copyOf("mix", []string{"a", "b"}, said("b", 0.9), said("c", 0.8), said("a", 0.7))
	if got := o.try(o.Truths[0], 2); got.score != 0 {
		t.Errorf("a work that comes third of two scores %v, want 0", got.score)
	}
}

func TestTryMeasuresTheOffset(t *testing.T) {
	late := answer{"a", 0.9, fingerprint.Audio, span(2, 8), span(13, 19)} // a second late
	o := copyOf("noise", []string{"a"}, late)
	got := o.try(o.Truths[0], 1)
	near(t, "IoU", got.iou, 0.6, 1e-12)
	near(t, "offset error", got.offset, 1, 1e-12)
	if none := copyOf("noise", []string{"a"}).try(o.Truths[0], 1); none.score != 0 || !math.IsNaN(none.offset) {
		t.Errorf("nothing answered: score %v, offset error %v", none.score, none.offset)
	}
}

func TestRelatedWorkIsNoFault(t *testing.T) {
	o := copyOf("noise", []string{"a"}, said("twin", 0.9), said("a", 0.8))
	if got := o.try(o.Truths[0], 1); got.score != 0 {
		t.Errorf("behind another work: score %v, want 0", got.score)
	}
	o.Related = []string{"twin"}
	if got := o.try(o.Truths[0], 1); got.score != 0.8 {
		t.Errorf("behind a work that shares its text: score %v, want 0.8", got.score)
	}
	if a, ok := o.worst(); ok {
		t.Errorf("%s is called wrong", a.Source)
	}
	if got := len(o.predictions()); got != 1 {
		t.Errorf("%d predictions, want that of the work alone", got)
	}
}

func TestJudge(t *testing.T) {
	all := []outcome{
		copyOf("noise", []string{"a"}, said("a", 0.9)),
		copyOf("noise", []string{"a"}, said("c", 0.8), said("a", 0.7)), // wrong work first
		copyOf("speed", []string{"a"}, said("a", 0.4)),                 // too weak
		copyOf("speed", []string{"a"}),
		strangeOne("s", 0.6), strangeOne("s", 0.1), strangeOne("s", 0), strangeOne("s", 0),
	}
	j := judge("test", fingerprint.Audio, all, 0.5)
	if j.Copies != 4 || j.Strangers != 4 || j.WrongWork != 1 {
		t.Errorf("%d copies, %d strangers, %d wrong works; want 4, 4, 1", j.Copies, j.Strangers, j.WrongWork)
	}
	if l := j.Levels[0]; l.Name != "default" || l.Found.Hits != 1 || l.False.Hits != 1 {
		t.Errorf("at the default: %+v; want 1 found, 1 false", l)
	}
	if l := j.Levels[2]; l.False.Hits != 0 || l.Found.Hits != 1 {
		t.Errorf("at no false match: %+v; want 1 found, none false", l)
	}
	// ranked: 0.9 right, 0.8 wrong, 0.7 right, 0.6 wrong, 0.4 right, 0.1 wrong
	near(t, "micro-AP", j.MicroAP, (1+2./3+3./5)/4, 1e-12)
	if len(j.Rows) != 2 || j.Rows[0].Transform != "noise" || j.Rows[0].False[0].Of != 4 || j.Rows[1].False[0].Of != 0 {
		t.Errorf("rows: %+v", j.Rows)
	}
	if first := j.Rows[1].First; first.Hits != 1 || first.Of != 2 {
		t.Errorf("speed, first whatever the score: %+v, want 1 of 2", first)
	}
	if other := judge("test", fingerprint.Video, all, 0.5); other.Copies != 0 || other.Strangers != 0 {
		t.Errorf("another kind has %d copies and %d strangers", other.Copies, other.Strangers)
	}
}

// A threshold is judged on strangers that did not choose it.
func TestTransferredThreshold(t *testing.T) {
	var strange []outcome
	halves := [2]int{}
	for i := range 40 {
		source := string(rune('A' + i))
		half := draw(*seed, "half", source) % 2
		halves[half]++
		strange = append(strange, strangeOne(source, 0.2+0.5*float64(half))) // the second half scores far higher
	}
	if halves[0] == 0 || halves[1] == 0 {
		t.Fatalf("halves of %v", halves)
	}
	var l level
	transfer(&l, strange)
	if l.Transferred.Hits != halves[1] || l.Transferred.Of != halves[1] {
		t.Errorf("transferred: %+v, want all %d of the other half to match", *l.Transferred, halves[1])
	}
}
