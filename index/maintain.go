package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/dgraph-io/badger/v4"
	"github.com/likeness-go/likeness/internal/postings"
)

// File segments are merged eight at a time within a tier, tiers being eight
// times larger each: a lookup searches some seven segments a tier, and a
// posting is written once a tier.
const (
	fileRun    = 8
	fileLeast  = 1 << 14
	fileFactor = 8
)

// makeRoom flushes the lists in memory if they are too long to take more. The
// caller has the writer's lock.
func (ix *Index) makeRoom() error {
	s := ix.present()
	if s.inMemory() < ix.set.flush {
		return nil
	}
	return ix.flush(s.state.Next)
}

// flush moves the lists in memory, which are those of all tracks below upTo,
// into files. The caller has the writer's lock.
func (ix *Index) flush(upTo uint32) error {
	s := ix.present()
	if err := ix.room(16 * int64(s.inMemory())); err != nil {
		return err
	}
	n := s.next()
	for i, sh := range s.shelves {
		from := sh.files()
		if from == len(sh) {
			continue
		}
		g, err := writeSegment(ix.lists, ix.file.Add(1), sh[from:], s.dead, func() error { return nil })
		if err != nil {
			return fmt.Errorf("index: flush: %w", err)
		}
		n.shelves[i] = sh.replace(from, len(sh), g)
	}
	clean, err := s.tombs(s.flushed, upTo, func(int) bool { return true })
	if err != nil {
		return err
	}
	n.flushed = upTo
	if err := ix.install(n, clean); err != nil {
		return err
	}
	select {
	case ix.wake <- struct{}{}:
	default:
	}
	return nil
}

// install records the files of a snapshot, forgets the tombs of tracks that no
// list holds any more, and publishes it. The caller has the writer's lock.
func (ix *Index) install(n *snapshot, clean []uint32) error {
	m := manifest{Flushed: n.flushed}
	for _, sh := range n.shelves {
		var files []uint64
		for _, g := range sh[:sh.files()] {
			files = append(files, g.file)
		}
		m.Files = append(m.Files, files)
	}
	if ix.condemned.Load() {
		m = manifest{}
	}
	changes := []entry{{manifestKey, seal(manifestKey, marshal(m))}}
	most := int(min(ix.db.MaxBatchCount()/2, ix.db.MaxBatchSize()/2/(entryOverhead+16)))
	clean = clean[:min(len(clean), most)] // the rest with a later merge
	for _, track := range clean {
		changes = append(changes, entry{tombKey(track), nil})
	}
	if err := ix.store(nil, changes); err != nil {
		return err
	}
	n.dead = n.dead.change(clean, false)
	ix.publish(n)
	return nil
}

// tombs lists the dead tracks from from up to to of the wanted shelves.
func (s *snapshot) tombs(from, to uint32, wanted func(shelf int) bool) (tracks []uint32, err error) {
	err = each(s.txn, tombKey(0)[:2], tombKey(from), func(key, payload []byte) (bool, error) {
		if len(key) != 6 || len(payload) != 4 {
			return false, fmt.Errorf("%w: value of %q", ErrCorrupt, key)
		}
		track := binary.BigEndian.Uint32(key[2:])
		if track < to && wanted(int(binary.BigEndian.Uint32(payload))) {
			tracks = append(tracks, track)
		}
		return track < to, nil
	})
	return tracks, err
}

// each gives the keys with a prefix and their values, from from on, for as
// long as f wants more.
func each(txn *badger.Txn, prefix, from []byte, f func(key, payload []byte) (more bool, err error)) error {
	return shield(func() error {
		o := badger.DefaultIteratorOptions
		o.Prefix, o.PrefetchSize = prefix, 16
		it := txn.NewIterator(o)
		defer it.Close()
		for it.Seek(from); it.Valid(); it.Next() {
			key := it.Item().KeyCopy(nil)
			more := false
			err := it.Item().Value(func(value []byte) error {
				payload, err := unseal(key, value)
				if err == nil {
					more, err = f(key, payload)
				}
				return err
			})
			if err != nil || !more {
				return err
			}
		}
		return nil
	})
}

// maintain merges files in the background until quit is closed.
func (ix *Index) maintain() {
	defer close(ix.stopped)
	for {
		select {
		case <-ix.quit:
			return
		case <-ix.wake:
		}
		for {
			merged, err := ix.mergeOne()
			ix.setMergeError(err)
			if !merged || err != nil {
				break
			}
		}
	}
}

var errStopped = errors.New("index: closing")

func (ix *Index) stopping() error {
	select {
	case <-ix.quit:
		return errStopped
	default:
		return nil
	}
}

// mergeOne merges the first run of files that is due, and reports whether
// there was one.
func (ix *Index) mergeOne() (bool, error) {
	s, err := ix.acquire()
	if err != nil {
		return false, nil // closed
	}
	defer ix.release(s)
	for i, sh := range s.shelves {
		from, to := crowded(sh[:sh.files()], fileRun, fileLeast, fileFactor)
		if from == to {
			continue
		}
		run, size := sh[from:to], int64(0)
		for _, g := range run {
			size += int64(len(g.Bytes()))
		}
		if err := ix.room(size); err != nil {
			return false, err
		}
		var g *segment
		err := guard(func() (err error) {
			g, err = writeSegment(ix.lists, ix.file.Add(1), run, s.dead, ix.stopping)
			return err
		})
		if err != nil {
			if errors.Is(err, postings.ErrCorrupt) {
				ix.condemn()
			}
			return false, err
		}
		return true, ix.swap(s, i, run, g)
	}
	return false, nil
}

// swap puts g, made of s, in the place of a run of files of a shelf.
func (ix *Index) swap(s *snapshot, shelf int, run []*segment, g *segment) error {
	ix.writer <- struct{}{}
	defer func() { <-ix.writer }()
	first, _ := run[0].Tracks()
	_, last := run[len(run)-1].Tracks()
	clean, err := s.tombs(first, last, func(i int) bool { return i == shelf })
	if err != nil {
		return err
	}
	n := ix.present().next()
	from := slices.Index(n.shelves[shelf], run[0])
	n.shelves[shelf] = n.shelves[shelf].replace(from, from+len(run), g)
	if err := ix.install(n, clean); err != nil {
		return err
	}
	ix.mu.Lock() // s still holds them, so none is closed before this
	for _, g := range run {
		g.obsolete = true
	}
	ix.mu.Unlock()
	return nil
}

// condemn has the next Open make all inverted lists anew, because a file of
// them is damaged.
func (ix *Index) condemn() {
	if ix.condemned.Swap(true) {
		return
	}
	ix.writer <- struct{}{}
	defer func() { <-ix.writer }()
	// An error leaves the damage to be found once more.
	_ = ix.store(nil, []entry{{manifestKey, nil}})
}

func (ix *Index) setMergeError(err error) {
	ix.mu.Lock()
	ix.mergeError = err
	ix.mu.Unlock()
}
