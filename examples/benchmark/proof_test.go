package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	_ "github.com/likeness-go/likeness/all"

	"github.com/likeness-go/likeness/fingerprint"
)

// proofCorpus are the real media of this repository. Of two kinds all but one
// are strangers, so that there is something to hide it in.
func proofCorpus(t *testing.T) corpus {
	t.Helper()
	c, skipped, err := loadCorpus(filepath.Join("..", "..", "testdata"), kindOf)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("no media: %q", skipped)
	for i := range c.Sources {
		c.Sources[i].Split = stranger
	}
	return c
}

// A proof is one query with what it was made of.
type proof struct {
	plan
	query
	corpus corpus
}

// prove makes a query of the source with the given ID by a transform.
func prove(t *testing.T, c corpus, tr transform, id string, length float64) proof {
	t.Helper()
	need(t, "ffmpeg")
	if tr.Needs != "" {
		need(t, tr.Needs)
	}
	for _, s := range c.Sources {
		if s.ID != id {
			continue
		}
		whole := 1e9
		if s.Kind == fingerprint.Audio || s.Kind == fingerprint.Video {
			var err error
			if whole, err = durationOf(t.Context(), s.Path); err != nil {
				t.Fatal(err)
			}
		}
		p, ok := planOne(c, tr, s, length, whole)
		if !ok {
			t.Fatalf("%s of %s, %g long, cannot be planned", tr.label(), id, length)
		}
		q, err := p.make(context.Background(), t.TempDir())
		if err != nil {
			t.Fatalf("%s of %s: %v", tr.label(), id, err)
		}
		return proof{p, q, c}
	}
	t.Fatalf("no source %s", id)
	return proof{}
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed here", program)
	}
}

// within fails unless got is as near to want as it may be.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got >= want-tolerance && got <= want+tolerance) {
		t.Errorf("%s = %.4g, want %.4g ± %.4g", what, got, want, tolerance)
	}
}

// least fails if got is below want.
func least(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(got >= want) {
		t.Errorf("%s = %.4g, want at least %.4g", what, got, want)
	}
}
