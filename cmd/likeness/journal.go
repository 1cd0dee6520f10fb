package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// A journal remembers which files a scan has reported. It is a file of lines:
// a header in JSON, then a digest for each file. A line that a kill cut short is
// dropped when the journal is opened again.
type journal struct {
	f      *os.File
	seen   map[digest]struct{}
	before int // files that an earlier run reported
	synced time.Time
}

// digest stands for a file as it was: one that changed is another one. It is
// short, as there may be millions, and long enough that nobody finds two
// names for one to keep a file from being scanned.
type digest [16]byte

func digestOf(f file) digest {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %q", f.path, f.size, f.version))
	return digest(sum[:16])
}

type journalHeader struct {
	Version int      `json:"likeness_scan"`
	Roots   []string `json:"roots"`
}

const journalVersion = 1

// openJournal makes a new journal, or with resume goes on with the old one.
// A file that is no journal is left alone.
func openJournal(path string, roots []string, resume bool) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	j := &journal{f: f, seen: map[digest]struct{}{}, synced: time.Now()}
	if !resume {
		err = j.clear()
	}
	if err == nil {
		err = j.load(roots)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("journal %s: %w", path, err)
	}
	return j, nil
}

// clear empties an old journal.
func (j *journal) clear() error {
	line, err := bufio.NewReader(j.f).ReadBytes('\n')
	if err != nil && err != io.EOF {
		return err
	}
	if len(line) > 0 {
		if _, err := parseHeader(line); err != nil {
			return err
		}
	}
	if _, err := j.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return j.f.Truncate(0)
}

// load reads what is there, cuts off a broken last line, and writes the
// header of a new journal.
func (j *journal) load(roots []string) error {
	r := bufio.NewReader(j.f)
	var whole int64
	for n := 0; ; n++ {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if n == 0 {
			err = checkHeader(line, roots)
		} else {
			err = j.read(line)
		}
		if err != nil {
			return err
		}
		whole += int64(len(line))
	}
	j.before = len(j.seen)
	if err := j.f.Truncate(whole); err != nil {
		return err
	}
	if _, err := j.f.Seek(whole, io.SeekStart); err != nil {
		return err
	}
	if whole == 0 {
		return json.NewEncoder(j.f).Encode(journalHeader{Version: journalVersion, Roots: roots})
	}
	return nil
}

func parseHeader(line []byte) (h journalHeader, err error) {
	if err := json.Unmarshal(line, &h); err != nil || h.Version == 0 {
		return h, errors.New("not a scan's journal")
	}
	return h, nil
}

func checkHeader(line []byte, roots []string) error {
	h, err := parseHeader(line)
	if err != nil {
		return err
	}
	if h.Version != journalVersion {
		return fmt.Errorf("journal version %d, this program knows %d", h.Version, journalVersion)
	}
	if !slices.Equal(h.Roots, roots) {
		return fmt.Errorf("it is of a scan of %q, not of %q", h.Roots, roots)
	}
	return nil
}

func (j *journal) read(line []byte) error {
	var d digest
	if len(line) != hex.EncodedLen(len(d))+1 {
		return fmt.Errorf("damaged line %.99q", line)
	}
	if _, err := hex.Decode(d[:], line[:len(line)-1]); err != nil {
		return fmt.Errorf("damaged line %.99q", line)
	}
	j.seen[d] = struct{}{}
	return nil
}

func (j *journal) holds(f file) bool {
	_, ok := j.seen[digestOf(f)]
	return ok
}

// done notes a file whose report is out. The journal reaches the disk at
// least once a second of work.
func (j *journal) done(f file) error {
	if _, err := fmt.Fprintf(j.f, "%x\n", digestOf(f)); err != nil {
		return err
	}
	if time.Since(j.synced) < time.Second {
		return nil
	}
	j.synced = time.Now()
	return j.f.Sync()
}

// finish removes the journal of a scan that came to its end: the next one
// starts anew.
func (j *journal) finish() error {
	return os.Remove(j.f.Name())
}

// Close closes the file of the journal, which stays for --resume.
func (j *journal) Close() error { return j.f.Close() }
