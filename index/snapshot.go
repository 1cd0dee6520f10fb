package index

import (
	"slices"

	"github.com/dgraph-io/badger/v4"
	"github.com/likeness-go/likeness/fingerprint"
)

// A snapshot is the index after one operation: the store as a read-only
// transaction saw it, and the inverted lists that belong to it. Lookups run
// on a snapshot, so that writes neither disturb them nor wait for them.
type snapshot struct {
	state   state
	flushed uint32 // lists of tracks below lie in files
	txn     *badger.Txn
	shelves []shelf // by number, as in state.Shelves
	dead    *dead
	refs    int // guarded by Index.mu
}

// A shelf holds the inverted lists of one algorithm: segments in order of the
// tracks that they cover, from files first, then from memory.
type shelf []*segment

// files is the number of segments from files.
func (s shelf) files() int {
	if i := slices.IndexFunc(s, func(g *segment) bool { return g.file == 0 }); i >= 0 {
		return i
	}
	return len(s)
}

// settle merges segments in memory until few are left, so that a lookup need
// not search as many as there were registrations.
func (s shelf) settle(d *dead) shelf {
	for {
		from, to := crowded(s[s.files():], 4, 256, 4)
		if from == to {
			return s
		}
		from, to = from+s.files(), to+s.files()
		merged, err := mergeInMemory(s[from:to], d)
		if err != nil {
			return s // correct as it is, if slower
		}
		s = s.replace(from, to, merged)
	}
}

// replace returns the shelf with g, unless it is nil, in place of a run.
func (s shelf) replace(from, to int, g *segment) shelf {
	if g == nil {
		return slices.Delete(slices.Clone(s), from, to)
	}
	return slices.Replace(slices.Clone(s), from, to, g)
}

// inMemory is the number of postings that a kill would make Open count again.
func (s *snapshot) inMemory() (postings int) {
	for _, sh := range s.shelves {
		for _, g := range sh[sh.files():] {
			postings += g.Len()
		}
	}
	return postings
}

// next returns a snapshot like s that shares nothing that can be changed.
func (s *snapshot) next() *snapshot {
	n := &snapshot{state: s.state, flushed: s.flushed, dead: s.dead, shelves: slices.Clone(s.shelves)}
	n.state.Shelves = slices.Clone(s.state.Shelves)
	return n
}

// shelve puts a shelf for an algorithm into the snapshot, if it is new there.
func (s *snapshot) shelve(a fingerprint.Algorithm) (int, error) {
	i, err := s.state.shelf(a)
	if i >= 0 || err != nil {
		return i, err
	}
	s.state.Shelves = append(s.state.Shelves, shelfState{Algorithm: a.String()})
	s.shelves = append(s.shelves, nil)
	return len(s.shelves) - 1, nil
}

// acquire returns the present snapshot, which must be released.
func (ix *Index) acquire() (*snapshot, error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.closed {
		return nil, ErrClosed
	}
	ix.current.refs++
	ix.users++
	return ix.current, nil
}

func (ix *Index) release(s *snapshot) {
	ix.mu.Lock()
	ix.users--
	if ix.users == 0 && ix.idle != nil {
		close(ix.idle)
		ix.idle = nil
	}
	unused := ix.unref(s)
	ix.mu.Unlock()
	dispose(unused)
}

// publish makes n the present snapshot. Only the writer calls it.
func (ix *Index) publish(n *snapshot) {
	n.txn = ix.db.NewTransaction(false)
	n.refs = 1
	ix.mu.Lock()
	for _, sh := range n.shelves {
		for _, g := range sh {
			g.refs++
		}
	}
	var unused []*segment
	if ix.current != nil {
		unused = ix.unref(ix.current)
	}
	ix.current = n
	ix.mu.Unlock()
	dispose(unused)
}

// unref gives up a reference to s, and with the last one those of s to its
// segments. It returns the segments that nobody needs any more.
func (ix *Index) unref(s *snapshot) (unused []*segment) {
	if s.refs--; s.refs > 0 {
		return nil
	}
	s.txn.Discard()
	for _, sh := range s.shelves {
		for _, g := range sh {
			if g.refs--; g.refs == 0 {
				unused = append(unused, g)
			}
		}
	}
	return unused
}

// dispose unmaps segments, and removes the files that a merge replaced.
func dispose(segments []*segment) {
	for _, g := range segments {
		g.close()
	}
}

// tier sorts segments by size, each tier several times the one below.
func tier(postings, least, factor int) (t int) {
	for n := least; postings >= n*factor; n *= factor {
		t++
	}
	return t
}

// crowded returns the first run of neighbouring segments that holds at least
// n of one tier and none above it; from == to if there is none.
func crowded(segments []*segment, n, least, factor int) (from, to int) {
	for from := range segments {
		t, same := tier(segments[from].Len(), least, factor), 0
		for to = from; to < len(segments); to++ {
			u := tier(segments[to].Len(), least, factor)
			if u > t {
				break
			}
			if u == t {
				same++
			}
		}
		if same >= n {
			return from, to
		}
	}
	return 0, 0
}
