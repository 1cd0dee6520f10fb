package fingerprint

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
)

// Options for File and Read. A nil *Options means the defaults.
type Options struct {
	// Limits bound what the file may cost. nil: the defaults.
	Limits *Limits
	// Name stands for the file in errors. Default: the path, or "input". It
	// never decides how the file is read.
	Name string
}

// Input is one file as an extractor sees it: any part, any number of times,
// from any number of goroutines.
type Input struct {
	io.ReaderAt
	Name string // for errors
	Path string // a path on this machine that holds exactly these bytes; "" if there is none
	Size int64
}

// Reader returns a reader of the whole input, independent of all others.
func (in *Input) Reader() *io.SectionReader { return io.NewSectionReader(in, 0, in.Size) }

// An Extractor plugs a medium into File and Read. The one that is most
// confident about a file reads it, whatever the order of imports.
type Extractor struct {
	Name string
	// Sniff looks at the content and says what type it is and how sure the
	// extractor is that it can read it: 0 for not at all, up to 100.
	Sniff func(*Input) (mediaType string, confidence int)
	// Extract makes the fingerprints. It fills the fields of the Set from
	// Fingerprints to Incomplete, but for SHA256 and Size. An error, unless
	// it is the context's, makes the file unscannable; its text follows the
	// file's name, so it names the reason only.
	Extract func(ctx context.Context, in *Input, l Limits) (*Set, error)
}

var extractors struct {
	sync.Mutex
	all []Extractor // by name; replaced, never changed
}

// RegisterExtractor makes a medium known to File and Read. It is called from
// init functions and panics on an extractor that is incomplete or whose name
// is already taken.
func RegisterExtractor(e Extractor) {
	if e.Name == "" || e.Sniff == nil || e.Extract == nil {
		panic("fingerprint: incomplete extractor " + e.Name)
	}
	extractors.Lock()
	defer extractors.Unlock()
	i, dup := slices.BinarySearchFunc(extractors.all, e.Name, func(x Extractor, name string) int {
		return cmp.Compare(x.Name, name)
	})
	if dup {
		panic("fingerprint: extractor " + e.Name + " registered twice")
	}
	extractors.all = slices.Insert(slices.Clone(extractors.all), i, e)
}

// File fingerprints everything that it finds in a file. Which media it knows
// depends on the packages that the program imports, as with image.Decode;
// importing github.com/likeness-go/likeness/all brings them all.
//
// A file that cannot be read gives an *UnscannableError; a cancelled context
// gives the context's cause. It is safe to call from many goroutines.
func File(ctx context.Context, name string, o *Options) (*Set, error) {
	if o == nil {
		o = &Options{}
	}
	shown := o.Name
	if shown == "" {
		shown = name
	}
	info, err := os.Stat(name) // before opening: a named pipe would block
	if err != nil {
		return nil, unscannable(shown, err)
	}
	if !info.Mode().IsRegular() {
		return nil, unscannable(shown, fmt.Errorf("not a regular file (%s)", info.Mode().Type()))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, unscannable(shown, err)
	}
	defer f.Close()
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, unscannable(shown, err)
	}
	return extract(ctx, &Input{ReaderAt: f, Name: shown, Path: path, Size: info.Size()}, o.Limits)
}

// Read is File for bytes that are not on disk. r must not be used by others
// until Read returns; its position is undefined afterwards. If r is also an
// io.ReaderAt, as *os.File and *bytes.Reader are, it is read without seeking.
func Read(ctx context.Context, r io.ReadSeeker, o *Options) (*Set, error) {
	if o == nil {
		o = &Options{}
	}
	in := &Input{Name: o.Name}
	if in.Name == "" {
		in.Name = "input"
	}
	var err error
	if in.Size, err = r.Seek(0, io.SeekEnd); err != nil {
		return nil, unscannable(in.Name, err)
	}
	if ra, ok := r.(io.ReaderAt); ok {
		in.ReaderAt = ra
	} else {
		in.ReaderAt = &seekerAt{r: r}
	}
	return extract(ctx, in, o.Limits)
}

func extract(ctx context.Context, in *Input, limits *Limits) (set *Set, err error) {
	defer func() {
		if value := recover(); value != nil {
			set, err = nil, unscannable(in.Name, &PanicError{value, debug.Stack()})
		}
	}()
	l := limits.Effective()
	if in.Size == 0 {
		return nil, unscannable(in.Name, errors.New("empty file"))
	}
	if err := Exceeds("bytes", in.Size, l.Bytes); err != nil {
		return nil, unscannable(in.Name, err)
	}
	e, mediaType := choose(in)
	if e.Extract == nil {
		return nil, unscannable(in.Name, fmt.Errorf("unknown format %s (forgotten import?)", mediaType))
	}
	work := ctx
	if l.WallTime >= 0 {
		var cancel context.CancelFunc
		work, cancel = context.WithTimeoutCause(ctx, l.WallTime, &LimitError{"wall time", nil, l.WallTime})
		defer cancel()
	}
	set, err = e.Extract(work, in, l)
	if err == nil && set == nil {
		err = fmt.Errorf("extractor %s returned nothing", e.Name)
	}
	if err == nil {
		err = hash(work, in, set)
	}
	switch {
	case err == nil:
		return set, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case work.Err() != nil:
		return nil, unscannable(in.Name, context.Cause(work))
	}
	return nil, unscannable(in.Name, err)
}

// choose returns the extractor that is most confident, the first by name
// among equals, or a zero one with the type that a medium saw.
func choose(in *Input) (best Extractor, mediaType string) {
	extractors.Lock()
	all := extractors.all
	extractors.Unlock()
	most := 0
	mediaType = "application/octet-stream"
	for _, e := range all {
		t, confidence := e.Sniff(in)
		if confidence > most {
			best, most, mediaType = e, confidence, t
		} else if most == 0 && t != "" {
			mediaType = t
		}
	}
	return best, mediaType
}

func hash(ctx context.Context, in *Input, set *Set) error {
	h := sha256.New()
	r := in.Reader()
	for left := in.Size; left > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(h, r, min(left, 16<<20))
		if err == io.EOF {
			return errors.New("file shrank while it was read")
		}
		if err != nil {
			return err
		}
		left -= n
	}
	set.Size = in.Size
	h.Sum(set.SHA256[:0])
	return nil
}

// unscannable wraps err for the file shown, whose name the errors of package
// os would repeat.
func unscannable(shown string, err error) error {
	reason := err
	if pe, ok := err.(*fs.PathError); ok {
		reason = pe.Err
	}
	return &UnscannableError{Name: shown, Reason: oneLine(reason.Error()), Err: err}
}

// seekerAt makes an io.ReaderAt of an io.ReadSeeker, one read at a time.
type seekerAt struct {
	mu sync.Mutex
	r  io.ReadSeeker
}

func (s *seekerAt) ReadAt(p []byte, off int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}
