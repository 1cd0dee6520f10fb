package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// cooked counts how often a plan's recipe is followed.
func cooked(t *testing.T, spec string, make maker) (p plan, times *int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "source.txt")
	if err := os.WriteFile(path, []byte("source"), 0o644); err != nil {
		t.Fatal(err)
	}
	times = new(int)
	counted := func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		*times++
		return make(ctx, in, out)
	}
	s := source{ID: "source.txt", Path: path, Kind: fingerprint.Document, Split: work}
	return plan{transform{Name: "test", Ext: ".txt", Kind: s.Kind, recipe: recipe{spec, counted}}, ingredients{Source: s}}, times
}

func written(_ context.Context, in ingredients, out string) ([]truth, error) {
	return holding(in.Source), os.WriteFile(out, []byte("altered"), 0o644)
}

// TestCache changes one thing after the other and counts what is made anew.
func TestCache(t *testing.T) {
	cache := t.TempDir()
	p, times := cooked(t, "a", written)
	var q query
	for _, step := range []struct {
		name   string
		change func()
		want   int // made so far
	}{
		{"first", func() {}, 1},
		{"again", func() {}, 1},
		{"torn", func() { truncate(t, q.Path) }, 2},
		{"lost", func() { remove(t, q.Path) }, 3},
		{"note torn", func() { truncate(t, strings.TrimSuffix(q.Path, ".txt")+".json") }, 4},
		{"other recipe", func() { p.Spec = "b" }, 5},
		{"other strength", func() { p.Strength = "more" }, 6},
		{"other place", func() { p.From = 1 }, 7},
		{"other seed", func() { p.Seed = 1 }, 8},
		{"source altered", func() { touch(t, p.ingredients.Source.Path) }, 9},
		{"with a host", func() { p.Hosts = []source{p.ingredients.Source} }, 10},
		{"still", func() {}, 10},
	} {
		step.change()
		var err error
		if q, err = p.make(t.Context(), cache); err != nil {
			t.Fatal(err)
		}
		if *times != step.want {
			t.Errorf("%s: made %d times, want %d", step.name, *times, step.want)
		}
		if b, err := os.ReadFile(q.Path); err != nil || string(b) != "altered" {
			t.Errorf("%s: query holds %q, %v", step.name, b, err)
		}
		if len(q.Truths) != 1 || q.Truths[0].Source != "source.txt" {
			t.Errorf("%s: truths = %v", step.name, q.Truths)
		}
	}
}

func truncate(t *testing.T, path string) {
	t.Helper()
	if err := os.Truncate(path, 3); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.Chtimes(path, time.Time{}, time.Unix(1e9, 0)); err != nil {
		t.Fatal(err)
	}
}

// TestCacheUnfit wants it remembered that a source does not suit, but nothing
// of other errors.
func TestCacheUnfit(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want int
	}{{errSkip, 1}, {errors.New("broken"), 2}} {
		cache := t.TempDir()
		p, times := cooked(t, "", func(context.Context, ingredients, string) ([]truth, error) { return nil, tt.err })
		for range 2 {
			if _, err := p.make(t.Context(), cache); !errors.Is(err, tt.err) {
				t.Errorf("err = %v, want %v", err, tt.err)
			}
		}
		if *times != tt.want {
			t.Errorf("%v: tried %d times, want %d", tt.err, *times, tt.want)
		}
	}
}

// TestCancel stops in the middle and wants no half file in the cache: neither
// of a recipe that has written some, nor of ffmpeg.
func TestCancel(t *testing.T) {
	cache := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	p, _ := cooked(t, "", func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		err := os.WriteFile(out, []byte("hal"), 0o644)
		cancel()
		return holding(in.Source), err
	})
	if _, err := p.make(ctx, cache); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want %v", err, context.Canceled)
	}
	empty(t, cache)

	need(t, "ffmpeg")
	ctx, cancel = context.WithCancel(t.Context())
	s := source{ID: "a", Path: filepath.Join("..", "..", "testdata", filepath.FromSlash(song))}
	r := coded("-c:a", "libmp3lame")
	p = plan{transform{Name: "test", Ext: ".mp3", recipe: recipe{r.Spec, func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		cancel() // as ffmpeg begins
		return r.Make(ctx, in, out)
	}}}, ingredients{Source: s}}
	if _, err := p.make(ctx, cache); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want %v", err, context.Canceled)
	}
	empty(t, cache)
}

func empty(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			t.Errorf("%s is left", e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestHosts wants different hosts, none of them the source, the same for the
// same seed, and as many as there are.
func TestHosts(t *testing.T) {
	var all []source
	for _, id := range []string{"a", "b", "c", "d"} {
		all = append(all, source{ID: id})
	}
	for _, n := range []int{1, 3, 9} {
		tr := transform{Name: "test", Host: n}
		got := hostsOf(append([]source(nil), all...), tr, all[1])
		if len(got) != min(n, 3) {
			t.Errorf("%d hosts, want %d", len(got), min(n, 3))
		}
		seen := map[string]bool{"b": true}
		for i, h := range hostsOf(append([]source(nil), all...), tr, all[1]) {
			if seen[h.ID] || h.ID != got[i].ID {
				t.Errorf("host %d = %s: again, the source itself, or another than before", i, h.ID)
			}
			seen[h.ID] = true
		}
	}
}
