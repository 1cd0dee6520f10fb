package ffmpegwasm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero/experimental/sys"
	wsys "github.com/tetratelabs/wazero/sys"

	"github.com/likeness-go/likeness/media"
)

// Convert runs ffmpeg from one file to another: with before ahead of the
// input and after behind it, as on ffmpeg's command line. The two files are
// all that it sees. The name of the second tells the format, unless -f does.
// It serves programs that make test material; decoding needs no files.
func Convert(ctx context.Context, from, to string, before, after []string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	name := "output" + filepath.Ext(to)
	root := &disk{files: map[string]sys.File{
		"input": newSource(&media.Input{ReaderAt: in, Size: info.Size()}),
		name:    newProduct(out),
	}}
	log := &head{}
	args := slices.Concat(before, []string{"-y", "-i", "file:/input"}, after, []string{"file:/" + name})
	if err := execute(ctx, media.Limits{Memory: -1}, args, root, log); err != nil {
		return fmt.Errorf("ffmpegwasm: %w: %s", err, strings.TrimSpace(string(log.text)))
	}
	return nil
}

// head keeps the first messages.
type head struct{ text []byte }

func (h *head) Write(p []byte) (int, error) {
	h.text = append(h.text, p[:min(len(p), 4096-len(h.text))]...)
	return len(p), nil
}

// product is a file on disk that ffmpeg writes. To move an index to the front
// it opens it a second time and reads while it writes, so each opening has a
// position of its own. Closing it in ffmpeg leaves it open for us.
type product struct {
	position[int64]
	f *os.File
}

func newProduct(f *os.File) *product {
	p := &product{f: f}
	p.size = func() int64 {
		stat, _ := p.Stat() // 0 if it cannot be told
		return stat.Size
	}
	return p
}

func (p *product) open() sys.File { return newProduct(p.f) }

func (p *product) Stat() (wsys.Stat_t, sys.Errno) {
	info, err := p.f.Stat()
	if err != nil {
		return wsys.Stat_t{}, sys.EIO
	}
	return wsys.Stat_t{Mode: 0o644, Size: info.Size(), Nlink: 1}, 0
}

func (p *product) Read(b []byte) (int, sys.Errno) {
	n, errno := p.Pread(b, p.at)
	p.at += int64(n)
	return n, errno
}

func (p *product) Write(b []byte) (int, sys.Errno) {
	n, errno := p.Pwrite(b, p.at)
	p.at += int64(n)
	return n, errno
}

func (p *product) Pread(b []byte, at int64) (int, sys.Errno)  { return result(p.f.ReadAt(b, at)) }
func (p *product) Pwrite(b []byte, at int64) (int, sys.Errno) { return result(p.f.WriteAt(b, at)) }

func (p *product) Truncate(size int64) sys.Errno {
	_, errno := result(0, p.f.Truncate(size))
	return errno
}
