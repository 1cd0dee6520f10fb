package text

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

func init() {
	register("rtf", readRTF, "text/rtf", "application/rtf", "application/x-rtf", "text/richtext")
}

// readRTF reads Rich Text Format 1.9.1.
func readRTF(d *document, w *writer) (string, error) {
	r := &rtfReader{d: d, w: w, in: bufio.NewReaderSize(d.reader(), blockSize), codePage: 1252, fonts: map[int]int{}, group: rtfGroup{uc: 1}}
	if head, err := r.in.Peek(5); string(head) != `{\rtf` {
		if err != nil && err != io.EOF {
			return "", err
		}
		return "", errors.New("not an RTF document")
	}
	err := r.read()
	r.flush()
	if r.notes.Len() > 0 {
		w.newline()
		w.write(r.notes.String())
	}
	if err == io.EOF {
		err = nil
		if len(r.outer) > 0 {
			err = damaged("RTF", io.ErrUnexpectedEOF)
		}
	}
	return "", err
}

// rtfGroup is what { saves and } restores.
type rtfGroup struct {
	skip   bool // a destination that is no text
	hidden bool // formatted as hidden or deleted
	note   bool
	fonts  bool // the font table
	font   int
	uc     int // bytes that stand for a \u in programs that do not know it
}

type rtfReader struct {
	d        *document
	w        *writer
	in       *bufio.Reader
	group    rtfGroup
	outer    []rtfGroup
	codePage int         // of the document
	fonts    map[int]int // their code pages
	font     int         // the one that the font table defines just now
	bytes    []byte      // text in the code page of the font, not yet decoded
	page     int         // of bytes
	units    []uint16    // a surrogate that waits for its second half
	fallback int         // bytes still to be skipped after \u
	starred  bool        // the next control word is of a destination that may be skipped
	notes    strings.Builder
}

func (r *rtfReader) read() error {
	for r.w.err == nil {
		c, err := r.in.ReadByte()
		if err != nil {
			return err
		}
		switch c {
		case '{':
			err = r.open()
		case '}':
			if len(r.outer) == 0 {
				return nil // what follows the document is none of it
			}
			r.flush()
			r.group = r.outer[len(r.outer)-1]
			r.outer = r.outer[:len(r.outer)-1]
			r.fallback, r.starred = 0, false
			if len(r.outer) == 0 {
				return nil
			}
		case '\\':
			err = r.control()
		case '\r', '\n':
		default:
			r.byte(c)
		}
		if err != nil {
			return err
		}
	}
	return r.w.err
}

func (r *rtfReader) open() error {
	r.flush()
	r.outer = append(r.outer, r.group)
	r.fallback = 0
	return r.d.nested(len(r.outer))
}

// control reads what follows a backslash.
func (r *rtfReader) control() error {
	c, err := r.in.ReadByte()
	if err != nil {
		return err
	}
	if !isLetter(c) {
		return r.symbol(c)
	}
	var word [32]byte
	n := 0
	for ; isLetter(c); n++ {
		if n == len(word) {
			return damaged("RTF", errors.New("a control word of more than 32 letters"))
		}
		word[n] = c
		if c, err = r.in.ReadByte(); err != nil {
			return err
		}
	}
	value, given, err := r.parameter(c)
	if err != nil && err != io.EOF {
		return err
	}
	return r.word(string(word[:n]), value, given)
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// parameter reads the number after a control word, and the space that ends it.
func (r *rtfReader) parameter(c byte) (value int, given bool, err error) {
	var digits [11]byte
	n := 0
	for ; n < len(digits) && ('0' <= c && c <= '9' || c == '-' && n == 0); n++ {
		digits[n] = c
		if c, err = r.in.ReadByte(); err != nil {
			break
		}
	}
	if err == nil && c != ' ' {
		err = r.in.UnreadByte()
	}
	value, bad := strconv.Atoi(string(digits[:n]))
	return value, bad == nil, err
}

func (r *rtfReader) symbol(c byte) error {
	switch c {
	case '\'':
		var hex [2]byte
		if _, err := io.ReadFull(r.in, hex[:]); err != nil {
			return err
		}
		if v, err := strconv.ParseUint(string(hex[:]), 16, 8); err == nil {
			r.byte(byte(v))
		}
	case '*':
		r.starred = true
	case '\\', '{', '}':
		r.byte(c)
	case '~':
		r.text("\u00a0")
	case '_':
		r.text("-")
	case '\r', '\n':
		r.text("\n")
	}
	return nil
}

// byte takes one byte of text, in the code page of the font.
func (r *rtfReader) byte(c byte) {
	r.starred = false
	if r.fallback > 0 {
		r.fallback--
		return
	}
	if r.group.fonts || !r.visible() {
		return
	}
	page := r.codePage
	if p, ok := r.fonts[r.group.font]; ok {
		page = p
	}
	if page != r.page || len(r.bytes) >= 4096 && c == ' ' {
		r.flush()
		r.page = page
	}
	r.units = r.units[:0]
	r.bytes = append(r.bytes, c)
}

func (r *rtfReader) visible() bool { return !r.group.skip && !r.group.hidden }

func (r *rtfReader) flush() {
	if len(r.bytes) > 0 {
		s := decodePage(r.page, r.bytes)
		r.bytes = r.bytes[:0]
		r.emit(s)
	}
}

func (r *rtfReader) text(s string) {
	if r.fallback > 0 {
		r.fallback--
		return
	}
	if r.visible() && !r.group.fonts {
		r.flush()
		r.emit(s)
	}
}

func (r *rtfReader) emit(s string) {
	if r.group.note {
		r.notes.WriteString(s)
		r.w.bound(r.notes.Len())
		return
	}
	r.w.write(s)
}

// word obeys a control word.
func (r *rtfReader) word(word string, value int, given bool) error {
	starred := r.starred
	r.starred = false
	if s, ok := rtfSigns[word]; ok {
		r.text(s)
		return nil
	}
	if rtfSkipped[word] || starred && !rtfStarredText[word] {
		r.group.skip = true
		return nil
	}
	on := !given || value != 0
	switch word {
	case "u":
		r.unicode(value)
	case "uc":
		r.group.uc = max(0, min(value, 16))
	case "bin":
		if _, err := io.CopyN(io.Discard, r.in, int64(max(0, value))); err != nil {
			return err
		}
	case "v", "deleted":
		r.flush()
		r.group.hidden = on
	case "plain":
		r.flush()
		r.group.hidden = false
	case "footnote":
		r.flush()
		r.group.note = true
		r.notes.WriteByte('\n')
	case "ansicpg":
		if value > 0 {
			r.codePage = value
		}
	case "mac":
		r.codePage = 10000
	case "pc":
		r.codePage = 437
	case "pca":
		r.codePage = 850
	case "fonttbl":
		r.group.fonts = true
	case "deff":
		r.group.font = value
	case "f":
		r.group.font, r.font = value, value
	case "fcharset":
		if page, ok := rtfCharsets[value]; ok && r.group.fonts {
			r.fonts[r.font] = page
		}
	case "cpg":
		if r.group.fonts && value > 0 {
			r.fonts[r.font] = value
		}
	}
	return nil
}

// unicode takes one UTF-16 unit, written as a signed number.
func (r *rtfReader) unicode(value int) {
	r.fallback = 0
	if r.visible() && !r.group.fonts {
		r.flush()
		r.units = append(r.units, uint16(value))
		if s := utf16.Decode(r.units); !utf16.IsSurrogate(rune(uint16(value))) || len(r.units) == 2 {
			r.emit(string(s))
			r.units = r.units[:0]
		}
	}
	r.fallback = r.group.uc
}

var rtfSigns = map[string]string{
	"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "row": "\n", "nestrow": "\n",
	"tab": "\t", "cell": "\t", "nestcell": "\t",
	"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
	"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "zwbo": "\u200b",
}

// rtfSkipped are destinations without text of the document: tables of
// styles, pictures, the formulas of fields, what is repeated on every page.
var rtfSkipped = names("colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf " +
	"fldinst listtext pntext pntxta pntxtb nonesttables objdata objclass objname themedata colorschememapping datastore " +
	"xe tc tcn rxe bkmkstart bkmkend annotation atnid atnauthor atrfstart atrfend atntime nonshppict private comment " +
	"listtable listoverridetable revtbl rsidtbl generator filetbl txe template fchars lchars ftnsep ftnsepc aftnsep aftnsepc sp sn sv")

// rtfStarredText are destinations with text that older programs skip.
var rtfStarredText = names("shpinst shptxt shppict do dptxbxtext footnote")

func names(s string) map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(s) {
		m[name] = true
	}
	return m
}
