package text

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html/charset"
)

func init() { register("epub", readEPUB, "application/epub+zip") }

// readEPUB reads the chapters of an EPUB book (EPUB 3.3) in the order of its
// spine, each once.
func readEPUB(d *document, w *writer) (string, error) {
	p, err := openPack(d)
	if err != nil {
		return "", err
	}
	opf, err := p.rootFile(w)
	if err != nil {
		return "", err
	}
	chapters, err := p.spine(opf, w)
	if err != nil {
		return "", err
	}
	locked, err := p.locked(w)
	if err != nil {
		return "", err
	}
	unread, why := 0, error(nil)
	for _, chapter := range chapters {
		if locked[chapter] {
			return "", errors.New("encrypted: the chapters are under DRM")
		}
		w.newline()
		if err := p.chapter(chapter, w); err != nil {
			if limited(err) || d.ctx.Err() != nil {
				return "", err
			}
			unread, why = unread+1, err
		}
	}
	if unread == len(chapters) && unread > 0 {
		return "", why
	}
	if unread > 0 {
		return fmt.Sprintf("%d of %d chapters cannot be read: %v", unread, len(chapters), why), nil
	}
	return "", nil
}

func (p *pack) rootFile(w *writer) (string, error) {
	const container = "META-INF/container.xml"
	r, err := p.member(container)
	if errors.Is(err, errNoMember) {
		return "", errors.New("not an EPUB book: it has no META-INF/container.xml")
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	opf := ""
	err = p.d.visit(r, w, container, nil, xmlVisitor{start: func(name string, attr []xml.Attr) {
		if name == "rootfile" && opf == "" {
			opf = attribute(attr, "full-path")
		}
	}})
	if err == nil && opf == "" {
		err = errors.New("damaged: META-INF/container.xml names no book")
	}
	return opf, err
}

// spine returns the members that hold the text, in reading order.
func (p *pack) spine(opf string, w *writer) ([]string, error) {
	r, err := p.member(opf)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	hrefs := map[string]string{}
	seen := map[string]bool{}
	var chapters []string
	err = p.d.visit(r, w, opf, map[string]bool{"metadata": true}, xmlVisitor{start: func(name string, attr []xml.Attr) {
		switch name {
		case "item":
			hrefs[attribute(attr, "id")] = attribute(attr, "href")
		case "itemref":
			href, ok := hrefs[attribute(attr, "idref")]
			if ok && !seen[href] {
				seen[href] = true
				chapters = append(chapters, memberOf(path.Dir(opf), href))
			}
		}
	}})
	if err == nil && len(chapters) == 0 {
		err = fmt.Errorf("damaged: %s: the book has no chapters", opf)
	}
	return chapters, err
}

// memberOf resolves a reference within the book.
func memberOf(dir, href string) string {
	href, _, _ = strings.Cut(href, "#")
	if plain, err := url.PathUnescape(href); err == nil {
		href = plain
	}
	return strings.TrimPrefix(path.Join("/", dir, href), "/")
}

// locked returns the members that are encrypted, but for fonts: those are
// only garbled, which is no obstacle to reading.
func (p *pack) locked(w *writer) (map[string]bool, error) {
	const encryption = "META-INF/encryption.xml"
	r, err := p.member(encryption)
	if errors.Is(err, errNoMember) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	locked := map[string]bool{}
	algorithm := ""
	err = p.d.visit(r, w, encryption, nil, xmlVisitor{start: func(name string, attr []xml.Attr) {
		switch name {
		case "EncryptionMethod":
			algorithm = attribute(attr, "Algorithm")
		case "CipherReference":
			if algorithm != "http://www.idpf.org/2008/embedding" && algorithm != "http://ns.adobe.com/pdf/enc#RC" {
				locked[memberOf("", attribute(attr, "URI"))] = true
			}
		}
	}})
	return locked, err
}

func (p *pack) chapter(name string, w *writer) error {
	r, err := p.member(name)
	if err != nil {
		return err
	}
	defer r.Close()
	decoded, err := charset.NewReader(r, "application/xhtml+xml")
	if err == io.EOF {
		return nil // an empty chapter
	}
	if err != nil {
		return memberError(name, err)
	}
	h := htmlReader{d: p.d, book: true}
	return memberError(name, h.read(decoded, w))
}
