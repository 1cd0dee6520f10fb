package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/likeness-go/likeness/document"
	"github.com/likeness-go/likeness/fingerprint"
	_ "github.com/likeness-go/likeness/media/text"
)

func poems(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "books", "tang-poems-zh.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func encoded(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// docx packs paragraphs into the smallest document that Word opens.
func docx(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` +
			strings.ReplaceAll(html.EscapeString(text), "\n", "</w:t></w:r></w:p><w:p><w:r><w:t>") + `</w:t></w:r></w:p></w:body></w:document>`},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same text in any format and encoding is the same work.
func TestFormatsMatch(t *testing.T) {
	text := poems(t)
	h := document.NewHasher()
	h.WriteString(text)
	work, err := h.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"UTF-8":   []byte(text),
		"GB18030": encoded(t, simplifiedchinese.GB18030, text),
		"UTF-16":  encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), text),
		"HTML":    []byte("<!DOCTYPE html><html><head><meta charset=utf-8><title>x</title></head><body><p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</p></body></html>"),
		"DOCX":    docx(t, text),
	} {
		t.Run(name, func(t *testing.T) {
			set, err := fingerprint.Read(context.Background(), bytes.NewReader(content), nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Fingerprints) != 1 || set.Kind != fingerprint.Document || set.Decoder == "" || set.Incomplete != "" {
				t.Fatalf("set %+v", set)
			}
			segments, err := fingerprint.Compare(set.Fingerprints[0], work)
			if err != nil || len(segments) == 0 {
				t.Fatalf("segments %v, %v", segments, err)
			}
			if s := segments[0]; s.Score < 0.99 || s.Work.Length() < 0.99*float64(work.Extent()) {
				t.Errorf("score %.3f, %v of %d characters", s.Score, s.Work, work.Extent())
			}
		})
	}
}

func TestUnscannableDocuments(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"short", "Only a few words of text.", "too little text to fingerprint: 6 words"},
		{"numbers", strings.Repeat("12 13\n", 500), "too little text to fingerprint: 0 words"},
		{"truncated", string(docx(t, poems(t))[:3000]), ""},
	} {
		set, err := fingerprint.Read(context.Background(), strings.NewReader(c.content), &fingerprint.Options{Name: c.name})
		var unscannable *fingerprint.UnscannableError
		if !errors.As(err, &unscannable) || c.want != "" && unscannable.Reason != c.want {
			t.Errorf("%s: %v, %v; want the reason %q", c.name, set, err, c.want)
		}
	}
}

func TestLimitOnText(t *testing.T) {
	_, err := fingerprint.Read(context.Background(), strings.NewReader(poems(t)), &fingerprint.Options{Limits: &fingerprint.Limits{Text: 1000}})
	var limit *fingerprint.LimitError
	if !errors.As(err, &limit) || limit.Limit != "text" {
		t.Errorf("error %v; want the limit on text", err)
	}
}
