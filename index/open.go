package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/dgraph-io/badger/v4"
)

// formatVersion of the folder, as its file FORMAT tells.
//
//	1: truth/ in Badger, lists/ in segments of version 1
const formatVersion = 1

const formatPrefix = "likeness index "

// Open opens the index in a folder, and creates it if the folder is missing or
// empty. It never waits for another process: ErrLocked says that one has it.
//
// A folder that holds something else gives ErrForeign, an index of a newer
// format ErrVersion, and works of an algorithm that the program lacks, or has
// in another version only, an *AlgorithmError. Missing or damaged lists are
// made anew, which takes about a second for a million postings.
func Open(dir string, o *Options) (*Index, error) { return open(dir, o.settings()) }

func open(dir string, set settings) (*Index, error) {
	ix := &Index{
		set: set, dir: dir, lists: filepath.Join(dir, "lists"), cache: newCache(set.memory / 4),
		writer: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := checkFormat(dir); err != nil {
		return nil, err
	}
	if err := ix.room(0); err != nil { // Badger writes, and maps files, when it opens
		return nil, err
	}
	var err error
	if ix.db, err = openStore(filepath.Join(dir, "truth"), set.memory); err != nil {
		return nil, err
	}
	if err := ix.load(); err != nil {
		ix.abandon()
		return nil, err
	}
	go ix.maintain()
	ix.wake <- struct{}{}
	return ix, nil
}

// abandon undoes an Open that failed half-way.
func (ix *Index) abandon() {
	if ix.current != nil {
		dispose(ix.unref(ix.current))
	}
	_ = shield(ix.db.Close) // the error before matters
}

// checkFormat reads the file FORMAT, or writes it into a new folder.
func checkFormat(dir string) error {
	name := filepath.Join(dir, "FORMAT")
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return create(dir, name)
	}
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	number, ok := strings.CutPrefix(strings.TrimSpace(string(text)), formatPrefix)
	version, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil:
		return fmt.Errorf("%w: %s says %.40q", ErrForeign, name, text)
	case version != formatVersion:
		return fmt.Errorf("%w: %s has format %d, this program reads %d", ErrVersion, dir, version, formatVersion)
	}
	return makeFolders(dir)
}

func create(dir, name string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("index: %w", err)
	}
	for _, e := range entries {
		if e.Name() != "FORMAT.new" { // of a process that was killed here
			return fmt.Errorf("%w: %s holds other files, such as %s", ErrForeign, dir, e.Name())
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if err := writeSynced(name+".new", fmt.Sprintf("%s%d\n", formatPrefix, formatVersion)); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return makeFolders(dir)
}

func makeFolders(dir string) error {
	for _, sub := range []string{"truth", "lists"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o777); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("index: %w", err)
		}
	}
	return syncDir(dir)
}

func writeSynced(name, text string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// load makes the first snapshot of what is on disk.
func (ix *Index) load() error {
	txn := ix.db.NewTransaction(false)
	defer txn.Discard()
	s := &snapshot{dead: &dead{}}
	if err := getJSON(txn, stateKey, &s.state); err != nil {
		return err
	}
	if err := s.state.checkAlgorithms(); err != nil {
		return err
	}
	if err := ix.sweep(txn, s.state.Next); err != nil {
		return err
	}
	s.txn = txn
	tombs, err := s.tombs(0, s.state.Next, func(int) bool { return true })
	if err != nil {
		return err
	}
	s.dead = s.dead.change(tombs, true)
	ix.openLists(s)
	ix.removeUnlisted(s)
	ix.publish(s) // with a transaction of its own
	return ix.replay()
}

// sweep removes pieces of works that were being registered when the process
// died. Nothing refers to them, but their keys will be used again.
func (ix *Index) sweep(txn *badger.Txn, next uint32) error {
	var orphans []entry
	for {
		err := each(txn, chunkKey(0, 0)[:2], chunkKey(next, 0), func(key, _ []byte) (bool, error) {
			orphans = append(orphans, entry{key, nil})
			return len(orphans) < 1000, nil
		})
		if err != nil || len(orphans) == 0 {
			return err
		}
		if err := ix.store(nil, orphans); err != nil {
			return err
		}
		if len(orphans) < 1000 {
			return nil
		}
		next = binary.BigEndian.Uint32(orphans[len(orphans)-1].key[2:])
		orphans = orphans[:0]
	}
}

// openLists opens the segment files of the manifest. If one can't be used,
// none is, and replay makes them all from the truth.
func (ix *Index) openLists(s *snapshot) {
	s.shelves = make([]shelf, len(s.state.Shelves))
	var m manifest
	err := getJSON(s.txn, manifestKey, &m)
	if err != nil || m.Flushed > s.state.Next || len(m.Files) > len(s.shelves) {
		return
	}
	for i, files := range m.Files {
		for _, file := range files {
			g, err := openSegment(segmentPath(ix.lists, file), file)
			if err != nil {
				for _, sh := range s.shelves {
					dispose(sh)
				}
				s.shelves = make([]shelf, len(s.state.Shelves))
				return
			}
			s.shelves[i] = append(s.shelves[i], g)
		}
	}
	s.flushed = m.Flushed
}

// removeUnlisted removes files that no manifest lists: of merges and flushes
// that were not finished.
func (ix *Index) removeUnlisted(s *snapshot) {
	listed := map[string]bool{}
	for _, sh := range s.shelves {
		for _, g := range sh {
			listed[filepath.Base(g.path)] = true
			ix.file.Store(max(ix.file.Load(), g.file))
		}
	}
	entries, _ := os.ReadDir(ix.lists) // what can't be read can stay
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".seg") && !listed[e.Name()] {
			os.Remove(filepath.Join(ix.lists, e.Name()))
		}
	}
}
