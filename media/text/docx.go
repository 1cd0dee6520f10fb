package text

import (
	"encoding/xml"
	"errors"
	"path"
	"slices"
	"strings"
)

func init() {
	register("docx", readDOCX,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.template",
		"application/vnd.ms-word.document.macroenabled.12",
		"application/vnd.ms-word.template.macroenabled.12")
}

// readDOCX reads WordprocessingML (ECMA-376 part 1, section 17): the body,
// then what lies in parts of its own.
func readDOCX(d *document, w *writer) (string, error) {
	p, err := openPack(d)
	if err != nil {
		return "", err
	}
	body, err := p.officeDocument(w)
	if err != nil {
		return "", err
	}
	if err := p.wordText(body, w); err != nil {
		return "", err
	}
	for _, part := range p.wordParts(path.Dir(body)) {
		w.newline()
		if err := p.wordText(part, w); err != nil {
			return "", err
		}
	}
	return "", nil
}

// officeDocument follows the relationship to the main part, which can have
// any name.
func (p *pack) officeDocument(w *writer) (string, error) {
	const usual = "word/document.xml"
	if p.members[usual] != nil {
		return usual, nil
	}
	r, err := p.member("_rels/.rels")
	if errors.Is(err, errNoMember) {
		return "", errors.New("not a DOCX document: it has no word/document.xml")
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	target := usual
	err = p.d.visit(r, w, "_rels/.rels", nil, xmlVisitor{start: func(name string, attr []xml.Attr) {
		if name == "Relationship" && strings.HasSuffix(attribute(attr, "Type"), "/officeDocument") {
			target = strings.TrimPrefix(attribute(attr, "Target"), "/")
		}
	}})
	return target, err
}

// wordParts returns the parts beside the body that hold text, in a fixed order.
func (p *pack) wordParts(dir string) []string {
	var parts []string
	for name := range p.members {
		base := strings.TrimRight(strings.TrimSuffix(path.Base(name), ".xml"), "0123456789")
		if path.Dir(name) == dir && slices.Contains([]string{"footnotes", "endnotes", "header", "footer"}, base) {
			parts = append(parts, name)
		}
	}
	slices.Sort(parts)
	return parts
}

// notWordText are deleted and moved text, comments, the second form of what
// older programs cannot show, and the formulas of fields.
var notWordText = map[string]bool{
	"del": true, "moveFrom": true, "delText": true, "delInstrText": true, "instrText": true, "Fallback": true,
}

func (p *pack) wordText(part string, w *writer) error {
	r, err := p.member(part)
	if err != nil {
		return err
	}
	defer r.Close()
	var run wordRun
	return p.d.visit(r, w, part, notWordText, xmlVisitor{
		start: func(name string, attr []xml.Attr) { run.start(w, name, attr) },
		end:   func(name string) { run.end(w, name) },
		text: func(s string) {
			if run.inText && !run.hidden {
				w.write(s)
			}
		},
	})
}

// wordRun is a piece of text with the same properties.
type wordRun struct {
	inText     bool // in an element that holds text: all other white space is layout of the XML
	properties int  // depth within the properties of a run or paragraph, where tabs are stops
	hidden     bool
}

func (r *wordRun) start(w *writer, name string, attr []xml.Attr) {
	switch name {
	case "rPr", "pPr":
		r.properties++
	case "r":
		r.hidden = false
	case "t":
		r.inText = true
	case "vanish", "webHidden":
		value := attribute(attr, "val")
		r.hidden = r.hidden || name == "vanish" && value != "0" && value != "false"
	case "tab", "ptab":
		if r.properties == 0 && !r.hidden {
			w.write("\t")
		}
	case "br", "cr":
		w.newline()
	case "noBreakHyphen":
		w.write("-")
	case "txbxContent":
		w.newline()
	}
}

func (r *wordRun) end(w *writer, name string) {
	switch name {
	case "rPr":
		r.properties--
	case "pPr":
		r.properties--
		r.hidden = false // that of the mark at the end of the paragraph
	case "t":
		r.inText = false
	case "p":
		w.newline()
	}
}
