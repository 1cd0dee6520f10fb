// Package pdf takes the text of PDF files with PDFium, compiled to
// WebAssembly: nothing need be installed, and a stranger's file runs in a
// sandbox without files, network or other files' memory. Import it for its
// decoder; media.Text then finds it.
//
// Text comes page by page in the order of the page's content, with \n at the
// end of lines and hyphens where they stand. A file under a password, damaged,
// or with a page that takes over a minute gives an error that says so; a scan
// without a text layer is said to be incomplete, never taken for an empty
// document.
//
// The first PDF of a process starts the engine: 0.1 s of CPU if its compiled
// form is cached, 4 s otherwise. The cache lies in the folder wazero of
// $LIKENESS_CACHE or else of likeness in the user's cache directory; it holds
// native code, so let nobody else write there. Without such a folder every
// process compiles anew.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

const (
	mediaType = "application/pdf"
	// pageTime is far above what pages cost (milliseconds, seconds for maps)
	// and far below the limit for files, so that one hostile page does not
	// hold a core for hours.
	pageTime = time.Minute
)

func init() {
	media.Register(media.Decoder{
		Name: "pdfium",
		Rank: media.RankWasm,
		Accepts: func(t string) bool {
			t, _, _ = strings.Cut(t, ";")
			return strings.EqualFold(strings.TrimSpace(t), mediaType)
		},
		Text: func(ctx context.Context, in *media.Input, l media.Limits, emit func(int, string) error) (media.Info, error) {
			incomplete, err := readText(ctx, in, l.Effective(), pageTime, emit)
			return media.Info{Decoder: "pdfium", Incomplete: incomplete}, err
		},
	})
}

func readText(ctx context.Context, in *media.Input, l media.Limits, pageTime time.Duration, emit func(int, string) error) (string, error) {
	if in.Size > math.MaxInt32 {
		return "", errors.New("unsupported: PDF of more than 2 GiB")
	}
	w, err := hire(ctx, l.Memory, pageTime)
	if err != nil {
		return "", err
	}
	defer w.dismiss()
	file := &source{in: in.Reader()}
	defer file.release()
	d := document{worker: w, emit: emit, most: l.Text}
	incomplete, err := d.read(file, in.Size, l.Pages)
	switch {
	case err == nil || d.final:
		return incomplete, err
	case w.ctx.Err() != nil: // what a worker says that was killed is of no use
		return "", context.Cause(w.ctx)
	case file.err != nil:
		return "", file.err
	}
	return "", reason(err)
}

func reason(err error) error {
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return errors.New("encrypted: password needed")
	case errors.Is(err, pdfiumerrors.ErrSecurity):
		return errors.New("encrypted: unknown security handler")
	case errors.Is(err, pdfiumerrors.ErrFormat), errors.Is(err, pdfiumerrors.ErrFile):
		return errors.New("damaged PDF: no document can be found in it")
	}
	return fmt.Errorf("damaged PDF: %s", firstLine(err))
}

// firstLine leaves out the stack of a WebAssembly trap.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// document is one that is being read.
type document struct {
	*worker
	ref   references.FPDF_DOCUMENT
	emit  func(page int, text string) error
	total int64 // bytes of text so far
	most  int64
	final bool // an error is to be returned as it is
}

func (d *document) read(file *source, size int64, mostPages int) (incomplete string, err error) {
	opened, err := d.pdfium.OpenDocument(&requests.OpenDocument{FileReader: file, FileReaderSize: size})
	if err != nil {
		return "", err
	}
	d.ref = opened.Document
	count, err := d.pdfium.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		return "", err
	}
	pages := count.PageCount
	if err := fingerprint.Exceeds("pages", pages, mostPages); err != nil {
		return "", d.stop(err)
	}
	if pages == 0 {
		return "", errors.New("it has no pages")
	}
	unread, silent, why := 0, 0, error(nil)
	for i := range pages {
		said, err := d.page(i)
		switch {
		case d.final || d.ctx.Err() != nil:
			return "", err
		case err != nil:
			unread, why = unread+1, err
		case !said:
			silent++
		}
	}
	switch {
	case unread == pages:
		return "", fmt.Errorf("no page can be read: %s", firstLine(why))
	case unread > 0:
		return fmt.Sprintf("%d of %d pages cannot be read", unread, pages), nil
	case 2*silent > pages:
		return fmt.Sprintf("%d of %d pages hold no text (scanned?)", silent, pages), nil
	}
	return "", nil
}

func (d *document) stop(err error) error {
	d.final = true
	return err
}

// page emits the text of a page. It reports whether there is any, or nothing
// else on the page either.
func (d *document) page(i int) (said bool, err error) {
	d.nextPage()
	p, err := d.pdfium.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: i})
	if err != nil {
		return false, err
	}
	defer d.pdfium.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.Page})
	page := requests.Page{ByReference: &p.Page}
	text, err := pageText(d.pdfium, page)
	if err != nil {
		return false, err
	}
	if strings.IndexFunc(text, unicode.IsPrint) < 0 {
		objects, err := d.pdfium.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
		return err == nil && objects.Count == 0, err
	}
	d.total += int64(len(text))
	if err := fingerprint.Exceeds("text", d.total, d.most); err != nil {
		return true, d.stop(err)
	}
	if err := d.emit(i, text); err != nil {
		return true, d.stop(err)
	}
	return true, nil
}

// pageText takes the text in one call: one for each character, as GetPageText
// does, doubles the time.
func pageText(p pdfium.Pdfium, page requests.Page) (string, error) {
	loaded, err := p.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return "", err
	}
	defer p.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: loaded.TextPage})
	chars, err := p.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: loaded.TextPage})
	if err != nil || chars.Count == 0 {
		return "", err
	}
	text, err := p.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: loaded.TextPage, Count: chars.Count})
	if err != nil {
		return "", err
	}
	return signs.Replace(text.Text), nil
}

// signs: PDFium marks a hyphen at the end of a line with one of two
// characters that are none.
var signs = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x02", "-", "\ufffe", "-", "\x00", "")

// source is what PDFium reads. It remembers why reading failed, which PDFium
// does not, and lets go of the file: a killed worker never forgets its source.
type source struct {
	in  *io.SectionReader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func (s *source) Seek(offset int64, whence int) (int64, error) { return s.in.Seek(offset, whence) }

func (s *source) release() { s.in = io.NewSectionReader(nil, 0, 0) }
