package document

import (
	"sync"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// class is what a character means to the division into tokens.
type class uint8

const (
	separator class = iota // ends a token and leaves no trace: punctuation, spaces, symbols
	letter                 // belongs to a word
	digit                  // belongs to a word, but makes none alone
	unit                   // is a token alone: an ideograph, a kana, a Hangul syllable
	unitMore               // belongs to the unit before it: the vowel of a Hangul syllable
	nothing                // is not there: marks, zero-width characters, apostrophes
	hyphen                 // joins what stands on both sides of it
	space                  // a separator that may follow a hyphen at the end of a line
	lineEnd                // a separator that a hyphen joins over
	several                // folds to several glyphs
)

// A glyph is a folded character, in the low 24 bits, with its class. For
// several it is the number of an expansion of its page.
type glyph uint32

func newGlyph(c class, r rune) glyph { return glyph(c)<<24 | glyph(r) }

func (g glyph) class() class { return class(g >> 24) }
func (g glyph) rune() uint32 { return uint32(g & 0xffffff) }

// A page holds the glyphs of 256 characters. Pages are made when a text first
// needs them, so that a program pays for the scripts that it meets only.
type page struct {
	glyphs     [256]glyph
	expansions [][]glyph
}

var pages [(unicode.MaxRune + 1) >> 8]atomic.Pointer[page]

func pageOf(r rune) *page {
	if p := pages[r>>8].Load(); p != nil {
		return p
	}
	return makePage(r >> 8)
}

// makePage may run twice for one page, with the same result.
func makePage(number rune) *page {
	p := new(page)
	fold := newFolder()
	for i := range p.glyphs {
		switch glyphs := fold.glyphs(number<<8 | rune(i)); len(glyphs) {
		case 0:
			p.glyphs[i] = newGlyph(nothing, 0)
		case 1:
			p.glyphs[i] = glyphs[0]
		default:
			p.glyphs[i] = newGlyph(several, rune(len(p.expansions)))
			p.expansions = append(p.expansions, glyphs)
		}
	}
	pages[number].Store(p)
	return p
}

// folder folds single characters: compatibility decomposition, case folding,
// marks dropped, look-alikes and traditional characters replaced. Since every
// step works on one character, a text folds the same however it is split, and
// composed and decomposed text fold alike.
type folder struct{ caser cases.Caser }

func newFolder() folder { return folder{cases.Fold()} }

func (f folder) glyphs(r rune) []glyph {
	if c, ok := controls[r]; ok {
		return []glyph{newGlyph(c, 0)}
	}
	var glyphs []glyph
	for _, d := range norm.NFKD.String(f.caser.String(norm.NFKD.String(string(r)))) {
		if s, ok := substitutes()[d]; ok {
			d = s
		}
		if c := classify(d); c != nothing {
			glyphs = append(glyphs, newGlyph(c, d))
		}
	}
	return glyphs
}

// controls are the characters that mean something to the division of a text
// into words, beyond their Unicode category.
var controls = map[rune]class{
	'\n': lineEnd, '\f': lineEnd, '\v': lineEnd, '\u0085': lineEnd, '\u2028': lineEnd, '\u2029': lineEnd,
	'\r': space, '\t': space, ' ': space, '\u00a0': space,
	'-': hyphen, '\u2010': hyphen, '\u2011': hyphen, '\u00ad': hyphen, '\ufe63': hyphen, '\uff0d': hyphen,
	'\'': nothing, '\u2018': nothing, '\u2019': nothing, '\u02bc': nothing, '\uff07': nothing, '`': nothing, '\u00b4': nothing,
}

var substitutes = sync.OnceValue(func() map[rune]rune {
	all := map[rune]rune{}
	for _, pairs := range []string{lookalikes, traditional} {
		runes := []rune(pairs)
		for i := 0; i+1 < len(runes); i += 2 {
			all[runes[i]] = runes[i+1]
		}
	}
	return all
})

// unspaced are the scripts that are written without spaces between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Yi, unicode.Tangut,
	unicode.Nushu, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tai_Le, unicode.New_Tai_Lue,
	unicode.Tai_Tham, unicode.Tai_Viet, unicode.Javanese, unicode.Balinese, unicode.Tibetan,
}

// prolonged is the sign that lengthens the vowel of a kana; it belongs to
// several scripts, and so to none of unicode's tables.
const prolonged = 'ー'

func classify(r rune) class {
	switch {
	case r >= 0x1160 && r <= 0x11ff, r >= 0xd7b0 && r <= 0xd7fb: // vowels and finals of Hangul
		return unitMore
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return nothing
	case r == prolonged, unicode.IsLetter(r) && unicode.In(r, unspaced...):
		return unit
	case unicode.Is(unicode.Mc, r) && unicode.In(r, unspaced...):
		return nothing
	case unicode.IsLetter(r), unicode.Is(unicode.Mc, r):
		return letter
	case unicode.IsDigit(r):
		return digit
	case unicode.IsSpace(r):
		return space
	}
	return separator
}
