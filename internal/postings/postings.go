// Package postings holds inverted lists in immutable segments: sorted
// postings in bit-packed blocks behind a directory of their first keys. A
// segment is a slice of bytes, on the heap or mapped from a file, that is
// searched as it lies.
//
// Segments are read from files that may be damaged: every block carries a
// checksum, which is compared when the block is first read, and no bytes
// make a function of this package panic. docs/format-index.md draws the
// layout.
package postings

import (
	"cmp"
	"errors"
	"slices"
)

// ErrCorrupt is wrapped when a segment is damaged.
var ErrCorrupt = errors.New("damaged posting list")

// ErrVersion is wrapped when a segment is of another version of the format.
var ErrVersion = errors.New("posting list of another format version")

// A Posting says that a key stands in a track, at a position.
type Posting struct {
	Key      uint64
	Track    uint32
	Position uint32
	Aux      uint16
}

// Compare orders postings by key, then track, position and aux.
func Compare(a, b Posting) int {
	switch { // not cmp.Or, which looks at all four: Merge took twice as long
	case a.Key != b.Key:
		return cmp.Compare(a.Key, b.Key)
	case a.Track != b.Track:
		return cmp.Compare(a.Track, b.Track)
	case a.Position != b.Position:
		return cmp.Compare(a.Position, b.Position)
	}
	return cmp.Compare(a.Aux, b.Aux)
}

// Sort sorts postings as a segment holds them.
func Sort(p []Posting) { slices.SortFunc(p, Compare) }
