package main

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
)

// A source is one file of the corpus.
type source struct {
	ID    string // path below the corpus, with slashes
	Path  string
	Kind  fingerprint.Kind
	Split string // "work" if it is registered, otherwise "stranger"
}

const (
	work     = "work"
	stranger = "stranger"
)

// corpus is what the benchmark runs on.
type corpus struct {
	Dir     string
	Sources []source // in order of ID
}

// loadCorpus lists the files below dir. Where dir holds the folders works and
// strangers they say what is registered; otherwise the seed decides for each
// file, and a third are strangers. The kind of a file is what is found in it:
// a file that nothing reads is left out and named in skipped.
func loadCorpus(dir string, kindOf func(path string) (fingerprint.Kind, error)) (c corpus, skipped []string, err error) {
	c.Dir = dir
	given := isDir(filepath.Join(dir, "works")) && isDir(filepath.Join(dir, "strangers"))
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && len(e.Name()) > 1 && e.Name()[0] == '.' {
			return filepath.SkipDir
		}
		if !e.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		s := source{ID: filepath.ToSlash(rel), Path: path}
		if s.Kind, err = kindOf(path); err != nil {
			skipped = append(skipped, fmt.Sprintf("%s: %v", rel, err))
			return nil
		}
		s.Split = s.splitBy(given)
		c.Sources = append(c.Sources, s)
		return nil
	})
	return c, skipped, err
}

// splitBy tells works from strangers.
func (s source) splitBy(given bool) string {
	if given {
		if top, _, _ := cutPath(s.ID); top == "works" {
			return work
		}
		return stranger
	}
	if draw(*seed, "split", s.ID)%3 == 0 {
		return stranger
	}
	return work
}

func cutPath(id string) (top, rest string, ok bool) {
	for i := range len(id) {
		if id[i] == '/' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// draw is a number that depends on the seed and the labels only, whatever
// else is in the corpus.
func draw(seed uint64, labels ...string) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, seed)
	for _, l := range labels {
		fmt.Fprint(h, "\x00", l)
	}
	x := h.Sum64()
	x ^= x >> 33 // FNV's low bits are weak
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}

// of returns the sources of a kind and split, at most n (0: all), chosen by
// the seed but in order of ID.
func (c corpus) of(kind fingerprint.Kind, split string, n int) []source {
	var all []source
	for _, s := range c.Sources {
		if s.Kind == kind && s.Split == split {
			all = append(all, s)
		}
	}
	if n <= 0 || n >= len(all) {
		return all
	}
	slices.SortFunc(all, func(a, b source) int {
		x, y := draw(*seed, "pick", a.ID), draw(*seed, "pick", b.ID)
		if x < y {
			return -1
		}
		return 1
	})
	all = all[:n]
	slices.SortFunc(all, func(a, b source) int { return compareStrings(a.ID, b.ID) })
	return all
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
