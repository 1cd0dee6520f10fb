package text

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

const (
	// centralEntry is what the directory of a zip file needs for a member,
	// with a long name: by it the members are bounded before they are read.
	centralEntry = 160
	// Documents pack 3 to 30 times, deflate at most 1,032 times. A member
	// that is larger than bombSize and packs better than bombRatio is a bomb.
	bombSize  = 16 << 20
	bombRatio = 200
)

var errNoMember = errors.New("no such member")

// pack is a document that is a zip file.
type pack struct {
	d       *document
	members map[string]*zip.File

	unpacked int64 // so far
}

func openPack(d *document) (*pack, error) {
	directory := &boundedReaderAt{Input: d.in, left: 256<<10 + int64(d.l.Members)*centralEntry, limit: d.l.Members}
	z, err := zip.NewReader(directory, d.in.Size)
	var exceeded *fingerprint.LimitError
	switch {
	case errors.As(err, &exceeded):
		return nil, exceeded
	case err != nil:
		return nil, damaged("zip directory", err)
	}
	if err := fingerprint.Exceeds("members", len(z.File), d.l.Members); err != nil {
		return nil, err
	}
	directory.open = true
	p := &pack{d: d, members: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		if _, twice := p.members[f.Name]; !twice {
			p.members[f.Name] = f
		}
	}
	return p, nil
}

// member opens a file of the document. Reading it ends at the limits.
func (p *pack) member(name string) (io.ReadCloser, error) {
	f, ok := p.members[strings.TrimPrefix(path.Clean("/"+name), "/")]
	if !ok {
		return nil, fmt.Errorf("damaged: %s: %w", name, errNoMember)
	}
	if f.Flags&1 != 0 {
		return nil, errEncrypted
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(name, err)
	}
	return &memberReader{ReadCloser: r, p: p, f: f}, nil
}

type memberReader struct {
	io.ReadCloser
	p    *pack
	f    *zip.File
	read int64
}

func (r *memberReader) Read(b []byte) (int, error) {
	if err := r.p.d.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.ReadCloser.Read(b)
	r.read += int64(n)
	r.p.unpacked += int64(n)
	if over := fingerprint.Exceeds("unpacked", r.p.unpacked, r.p.d.l.Unpacked); over != nil {
		return n, over
	}
	if r.read > bombSize && r.read/bombRatio > int64(r.f.CompressedSize64) {
		return n, &bombError{r.f.Name}
	}
	return n, err
}

// boundedReaderAt stops the reading of an endless directory, which archive/zip
// takes into memory as a whole.
type boundedReaderAt struct {
	*media.Input
	left  int64
	limit int
	open  bool
}

func (r *boundedReaderAt) ReadAt(b []byte, off int64) (int, error) {
	n, err := r.Input.ReadAt(b, off)
	if !r.open && r.limit >= 0 {
		if r.left -= int64(n); r.left < 0 {
			return n, &fingerprint.LimitError{Limit: "members", Max: r.limit}
		}
	}
	return n, err
}

// memberError names the member that an error is about, unless it is about the
// whole file: a limit, the end of the context, a bomb.
func memberError(name string, err error) error {
	if err == nil || limited(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return damaged(name, err)
}

func limited(err error) bool {
	var exceeded *fingerprint.LimitError
	var bomb *bombError
	return errors.As(err, &exceeded) || errors.As(err, &bomb)
}

type bombError struct{ member string }

func (e *bombError) Error() string {
	return fmt.Sprintf("zip bomb: %s unpacks to more than %d times its size", e.member, bombRatio)
}
