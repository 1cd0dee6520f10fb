package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"unicode"

	japanesecodes "golang.org/x/text/encoding/japanese"
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
	row := func(name, strength, ext string, r recipe) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Document, Ext: ext, recipe: r}
	}
	text := func(name, strength string, alter alteration) transform {
		return row(name, strength, ".txt", rewritten(alter, asText))
	}
	page := func(name, strength string, words float64, alter alteration) transform {
		t := text(name, strength, alter)
		t.Lengths = []float64{words}
		return t
	}
	format := func(strength, ext string, write writer) transform {
		return row("format", strength, ext, rewritten(same, write))
	}
	all := []transform{
		row("copy", "as HTML", ".html", rewritten(same, asHTML)),
		format("DOCX", ".docx", asDOCX), format("ODT", ".odt", asODT), format("EPUB", ".epub", asEPUB),
		format("RTF", ".rtf", asRTF), format("Markdown", ".md", asMarkdown), format("PDF", ".pdf", asPDF),
		row("scan without text", "3 pages", ".pdf", rewritten(same, asScan)),
		page("excerpt", "", 100, same), page("excerpt", "", 300, same), page("excerpt", "", 2500, same),
		page("excerpt, OCR", "3 %", 300, ocr(0.03)),
		text("reflow", "", reflow),
		text("case and punctuation", "", bare),
		text("full width", "", changing(fullWidth)),
		text("NFD", "", changing(func(s string, _ *rand.Rand) string { return norm.NFD.String(s) })),
		text("shuffled paragraphs", "", shuffled),
		text("homoglyphs", "", changing(homoglyphs)),
		text("zero-width", "", zeroWidth),
		text("line numbers", "", lineNumbers),
		text("watermark", "", watermark),
		text("script", "to Traditional", chinese(changing(traditional))),
		text("script", "to Simplified", chinese(changing(simplified))),
		text("OCR", "1 %", ocr(0.01)), text("OCR", "3 %", ocr(0.03)), text("OCR", "8 %", ocr(0.08)),
		text("edits", "5 %", edits(0.05)), text("edits", "15 %", edits(0.15)), text("edits", "30 %", edits(0.30)),
		row("encoding", "UTF-16", ".txt", rewritten(same, encodedAs(utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)))),
		row("encoding", "GB18030", ".txt", rewritten(chinese(same), encodedAs(simplifiedchinese.GB18030))),
		row("encoding", "Big5", ".txt", rewritten(chinese(traditional), encodedAs(traditionalchinese.Big5))),
		row("encoding", "Shift-JIS", ".txt", rewritten(japanese(same), encodedAs(japanesecodes.ShiftJIS))),
		{Name: "embedded", Strength: "1 %", Kind: fingerprint.Document, Ext: ".txt", Lengths: []float64{300}, Host: 30, recipe: recipe{"1:99", embedded(same)}},
		{Name: "embedded, OCR", Strength: "1 %", Kind: fingerprint.Document, Ext: ".txt", Lengths: []float64{300}, Host: 30, recipe: recipe{"1:99, 3 %", embedded(ocr(0.03))}},
		{Name: "joined", Strength: "two works", Kind: fingerprint.Document, Ext: ".txt", Host: 1, Mix: true, recipe: recipe{"", joined}},
	}
	return all
}

// An alteration changes a text; of one that does not suit it, nothing is left.
type alteration func(s string, r *rand.Rand) string

// texts keeps what was read.
var texts = memo[string]{limit: 64 << 20, size: func(s string) int { return len(s) }}

// textOf takes the text of a file, at most longest runes.
func textOf(ctx context.Context, path string) (string, error) {
	return texts.get(path, func() (string, error) { return readText(ctx, path) })
}

func readText(ctx context.Context, path string) (string, error) {
	in, done, err := openInput(path)
	if err != nil {
		return "", err
	}
	defer done()
	var b strings.Builder
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
		return "", fmt.Errorf("%w: too short", errSkip)
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

// excerpted is the text that a recipe starts from.
func excerpted(ctx context.Context, in ingredients) (string, error) {
	s, err := textOf(ctx, in.Source.Path)
	if err != nil {
		return "", err
	}
	return excerptOf(s, in)
}

// rewritten alters the text and writes it in a format.
func rewritten(alter alteration, write writer) recipe {
	return recipe{"", func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := excerpted(ctx, in)
		if err != nil {
			return nil, err
		}
		if s = alter(s, random(in)); s == "" {
			return nil, fmt.Errorf("%w: nothing to alter", errSkip)
		}
		b, err := write(s)
		if err != nil {
			return nil, err
		}
		return holding(in.Source), os.WriteFile(out, b, 0o644)
	}}
}

// embedded makes an excerpt a hundredth of what others wrote.
func embedded(alter alteration) maker {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := excerpted(ctx, in)
		if err != nil {
			return nil, err
		}
		part := []rune(alter(s, random(in)))
		var host []rune
		for i := 0; len(host) < 99*len(part); i++ {
			h, err := textOf(ctx, in.Hosts[i%len(in.Hosts)].Path)
			if err != nil {
				return nil, err
			}
			host = append(host, []rune(h+"\n")...)
		}
		host = host[:99*len(part)]
		at := int(in.Seed % uint64(len(host)))
		return holding(in.Source), os.WriteFile(out, []byte(string(host[:at])+"\n"+string(part)+"\n"+string(host[at:])), 0o644)
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

// changing refuses texts of which less than one letter in fifty changes, as
// Chinese under an alteration of the Latin alphabet.
func changing(alter alteration) alteration {
	return func(s string, r *rand.Rand) string {
		out := alter(s, r)
		before, after := map[rune]int{}, 0
		for _, c := range s {
			before[c]++
		}
		for _, c := range out {
			if before[c]--; before[c] < 0 {
				after++
			}
		}
		if 50*after < len([]rune(s)) {
			return ""
		}
		return out
	}
}

func same(s string, _ *rand.Rand) string { return s }

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
func ocr(rate float64) alteration {
	return func(s string, r *rand.Rand) string {
		all := []rune(s)
		letters := slices.DeleteFunc(slices.Clone(all), func(c rune) bool { return !unicode.IsLetter(c) })
		var b strings.Builder
		for _, c := range all {
			if !unicode.IsLetter(c) || r.Float64() >= rate {
				b.WriteRune(c)
				continue
			}
			switch x := r.IntN(100); {
			case x < 70:
				b.WriteRune(another(letters, c, r))
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
func edits(rate float64) alteration {
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
				b.WriteString(another(all, w, r))
			case 1:
				b.WriteString(w)
				b.WriteString(all[r.IntN(len(all))])
			}
		}
		return b.String()
	}
}

// another draws something else than x, where there is something else.
func another[T comparable](from []T, x T, r *rand.Rand) T {
	for range 20 {
		if y := from[r.IntN(len(from))]; y != x {
			return y
		}
	}
	return x
}
