package text

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// zipped makes a zip file of names and contents in turns.
func zipped(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		if err == nil {
			_, err = w.Write([]byte(members[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	wordStart = `<w:document xmlns:w="w"><w:body>`
	wordEnd   = `</w:body></w:document>`
	container = `<container><rootfiles><rootfile full-path="o.opf"/></rootfiles></container>`
	opf       = `<package><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>`
)

func readAs(format format, b []byte, l media.Limits) (string, string, error) {
	var s strings.Builder
	info, err := decode(&document{context.Background(), input(b), l.Effective()}, "test", format,
		func(_ int, text string) error { s.WriteString(text); return nil })
	return s.String(), info.Incomplete, err
}

func TestRefusals(t *testing.T) {
	ole := make([]byte, 2048)
	copy(ole, oleMagic)
	ole[30], ole[48] = 9, 1 // sectors of 512 bytes, the directory is the second
	for i := range 109 * 4 {
		ole[76+i] = 0
	}
	stream := func(name string) []byte {
		b := bytes.Clone(ole)
		for i, c := range name {
			b[1024+2*i] = byte(c)
		}
		b[1024+64] = byte(2*len(name) + 2)
		b[512+4], b[512+5], b[512+6], b[512+7] = 0xfe, 0xff, 0xff, 0xff
		return b
	}
	ring := stream("x")
	copy(ring[512+4:], "\x01\x00\x00\x00")
	book := file(t, "testdata/book.docx")
	for _, test := range []struct {
		name   string
		format format
		in     []byte
		want   string
	}{
		{"docx under a password", refuseOLE, stream("EncryptedPackage"), "encrypted: password needed"},
		{"word 97", refuseOLE, stream("WordDocument"), "unsupported: Word 97 binary"},
		{"ole directory in a ring", refuseOLE, ring, "unsupported: OLE"},
		{"ole truncated", refuseOLE, ole[:700], "truncated: "},
		{"odt under a password", readODT, zipped(t, "META-INF/manifest.xml", `<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>`, "content.xml", "garbage"), "encrypted: password needed"},
		{"odt without content", readODT, zipped(t, "mimetype", "x"), "not an ODT document"},
		{"epub under DRM", readEPUB, zipped(t, "META-INF/container.xml", container, "o.opf", opf, "a.xhtml", "x",
			"META-INF/encryption.xml", `<e><EncryptedData><EncryptionMethod Algorithm="aes"/><CipherReference URI="a.xhtml"/></EncryptedData></e>`), "encrypted: "},
		{"epub without chapter", readEPUB, zipped(t, "META-INF/container.xml", container, "o.opf", opf), "damaged: a.xhtml"},
		{"docx truncated", readDOCX, book[:len(book)/2], "damaged: zip directory"},
		{"docx cut XML", readDOCX, zipped(t, "word/document.xml", wordStart), "truncated: "},
		{"docx bad XML", readDOCX, zipped(t, "word/document.xml", wordStart+"<<"), "damaged: "},
		{"own entities", readDOCX, zipped(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>`+wordStart+"<w:t>&b;</w:t>"+wordEnd), "damaged: "},
		{"deep XML", readDOCX, zipped(t, "word/document.xml", strings.Repeat("<w:p>", 5000)), "exceed the limit of 1000"},
		{"zip bomb", readDOCX, zipped(t, "word/document.xml", wordStart+strings.Repeat(" ", 40<<20)+wordEnd), "zip bomb"},
		{"rtf truncated", readRTF, []byte(`{\rtf1 abc`), "truncated: "},
		{"rtf deep", readRTF, []byte(`{\rtf1 ` + strings.Repeat("{", 5000)), "exceed the limit of 1000"},
		{"xml of another kind", readFB2, []byte(`<?xml version="1.0"?><svg><p>x</p></svg>`), "unsupported: XML"},
		{"fb2 truncated", readFB2, []byte(`<FictionBook><body><p>text`), "truncated: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, incomplete, err := readAs(test.format, test.in, media.Limits{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %.50q, %q, %v; want error %q", got, incomplete, err, test.want)
			}
		})
	}
}

func TestDeletedAndHiddenWordText(t *testing.T) {
	in := zipped(t, "word/document.xml", wordStart+`<w:p><w:r><w:t>one </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>`+
		`<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>`+wordEnd,
		"word/footnotes.xml", `<w:footnotes><w:p><w:r><w:t>note</w:t></w:r></w:p></w:footnotes>`)
	if got, _, err := readAs(readDOCX, in, media.Limits{}); err != nil || got != "one two\tthree\nnote\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEmptyDocumentIsIncomplete(t *testing.T) {
	in := zipped(t, "word/document.xml", wordStart+wordEnd)
	if _, incomplete, err := readAs(readDOCX, in, media.Limits{}); err != nil || incomplete != "holds no text" {
		t.Errorf("got %q, %v", incomplete, err)
	}
}

func TestLimits(t *testing.T) {
	b := file(t, "testdata/book.docx")
	var limit *fingerprint.LimitError
	for _, l := range []media.Limits{{Text: 1000}, {Members: 2}, {Unpacked: 1000}, {Depth: -1, Text: 1}} {
		if _, _, err := readAs(readDOCX, b, l); !errors.As(err, &limit) {
			t.Errorf("limits %+v: %v, want a LimitError", l, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := decode(&document{ctx, input(b), (*media.Limits)(nil).Effective()}, "docx", readDOCX, func(int, string) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

var formats = map[string]format{"docx": readDOCX, "odt": readODT, "epub": readEPUB, "fb2": readFB2, "html": readHTML, "rtf": readRTF, "md": readPlain}

// Damage gives an error or the rest of the text, never a panic.
func TestFlippedBits(t *testing.T) {
	for name, format := range formats {
		good := file(t, "testdata/book."+name)
		random := rand.New(rand.NewPCG(3, uint64(len(name))))
		for round := range 60 {
			bad := bytes.Clone(good)
			for range 1 + round {
				bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
			}
			_, _, err := readAs(format, bad, media.Limits{})
			if err != nil && (err.Error() == "" || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%s: error %q is not one line", name, err)
			}
		}
	}
}

func fuzz(f *testing.F, name string) {
	f.Add(file(f, "testdata/book."+name))
	l := media.Limits{Text: 1 << 20, Unpacked: 8 << 20}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, _, err := readAs(formats[name], b, l)
		if strings.ToValidUTF8(got, "") != got {
			t.Errorf("text is not UTF-8: %q", got)
		}
		if int64(len(got)) > l.Text {
			t.Errorf("%d bytes of text, %v", len(got), err)
		}
	})
}

func FuzzDOCX(f *testing.F)  { fuzz(f, "docx") }
func FuzzODT(f *testing.F)   { fuzz(f, "odt") }
func FuzzEPUB(f *testing.F)  { fuzz(f, "epub") }
func FuzzFB2(f *testing.F)   { fuzz(f, "fb2") }
func FuzzHTML(f *testing.F)  { fuzz(f, "html") }
func FuzzRTF(f *testing.F)   { fuzz(f, "rtf") }
func FuzzPlain(f *testing.F) { fuzz(f, "md") }
func FuzzOLE(f *testing.F) {
	f.Add([]byte(oleMagic + strings.Repeat("\x00", 1500)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, err := readAs(refuseOLE, b, media.Limits{}); err == nil {
			t.Error("an OLE file was read")
		}
	})
}

func BenchmarkText(b *testing.B) {
	for name, format := range formats {
		b.Run(name, func(b *testing.B) {
			in := file(b, "testdata/book."+name)
			b.ReportAllocs()
			for b.Loop() {
				got, _, err := readAs(format, in, media.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(got)))
			}
		})
	}
}
