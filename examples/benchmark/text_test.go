package main

import (
	"archive/zip"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	japanesecodes "golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const (
	english = "books/twain-tom-sawyer.txt"
	poems   = "books/tang-poems-zh.txt"
)

// textProofs hold for every row of the table, by name, what shows that it does
// what it says. before is the text that it started from, after the query's file.
var textProofs = map[string]struct {
	id    string
	prove func(t *testing.T, p proof, before string, after []byte)
}{
	"copy":                 {english, func(t *testing.T, p proof, before string, _ []byte) { sameWords(t, before, reread(t, p)) }},
	"format":               {poems, proveFormat},
	"scan without text":    {english, proveScan},
	"excerpt":              {english, proveExcerpt},
	"excerpt, OCR":         {english, func(t *testing.T, p proof, _ string, after []byte) { proveErrors(t, p, excerptText(t, p), after) }},
	"reflow":               {english, proveReflow},
	"case and punctuation": {english, proveBare},
	"full width":           {english, proveFullWidth},
	"NFD":                  {"books/developers-reference-en.epub", proveNFD},
	"shuffled paragraphs":  {english, proveShuffled},
	"homoglyphs":           {english, proveHomoglyphs},
	"zero-width":           {english, proveZeroWidth},
	"line numbers":         {english, proveLineNumbers},
	"watermark":            {english, proveWatermark},
	"script":               {poems, proveScript},
	"OCR":                  {english, proveErrors},
	"edits":                {english, proveEdits},
	"encoding":             {poems, proveEncoding},
	"embedded":             {english, proveEmbedded},
	"embedded, OCR":        {english, proveEmbedded},
	"joined":               {english, proveJoined},
}

func TestTextTransforms(t *testing.T) {
	c := proofCorpus(t)
	for _, tr := range documentTransforms() {
		t.Run(tr.label(), func(t *testing.T) {
			of, ok := textProofs[tr.Name]
			if !ok {
				t.Fatal("nothing proves this transform")
			}
			lengths := tr.Lengths
			if len(lengths) == 0 {
				lengths = []float64{0}
			}
			id, c := of.id, c
			switch {
			case tr.Name == "NFD":
				c = withText(t, c, "accents.txt", strings.Repeat("Où l'été s'achève, près de la forêt, naît un goût âpre.\n", 40))
				id = "accents.txt"
			case tr.Strength == "Shift-JIS":
				c = withText(t, c, "japanese.txt", strings.Repeat("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n", 40))
				id = "japanese.txt"
			case tr.Strength == "to Simplified":
				c = withText(t, c, "traditional.txt", strings.Repeat("國破山河在,城春草木深。感時花濺淚,恨別鳥驚心。烽火連三月,家書抵萬金。\n", 40))
				id = "traditional.txt"
			}
			for _, l := range lengths {
				p := prove(t, c, tr, id, l)
				before, err := textOf(t.Context(), p.plan.ingredients.Source.Path)
				if err != nil {
					t.Fatal(err)
				}
				after, err := os.ReadFile(p.Path)
				if err != nil {
					t.Fatal(err)
				}
				if len(p.Truths) == 0 || p.Truths[0].Source != id {
					t.Errorf("truths = %v, want one of %s", p.Truths, id)
				}
				of.prove(t, p, before, after)
			}
		})
	}
}

// withText adds a document that testdata does not have.
func withText(t *testing.T, c corpus, name, text string) corpus {
	t.Helper()
	path := t.TempDir() + "/" + name
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c.Sources = append(slices.Clone(c.Sources), source{ID: name, Path: path, Kind: 4, Split: stranger})
	kind, err := kindOf(path)
	if err != nil {
		t.Fatal(err)
	}
	c.Sources[len(c.Sources)-1].Kind = kind
	return c
}

// reread takes the query's text by the library, which is not what wrote it.
func reread(t *testing.T, p proof) string {
	t.Helper()
	s, err := readText(t.Context(), p.Path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// letters are the letters and digits of a text, in order.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// sameWords wants all letters of a text in another, apart from a title.
func sameWords(t *testing.T, want, got string) {
	t.Helper()
	want, got = letters(want), strings.TrimPrefix(letters(got), "Copy")
	if want != got {
		t.Errorf("%d bytes of letters, want %d; they part at %d", len(got), len(want), common(got, want))
	}
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func proveFormat(t *testing.T, p proof, before string, after []byte) {
	magic := map[string]string{"DOCX": "PK", "ODT": "PK", "EPUB": "PK", "RTF": "{\\rtf1", "Markdown": "# Copy", "PDF": "%PDF-"}[p.plan.Strength]
	if magic == "" || !strings.HasPrefix(string(after), magic) {
		t.Errorf("begins with %.8q, want %q", after, magic)
	}
	if magic == "PK" {
		z, err := zip.OpenReader(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, r); err != nil || n == 0 {
				t.Errorf("%s: %d bytes, %v", f.Name, n, err)
			}
		}
	}
	got := reread(t, p)
	if p.plan.Strength == "PDF" { // a reader may join or part lines, and lacks letters without glyphs
		within(t, "letters kept", float64(utf8.RuneCountInString(letters(got)))/float64(utf8.RuneCountInString(letters(before))), 1, 0.02)
		least(t, "same runs of ten", sharedRuns(letters(before), letters(got)), 0.95)
		return
	}
	sameWords(t, before, got)
}

// sharedRuns is the share of the runs of ten letters of a that are in b.
func sharedRuns(a, b string) float64 {
	runs := map[string]bool{}
	y := []rune(b)
	for i := 0; i+10 <= len(y); i++ {
		runs[string(y[i:i+10])] = true
	}
	x := []rune(a)
	n, all := 0, 0
	for i := 0; i+10 <= len(x); i += 10 {
		all++
		if runs[string(x[i:i+10])] {
			n++
		}
	}
	return float64(n) / float64(max(1, all))
}

// proveScan wants pages that are pictures with ink on them, and no text.
func proveScan(t *testing.T, p proof, _ string, after []byte) {
	if s, err := readText(t.Context(), p.Path); err == nil && letters(s) != "" {
		t.Errorf("has a text layer: %.60q", s)
	}
	within(t, "pictures", float64(strings.Count(string(after), "/DCTDecode")), 3, 0)
	at := strings.Index(string(after), "\xff\xd8\xff")
	if at < 0 {
		t.Fatal("no JPEG in it")
	}
	page := rasterOf(t, after[at:])
	ink, paper := 0, 0
	for i := range page.w * page.h {
		if l := page.luma(i); l < 100 {
			ink++
		} else if l > 220 {
			paper++
		}
	}
	within(t, "ink", float64(ink)/float64(page.w*page.h), 0.06, 0.05)
	least(t, "paper", float64(paper)/float64(page.w*page.h), 0.7)
}

func excerptText(t *testing.T, p proof) string {
	t.Helper()
	s, err := excerpted(t.Context(), p.plan.ingredients)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func proveExcerpt(t *testing.T, p proof, before string, after []byte) {
	within(t, "words", float64(len(words(string(after)))), p.plan.ingredients.Length, 1)
	if !strings.Contains(before, string(after)) {
		t.Error("is not a part of the source")
	}
	if strings.HasPrefix(before, string(after)) {
		t.Error("is the beginning of the source")
	}
}

func proveReflow(t *testing.T, p proof, before string, after []byte) {
	hyphens := strings.Count(string(after), "-\n")
	least(t, "hyphenated lines", float64(hyphens), 200)
	for l := range strings.SplitSeq(string(after), "\n") {
		if n := utf8.RuneCountInString(l); n > 75 {
			t.Fatalf("a line of %d: %q", n, l)
		}
	}
	sameWords(t, before, string(after))
}

func proveBare(t *testing.T, p proof, before string, after []byte) {
	for _, r := range string(after) {
		if unicode.IsPunct(r) || unicode.IsLower(r) && unicode.ToUpper(r) != r {
			t.Fatalf("%q is left", r)
		}
	}
	sameWords(t, strings.ToUpper(before), string(after))
}

func proveFullWidth(t *testing.T, p proof, before string, after []byte) {
	for _, r := range string(after) {
		if r > ' ' && r < 0x7f {
			t.Fatalf("%q is left", r)
		}
	}
	if strip(norm.NFKC.String(string(after))) != strip(norm.NFKC.String(before)) {
		t.Error("NFKC does not give the source back")
	}
}

func strip(s string) string { return strings.Join(strings.Fields(s), " ") }

func proveNFD(t *testing.T, p proof, before string, after []byte) {
	if !norm.NFD.IsNormal(after) || norm.NFC.String(string(after)) != norm.NFC.String(before) {
		t.Error("is not the source in NFD")
	}
	least(t, "marks", float64(strings.Count(string(after), "\u0301")), 20)
}

// proveShuffled wants the same lines in another order.
func proveShuffled(t *testing.T, p proof, before string, after []byte) {
	lines := func(s string) []string {
		return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
	}
	a, b := lines(before), lines(string(after))
	moved := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			moved++
		}
	}
	least(t, "lines moved", float64(moved)/float64(len(a)), 0.9)
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Errorf("%d lines, want the %d of the source", len(b), len(a))
	}
}

func proveHomoglyphs(t *testing.T, p proof, before string, after []byte) {
	a, b := []rune(before), []rune(string(after))
	if len(a) != len(b) {
		t.Fatalf("%d letters, want %d", len(b), len(a))
	}
	changed, able := 0, 0
	for i, r := range a {
		if l, ok := lookalikes[r]; ok {
			able++
			if b[i] == l {
				changed++
				continue
			}
		}
		if b[i] != r {
			t.Fatalf("%q became %q", r, b[i])
		}
	}
	within(t, "share of look-alikes", float64(changed)/float64(able), 0.5, 0.02)
}

func proveZeroWidth(t *testing.T, p proof, before string, after []byte) {
	const invisible = "\u200b\u200c\u200d\u2060"
	n := strings.Count(string(after), "\u2060")
	added := 0
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune(invisible, r) {
			added++
			return -1
		}
		return r
	}, string(after))
	if bare != before {
		t.Error("without them it is not the source")
	}
	count := 0
	for _, r := range before {
		if unicode.IsLetter(r) {
			count++
		}
	}
	within(t, "a letter", float64(added)/float64(count), 0.25, 0.01)
	within(t, "word joiners", float64(n)/float64(added), 0.25, 0.02)
}

func proveLineNumbers(t *testing.T, p proof, before string, after []byte) {
	a, b := strings.Split(before, "\n"), strings.Split(string(after), "\n")
	if len(a) != len(b) {
		t.Fatalf("%d lines, want %d", len(b), len(a))
	}
	for i := range a {
		if got := strings.Fields(b[i])[0]; got != digits(i+1) || !strings.HasSuffix(b[i], a[i]) {
			t.Fatalf("line %d = %q, want its number and %q", i+1, b[i], a[i])
		}
	}
}

func digits(n int) string { return number(float64(n)) }

func proveWatermark(t *testing.T, p proof, before string, after []byte) {
	lines := strings.Count(before, "\n") + 1
	within(t, "watermarks", float64(strings.Count(string(after), "free-books-4-you")), float64(lines)/8, 1)
	rest := slices.DeleteFunc(strings.SplitAfter(string(after), "\n"), func(l string) bool { return strings.Contains(l, "free-books-4-you") })
	if strings.Join(rest, "") != before {
		t.Error("without them it is not the source")
	}
}

// proveScript looks for letters that only one of the scripts has.
func proveScript(t *testing.T, p proof, before string, after []byte) {
	const traditional, simplified = "國門馬車風東長無說書語讀開點學會時來個見這", "国门马车风东长无说书语读开点学会时来个见这"
	old, young := simplified, traditional
	if p.plan.Strength == "to Simplified" {
		old, young = young, old
	}
	share := func(s, of string) float64 {
		n := 0
		for _, r := range s {
			if strings.ContainsRune(of, r) {
				n++
			}
		}
		return float64(n) / float64(utf8.RuneCountInString(s))
	}
	least(t, "old letters before", share(before, old), 0.005)
	within(t, "old letters after", share(string(after), old), 0, 0.0005)
	within(t, "new letters", share(string(after), young), share(before, old)+share(before, young), 0.01)
	within(t, "length", float64(utf8.RuneCount(after))/float64(utf8.RuneCountInString(before)), 1, 0.01)
}

// proveErrors counts the edits between the source and what was read.
func proveErrors(t *testing.T, p proof, before string, after []byte) {
	want := map[string]float64{"1 %": 0.01, "3 %": 0.03, "8 %": 0.08}[p.plan.Strength]
	a := []rune(before)
	b := []rune(string(after))
	a, b = a[:min(len(a), 8000)], b[:min(len(b), 8000)]
	n := 0
	for _, r := range a {
		if unicode.IsLetter(r) {
			n++
		}
	}
	// 8000 letters have 80 to 640 errors, give or take three deviations
	tolerance := 3*math.Sqrt(want/float64(n)) + 0.002
	within(t, "errors a letter", float64(edited(a, b))/float64(n), want, tolerance)
}

func proveEdits(t *testing.T, p proof, before string, after []byte) {
	want := map[string]float64{"5 %": 0.05, "15 %": 0.15, "30 %": 0.30}[p.plan.Strength]
	a, b := words(before), words(string(after))
	a, b = a[:min(len(a), 4000)], b[:min(len(b), 4000)]
	within(t, "edits a word", float64(edited(a, b))/float64(len(a)), want, 3*math.Sqrt(want/float64(len(a)))+0.05*want)
}

// edited is Levenshtein's distance between a and the best beginning of b.
func edited[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return slices.Min(row)
}

func proveEncoding(t *testing.T, p proof, before string, after []byte) {
	codes := map[string]encoding.Encoding{"GB18030": simplifiedchinese.GB18030, "Big5": traditionalchinese.Big5,
		"Shift-JIS": japanesecodes.ShiftJIS, "UTF-16": utf16.UTF16(utf16.LittleEndian, utf16.ExpectBOM)}
	back, err := codes[p.plan.Strength].NewDecoder().Bytes(after)
	if err != nil {
		t.Fatal(err)
	}
	if utf8.Valid(after) {
		t.Error("is UTF-8 still")
	}
	want := before
	if p.plan.Strength == "Big5" {
		want = traditional(before, nil)
	}
	a, b := []rune(want), []rune(string(back))
	if len(a) != len(b) {
		t.Fatalf("%d letters, want %d", len(b), len(a))
	}
	lost := 0
	for i := range a {
		if a[i] != b[i] {
			lost++
		}
	}
	within(t, "letters lost", float64(lost)/float64(len(a)), 0, 0.01)
}

func proveEmbedded(t *testing.T, p proof, _ string, after []byte) {
	part := strings.TrimSpace(excerptText(t, p))
	within(t, "share", float64(utf8.RuneCountInString(part))/float64(utf8.RuneCount(after)), 0.01, 0.001)
	found := strings.Contains(string(after), part)
	if want := p.plan.Name == "embedded"; found != want {
		t.Errorf("holds it as it was: %t, want %t", found, want)
	}
	least(t, "runs of ten letters that are left", sharedRuns(letters(part), letters(string(after))), 0.4)
}

func proveJoined(t *testing.T, p proof, before string, after []byte) {
	other, err := textOf(t.Context(), p.plan.ingredients.Hosts[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if want := before + "\n\n" + other; string(after) != want {
		t.Errorf("%d bytes, want %d", len(after), len(want))
	}
	if len(p.Truths) != 2 || p.Truths[1].Source != p.plan.ingredients.Hosts[0].ID {
		t.Errorf("truths = %v, want both sources", p.Truths)
	}
}

// TestUnfit wants texts refused that an alteration does not suit.
func TestUnfit(t *testing.T) {
	japanese := strings.Repeat("吾輩は猫である。名前はまだ無い。", 20)
	chineseText := strings.Repeat("床前明月光,疑是地上霜。", 20)
	latin := strings.Repeat("The quick brown fox jumps. ", 20)
	for _, tt := range []struct {
		name  string
		alter alteration
		text  string
		fits  bool
	}{
		{"homoglyphs", changing(homoglyphs), chineseText, false},
		{"homoglyphs", changing(homoglyphs), latin, true},
		{"full width", changing(fullWidth), latin, true},
		{"Chinese", chinese(same), japanese, false},
		{"Chinese", chinese(same), latin, false},
		{"Chinese", chinese(same), chineseText, true},
		{"to Simplified", chinese(changing(simplified)), chineseText, false},
	} {
		if got := tt.alter(tt.text, random(ingredients{Seed: 1})) != ""; got != tt.fits {
			t.Errorf("%s of %.12q: fits = %t, want %t", tt.name, tt.text, got, tt.fits)
		}
	}
}

// TestPrintedByOthers reads what is printed with another program.
func TestPrintedByOthers(t *testing.T) {
	need(t, "pdftotext")
	pdf, err := asPDF("The ferry leaves at noon.\n床前明月光\n")
	if err != nil {
		t.Skipf("no fonts here: %v", err)
	}
	path := t.TempDir() + "/a.pdf"
	if err := os.WriteFile(path, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", path, "-").Output()
	if err != nil || !strings.Contains(string(out), "The ferry leaves at noon.") {
		t.Errorf("pdftotext = %q, %v", out, err)
	}
}
