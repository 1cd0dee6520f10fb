package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A file is one input: a file of this machine or an object of a bucket, in
// the order of the arguments and, within each, of the names.
type file struct {
	path    string  // or s3://bucket/key
	size    int64   // in bytes
	version string  // another one when the content may be
	object  *object // where to get the content, if not from path
	err     error   // why it cannot be read, if the walk already knows
}

var errLoop = errors.New("directory loop: a link to a folder that holds it")

// files walks the arguments: files as they are, folders with all that is in
// them, symbolic links followed, buckets with all that has the prefix.
// Nothing but the context stops the walk; what cannot be read comes out with
// its error.
func files(ctx context.Context, roots []string) iter.Seq[file] {
	return func(yield func(file) bool) {
		until := func(f file) bool { return ctx.Err() == nil && yield(f) }
		for _, root := range roots {
			walked := walk
			if strings.HasPrefix(root, bucketScheme) {
				walked = list
			} else {
				root = filepath.Clean(root)
			}
			if !walked(ctx, root, until) {
				return
			}
		}
	}
}

func walk(_ context.Context, root string, yield func(file) bool) bool {
	return descend(root, nil, yield)
}

func descend(path string, above []fs.FileInfo, yield func(file) bool) bool {
	info, err := os.Stat(path)
	if err != nil {
		return yield(file{path: path, err: plain(err)})
	}
	if !info.IsDir() {
		return yield(file{path: path, size: info.Size(), version: strconv.FormatInt(info.ModTime().UnixNano(), 10)})
	}
	for _, dir := range above {
		if os.SameFile(dir, info) {
			return yield(file{path: path, err: errLoop})
		}
	}
	names, err := namesIn(path)
	for _, name := range names {
		if !descend(filepath.Join(path, name), append(above, info), yield) {
			return false
		}
	}
	if err != nil { // names may be incomplete
		return yield(file{path: path, err: plain(err)})
	}
	return true
}

// namesIn returns the sorted names in a folder: no more than those, since
// there may be a million.
func namesIn(folder string) ([]string, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
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

// clock formats seconds as 1:02:03.4.
func clock(seconds float64) string {
	tenths := int64(seconds*10 + 0.5)
	h, m, s := tenths/36000, tenths/600%60, float64(tenths%600)/10
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%04.1f", h, m, s)
	}
	return fmt.Sprintf("%d:%04.1f", m, s)
}
