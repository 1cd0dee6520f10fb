package index

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// An operation is one step of the ordered sequence that makes an index. It
// is harmless to apply it twice.
type operation struct {
	id     string
	work   Work     // with ID "" to remove
	tracks []*track // none to remove
	digest []byte
	err    error
	done   chan struct{} // closed when err is set
}

// track is a fingerprint made ready to be stored.
type track struct {
	algorithm fingerprint.Algorithm
	place     int // in the Set
	extent    uint32
	encoded   []byte
	terms     []fingerprint.Term
}

// Register adds a work, or replaces the one with the same ID, in one step.
// When it returns without error, the work is durable and every Lookup that
// begins afterwards finds it. Registering the same again changes nothing.
//
// Fingerprints that no query could ever find are left out; if that leaves
// none, the error wraps ErrNothingToRegister, and a work already registered
// under the ID stays. An unwanted Work gives ErrInvalidWork, an algorithm that
// can't live in this index an *AlgorithmError, a full disk a *SpaceError.
func (ix *Index) Register(ctx context.Context, w Work, set *fingerprint.Set) error {
	op, err := prepare(w, set)
	if err != nil {
		return err
	}
	return ix.submit(ctx, op)
}

// Remove forgets a work. An unknown ID gives ErrNotFound.
func (ix *Index) Remove(ctx context.Context, id string) error {
	return ix.submit(ctx, &operation{id: id, done: make(chan struct{})})
}

// RegisterAll registers many works, several with each write to the disk. It
// stops at the first error, which names the work; all works that the sequence
// gave before that one are registered, and maybe some after it. To go on after an error or a crash,
// give the same sequence again: what is already there is only compared.
func (ix *Index) RegisterAll(ctx context.Context, works iter.Seq2[Work, *fingerprint.Set]) error {
	var batch []*operation
	size := 0
	written := make(chan error, 1) // of the batch before, written while this one is made
	written <- nil
	write := func() error {
		err := <-written
		ops := batch
		batch, size = nil, 0
		if err != nil {
			written <- nil
			return err
		}
		go func() { written <- ix.submitAll(ctx, ops) }()
		return nil
	}
	var failed error
	for w, set := range works {
		op, err := prepare(w, set)
		if err != nil {
			failed = fmt.Errorf("%w (work %q)", err, w.ID)
			break
		}
		batch = append(batch, op)
		if size += op.size(); size > batchBytes || len(batch) == batchWorks {
			if failed = write(); failed != nil {
				break
			}
		}
	}
	if err := write(); err != nil { // of works before the one that failed
		failed = err
	}
	if err := <-written; failed == nil {
		failed = err
	}
	return failed
}

// A batch of RegisterAll is so large that its fsync costs little beside it.
const (
	batchBytes = 8 << 20
	batchWorks = 4096
)

func (op *operation) size() (n int) {
	for _, t := range op.tracks {
		n += len(t.encoded) + 16*len(t.terms)
	}
	return n + 512
}

// prepare does all of a registration that needs no lock.
func prepare(w Work, set *fingerprint.Set) (*operation, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	if set == nil {
		return nil, ErrNothingToRegister
	}
	if w.Policy == 0 {
		w.Policy = Review
	}
	op := &operation{id: w.ID, work: w, done: make(chan struct{})}
	digest := sha256.New()
	chunks := 0
	for i, f := range set.Fingerprints {
		spec, err := f.Spec()
		if err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
		t := &track{algorithm: f.Algorithm(), place: i, extent: f.Extent()}
		for term := range spec.Terms(f) {
			t.terms = append(t.terms, term)
		}
		if len(t.terms) == 0 {
			continue
		}
		if t.encoded, err = f.MarshalBinary(); err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
		digest.Write(binary.LittleEndian.AppendUint32(nil, uint32(i)))
		digest.Write(t.encoded)
		chunks += chunkCount(len(t.encoded))
		op.tracks = append(op.tracks, t)
	}
	op.digest = digest.Sum(nil)
	switch {
	case len(op.tracks) == 0:
		return nil, ErrNothingToRegister
	case chunks > maxChunks:
		return nil, fmt.Errorf("%w: fingerprints of more than %d MB", ErrInvalidWork, maxChunks*chunkSize>>20)
	case len(marshal(w)) > maxWork:
		return nil, fmt.Errorf("%w: fields of more than %d kB", ErrInvalidWork, maxWork>>10)
	}
	return op, nil
}

func (op *operation) finish(err error) {
	op.err = err
	close(op.done)
}

// submit has an operation carried out together with all others that wait for
// the disk: whoever gets the writer's lock first takes them all (group commit:
// DeWitt et al. 1984, section 4.2).
func (ix *Index) submit(ctx context.Context, op *operation) error {
	ix.queueMu.Lock()
	ix.queue = append(ix.queue, op)
	ix.queueMu.Unlock()
	select {
	case <-op.done:
	case <-ctx.Done():
		if ix.unqueue(op) {
			return context.Cause(ctx)
		}
		<-op.done // too late: it is being written
	case ix.writer <- struct{}{}:
		if ctx.Err() != nil && ix.unqueue(op) {
			<-ix.writer
			return context.Cause(ctx)
		}
		ix.queueMu.Lock()
		ops := ix.queue
		ix.queue = nil
		ix.queueMu.Unlock()
		ix.write(ops)
		<-ix.writer
		<-op.done
	}
	return op.err
}

func (ix *Index) unqueue(op *operation) bool {
	ix.queueMu.Lock()
	defer ix.queueMu.Unlock()
	for i, o := range ix.queue {
		if o == op {
			ix.queue = append(ix.queue[:i:i], ix.queue[i+1:]...)
			return true
		}
	}
	return false
}

// submitAll has a batch carried out and returns its first error.
func (ix *Index) submitAll(ctx context.Context, ops []*operation) error {
	if len(ops) == 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case ix.writer <- struct{}{}:
	}
	defer func() { <-ix.writer }()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	ix.write(ops)
	for _, op := range ops {
		if op.err != nil {
			return fmt.Errorf("%w (work %q)", op.err, op.id)
		}
	}
	return nil
}

// write carries out operations in as few transactions as hold them. The
// caller has the writer's lock.
func (ix *Index) write(ops []*operation) {
	s, err := ix.acquire()
	if err != nil {
		for _, op := range ops {
			op.finish(err)
		}
		return
	}
	defer ix.release(s)
	for len(ops) > 0 {
		if err := ix.makeRoom(); err != nil {
			for _, op := range ops {
				op.finish(err)
			}
			return
		}
		e := ix.edit()
		n := 0
		for n < len(ops) && !e.full(ops[n]) {
			e.apply(ops[n], time.Now())
			n++
		}
		err := e.commit()
		for _, op := range ops[:n] {
			if op.err == nil {
				op.err = err
			}
			op.finish(op.err)
		}
		ops = ops[n:]
	}
}
