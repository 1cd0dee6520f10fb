package text

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// xmlVisitor is told of the elements and text of an XML document, by local
// names: prefixes differ between the programs that write a format.
type xmlVisitor struct {
	start func(name string, attr []xml.Attr)
	end   func(name string)
	text  func(s string)
}

// visit reads XML in any encoding. Entities that a document defines itself
// are refused, and nothing outside of it is ever read. An element in skip is
// passed over with all that it holds.
func (d *document) visit(r io.Reader, w *writer, what string, skip map[string]bool, v xmlVisitor) error {
	x := xml.NewDecoder(r)
	x.CharsetReader = charset.NewReaderLabel
	x.Entity = xml.HTMLEntity // of XHTML's and careless writers' documents
	depth, skipped := 0, 0    // skipped is the depth of the outermost element in skip
	for w.err == nil {
		// RawToken: the decoder's own check of names and prefixes costs half
		// of the time, and is not needed to take text.
		token, err := x.RawToken()
		if err == io.EOF {
			if depth > 0 {
				err = io.ErrUnexpectedEOF
			} else {
				return nil
			}
		}
		if err != nil {
			return damagedXML(what, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if err := d.nested(depth); err != nil {
				return err
			}
			if skipped == 0 && skip[t.Name.Local] {
				skipped = depth
			}
			if skipped == 0 && v.start != nil {
				v.start(t.Name.Local, t.Attr)
			}
		case xml.EndElement:
			if skipped == 0 && v.end != nil {
				v.end(t.Name.Local)
			}
			if depth == skipped {
				skipped = 0
			}
			if depth--; depth < 0 {
				return damaged(what, errors.New("more elements end than begin"))
			}
		case xml.CharData:
			if skipped == 0 && depth > 0 && v.text != nil {
				v.text(string(t))
			}
		}
	}
	return w.err
}

// damagedXML keeps the reasons that lie below the XML: limits, the context,
// bad checksums.
func damagedXML(what string, err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		if strings.Contains(syntax.Msg, "unexpected EOF") {
			err = io.ErrUnexpectedEOF
		}
		return damaged(what, err)
	case err == io.ErrUnexpectedEOF:
		return damaged(what, err)
	}
	return memberError(what, err)
}

func attribute(attr []xml.Attr, local string) string {
	for _, a := range attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// spaces writes s with each run of white space as one space, as XML formats
// mean it.
func (w *writer) spaces(s string) {
	if !strings.ContainsAny(s, "\n\t\r") && !strings.Contains(s, "  ") {
		if w.atSpace() {
			s = strings.TrimPrefix(s, " ")
		}
		w.write(s)
		return
	}
	words := strings.FieldsFunc(s, isHTMLSpace)
	for i, word := range words {
		if (i > 0 || isHTMLSpace(rune(s[0]))) && !w.atSpace() {
			w.write(" ")
		}
		w.write(word)
	}
	if isHTMLSpace(rune(s[len(s)-1])) && !w.atSpace() {
		w.write(" ")
	}
}
