package text

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

func init() {
	register("odt", readODT,
		"application/vnd.oasis.opendocument.text",
		"application/vnd.oasis.opendocument.text-template",
		"application/vnd.oasis.opendocument.text-master")
}

var errEncrypted = errors.New("encrypted: password needed")

// readODT reads OpenDocument text (ODF 1.3 part 3, chapter 5).
func readODT(d *document, w *writer) (string, error) {
	p, err := openPack(d)
	if err != nil {
		return "", err
	}
	if err := p.encryptedODF(w); err != nil {
		return "", err
	}
	r, err := p.member("content.xml")
	if errors.Is(err, errNoMember) {
		return "", errors.New("not an ODT document: it has no content.xml")
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	var t odfText
	err = d.visit(r, w, "content.xml", notODFText, xmlVisitor{
		start: func(name string, attr []xml.Attr) { t.start(w, name, attr) },
		end:   func(name string) { t.end(w, name) },
		text:  func(s string) { t.text(w, s) },
	})
	w.newline()
	w.write(t.notes.String())
	return "", err
}

// encryptedODF looks for the mark of encryption in the manifest.
func (p *pack) encryptedODF(w *writer) error {
	if p.members["encrypted-package"] != nil {
		return errEncrypted // all in one, since ODF 1.4
	}
	r, err := p.member("META-INF/manifest.xml")
	if err != nil {
		if errors.Is(err, errNoMember) {
			return nil // some writers leave it out
		}
		return err
	}
	defer r.Close()
	encrypted := false
	err = p.d.visit(r, w, "META-INF/manifest.xml", nil, xmlVisitor{start: func(name string, _ []xml.Attr) {
		encrypted = encrypted || name == "encryption-data"
	}})
	if encrypted {
		return errEncrypted
	}
	return err
}

// notODFText are styles, deleted text, comments, titles of pictures and
// readings of characters.
var notODFText = map[string]bool{
	"automatic-styles": true, "font-face-decls": true, "scripts": true, "tracked-changes": true, "annotation": true,
	"title": true, "desc": true, "ruby-text": true, "note-citation": true, "sequence-decls": true, "forms": true,
}

// odfText is where the reader stands in the text.
type odfText struct {
	paragraphs int // depth: all text lies in paragraphs, which can hold frames with more of them
	inNote     bool
	notes      strings.Builder // follow the text, which they would interrupt
}

func (t *odfText) write(w *writer, s string) {
	if t.inNote {
		t.notes.WriteString(s)
		w.bound(t.notes.Len())
	} else {
		w.write(s)
	}
}

func (t *odfText) start(w *writer, name string, attr []xml.Attr) {
	switch name {
	case "p", "h":
		t.paragraphs++
	case "note-body":
		t.inNote = true
	case "s":
		if t.paragraphs > 0 {
			n, err := strconv.Atoi(attribute(attr, "c"))
			if err != nil {
				n = 1
			}
			t.write(w, strings.Repeat(" ", max(1, min(n, 1000))))
		}
	case "tab":
		t.write(w, "\t")
	case "line-break":
		t.write(w, "\n")
	}
}

func (t *odfText) end(w *writer, name string) {
	switch name {
	case "p", "h":
		t.paragraphs--
		t.write(w, "\n")
	case "note-body":
		t.inNote = false
	}
}

func (t *odfText) text(w *writer, s string) {
	switch {
	case t.paragraphs <= 0 || s == "":
	case t.inNote:
		t.write(w, s)
	default:
		w.spaces(s)
	}
}
