package index

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/likeness-go/likeness/fingerprint"
)

// Work returns a registered work, or an error that wraps ErrNotFound.
func (ix *Index) Work(ctx context.Context, id string) (Work, error) {
	if err := ctx.Err(); err != nil {
		return Work{}, context.Cause(ctx)
	}
	s, err := ix.acquire()
	if err != nil {
		return Work{}, err
	}
	defer ix.release(s)
	_, r, err := s.find(id)
	if err != nil {
		return Work{}, err
	}
	return r.Work, nil
}

// Works gives all works in the order of their IDs, as they are when the loop
// begins. An error ends it.
func (ix *Index) Works(ctx context.Context) iter.Seq2[Work, error] {
	return func(yield func(Work, error) bool) {
		s, err := ix.acquire()
		if err != nil {
			yield(Work{}, err)
			return
		}
		defer ix.release(s)
		// The panics that each turns into errors must not be those of yield.
		for next := idKey(""); next != nil; {
			var works []Work
			if works, next, err = s.page(ctx, next); err != nil {
				yield(Work{}, err)
				return
			}
			for _, w := range works {
				if !yield(w, nil) {
					return
				}
			}
		}
	}
}

// page returns the works from a key on, up to a number of them, and the key to
// go on with, nil at the end.
func (s *snapshot) page(ctx context.Context, from []byte) (works []Work, next []byte, err error) {
	err = each(s.txn, idKey(""), from, func(key, payload []byte) (bool, error) {
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		if len(works) == 256 {
			next = key
			return false, nil
		}
		if len(payload) != 4 {
			return false, fmt.Errorf("%w: value of %q", ErrCorrupt, key)
		}
		r, err := s.record(binary.BigEndian.Uint32(payload))
		if err == nil {
			works = append(works, r.Work)
		}
		return true, err
	})
	return works, next, err
}

// Stats describes an index.
type Stats struct {
	Works      int
	Sequence   uint64 // of the last change
	Removed    int    // tracks that are removed, but not yet from the lists
	Algorithms []AlgorithmStats
	// MergeError is why merging of list files last failed; nil if it did not.
	// Lookups are right without it, but grow slower.
	MergeError error
}

// AlgorithmStats describes what an index holds of one algorithm.
type AlgorithmStats struct {
	Algorithm        fingerprint.Algorithm
	Tracks           int    // fingerprints
	Extent           uint64 // of all of them, in ticks
	FingerprintBytes int64
	Postings         int64
	Segments         int   // files of lists
	SegmentBytes     int64 // in files
	MemoryPostings   int   // not yet in a file
}

// Stats describes the index as it is now.
func (ix *Index) Stats() (Stats, error) {
	s, err := ix.acquire()
	if err != nil {
		return Stats{}, err
	}
	defer ix.release(s)
	st := Stats{Works: s.state.Works, Sequence: s.state.Sequence, Removed: s.dead.count}
	ix.mu.Lock()
	st.MergeError = ix.mergeError
	ix.mu.Unlock()
	for i, sh := range s.state.Shelves {
		a, err := fingerprint.ParseAlgorithm(sh.Algorithm)
		if err != nil {
			return Stats{}, fmt.Errorf("%w: %v", ErrCorrupt, err)
		}
		as := AlgorithmStats{Algorithm: a, Tracks: sh.Tracks, Extent: sh.Extent, FingerprintBytes: sh.Bytes, Postings: sh.Postings}
		files := s.shelves[i].files()
		for _, g := range s.shelves[i][:files] {
			as.Segments++
			as.SegmentBytes += int64(len(g.Bytes()))
		}
		for _, g := range s.shelves[i][files:] {
			as.MemoryPostings += g.Len()
		}
		st.Algorithms = append(st.Algorithms, as)
	}
	return st, nil
}
