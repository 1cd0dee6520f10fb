package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/likeness-go/likeness/internal/postings"
)

// An edit gathers what some operations change, and commits it: first what
// nobody refers to yet, then all the rest in one transaction.
type edit struct {
	ix       *Index
	old      *snapshot
	new      *snapshot
	ids      map[string]bool
	pieces   []entry              // of fingerprints; a crash may leave them behind, Open removes them
	changes  []entry              // all or nothing
	bytes    int64                // of pieces
	weight   int64                // of changes
	postings [][]postings.Posting // by shelf
	killed   []uint32
}

// entry is a key and its sealed value; nil deletes.
type entry struct{ key, value []byte }

func (ix *Index) edit() *edit {
	s := ix.present()
	return &edit{ix: ix, old: s, new: s.next(), ids: map[string]bool{}}
}

func (e *edit) set(key, payload []byte) {
	e.changes = append(e.changes, entry{key, seal(key, payload)})
	e.weight += int64(len(key)+len(payload)) + entryOverhead
}

func (e *edit) delete(key []byte) {
	e.changes = append(e.changes, entry{key, nil})
	e.weight += int64(len(key)) + entryOverhead
}

// entryOverhead is more than Badger adds to the size of an entry (structs.go,
// estimateSizeAndSetThreshold).
const entryOverhead = 32

// full reports whether an operation is better left to the next edit. Half of
// a transaction is room enough for any one operation.
func (e *edit) full(op *operation) bool {
	return e.ids[op.id] || e.weight > e.ix.db.MaxBatchSize()/2 || int64(len(e.changes)) > e.ix.db.MaxBatchCount()/4 ||
		e.bytes > 2*batchBytes
}

// apply adds an operation to the edit, or sets its error and changes nothing.
func (e *edit) apply(op *operation, now time.Time) {
	number, old, err := e.find(op.id)
	switch {
	case errors.Is(err, ErrNotFound) && len(op.tracks) > 0:
		old = nil
	case err != nil:
		op.err = err
		return
	case bytes.Equal(old.Digest, op.digest) && op.work.same(&old.Work):
		return
	}
	shelves, err := e.shelves(op)
	if err != nil {
		op.err = err
		return
	}
	e.ids[op.id] = true
	e.new.state.Sequence++
	if old != nil {
		e.forget(number, old)
	}
	if len(op.tracks) > 0 {
		e.add(op, shelves, now)
	}
}

// find returns the work that an ID stands for.
func (e *edit) find(id string) (uint32, *record, error) { return e.old.find(id) }

func (s *snapshot) find(id string) (uint32, *record, error) {
	b, err := get(s.txn, nil, idKey(id))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return 0, nil, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	if err == nil && len(b) != 4 {
		err = fmt.Errorf("%w: number of work %q", ErrCorrupt, id)
	}
	if err != nil {
		return 0, nil, err
	}
	number := binary.BigEndian.Uint32(b)
	r, err := s.record(number)
	return number, r, err
}

func (s *snapshot) record(number uint32) (*record, error) {
	b, err := get(s.txn, nil, recordKey(number))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, fmt.Errorf("%w: record of work number %d is missing", ErrCorrupt, number)
	}
	if err != nil {
		return nil, err
	}
	r := new(record)
	return r, unmarshal(recordKey(number), b, r)
}

// shelves finds the shelf of each track of an operation.
func (e *edit) shelves(op *operation) ([]int, error) {
	if uint64(e.new.state.Next)+uint64(len(op.tracks)) >= math.MaxUint32 {
		return nil, errors.New("index: all track numbers are used up")
	}
	shelves := make([]int, len(op.tracks))
	before := len(e.new.shelves)
	for i, t := range op.tracks {
		var err error
		if shelves[i], err = e.new.shelve(t.algorithm); err != nil {
			e.new.shelves, e.new.state.Shelves = e.new.shelves[:before], e.new.state.Shelves[:before]
			return nil, err
		}
	}
	return shelves, nil
}

func (e *edit) add(op *operation, shelves []int, now time.Time) {
	number := e.new.state.Next
	r := record{Work: op.work, Digest: op.digest}
	if r.Work.Registered.IsZero() {
		r.Work.Registered = now.UTC().Round(time.Millisecond)
	}
	for i, t := range op.tracks {
		n := number + uint32(i)
		e.addPieces(number, n, t.encoded)
		e.addPostings(shelves[i], n, t)
		s := stored{shelves[i], t.place, t.extent, len(t.terms), len(t.encoded)}
		e.new.state.Shelves[shelves[i]].add(s)
		r.Tracks = append(r.Tracks, s)
	}
	e.new.state.Next += uint32(len(op.tracks))
	e.new.state.Works++
	e.set(idKey(op.id), binary.BigEndian.AppendUint32(nil, number))
	e.set(recordKey(number), marshal(r))
}

func (e *edit) addPieces(number, track uint32, encoded []byte) {
	for i, c := range chunks(number, encoded) {
		key := chunkKey(track, uint32(i))
		e.pieces = append(e.pieces, entry{key, seal(key, c)})
		e.bytes += int64(len(key)+len(c)) + entryOverhead
	}
}

func (e *edit) addPostings(shelf int, n uint32, t *track) {
	for len(e.postings) <= shelf {
		e.postings = append(e.postings, nil)
	}
	for _, term := range t.terms {
		e.postings[shelf] = append(e.postings[shelf], postings.Posting{Key: term.Key, Track: n, Position: term.Position, Aux: term.Aux})
	}
}

// forget removes a work from the store and marks its tracks as dead in the
// lists.
func (e *edit) forget(number uint32, r *record) {
	e.delete(idKey(r.Work.ID))
	e.delete(recordKey(number))
	e.new.state.Works--
	for i, t := range r.Tracks {
		track := number + uint32(i)
		for c := range chunkCount(t.Bytes) {
			e.delete(chunkKey(track, uint32(c)))
		}
		e.set(tombKey(track), binary.BigEndian.AppendUint32(nil, uint32(t.Shelf)))
		e.new.state.Shelves[t.Shelf].subtract(t)
		e.killed = append(e.killed, track)
	}
}

// commit makes the edit durable and then visible.
func (e *edit) commit() error {
	if len(e.changes) == 0 {
		return nil
	}
	if err := e.ix.room(3 * (e.bytes + e.weight)); err != nil {
		return err
	}
	fresh, err := e.segments()
	if err != nil {
		return err
	}
	e.set(stateKey, marshal(e.new.state))
	if err := e.ix.store(e.pieces, e.changes); err != nil {
		return err
	}
	for i, g := range fresh {
		if g != nil {
			sh := e.new.shelves[i]
			e.new.shelves[i] = sh.replace(len(sh), len(sh), g).settle(e.old.dead)
		}
	}
	e.new.dead = e.new.dead.change(e.killed, true)
	e.ix.publish(e.new)
	return nil
}

// segments makes a segment in memory of the new postings of each shelf.
func (e *edit) segments() ([]*segment, error) {
	fresh := make([]*segment, len(e.postings))
	for i, ps := range e.postings {
		if len(ps) == 0 {
			continue
		}
		postings.Sort(ps)
		s, err := postings.Build(ps, e.old.state.Next, e.new.state.Next)
		if err != nil {
			return nil, err
		}
		fresh[i] = &segment{Segment: s}
	}
	return fresh, nil
}

// store writes pieces and changes, in one transaction if it holds both.
func (ix *Index) store(pieces, changes []entry) error {
	if ix.failed != nil {
		return fmt.Errorf("index: writing was given up: %w", ix.failed)
	}
	err := shield(func() error {
		txn := ix.db.NewTransaction(true)
		defer func() { txn.Discard() }()
		size, most := int64(0), ix.db.MaxBatchSize()/2
		for _, p := range pieces {
			if size += int64(len(p.key)+len(p.value)) + entryOverhead; size > most {
				if err := txn.Commit(); err != nil {
					return err
				}
				txn, size = ix.db.NewTransaction(true), 0
			}
			if err := txn.Set(p.key, p.value); err != nil {
				return err
			}
		}
		if n := int64(len(changes)); size > 0 && (size+weigh(changes) > most || n > ix.db.MaxBatchCount()/2) {
			if err := txn.Commit(); err != nil {
				return err
			}
			txn = ix.db.NewTransaction(true)
		}
		for _, c := range changes {
			var err error
			if c.value == nil {
				err = txn.Delete(c.key)
			} else {
				err = txn.Set(c.key, c.value)
			}
			if err != nil {
				return err
			}
		}
		return txn.Commit()
	})
	if err != nil {
		// What the disk holds is unknown now; only a new Open can tell.
		ix.failed = err
		return fmt.Errorf("index: store: %w", err)
	}
	return nil
}

func weigh(entries []entry) (n int64) {
	for _, e := range entries {
		n += int64(len(e.key)+len(e.value)) + entryOverhead
	}
	return n
}
