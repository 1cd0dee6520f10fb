package main

import (
	"cmp"
	"os/exec"
	"slices"
	"sync"

	"github.com/likeness-go/likeness/fingerprint"
)

// peers are the systems that Likeness is measured beside. Each gets the same
// files and the same figures; one that is not installed is named and skipped.
func peers() []matcher {
	return []matcher{newChromaprint(), newFuzzy("ssdeep", ssdeepHash, ssdeepScores), newFuzzy("tlsh", tlshHash, tlshScores), newPHashes(), newVPDQ()}
}

// installed says why a peer cannot run: a program that is not on PATH.
func installed(program string) error {
	_, err := exec.LookPath(program)
	return err
}

// shelf is what a peer knows: something for each work, added from many
// goroutines, read from one.
type shelf[T any] struct {
	mu    sync.Mutex
	works []shelved[T]
}

type shelved[T any] struct {
	id string
	v  T
}

func (s *shelf[T]) add(id string, v T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.works = append(s.works, shelved[T]{id, v})
}

// best orders answers by score and keeps those above 0.
func best(all []answer) []answer {
	all = slices.DeleteFunc(all, func(a answer) bool { return a.Score <= 0 })
	slices.SortFunc(all, func(a, b answer) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Source, b.Source))
	})
	return all[:min(len(all), 20)]
}

// kinds is for peers that know the same kinds for ever.
type kinds []fingerprint.Kind

func (k kinds) Kinds() []fingerprint.Kind { return k }
