// Package index keeps a catalogue of registered works on disk, and finds the
// works that an unknown file shows.
//
// Open an index, Register works, and Lookup what comes in:
//
//	catalogue, err := index.Open("catalogue", nil)
//	err = catalogue.Register(ctx, index.Work{ID: "film-1"}, film)
//	matches, err := catalogue.Lookup(ctx, upload, nil)
//
// It knows algorithms only by their fingerprint.Spec, so import the media
// that are in it. A registration is durable when Register returns, and every
// lookup that begins afterwards sees it. What was not registered gives no
// match: never the nearest neighbour. An index belongs to one process, in
// which any number of goroutines may use it.
//
// Queries may come from strangers: a lookup costs what its options allow, and
// LookupStats says what was left out for that. The folder of an index must
// not come from strangers. Its truth is a Badger database; the inverted lists
// are files made from it, and made anew when they are missing or damaged.
// Badger ends the process when the disk runs full under it, so writes are
// refused before that; other programs can still fill the disk.
package index

import (
	"sync"
	"sync/atomic"

	"github.com/dgraph-io/badger/v4"
)

// Options for Open. A nil *Options, and the zero value of a field, mean the
// defaults.
type Options struct {
	// Memory is how many bytes the index may use, apart from lookups under
	// way and files that are mapped. Default 256 MiB, at least 32 MiB.
	Memory int64
	// Reserve is how many bytes of the disk writes leave free, or else are
	// refused with a *SpaceError. Default 256 MiB; negative for none.
	Reserve int64
}

// settings are what options come to.
type settings struct {
	memory  int64
	reserve int64
	flush   int // postings in memory
}

func (o *Options) settings() settings {
	if o == nil {
		o = &Options{}
	}
	s := settings{memory: o.Memory, reserve: o.Reserve}
	if s.memory <= 0 {
		s.memory = 256 << 20
	}
	s.memory = max(s.memory, 32<<20)
	if s.reserve == 0 {
		s.reserve = 256 << 20
	}
	// 5 to 10 bytes a posting, twice while they are merged; and Open makes
	// them again after a crash, in about a second for a million.
	s.flush = int(s.memory / 256)
	return s
}

// An Index is an open catalogue. All methods are safe for concurrent use.
type Index struct {
	set   settings
	dir   string
	lists string // folder of segment files
	db    *badger.DB
	cache *cache
	file  atomic.Uint64 // number of the last segment file

	mu         sync.Mutex
	current    *snapshot
	users      int           // of snapshots
	idle       chan struct{} // closed when users is 0, if Close waits for that
	closed     bool
	mergeError error

	writer    chan struct{} // holds one token while someone writes
	failed    error         // of the store; guarded by writer
	condemned atomic.Bool   // a segment file is damaged
	queueMu   sync.Mutex
	queue     []*operation

	wake, quit, stopped chan struct{} // of maintain
}

// present returns the snapshot that only the writer replaces.
func (ix *Index) present() *snapshot {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return ix.current
}

// Close waits for calls under way, stores the lists in memory for a fast Open,
// and releases the folder. Everything registered is durable without it. Don't
// call it within a loop over Works.
func (ix *Index) Close() error {
	ix.mu.Lock()
	if ix.closed {
		ix.mu.Unlock()
		return ErrClosed
	}
	ix.closed = true
	idle := make(chan struct{})
	if ix.users == 0 {
		close(idle)
	} else {
		ix.idle = idle
	}
	ix.mu.Unlock()
	close(ix.quit)
	<-ix.stopped
	<-idle
	ix.writer <- struct{}{}
	defer func() { <-ix.writer }() // who waits for it learns that the index is closed
	err := ix.settleDown()
	ix.mu.Lock()
	unused := ix.unref(ix.current)
	ix.mu.Unlock()
	dispose(unused)
	if e := shield(ix.db.Close); err == nil {
		err = e
	}
	return err
}

// settleDown flushes what is in memory, unless the store failed: then the next
// Open does it.
func (ix *Index) settleDown() error {
	s := ix.present()
	if ix.failed != nil || s.inMemory() == 0 {
		return nil
	}
	return ix.flush(s.state.Next)
}
