package ffmpegwasm

import (
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/tetratelabs/wazero/experimental/sys"
	wsys "github.com/tetratelabs/wazero/sys"

	"github.com/likeness-go/likeness/media"
)

// disk is all that one run of ffmpeg sees of the world: the file to read and
// the files that carry what it writes to us. Everything else does not exist
// and cannot be made.
type disk struct {
	sys.UnimplementedFS
	files map[string]sys.File
}

func (d *disk) OpenFile(path string, flag sys.Oflag, _ fs.FileMode) (sys.File, sys.Errno) {
	if path == "." || path == "" || path == "/" {
		return &folder{}, 0
	}
	path = strings.TrimPrefix(path, "/")
	if path == "dev/urandom" {
		return &dice{}, 0
	}
	f, ok := d.files[path]
	if !ok {
		return nil, sys.ENOENT
	}
	if _, input := f.(*source); input && flag&(sys.O_WRONLY|sys.O_RDWR|sys.O_TRUNC) != 0 {
		return nil, sys.EACCES
	}
	if seekable, ok := f.(interface{ open() sys.File }); ok {
		return seekable.open(), 0
	}
	return f, 0
}

func (d *disk) Stat(path string) (wsys.Stat_t, sys.Errno) {
	f, errno := d.OpenFile(path, sys.O_RDONLY, 0)
	if errno != 0 {
		return wsys.Stat_t{}, errno
	}
	return f.Stat()
}

func (d *disk) Lstat(path string) (wsys.Stat_t, sys.Errno) { return d.Stat(path) }

// folder is the root, which shows nothing.
type folder struct{ sys.UnimplementedFile }

func (folder) IsDir() (bool, sys.Errno)              { return true, 0 }
func (folder) Readdir(int) ([]sys.Dirent, sys.Errno) { return nil, 0 }
func (folder) Stat() (wsys.Stat_t, sys.Errno)        { return wsys.Stat_t{Mode: fs.ModeDir | 0o555}, 0 }

// position is where a file is read or written next. It is generic only since
// go vet takes a plain Seek that does not return an error for a mistake.
type position[N int64] struct {
	sys.UnimplementedFile
	at   N
	size func() N
}

func (p *position[N]) Seek(off N, whence int) (N, sys.Errno) {
	switch whence {
	case io.SeekCurrent:
		off += p.at
	case io.SeekEnd:
		off += p.size()
	}
	if off < 0 {
		return 0, sys.EINVAL
	}
	p.at = off
	return off, 0
}

// source reads the input.
type source struct {
	position[int64]
	in *media.Input
}

func newSource(in *media.Input) *source {
	s := &source{in: in}
	s.size = func() int64 { return in.Size }
	return s
}

func (s *source) open() sys.File { return newSource(s.in) }

func (s *source) Stat() (wsys.Stat_t, sys.Errno) {
	return wsys.Stat_t{Mode: 0o444, Size: s.in.Size, Nlink: 1}, 0
}

func (s *source) Read(p []byte) (int, sys.Errno) {
	n, errno := s.Pread(p, s.at)
	s.at += int64(n)
	return n, errno
}

func (s *source) Pread(p []byte, off int64) (int, sys.Errno) {
	if off < 0 {
		return 0, sys.EINVAL
	}
	return result(s.in.ReadAt(p[:min(int64(len(p)), max(0, s.in.Size-off))], off))
}

// sink passes on what is written.
type sink struct {
	sys.UnimplementedFile
	w io.Writer
}

// Stat calls it a pipe, so that ffmpeg does not seek in it.
func (s *sink) Stat() (wsys.Stat_t, sys.Errno) { return wsys.Stat_t{Mode: fs.ModeNamedPipe | 0o222}, 0 }

func (s *sink) Truncate(int64) sys.Errno { return 0 }

func (s *sink) Write(p []byte) (int, sys.Errno) {
	n, err := s.w.Write(p)
	if err != nil {
		return n, sys.EIO
	}
	return n, 0
}

// dice is /dev/urandom, always with the same numbers: muxers ask it for serial
// numbers, and without it wait for ever for a clock to tick unevenly.
type dice struct {
	sys.UnimplementedFile
	rolled byte
}

func (d *dice) Stat() (wsys.Stat_t, sys.Errno) {
	return wsys.Stat_t{Mode: fs.ModeCharDevice | 0o444}, 0
}

func (d *dice) Read(p []byte) (int, sys.Errno) {
	for i := range p {
		d.rolled = d.rolled*5 + 113
		p[i] = d.rolled
	}
	return len(p), 0
}

// result turns the outcome of a read or write into WebAssembly's: the end of
// a file is no error there.
func result(n int, err error) (int, sys.Errno) {
	if err != nil && n == 0 && !errors.Is(err, io.EOF) {
		return 0, sys.EIO
	}
	return n, 0
}
