package text

import (
	"encoding/xml"
	"errors"
)

func init() {
	register("fb2", readFB2, "application/x-fictionbook+xml", "application/x-fictionbook", "text/xml", "application/xml")
}

// notFB2Text are what is said about the book, and its pictures.
var notFB2Text = map[string]bool{"description": true, "binary": true, "stylesheet": true}

var fb2Paragraphs = map[string]bool{
	"p": true, "v": true, "subtitle": true, "text-author": true, "date": true, "tr": true, "empty-line": true,
}

// readFB2 reads FictionBook 2, which sniffers take for any XML: another root
// is refused.
func readFB2(d *document, w *writer) (string, error) {
	b := fb2Book{w: w}
	err := d.visit(d.reader(), w, "FB2", notFB2Text, xmlVisitor{start: b.start, end: b.end, text: b.text})
	if err == nil && !b.isBook {
		err = errors.New("not an FB2 book")
	}
	return "", err
}

type fb2Book struct {
	w          *writer
	isBook     bool
	paragraphs int  // depth
	reference  bool // to a note: "[12]"
}

func (b *fb2Book) start(name string, attr []xml.Attr) {
	if !b.isBook && name != "FictionBook" && b.w.err == nil {
		b.w.err = errors.New("unsupported: XML that is no FB2 book")
	}
	b.isBook = true
	switch name {
	case "a":
		b.reference = attribute(attr, "type") == "note"
	case "td", "th":
		b.w.spaces(" ")
	}
	if fb2Paragraphs[name] {
		b.paragraphs++
	}
}

func (b *fb2Book) end(name string) {
	if name == "a" {
		b.reference = false
	}
	if fb2Paragraphs[name] {
		b.paragraphs--
		b.w.newline()
	}
}

func (b *fb2Book) text(s string) {
	if b.paragraphs > 0 && !b.reference && s != "" {
		b.w.spaces(s)
	}
}
