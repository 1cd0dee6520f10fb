package index

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/dgraph-io/ristretto/v2/z"
	"github.com/likeness-go/likeness/internal/postings"
)

// A segment is an immutable part of a shelf, in memory or mapped from a file.
type segment struct {
	*postings.Segment
	file     uint64 // its number; 0 for one in memory
	path     string
	mapped   []byte
	obsolete bool // another file holds all of it: guarded by the writer's lock
	refs     int  // snapshots that hold it; guarded by Index.mu
}

func segmentPath(dir string, file uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%016x.seg", file))
}

// openSegment maps a file and compares the checksum of its directory.
func openSegment(path string, file uint64) (_ *segment, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("%s: empty", path)
	}
	data, err := z.Mmap(f, false, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s, err := postings.Open(data)
	if err != nil {
		z.Munmap(data)
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &segment{Segment: s, file: file, path: path, mapped: data}, nil
}

func (g *segment) close() {
	if g.mapped == nil {
		return
	}
	// Errors leave a mapping or a file behind, which costs room and nothing
	// else: Open removes files that the manifest doesn't list.
	z.Munmap(g.mapped)
	if g.obsolete {
		os.Remove(g.path)
	}
}

// writeSegment merges segments into a file, synced with its name. Without a
// posting left there is no file, and nil.
func writeSegment(dir string, file uint64, from []*segment, d *dead, stop func() error) (*segment, error) {
	path := segmentPath(dir, file)
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	n, err := merge(out, from, d, stop)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil || n == 0 {
		os.Remove(path)
		return nil, err
	}
	if err := syncDir(dir); err != nil {
		return nil, err
	}
	return openSegment(path, file)
}

// merge writes the postings of all tracks that live to out, and says how many.
func merge(out io.Writer, from []*segment, d *dead, stop func() error) (int, error) {
	parts := make([]*postings.Segment, len(from))
	for i, g := range from {
		parts[i] = g.Segment
	}
	first, _ := parts[0].Tracks()
	_, last := parts[len(parts)-1].Tracks()
	b := postings.NewBuilder(out, first, last)
	if err := postings.Merge(b, parts, d.has, stop); err != nil {
		return 0, err
	}
	return b.Len(), b.Finish()
}

// mergeInMemory is nil without a posting left.
func mergeInMemory(from []*segment, d *dead) (*segment, error) {
	var out bytes.Buffer
	n, err := merge(&out, from, d, func() error { return nil })
	if err != nil || n == 0 {
		return nil, err
	}
	s, err := postings.OpenTrusted(out.Bytes())
	return &segment{Segment: s}, err
}

// guard turns memory faults, which a mapped file makes that shrinks or can't be
// read, into ErrCorrupt of package postings. They would end the process.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			fault, ok := r.(interface{ Addr() uintptr })
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("%w: memory fault at %#x", postings.ErrCorrupt, fault.Addr())
		}
	}()
	return f()
}

// syncDir makes new names in a folder durable, where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	d.Sync() // Windows can't, and needn't
	return nil
}
