// Package text takes the text of documents: plain text in any encoding,
// Markdown, HTML, RTF, DOCX, ODT, EPUB and FB2. Import it for its decoders;
// media.Text then finds the right one.
//
// What it gives is valid UTF-8 in reading order, with \n at the end of lines
// and paragraphs and otherwise as it stands in the document: hyphens at line
// ends and page numbers are left to the folding. Deleted and hidden text,
// scripts, menus, comments and field codes are no text of the document.
//
// Input is a stranger's. Zip bombs, endless nesting and external entities are
// bounded by the limits; a document that needs a password, is damaged or is
// not text at all gives an error that says so, never an empty text.
package text

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// elementsPerDepth makes the 1,000 nested elements of Limits out of its 8
// nested archives, which are one field.
const elementsPerDepth = 125

// A format reads one kind of document into w. What it returns is
// media.Info.Incomplete.
type format func(d *document, w *writer) (incomplete string, err error)

// document is what a format reads.
type document struct {
	ctx context.Context
	in  *media.Input
	l   media.Limits
}

// reader returns the whole file; reading ends when the context does.
func (d *document) reader() io.Reader { return &contextReader{d.ctx, d.in.Reader()} }

// nested checks how deep elements lie in each other.
func (d *document) nested(depth int) error {
	return fingerprint.Exceeds("depth", depth, d.l.Depth*elementsPerDepth)
}

func register(name string, read format, mediaTypes ...string) {
	media.Register(media.Decoder{
		Name: name,
		Rank: media.RankGo,
		Accepts: func(t string) bool {
			t, _, _ = strings.Cut(t, ";")
			for _, accepted := range mediaTypes {
				if strings.EqualFold(strings.TrimSpace(t), accepted) {
					return true
				}
			}
			return false
		},
		Text: func(ctx context.Context, in *media.Input, l media.Limits, emit func(int, string) error) (media.Info, error) {
			return decode(&document{ctx, in, l.Effective()}, name, read, emit)
		},
	})
}

func decode(d *document, name string, read format, emit func(int, string) error) (media.Info, error) {
	w := &writer{ctx: d.ctx, emit: emit, most: d.l.Text}
	incomplete, err := read(d, w)
	if w.err != nil {
		err = w.err // the cause; a format may see it as a damaged document
	}
	if err == nil {
		err = w.flush()
	}
	if err == nil && incomplete == "" && !w.letters {
		incomplete = "holds no text"
	}
	return media.Info{Decoder: name, Incomplete: incomplete}, err
}

// blockSize is how much text is gathered before it is handed on, at the end
// of a line if there is one.
const blockSize = 64 << 10

// writer gathers text and hands it on in blocks that end where a line ends.
// After an error it swallows everything, so that only loops need look at err.
type writer struct {
	ctx     context.Context
	emit    func(page int, text string) error
	buf     []byte
	total   int64
	most    int64
	letters bool // something other than white space was written
	err     error
}

func (w *writer) write(s string) {
	if w.err != nil || s == "" {
		return
	}
	if !w.letters {
		w.letters = strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) >= 0
	}
	w.total += int64(len(s))
	if w.bound(0); w.err != nil {
		return
	}
	w.buf = append(w.buf, strings.ToValidUTF8(s, "\uFFFD")...)
	if len(w.buf) >= blockSize {
		w.handOn()
	}
}

// bound checks the size of the text, together with what waits to be written.
func (w *writer) bound(waiting int) {
	if w.err == nil {
		w.err = fingerprint.Exceeds("text", w.total+int64(waiting), w.most)
	}
}

// newline ends the line, unless nothing stands in it.
func (w *writer) newline() {
	if n := len(w.buf); n > 0 && w.buf[n-1] != '\n' {
		w.write("\n")
	}
}

// atSpace reports whether more white space would be the second.
func (w *writer) atSpace() bool {
	n := len(w.buf)
	return n == 0 || w.buf[n-1] == ' ' || w.buf[n-1] == '\n' || w.buf[n-1] == '\t'
}

// handOn emits up to the last end of a line, a very long line up to a space,
// and keeps the rest.
func (w *writer) handOn() {
	end := lastIndexByte(w.buf, '\n')
	if end < 0 && len(w.buf) >= 4*blockSize {
		if end = lastIndexByte(w.buf, ' '); end < 0 {
			end = len(w.buf) - 1
		}
	}
	if end < 0 {
		return
	}
	w.send(string(w.buf[:end+1]))
	w.buf = w.buf[:copy(w.buf, w.buf[end+1:])]
}

func (w *writer) flush() error {
	if len(w.buf) > 0 {
		w.send(string(w.buf))
		w.buf = w.buf[:0]
	}
	return w.err
}

func (w *writer) send(s string) {
	if w.err == nil {
		w.err = w.ctx.Err()
	}
	if w.err == nil {
		w.err = w.emit(0, s)
	}
}

func lastIndexByte(b []byte, c byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == c {
			return i
		}
	}
	return -1
}

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// damaged says which part of a document cannot be read, and why.
func damaged(what string, err error) error {
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return fmt.Errorf("truncated: %s ends too early", what)
	}
	return fmt.Errorf("damaged: %s: %w", what, err)
}
