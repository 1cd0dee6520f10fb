package main

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
)

// A file is one input, in the order of the arguments and, within a folder, of
// the names. err says why it cannot be read, if the walk already knows.
type file struct {
	path  string
	size  int64
	mtime int64 // in ns since 1970
	err   error
}

var errLoop = errors.New("directory loop: a link to a folder that holds it")

// files walks the arguments: files as they are, folders with all that is in
// them, symbolic links followed. Nothing stops the walk; what cannot be read
// comes out with its error.
func files(roots []string) iter.Seq[file] {
	return func(yield func(file) bool) {
		for _, root := range roots {
			if !walk(filepath.Clean(root), nil, yield) {
				return
			}
		}
	}
}

func walk(path string, above []fs.FileInfo, yield func(file) bool) bool {
	info, err := os.Stat(path)
	if err != nil {
		return yield(file{path: path, err: plain(err)})
	}
	if !info.IsDir() {
		return yield(file{path: path, size: info.Size(), mtime: info.ModTime().UnixNano()})
	}
	for _, dir := range above {
		if os.SameFile(dir, info) {
			return yield(file{path: path, err: errLoop})
		}
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return yield(file{path: path, err: plain(err)})
	}
	for _, e := range entries {
		if !walk(filepath.Join(path, e.Name()), append(above, info), yield) {
			return false
		}
	}
	return true
}

// plain takes the path off an error of package os: the file is named anyway.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("no such file")
		}
		return pe.Err
	}
	return err
}

// tally counts the files and bytes below the roots, for progress.
func tally(roots []string) (count int, bytes int64) {
	for f := range files(roots) {
		count++
		bytes += f.size
	}
	return count, bytes
}

// clock formats seconds as 1:02:03.4.
func clock(seconds float64) string {
	tenths := int64(seconds*10 + 0.5)
	h, m, s := tenths/36000, tenths/600%60, float64(tenths%600)/10
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%04.1f", h, m, s)
	}
	return fmt.Sprintf("%d:%04.1f", m, s)
}
