package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/likeness-go/likeness/media"
)

// source is the file as the child opens it.
type source struct {
	name string   // on the command line
	file *os.File // the child inherits it as its first; nil: it opens it by name
	temp string   // to be removed
}

// byNumber says whether the child can open what it inherits: then nothing is
// looked up by a name that a stranger chose, ffmpeg guesses no format from
// it, and a spooled file needs no name, so that none is left behind whatever
// happens.
func byNumber() bool {
	if runtime.GOOS != "linux" {
		return false
	}
	_, err := os.Stat("/proc/self/fd")
	return err == nil
}

// open opens the input for the child, and spools what is on no disk.
func open(ctx context.Context, in *media.Input) (*source, error) {
	s := &source{}
	f, err := os.Open(in.Path)
	if in.Path == "" {
		if f, err = spool(ctx, in); err == nil {
			s.temp = f.Name()
		}
	}
	if err != nil {
		return nil, err
	}
	if byNumber() {
		s.name, s.file = "file:/proc/self/fd/3", f
		s.unname()
		return s, nil
	}
	defer f.Close()
	path, err := filepath.Abs(f.Name())
	if err != nil {
		return nil, err
	}
	s.name = "file:" + path // whatever the name begins with or holds
	return s, nil
}

func (s *source) unname() {
	if s.temp != "" {
		os.Remove(s.temp) // a leftover harms nobody
		s.temp = ""
	}
}

func (s *source) close() {
	if s.file != nil {
		s.file.Close()
	}
	s.unname()
}

// spool copies the input to a private temporary file: ffmpeg must seek, an
// MP4 may have its index at its end.
func spool(ctx context.Context, in *media.Input) (*os.File, error) {
	f, err := os.CreateTemp("", "likeness-*") // readable by us only
	if err != nil {
		return nil, fmt.Errorf("no place for a temporary copy: %w", errors.Unwrap(err))
	}
	for r := in.Reader(); err == nil; {
		if err = ctx.Err(); err == nil {
			_, err = io.CopyN(f, r, 16<<20)
		}
	}
	if err != io.EOF {
		f.Close()
		os.Remove(f.Name())
		return nil, fmt.Errorf("making a temporary copy: %w", err)
	}
	return f, nil
}
