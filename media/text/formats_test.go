package text

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/likeness-go/likeness/media"
)

func input(b []byte) *media.Input {
	return &media.Input{ReaderAt: bytes.NewReader(b), Name: "test", Size: int64(len(b))}
}

// read takes the text of b as File would, by what it holds.
func read(b []byte, l media.Limits) (string, media.Info, error) {
	var s strings.Builder
	info, err := media.Text(context.Background(), input(b), l.Effective(), func(page int, text string) error {
		s.WriteString(text)
		return nil
	})
	return s.String(), info, err
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// grams counts runs of 8 letters or digits.
func grams(s string) map[string]int {
	var letters []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			letters = append(letters, unicode.ToLower(r))
		}
	}
	m := map[string]int{}
	for i := 0; i+8 <= len(letters); i++ {
		m[string(letters[i:i+8])]++
	}
	return m
}

// shared returns the share of a's runs of letters that stand in b.
func shared(a, b string) float64 {
	in, all := 0, 0
	of := grams(b)
	for g, n := range grams(a) {
		all += n
		in += min(n, of[g])
	}
	return float64(in) / float64(max(all, 1))
}

func TestFormatsHoldTheSameText(t *testing.T) {
	want := string(file(t, "testdata/book.txt"))
	for _, format := range []string{"docx", "odt", "epub", "fb2", "html", "rtf", "md"} {
		t.Run(format, func(t *testing.T) {
			got, info, err := read(file(t, "testdata/book."+format), media.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if info.Incomplete != "" || info.Decoder == "" {
				t.Errorf("info is %+v", info)
			}
			if found, extra := shared(want, got), 1-shared(got, want); found < 0.99 || extra > 0.01 {
				t.Errorf("found %.4f of pandoc's text, %.4f is not in it", found, extra)
			}
			for _, word := range []string{"naïve", "“curly”", "𠀋", "Ω"} {
				if !strings.Contains(got, word) {
					t.Errorf("no %q", word)
				}
			}
		})
	}
}

func TestBooks(t *testing.T) {
	for _, test := range []struct {
		name, begin string
		least       int
	}{
		{"debmake-doc-zh.epub", "Debian", 250_000},
		{"developers-reference-en.epub", "Debian", 250_000},
		{"newton-opticks.txt", "OPTICKS", 567_198},
		{"song-ci-zh.txt", "", 26_809},
	} {
		got, info, err := read(file(t, "../../testdata/books/"+test.name), media.Limits{})
		if err != nil || info.Incomplete != "" {
			t.Errorf("%s: %v, %+v", test.name, err, info)
		}
		if len(got) < test.least || !strings.Contains(strings.ToUpper(got), strings.ToUpper(test.begin)) {
			t.Errorf("%s: %d bytes of text, want %d or more with %q", test.name, len(got), test.least, test.begin)
		}
	}
}

func TestHTMLParts(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"script and style", "<html><style>p{}</style><script>var x='<p>no';</script><p>yes", "yes"},
		{"blocks", "<html><div>one</div><div>two</div>th<b>re</b>e", "one\ntwo\nthree"},
		{"entities", "<html><p>a&amp;b &#20013;&#x6587; &eacute;", "a&b 中文 é"},
		{"menu", "<html><nav>Home About</nav><p>the text</p><footer>(c) us</footer>", "the text\n"},
		{"hidden", "<html><p>seen</p><div hidden>secret<div>more</div></div><p style='display: none'>no<p>again", "seen\nagain"},
		{"main", "<html><div>side</div><main><p>The main part is most of it.</p></main>", "The main part is most of it.\n"},
		{"teasers", "<html><article>x</article><div>The page itself, much longer.</div>", "x\nThe page itself, much longer.\n"},
		{"unclosed menu", "<html><nav>a menu that never ends <p>and swallows the text", "a menu that never ends \nand swallows the text"},
		{"readings", "<html><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>を", "漢字を"},
		{"pre", "<html><pre>a  b\n c</pre>", "a  b\n c\n"},
		{"meta charset", "<html><meta charset=koi8-r><p>\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"},
		{"wrong charset", "<html><meta charset=koi8-r><p>Привет 中文", "Привет 中文"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s strings.Builder
			_, err := decode(&document{context.Background(), input([]byte(test.in)), (*media.Limits)(nil).Effective()}, "html", readHTML,
				func(_ int, text string) error { s.WriteString(text); return nil })
			if err != nil || strings.TrimSpace(s.String()) != strings.TrimSpace(test.want) {
				t.Errorf("%q gave %q, %v; want %q", test.in, s.String(), err, test.want)
			}
		})
	}
}

func TestRTFParts(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"unicode", `{\rtf1\ansi\uc1 a\u20013?b\u-10179?\u-9216?c}`, "a中b🐀c"},
		{"uc 2", `{\rtf1\uc2 \u20013\'d6\'d0x}`, "中x"},
		{"code page", `{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8}`, "При"},
		{"double byte", `{\rtf1\ansi{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}\f0 \'d6\'d0\'ce\'c4\f1  x}`, "中文 x"},
		{"hidden", `{\rtf1 a{\v secret}b\deleted gone\deleted0 c}`, "abc"},
		{"destinations", `{\rtf1{\info{\title no}}{\*\generator no;}{\header no}{\pict 89504e47}yes\par}`, "yes"},
		{"binary", `{\rtf1{\pict\bin5 {{}}\}yes}`, "yes"},
		{"field", `{\rtf1{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt link}}}`, "link"},
		{"footnote", `{\rtf1 one{\footnote note}two}`, "onetwo\n\nnote"},
		{"signs", `{\rtf1 a\emdash b\tab c\line d\~e\_f\{g\}}`, "a—b\tc\nd\u00a0e-f{g}"},
		{"after the end", `{\rtf1 a}trailing`, "a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _, err := read([]byte(test.in), media.Limits{})
			if err != nil || strings.TrimSpace(got) != test.want {
				t.Errorf("%q gave %q, %v; want %q", test.in, got, err, test.want)
			}
		})
	}
}
