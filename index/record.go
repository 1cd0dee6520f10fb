package index

import (
	"encoding/json"
	"fmt"

	"github.com/likeness-go/likeness/fingerprint"
)

// The records of the store are JSON: few, small, and open to new fields.
// Fingerprints, which are the bulk, have their own codec.

// record is all that is stored of a work but its fingerprints. Its key is its
// number, which is that of its first track; the others follow.
type record struct {
	Work   Work     `json:"work"`
	Digest []byte   `json:"digest"` // of the encoded fingerprints, to know a repeated registration
	Tracks []stored `json:"tracks"`
}

// stored describes one stored fingerprint of a work.
type stored struct {
	Shelf    int    `json:"shelf"`    // index into state.Shelves
	Place    int    `json:"place"`    // in the Set that was registered
	Extent   uint32 `json:"extent"`   // ticks
	Postings int    `json:"postings"` // in the inverted lists
	Bytes    int    `json:"bytes"`    // encoded
}

// state is what one operation after another makes of the index.
type state struct {
	Sequence uint64       `json:"sequence"` // of the last operation
	Next     uint32       `json:"next"`     // number of the next track; numbers are never used again
	Works    int          `json:"works"`
	Shelves  []shelfState `json:"shelves"` // append only
}

type shelfState struct {
	Algorithm string `json:"algorithm"`
	Tracks    int    `json:"tracks"`
	Extent    uint64 `json:"extent"` // of all tracks, in ticks
	Postings  int64  `json:"postings"`
	Bytes     int64  `json:"bytes"` // of the encoded fingerprints
}

func (s *shelfState) add(t stored) {
	s.Tracks++
	s.Extent += uint64(t.Extent)
	s.Postings += int64(t.Postings)
	s.Bytes += int64(t.Bytes)
}

func (s *shelfState) subtract(t stored) {
	s.Tracks--
	s.Extent -= uint64(t.Extent)
	s.Postings -= int64(t.Postings)
	s.Bytes -= int64(t.Bytes)
}

// manifest lists the segment files that hold the inverted lists of all tracks
// below Flushed. It says nothing that the works and fingerprints don't say.
type manifest struct {
	Flushed uint32     `json:"flushed"`
	Files   [][]uint64 `json:"files"` // their numbers, by shelf, in order of tracks
}

func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own plain structs, their strings and policies checked
	}
	return b
}

func unmarshal(key, b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: record %q: %v", ErrCorrupt, key, err)
	}
	return nil
}

// checkAlgorithms compares what is in the index with what the program has.
func (s *state) checkAlgorithms() error {
	for _, shelf := range s.Shelves {
		if shelf.Tracks == 0 {
			continue
		}
		a, err := fingerprint.ParseAlgorithm(shelf.Algorithm)
		if err != nil {
			return fmt.Errorf("%w: %v", ErrCorrupt, err)
		}
		if _, err := fingerprint.SpecOf(a); err != nil {
			return &AlgorithmError{Index: a, Program: known(a.Name)}
		}
	}
	return nil
}

// known returns the versions of an algorithm that the program has.
func known(name string) (versions []fingerprint.Algorithm) {
	for _, s := range fingerprint.Specs() {
		if s.Algorithm.Name == name {
			versions = append(versions, s.Algorithm)
		}
	}
	return versions
}

// shelf returns the number of an algorithm's shelf, -1 if there is none. An
// index with works of another version of it gives an *AlgorithmError.
func (s *state) shelf(a fingerprint.Algorithm) (int, error) {
	for i, shelf := range s.Shelves {
		if shelf.Algorithm == a.String() {
			return i, nil
		}
		if b, err := fingerprint.ParseAlgorithm(shelf.Algorithm); err == nil && b.Name == a.Name && shelf.Tracks > 0 {
			return -1, &AlgorithmError{Index: b, Program: []fingerprint.Algorithm{a}}
		}
	}
	return -1, nil
}
