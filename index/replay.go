package index

import (
	"encoding/binary"
	"fmt"

	"github.com/likeness-go/likeness/internal/postings"
)

// replay makes the lists of all works that no file covers, from the truth.
func (ix *Index) replay() error {
	s, err := ix.acquire()
	if err != nil {
		return err
	}
	defer ix.release(s)
	b := &backlog{ix: ix, from: s.flushed, postings: make([][]postings.Posting, len(s.shelves))}
	err = each(s.txn, recordKey(0)[:2], recordKey(s.flushed), func(key, payload []byte) (bool, error) {
		if len(key) != 6 {
			return false, fmt.Errorf("%w: key %q", ErrCorrupt, key)
		}
		r := new(record)
		if err := unmarshal(key, payload, r); err != nil {
			return false, err
		}
		return true, b.add(s, binary.BigEndian.Uint32(key[2:]), r)
	})
	if err != nil {
		return err
	}
	b.to = s.state.Next
	return b.release()
}

// backlog gathers postings until they are worth a segment.
type backlog struct {
	ix       *Index
	from, to uint32 // tracks
	postings [][]postings.Posting
	count    int
}

func (b *backlog) add(s *snapshot, number uint32, r *record) error {
	for i, t := range r.Tracks {
		if t.Shelf < 0 || t.Shelf >= len(b.postings) {
			return fmt.Errorf("%w: work %q is on shelf %d", ErrCorrupt, r.Work.ID, t.Shelf)
		}
		track := number + uint32(i)
		_, f, _, err := readTrack(s.txn, track)
		if err != nil {
			return fmt.Errorf("%w (work %q)", err, r.Work.ID)
		}
		spec, err := f.Spec()
		if err == nil && spec.Algorithm.String() != s.state.Shelves[t.Shelf].Algorithm {
			err = ErrCorrupt
		}
		if err != nil {
			return fmt.Errorf("%w: track %d, on shelf %d, is of %s", err, track, t.Shelf, f.Algorithm())
		}
		for term := range spec.Terms(f) {
			b.count++
			b.postings[t.Shelf] = append(b.postings[t.Shelf], postings.Posting{Key: term.Key, Track: track, Position: term.Position, Aux: term.Aux})
		}
	}
	b.to = number + uint32(len(r.Tracks))
	if b.count < min(b.ix.set.flush, 1<<18) {
		return nil
	}
	return b.release()
}

// release publishes the gathered postings as segments in memory, and flushes
// when there are many.
func (b *backlog) release() error {
	n := b.ix.present().next()
	for i, ps := range b.postings {
		if len(ps) == 0 {
			continue
		}
		postings.Sort(ps)
		s, err := postings.Build(ps, b.from, b.to)
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
		sh := n.shelves[i]
		n.shelves[i] = sh.replace(len(sh), len(sh), &segment{Segment: s}).settle(n.dead)
		b.postings[i] = ps[:0]
	}
	b.from, b.count = b.to, 0
	b.ix.publish(n)
	if n.inMemory() >= b.ix.set.flush {
		return b.ix.flush(b.to)
	}
	return nil
}
