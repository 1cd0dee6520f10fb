package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

const guide = "../../testdata/books/maint-guide-en.pdf"

func input(b []byte) *media.Input {
	return &media.Input{ReaderAt: bytes.NewReader(b), Name: "test", Size: int64(len(b))}
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(b []byte, l media.Limits) (pages []string, incomplete string, err error) {
	incomplete, err = readText(context.Background(), input(b), l.Effective(), pageTime, func(page int, text string) error {
		for len(pages) <= page {
			pages = append(pages, "")
		}
		pages[page] += text
		return nil
	})
	return pages, incomplete, err
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		name  string
		pages int
		bytes int // of pdftotext 22.12, white space left out
		words []string
	}{
		{guide, 63, 142_599, []string{"Debian New Maintainers’ Guide", "dh_make"}},
		{"../../testdata/books/maint-guide-zh.pdf", 63, 153_739, []string{"新维护", "dh_make"}},
		{"testdata/owner-password.pdf", 2, 500, []string{"Debian New Maintainers’ Guide"}},
	} {
		pages, incomplete, err := read(file(t, test.name), media.Limits{})
		if err != nil || incomplete != "" {
			t.Errorf("%s: %v, %q", test.name, err, incomplete)
		}
		all := strings.Join(pages, "\n")
		got := len(strings.Join(strings.Fields(all), ""))
		if len(pages) > test.pages || got < test.bytes*97/100 {
			t.Errorf("%s: %d pages, %d bytes; want %d, %d", test.name, len(pages), got, test.pages, test.bytes)
		}
		for _, word := range test.words {
			if !strings.Contains(all, word) {
				t.Errorf("%s: no %q", test.name, word)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	good := file(t, guide)
	flipped := bytes.Clone(good)
	random := rand.New(rand.NewPCG(1, 2))
	for range len(flipped) / 20 {
		flipped[random.IntN(len(flipped))] ^= 1 << random.IntN(8)
	}
	for _, test := range []struct {
		name, want string
		in         []byte
	}{
		{"user password", "encrypted: password needed", file(t, "testdata/user-password.pdf")},
		{"header only", "damaged PDF: ", good[:100]},
		{"truncated", "damaged PDF: ", good[:len(good)/2]},
		{"garbage", "damaged PDF: ", append([]byte("%PDF-1.4\n"), flipped[1000:9000]...)},
		{"flipped", "damaged PDF: ", flipped},
		{"no pages", "damaged PDF: ", made(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[]/Count 0>>`)},
		{"tree in a ring", "", made(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000>>`)},
		{"million pages", "exceed the limit", made(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[3 0 R]/Count 1000000>>`, `<</Type/Page/Parent 2 0 R>>`)},
	} {
		t.Run(test.name, func(t *testing.T) {
			pages, incomplete, err := read(test.in, media.Limits{})
			if err == nil && incomplete == "" {
				t.Fatalf("no error, nothing incomplete, %d pages", len(pages))
			}
			if err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q, want %q", err, test.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	b := file(t, guide)
	var limit *fingerprint.LimitError
	for _, l := range []media.Limits{{Pages: 62}, {Text: 10_000}} {
		if _, _, err := read(b, l); !errors.As(err, &limit) {
			t.Errorf("limits %+v: %v, want a LimitError", l, err)
		}
	}
}

func TestScanIsIncomplete(t *testing.T) {
	scan := made(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[3 0 R]/Count 1>>`,
		`<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>`, stream("", "0 0 5 5 re f"))
	_, incomplete, err := read(scan, media.Limits{})
	if want := "1 of 1 pages hold no text (scanned?)"; err != nil || incomplete != want {
		t.Errorf("got %q, %v; want %q", incomplete, err, want)
	}
}

// hostile draws a form that draws another one ten times, and so on: 10^12
// texts on one page.
func hostile() []byte {
	objects := []string{`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[3 0 R]/Count 1>>`,
		`<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>`, stream("", "/X Do")}
	for i := range 12 {
		objects = append(objects, stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X %d 0 R>>>>", i+6),
			strings.Repeat("q 1 0 0 1 0 0 cm /X Do Q ", 10)))
	}
	objects = append(objects, stream("/Type/XObject/Subtype/Form/BBox[0 0 99 99]", "0 0 1 1 re f"))
	return made(objects...)
}

func TestHostilePageIsKilled(t *testing.T) {
	emit := func(int, string) error { return nil }
	l := (*media.Limits)(nil).Effective()
	t.Run("slow page", func(t *testing.T) {
		_, err := readText(context.Background(), input(hostile()), l, 300*time.Millisecond, emit)
		if !errors.Is(err, errSlow) {
			t.Errorf("error %v, want %v", err, errSlow)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		if _, err := readText(ctx, input(hostile()), l, pageTime, emit); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want the context's", err)
		}
	})
	if pages, _, err := read(file(t, guide), media.Limits{}); err != nil || len(pages) == 0 {
		t.Errorf("the next file gives %d pages, %v", len(pages), err)
	}
}

func TestEmitErrorIsReturned(t *testing.T) {
	want := errors.New("enough")
	_, err := readText(context.Background(), input(file(t, guide)), (*media.Limits)(nil).Effective(), pageTime,
		func(int, string) error { return want })
	if err != want {
		t.Errorf("error %v, want %v", err, want)
	}
}

func stream(dictionary, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dictionary, len(content), content)
}

// made is a PDF file of objects 1, 2, ...; the first is the catalogue.
func made(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var table strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, at)
	return b.Bytes()
}

func FuzzText(f *testing.F) {
	f.Add(hostile()[:600])
	f.Add(file(f, "testdata/owner-password.pdf"))
	f.Add(made(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[3 0 R]/Count 1>>`, `<</Type/Page/Parent 2 0 R>>`))
	l := (&media.Limits{Pages: 20, Text: 1 << 20}).Effective()
	if _, _, err := read(file(f, guide), l); err == nil { // starts the engine, which takes longer than one input may
		f.Fatal("more than 20 pages were read")
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		said := false
		incomplete, err := readText(context.Background(), input(b), l, 2*time.Second, func(int, string) error { said = true; return nil })
		if err != nil && (err.Error() == "" || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error %q is not one line", err)
		}
		if err == nil && !said && incomplete == "" && len(b) == 0 {
			t.Error("an empty file is a document")
		}
	})
}

func BenchmarkPage(b *testing.B) {
	pdf := file(b, guide)
	pages := 0
	for b.Loop() {
		got, _, err := read(pdf, media.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		pages += len(got)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(pages), "us/page")
}
