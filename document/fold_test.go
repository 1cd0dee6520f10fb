package document

import (
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"
)

func tokensOf(pieces ...string) (tokens []token, at []uint32) {
	z := tokenizer{emit: func(t token, p uint32) {
		tokens = append(tokens, t)
		at = append(at, p)
	}}
	for _, s := range pieces {
		z.write(s)
	}
	z.end()
	return tokens, at
}

func TestFoldsAlike(t *testing.T) {
	for _, c := range []struct{ name, a, b string }{
		{"case", "The Quick BROWN Fox", "the quick brown fox"},
		{"sharp s", "Straße", "STRASSE"},
		{"final sigma", "ΟΔΟΣ λόγος", "οδος ΛΌΓΟΣ"},
		{"accents", "naïve café", "naive cafe"},
		{"composed and decomposed", "Ångström \u00e9", "A\u030angstro\u0308m e\u0301"},
		{"ligatures", "ﬁrst oﬃce ǆ", "first office dž"},
		{"quotes", "“don’t” ‘stop’", "\"don't\" 'stop'"},
		{"full width", "Ｆｕｌｌ　ｗｉｄｔｈ", "full width"},
		{"half width kana", "ｶﾀｶﾅ", "カタカナ"},
		{"voiced kana", "がぎぐ", "か\u3099き\u3099く\u3099"},
		{"zero width", "in\u200bvis\u2060ible \ufeffword", "invisible word"},
		{"cyrillic look-alikes", "сору оf а раgе", "copy of a page"},
		{"cyrillic capitals", "ВООК ТНЕ КМ", "BOOK THE KM"},
		{"greek look-alikes", "cοpy οf α pαge", "copy of a page"},
		{"traditional", "漢語書籍與圖書館", "汉语书籍与图书馆"},
		{"compatibility ideograph", "\uf900", "豈"},
		{"hangul", "한국어", "\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165"},
		{"line-end hyphen", "exam-\nple and exam-  \r\n\t ple", "example and example"},
		{"soft hyphen", "ex\u00adam\u00ad\nple", "example"},
		{"hyphen over a page break", "exam-\n\n\f 17\n\nple", "example"},
		{"hyphen in a word", "well-known", "wellknown"},
		{"unicode hyphen", "well\u2010known", "well-known"},
		{"page numbers", "one\n\n- 17 -\n\ntwo", "one two"},
		{"line numbers", "  1  one\n  2  two-\n  3 three", "one twothree"},
		{"layout", "one   two\r\n\tthree", "one two three"},
		{"punctuation", "one, two; (three)!", "one two three"},
		{"ideographs without spaces", "白日依山尽，黄河入海流。", "白 日依山尽黄\n河入海流"},
	} {
		a, atA := tokensOf(c.a)
		b, atB := tokensOf(c.b)
		if len(a) == 0 || !slices.Equal(a, b) {
			t.Errorf("%s: %q folds to %v, %q to %v", c.name, c.a, a, c.b, b)
		}
		if c.name != "hangul" && !slices.Equal(atA, atB) {
			t.Errorf("%s: tokens of %q at %v, of %q at %v", c.name, c.a, atA, c.b, atB)
		}
	}
}

func TestFoldsApart(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"to and fro", "to - and"},
		{"pre- and post", "preand post"},
		{"война", "вина"},
		{"一", "二"},
		{"か", "き"},
		{"x86", "x87"},
	} {
		a, _ := tokensOf(c.a)
		b, _ := tokensOf(c.b)
		if slices.Equal(a, b) {
			t.Errorf("%q and %q both fold to %v", c.a, c.b, a)
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		text  string
		words int
		units int
		at    []uint32
	}{
		{"One two, three.", 3, 0, []uint32{0, 4, 8}},
		{"白日依山尽", 0, 5, []uint32{0, 1, 2, 3, 4}},
		{"在Linux下", 1, 2, []uint32{0, 1, 7}},
		{"2024 1 x2", 1, 0, []uint32{0}},
		{"한국어 text", 1, 3, []uint32{0, 3, 6, 8}},
		{"ภาษาไทย", 0, 7, []uint32{0, 1, 2, 3, 4, 5, 6}},
		{"ភាសាខ្មែរ", 0, 5, []uint32{0, 1, 2, 3, 4}},
		{"123 \x80\xff !?", 0, 0, nil},
	} {
		tokens, at := tokensOf(c.text)
		units := 0
		for _, x := range tokens {
			if x.isUnit() {
				units++
			}
			if x == 0 || x >= 1<<tokenBits {
				t.Errorf("%q: token %d is out of range", c.text, x)
			}
		}
		if len(tokens)-units != c.words || units != c.units || !slices.Equal(at, c.at) {
			t.Errorf("%q: %d words, %d units at %v; want %d, %d at %v",
				c.text, len(tokens)-units, units, at, c.words, c.units, c.at)
		}
	}
}

// Within one script, no two letters may fold to the same one, so that the
// words of the script stay apart.
func TestLookalikesKeepScriptsApart(t *testing.T) {
	allowed := map[rune]bool{'һ': true} // see lookalikes
	for name, alphabet := range map[string]string{
		"Russian": "абвгдежзиклмнопрстуфхцчшщъыьэюя", "Ukrainian": "абвгґдеєжзиіклмнопрстуфхцчшщьюя",
		"Serbian": "абвгдђежзијклљмнњопрстћуфхцчџш", "Greek": "αβγδεζηθικλμνξοπρστυφχψω", "Armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
	} {
		seen := map[glyph]rune{}
		for _, r := range alphabet {
			g := pageOf(r).glyphs[r&0xff]
			if g.class() != letter {
				t.Errorf("%s: %c is no letter", name, r)
			}
			if other := seen[g]; other != 0 && !allowed[r] && !allowed[other] {
				t.Errorf("%s: %c and %c fold alike", name, r, other)
			}
			seen[g] = r
		}
	}
}

func TestTraditionalTable(t *testing.T) {
	runes := []rune(traditional)
	if len(runes)%2 != 0 || len(runes) < 8000 {
		t.Fatalf("%d characters in the table", len(runes))
	}
	to := map[rune]rune{}
	for i := 0; i < len(runes); i += 2 {
		to[runes[i]] = runes[i+1]
	}
	for from, s := range to {
		if to[s] != 0 {
			t.Errorf("%c folds to %c, which folds to %c", from, s, to[s])
		}
	}
}

func TestEveryCharacterFolds(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r += 7 {
		if !utf8.ValidRune(r) {
			continue
		}
		once, _ := tokensOf("a" + string(r) + "b")
		if len(once) < 1 {
			t.Fatalf("U+%04X swallows the letters around it", r)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"exam-\n 12 ple", "白日\xe4\xe5\xb8\xad", "\u1112\u1161\u11ab", "a\ufdfa-b", "\xf0\x9f", "ｶﾞ-\n\u00ad"} {
		f.Add(s, 3, 5)
	}
	f.Fuzz(func(t *testing.T, s string, i, j int) {
		i = max(0, min(i, len(s)))
		j = max(i, min(j, len(s)))
		whole, at := tokensOf(s)
		split, atSplit := tokensOf(s[:i], s[i:j], s[j:])
		if !slices.Equal(whole, split) || !slices.Equal(at, atSplit) {
			t.Errorf("%q folds to %v at %v, in pieces %v at %v", s, whole, at, split, atSplit)
		}
		for k := 1; k < len(at); k++ {
			if at[k] <= at[k-1] {
				t.Errorf("%q: token %d at %d is not after the one at %d", s, k, at[k], at[k-1])
			}
		}
	})
}
