package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
)

// A writer puts a text into a format.
type writer func(s string) ([]byte, error)

func asText(s string) ([]byte, error) { return []byte(s), nil }

// paragraphs are what stands between empty lines; the lines of each are kept.
func paragraphs(s string) (all []string) {
	for p := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			all = append(all, p)
		}
	}
	return all
}

// escaped is text for XML, without what XML 1.0 cannot hold.
func escaped(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s))
}

// marked wraps each paragraph in tags, and replaces its line ends.
func marked(s, before, lineEnd, after string) string {
	var b strings.Builder
	for _, p := range paragraphs(s) {
		b.WriteString(before + strings.ReplaceAll(escaped(p), "\n", lineEnd) + after + "\n")
	}
	return b.String()
}

func asHTML(s string) ([]byte, error) {
	return []byte("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Copy</title></head><body>\n" +
		marked(s, "<p>", "<br>\n", "</p>") + "</body></html>\n"), nil
}

// asMarkdown escapes what Markdown would take for markup.
func asMarkdown(s string) ([]byte, error) {
	var b strings.Builder
	for _, r := range strings.Join(paragraphs(s), "\n\n") {
		if strings.ContainsRune("\\`*_{}[]<>#+-.!|&~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return []byte("# Copy\n\n" + b.String() + "\n"), nil
}

// asRTF writes each letter beyond ASCII as the UTF-16 units that \u takes.
func asRTF(s string) ([]byte, error) {
	var b strings.Builder
	b.WriteString("{\\rtf1\\ansi\\ansicpg1252\\uc1\\deff0{\\fonttbl{\\f0 Times New Roman;}}\\f0\n")
	for _, p := range paragraphs(s) {
		for _, u := range utf16.Encode([]rune(p)) {
			switch {
			case u == '\\' || u == '{' || u == '}':
				b.WriteString("\\" + string(rune(u)))
			case u == '\n':
				b.WriteString("\\line\n")
			case u < 0x80:
				b.WriteByte(byte(u))
			default:
				fmt.Fprintf(&b, "\\u%d?", int16(u))
			}
		}
		b.WriteString("\\par\n")
	}
	b.WriteString("}\n")
	return []byte(b.String()), nil
}

// entry is a file in an archive.
type entry struct{ name, content string }

// zipped packs entries in their order; the first is stored, as ODF and EPUB
// want their mimetype.
func zipped(entries ...entry) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if i == 0 {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(e.content)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// asDOCX writes the parts that ECMA-376 demands of a WordprocessingML package.
func asDOCX(s string) ([]byte, error) {
	return zipped(
		entry{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		entry{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		entry{"word/document.xml", xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` +
			marked(s, `<w:p><w:r><w:t xml:space="preserve">`, `</w:t><w:br/><w:t xml:space="preserve">`, `</w:t></w:r></w:p>`) +
			`<w:sectPr/></w:body></w:document>`})
}

func asODT(s string) ([]byte, error) {
	return zipped(
		entry{"mimetype", "application/vnd.oasis.opendocument.text"},
		entry{"META-INF/manifest.xml", xmlHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
		entry{"content.xml", xmlHead + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>` +
			marked(s, "<text:p>", "<text:line-break/>", "</text:p>") + `</office:text></office:body></office:document-content>`})
}

func asEPUB(s string) ([]byte, error) {
	return zipped(
		entry{"mimetype", "application/epub+zip"},
		entry{"META-INF/container.xml", xmlHead + `<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="copy.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`},
		entry{"copy.opf", xmlHead + `<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">copy</dc:identifier><dc:title>Copy</dc:title><dc:language>en</dc:language></metadata><manifest><item id="c" href="copy.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>`},
		entry{"copy.xhtml", xmlHead + `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Copy</title></head><body>` + marked(s, "<p>", "<br/>", "</p>") + `</body></html>`})
}

// encodedAs writes the text in another encoding; where one letter in a hundred
// cannot be written so, it does not fit.
func encodedAs(e encoding.Encoding) writer {
	return func(s string) ([]byte, error) {
		var out bytes.Buffer
		w := e.NewEncoder()
		lost, all := 0, 0
		if b, err := w.Bytes([]byte(s)); err == nil {
			return b, nil
		}
		for _, r := range s {
			all++
			b, err := e.NewEncoder().Bytes([]byte(string(r)))
			if err != nil {
				lost++
				b = []byte("?")
			}
			out.Write(b)
		}
		if 100*lost > all {
			return nil, fmt.Errorf("%w: %d of %d letters are not in the encoding", errSkip, lost, all)
		}
		return out.Bytes(), nil
	}
}
