package main

import (
	"context"
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// documentTransforms is the table of what is done to documents. Lengths are
// words, where an ideograph or kana counts as a word.
func documentTransforms() []transform {
	row := func(name, strength string, alter func(string, *rand.Rand) string) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Document, Ext: ".txt", Make: rewritten(alter)}
	}
	page := func(name, strength string, words float64, alter func(string, *rand.Rand) string) transform {
		t := row(name, strength, alter)
		t.Lengths = []float64{words}
		return t
	}
	bytesAs := func(strength string, e encoding.Encoding) transform {
		t := row("encoding", strength, nil)
		t.Make = recoded(e)
		return t
	}
	all := []transform{
		{Name: "copy", Strength: "as HTML", Kind: fingerprint.Document, Ext: ".html", Make: rewritten(asHTML)},
		page("excerpt", "", 100, same), page("excerpt", "", 300, same), page("excerpt", "", 2500, same),
		page("excerpt, OCR", "3 %", 300, ocr(0.03)),
		row("reflow", "", reflow),
		row("case and punctuation", "", bare),
		row("full width", "", fullWidth),
		row("NFD", "", func(s string, _ *rand.Rand) string { return norm.NFD.String(s) }),
		row("shuffled paragraphs", "", shuffled),
		row("homoglyphs", "", homoglyphs),
		row("zero-width", "", zeroWidth),
		row("line numbers", "", lineNumbers),
		row("watermark", "", watermark),
		bytesAs("GB18030", simplifiedchinese.GB18030),
		bytesAs("UTF-16", utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)),
		bytesAs("Big5", traditionalchinese.Big5),
		{Name: "embedded", Strength: "1 %", Kind: fingerprint.Document, Ext: ".txt", Lengths: []float64{300}, Host: 8, Make: embedded(same)},
		{Name: "embedded, OCR", Strength: "1 %", Kind: fingerprint.Document, Ext: ".txt", Lengths: []float64{300}, Host: 8, Make: embedded(ocr(0.03))},
		{Name: "joined", Strength: "two works", Kind: fingerprint.Document, Ext: ".txt", Host: 1, Mix: true, Make: joined},
	}
	for _, p := range []float64{0.01, 0.03, 0.08} {
		all = append(all, row("OCR", fmt.Sprintf("%.0f %%", 100*p), ocr(p)))
	}
	for _, p := range []float64{0.05, 0.15, 0.30} {
		all = append(all, row("edits", fmt.Sprintf("%.0f %%", 100*p), edits(p)))
	}
	return all
}

// textOf takes the text of a file, at most longest runes.
func textOf(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	in := &media.Input{ReaderAt: f, Name: path, Path: path, Size: info.Size()}
	_, err = media.Text(ctx, in, (*media.Limits)(nil).Effective(), func(_ int, text string) error {
		b.WriteString(text)
		b.WriteByte('\n')
		return nil
	})
	r := []rune(strings.ToValidUTF8(b.String(), ""))
	return string(r[:min(len(r), longest)]), err
}

// longest is how much of a work a query takes: a novel would drown the rest.
const longest = 120_000

// unspaced reports whether a rune is a word by itself.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer)
}

// words cuts text into words and single ideographs, each with what follows it
// up to the next.
func words(s string) []string {
	var out []string
	start, inWord := 0, false
	for i, r := range s {
		alone := unspaced(r)
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if alone || letter && !inWord {
			if i > start {
				out = append(out, s[start:i])
			}
			start = i
		}
		inWord = letter && !alone
	}
	return append(out, s[start:])
}

// excerptOf takes Length words from the place that From and the seed say.
func excerptOf(s string, in ingredients) (string, error) {
	if in.Length == 0 {
		return s, nil
	}
	w := words(s)
	n := int(in.Length)
	if len(w) < n+n/4 {
		return "", errSkip
	}
	at := int(in.Seed % uint64(len(w)-n))
	return strings.Join(w[at:at+n], ""), nil
}

func random(in ingredients) *rand.Rand { return rand.New(rand.NewPCG(in.Seed, 3)) }

// holding says that the query holds the source; where is not told, since
// positions are characters of the normalised text.
func holding(sources ...source) (t []truth) {
	for _, s := range sources {
		t = append(t, truth{Source: s.ID, Kind: fingerprint.Document})
	}
	return t
}

func rewritten(alter func(string, *rand.Rand) string) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := textOf(ctx, in.Source.Path)
		if err != nil {
			return nil, err
		}
		if s, err = excerptOf(s, in); err != nil {
			return nil, err
		}
		return holding(in.Source), os.WriteFile(out, []byte(alter(s, random(in))), 0o644)
	}
}

// recoded writes the text in another encoding; where much of it cannot be
// written so, it does not fit.
func recoded(e encoding.Encoding) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := textOf(ctx, in.Source.Path)
		if err != nil {
			return nil, err
		}
		b, err := encoding.ReplaceUnsupported(e.NewEncoder()).Bytes([]byte(s))
		if err != nil {
			return nil, err
		}
		back, err := e.NewDecoder().Bytes(b)
		if err != nil || strings.Count(string(back), "\x1a")+strings.Count(string(back), "�") > len(s)/200 {
			return nil, errSkip
		}
		return holding(in.Source), os.WriteFile(out, b, 0o644)
	}
}

// embedded puts an excerpt into about a hundred times as much other text.
func embedded(alter func(string, *rand.Rand) string) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := textOf(ctx, in.Source.Path)
		if err != nil {
			return nil, err
		}
		if s, err = excerptOf(s, in); err != nil {
			return nil, err
		}
		s = alter(s, random(in))
		var host strings.Builder
		for i := 0; host.Len() < 100*len(s) && i < len(in.Hosts); i++ {
			h, err := textOf(ctx, in.Hosts[i].Path)
			if err != nil {
				return nil, err
			}
			host.WriteString(h)
		}
		h := []rune(host.String())
		h = h[:min(len(h), 100*len([]rune(s)))]
		at := int(in.Seed % uint64(len(h)+1))
		return holding(in.Source), os.WriteFile(out, []byte(string(h[:at])+"\n"+s+"\n"+string(h[at:])), 0o644)
	}
}

func joined(ctx context.Context, in ingredients, out string) ([]truth, error) {
	a, err := textOf(ctx, in.Source.Path)
	if err != nil {
		return nil, err
	}
	b, err := textOf(ctx, in.Hosts[0].Path)
	if err != nil {
		return nil, err
	}
	return holding(in.Source, in.Hosts[0]), os.WriteFile(out, []byte(a+"\n\n"+b), 0o644)
}

func same(s string, _ *rand.Rand) string { return s }

func asHTML(s string, _ *rand.Rand) string {
	return "<!DOCTYPE html><html><head><meta charset=utf-8><title>Copy</title></head><body><p>" +
		strings.ReplaceAll(html.EscapeString(s), "\n\n", "</p>\n<p>") + "</p></body></html>"
}

// reflow breaks lines anew at 60 columns and hyphenates words at their ends.
func reflow(s string, _ *rand.Rand) string {
	var b strings.Builder
	column := 0
	for _, w := range words(strings.Join(strings.Fields(s), " ")) {
		n := len([]rune(w))
		if column+n > 60 {
			if r := []rune(w); n > 6 && !unspaced(r[0]) && unicode.IsLetter(r[n/2-1]) && unicode.IsLetter(r[n/2]) {
				b.WriteString(string(r[:n/2]) + "-\n" + string(r[n/2:]))
				column = n - n/2
				continue
			}
			b.WriteByte('\n')
			column = 0
		}
		b.WriteString(w)
		column += n
	}
	return b.String()
}

// bare drops case and punctuation.
func bare(s string, _ *rand.Rand) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) {
			return ' '
		}
		return unicode.ToUpper(r)
	}, s)
}

func fullWidth(s string, _ *rand.Rand) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

func shuffled(s string, r *rand.Rand) string {
	parts := strings.SplitAfter(s, "\n\n")
	if len(parts) < 8 { // one paragraph: blocks of lines
		parts = nil
		lines := strings.SplitAfter(s, "\n")
		for i := 0; i < len(lines); i += 6 {
			parts = append(parts, strings.Join(lines[i:min(i+6, len(lines))], ""))
		}
	}
	r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "\n")
}

// lookalikes are Cyrillic and Greek letters that look Latin, and Latin ones
// that look Cyrillic.
var lookalikes = map[rune]rune{'a': 'а', 'c': 'с', 'e': 'е', 'o': 'о', 'p': 'р', 'x': 'х', 'y': 'у', 'i': 'і', 'A': 'Α', 'B': 'Β', 'E': 'Ε',
	'H': 'Н', 'K': 'Κ', 'M': 'М', 'O': 'Ο', 'P': 'Р', 'T': 'Т', 'X': 'Χ', 'а': 'a', 'с': 'c', 'е': 'e', 'о': 'o', 'р': 'p', 'х': 'x', 'у': 'y'}

func homoglyphs(s string, r *rand.Rand) string {
	return strings.Map(func(c rune) rune {
		if l, ok := lookalikes[c]; ok && r.IntN(2) == 0 {
			return l
		}
		return c
	}, s)
}

func zeroWidth(s string, r *rand.Rand) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(c)
		if unicode.IsLetter(c) && r.IntN(4) == 0 {
			b.WriteRune([]rune{0x200b, 0x200c, 0x200d, 0x2060}[r.IntN(4)])
		}
	}
	return b.String()
}

func lineNumbers(s string, _ *rand.Rand) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = fmt.Sprintf("%4d  %s", i+1, l)
	}
	return strings.Join(lines, "\n")
}

func watermark(s string, _ *rand.Rand) string {
	lines := strings.SplitAfter(s, "\n")
	var b strings.Builder
	for i, l := range lines {
		if i%8 == 7 {
			b.WriteString("Downloaded from free-books-4-you by user 31337\n")
		}
		b.WriteString(l)
	}
	return b.String()
}

// ocr reads letters wrong, drops and doubles them: 70, 15 and 15 % of the errors.
func ocr(rate float64) func(string, *rand.Rand) string {
	return func(s string, r *rand.Rand) string {
		letters := []rune(s)
		var b strings.Builder
		for _, c := range letters {
			if !unicode.IsLetter(c) || r.Float64() >= rate {
				b.WriteRune(c)
				continue
			}
			switch x := r.IntN(100); {
			case x < 70:
				b.WriteRune(letters[r.IntN(len(letters))])
			case x < 85:
			default:
				b.WriteRune(c)
				b.WriteRune(letters[r.IntN(len(letters))])
			}
		}
		return b.String()
	}
}

// edits replaces, drops and adds whole words, a third each.
func edits(rate float64) func(string, *rand.Rand) string {
	return func(s string, r *rand.Rand) string {
		all := words(s)
		var b strings.Builder
		for _, w := range all {
			if r.Float64() >= rate {
				b.WriteString(w)
				continue
			}
			switch r.IntN(3) {
			case 0:
				b.WriteString(all[r.IntN(len(all))])
			case 1:
				b.WriteString(w)
				b.WriteString(all[r.IntN(len(all))])
			}
		}
		return b.String()
	}
}
