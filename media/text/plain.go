package text

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

func init() { register("text", readPlain, "text/plain", "text/markdown", "text/x-markdown") }

// readPlain goes over the file twice: for its encoding, and for the text.
func readPlain(d *document, w *writer) (string, error) {
	encoding, err := encodingOf(d.reader(), nil)
	if err != nil {
		return "", err
	}
	r := d.reader()
	if encoding != nil {
		r = transform.NewReader(r, encoding.NewDecoder())
	}
	return "", copyText(r, w)
}

// copyText writes what r holds line by line, without the markup if the first
// of it is Markdown. Any of \n, \r\n and \r ends a line.
func copyText(r io.Reader, w *writer) error {
	block := make([]byte, blockSize)
	var lines lineFilter
	kept := 0 // bytes of an unfinished character
	for first := true; w.err == nil; first = false {
		n, err := io.ReadFull(r, block[kept:])
		n += kept
		if first {
			lines.markdown = isMarkdown(string(block[:n]))
		}
		whole := n
		if err == nil {
			whole = lastWhole(block[:n])
		}
		lines.write(w, string(block[:whole]))
		kept = copy(block, block[whole:n])
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			lines.end(w)
			return w.err
		default:
			return err
		}
	}
	return w.err
}

// lastWhole returns where the last whole character of b ends. A \r at the end
// waits for its \n.
func lastWhole(b []byte) int {
	n := len(b)
	for i := n - 1; i >= 0 && i >= n-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) || b[i] == '\r' {
				return i
			}
			break
		}
	}
	return n
}

// lineFilter passes text on, whole lines at a time if it is Markdown.
type lineFilter struct {
	markdown bool
	rest     string // the unfinished last line
}

func (f *lineFilter) write(w *writer, s string) {
	if strings.IndexByte(s, '\r') >= 0 {
		s = lineEnds.Replace(s)
	}
	if !f.markdown {
		w.write(s)
		return
	}
	s = f.rest + s
	for w.err == nil {
		line, rest, found := strings.Cut(s, "\n")
		if !found && len(s) < blockSize {
			break
		}
		w.write(withoutMarkup(line))
		if s = rest; found {
			w.write("\n")
		}
	}
	f.rest = s
}

func (f *lineFilter) end(w *writer) { w.write(withoutMarkup(f.rest)) }

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
