package text

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

func init() {
	register("fb2", readFB2, "application/x-fictionbook+xml", "application/x-fictionbook", "text/x-fictionbook+xml",
		"application/x-zip-compressed-fb2", "application/x-fictionbook+zip", "application/fb2+zip")
}

// readFB2 reads FictionBook 2, also the only one within a zip file.
func readFB2(d *document, w *writer) (string, error) {
	head := make([]byte, 4)
	if _, err := d.in.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", err
	}
	if string(head) != "PK\x03\x04" {
		return "", fb2Text(d, d.reader(), w)
	}
	p, err := openPack(d)
	if err != nil {
		return "", err
	}
	books := 0
	for name := range p.members {
		if strings.HasSuffix(strings.ToLower(name), ".fb2") {
			books++
			p.first = name
		}
	}
	if books != 1 {
		return "", errors.New("not an FB2 book: the archive does not hold exactly one")
	}
	r, err := p.member(p.first)
	if err != nil {
		return "", err
	}
	defer r.Close()
	return "", fb2Text(d, r, w)
}

// notFB2Text are what is said about the book, and its pictures.
var notFB2Text = map[string]bool{"description": true, "binary": true, "stylesheet": true}

var fb2Paragraphs = map[string]bool{
	"p": true, "v": true, "subtitle": true, "text-author": true, "date": true, "tr": true, "empty-line": true,
}

func fb2Text(d *document, r io.Reader, w *writer) error {
	isBook, paragraphs, reference := false, 0, false
	err := d.visit(r, w, "FB2", notFB2Text, xmlVisitor{
		start: func(name string, attr []xml.Attr) {
			switch {
			case name == "FictionBook":
				isBook = true
			case name == "a":
				reference = attribute(attr, "type") == "note" // "[12]"
			case name == "td" || name == "th":
				w.spaces(" ")
			}
			if fb2Paragraphs[name] {
				paragraphs++
			}
		},
		end: func(name string) {
			if name == "a" {
				reference = false
			}
			if fb2Paragraphs[name] {
				paragraphs--
				w.newline()
			}
		},
		text: func(s string) {
			if paragraphs > 0 && !reference && s != "" {
				w.spaces(s)
			}
		},
	})
	if err == nil && !isBook {
		err = errors.New("not an FB2 book")
	}
	return err
}
