package text

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

func init() { register("html", readHTML, "text/html", "application/xhtml+xml") }

// largestToken bounds one tag or piece of text; pictures inside of attributes
// are the largest that are found in earnest.
const largestToken = 64 << 20

// readHTML prefers what <main> and <article> hold, if that is most of the
// text: a page without its menus is found in other designs again.
func readHTML(d *document, w *writer) (string, error) {
	declared, err := declaredHTML(d.reader())
	if err != nil {
		return "", err
	}
	e, err := encodingOf(d.reader(), declared)
	if err != nil {
		return "", err
	}
	open := func() io.Reader {
		if e == nil {
			return d.reader()
		}
		return transform.NewReader(d.reader(), e.NewDecoder())
	}
	page := htmlReader{d: d}
	if err := page.read(open(), nil); err != nil {
		return "", err
	}
	page.onlyMain = page.inMain > 0 && 2*page.inMain >= page.all
	// Menus that hold nearly all of the text are no menus, or an unclosed one has
	// swallowed the page.
	page.book = page.chrome > 4*page.all
	return "", page.read(open(), w)
}

// declaredHTML returns what <meta> names, nil if there is none.
func declaredHTML(r io.Reader) (encoding.Encoding, error) {
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	if !bytes.Contains(head[:n], []byte("charset")) && !bytes.Contains(head[:n], []byte("encoding")) {
		return nil, nil
	}
	_, name, _ := charset.DetermineEncoding(head[:min(n, 1024)], "")
	return encodingNamed(name), nil
}

// htmlReader takes the visible text of one page.
type htmlReader struct {
	d        *document
	book     bool // a chapter, not a web page: asides and footers are text
	onlyMain bool
	inMain   int64 // bytes of text in <main> and <article>
	all      int64
	chrome   int64 // bytes of text in menus and the like, beside all

	depth  int // of <main> and <article>
	pre    int
	hidden struct { // the element that hides all in it
		tag    string
		depth  int
		chrome bool
	}
}

// read counts text if w is nil, otherwise writes it.
func (h *htmlReader) read(r io.Reader, w *writer) error {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(largestToken)
	h.depth, h.pre, h.hidden.depth = 0, 0, 0
	for w == nil || w.err == nil {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() == io.EOF {
				return nil
			}
			if z.Err() == html.ErrBufferExceeded {
				return damaged("HTML", z.Err())
			}
			return z.Err()
		case html.TextToken:
			if h.hidden.depth == 0 {
				h.text(z.Text(), w)
			} else if h.hidden.chrome {
				h.chrome += int64(len(bytes.TrimSpace(z.Text())))
			}
		case html.StartTagToken:
			h.start(z, w, false)
		case html.SelfClosingTagToken:
			h.start(z, w, true)
		case html.EndTagToken:
			name, _ := z.TagName()
			h.end(string(name), w)
		}
	}
	return w.err
}

func (h *htmlReader) text(raw []byte, w *writer) {
	if w == nil {
		n := int64(len(bytes.TrimSpace(raw)))
		h.all += n
		if h.depth > 0 {
			h.inMain += n
		}
		return
	}
	if h.onlyMain && h.depth == 0 {
		return
	}
	s := string(raw)
	if h.pre > 0 {
		w.write(lineEnds.Replace(s))
		return
	}
	for i, word := range strings.FieldsFunc(s, isHTMLSpace) {
		if (i > 0 || isHTMLSpace(rune(s[0]))) && !w.atSpace() {
			w.write(" ")
		}
		w.write(word)
	}
	if s != "" && isHTMLSpace(rune(s[len(s)-1])) && !w.atSpace() {
		w.write(" ")
	}
}

func isHTMLSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

func (h *htmlReader) start(z *html.Tokenizer, w *writer, closed bool) {
	raw, more := z.TagName()
	name := string(raw)
	tag := atom.Lookup(raw)
	if h.hidden.depth > 0 {
		if name == h.hidden.tag && !closed {
			if optionalEnd[tag] {
				h.hidden.depth = 0
			} else {
				h.hidden.depth++
			}
		}
		if h.hidden.depth > 0 {
			return
		}
	}
	hides := hiddenTags[tag]
	chrome := tag == atom.Nav || h.depth == 0 && chromeTags[tag]
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "hidden":
			hides = true
		case "style":
			hides = hides || invisible(string(value))
		case "role":
			chrome = chrome || chromeRoles[string(value)]
		}
	}
	if chrome = chrome && !h.book; (hides || chrome) && !closed && !voidTags[tag] {
		h.hidden.tag, h.hidden.depth, h.hidden.chrome = name, 1, !hides
		return
	}
	switch tag {
	case atom.Main, atom.Article:
		h.depth++
	case atom.Pre:
		h.pre++
	case atom.Td, atom.Th:
		if w != nil && !w.atSpace() {
			w.write("\t")
		}
	}
	h.breakLine(tag, w)
}

func (h *htmlReader) end(name string, w *writer) {
	if h.hidden.depth > 0 {
		if name == h.hidden.tag {
			h.hidden.depth--
		}
		return
	}
	tag := atom.Lookup([]byte(name))
	switch tag {
	case atom.Main, atom.Article:
		h.depth = max(0, h.depth-1)
	case atom.Pre:
		h.pre = max(0, h.pre-1)
	}
	h.breakLine(tag, w)
}

func (h *htmlReader) breakLine(tag atom.Atom, w *writer) {
	if w != nil && blockTags[tag] && (!h.onlyMain || h.depth > 0) {
		w.newline()
	}
}

func invisible(style string) bool {
	style = strings.ToLower(strings.ReplaceAll(style, " ", ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

func set(tags ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(tags))
	for _, t := range tags {
		m[t] = true
	}
	return m
}

var (
	// Readings beside characters (rt, rp) would stand between the words.
	hiddenTags = set(atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Rt, atom.Rp,
		atom.Iframe, atom.Object, atom.Canvas, atom.Audio, atom.Video, atom.Svg, atom.Select, atom.Button, atom.Textarea,
		atom.Datalist, atom.Noframes, atom.Title)
	// chromeTags surround the text of a web page, but stand in its articles too.
	chromeTags  = set(atom.Footer, atom.Aside, atom.Menu)
	chromeRoles = map[string]bool{"navigation": true, "menu": true, "menubar": true, "search": true, "dialog": true,
		"alertdialog": true, "banner": true, "contentinfo": true}
	optionalEnd = set(atom.P, atom.Li, atom.Td, atom.Th, atom.Tr, atom.Dt, atom.Dd, atom.Rt, atom.Rp)
	voidTags    = set(atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link,
		atom.Meta, atom.Source, atom.Track, atom.Wbr)
	blockTags = set(atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Br, atom.Caption, atom.Center,
		atom.Dd, atom.Details, atom.Dialog, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure,
		atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr,
		atom.Legend, atom.Li, atom.Main, atom.Ol, atom.Option, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table,
		atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr, atom.Ul)
)
