package document

import (
	"math/bits"
	"unicode/utf8"
)

// A token is a word, or a character of a script that has no spaces between
// words. It is known by a code of tokenBits bits: 0 is no token, words and
// units have half of the others each. Texts are so uneven in their words that
// ten bits tell two random tokens apart almost as well as the words do: the
// chance of agreement rises from 0.0085 to 0.010 in English, from 0.004 to
// 0.006 in Chinese.
type token uint16

const (
	tokenBits = 10
	firstUnit = 1 << (tokenBits - 1)
)

func (t token) isUnit() bool { return t >= firstUnit }

// tokenizer divides a text into tokens, in whatever pieces it comes. Positions
// are those of the normalised text, which holds the folded characters of each
// word followed by one space, and each unit followed by nothing; tokens of
// digits only (numbers of pages and lines) are not in it.
type tokenizer struct {
	emit func(t token, at uint32)

	at      uint32 // where the next token begins
	kind    class  // of the token that has begun: letter, digit (no letter yet), unit, or separator for none
	length  uint32 // of the token that has begun, in folded characters
	hash    uint64 // of its characters
	joining joint
	tail    [utf8.UTFMax]byte // the beginning of a character that the last piece cut
	cut     int               // bytes of it
}

// joint says what has followed a word so far that may go on.
type joint uint8

const (
	plain     joint = iota
	hyphened        // a hyphen: "re-"
	spaced          // a hyphen and a space
	brokenOff       // a hyphen at the end of the line: the word goes on, after spaces and line numbers
)

// write takes the next piece of the text.
func (z *tokenizer) write(s string) {
	for z.cut > 0 && len(s) > 0 {
		z.tail[z.cut] = s[0]
		z.cut++
		s = s[1:]
		for z.cut > 0 && utf8.FullRune(z.tail[:z.cut]) {
			_, size := utf8.DecodeRune(z.tail[:z.cut])
			z.whole(string(z.tail[:size]))
			z.cut = copy(z.tail[:], z.tail[size:z.cut])
		}
	}
	n := len(s)
	for i := max(0, n-utf8.UTFMax+1); i < n; i++ {
		if utf8.RuneStart(s[i]) && !utf8.FullRuneInString(s[i:]) {
			z.cut = copy(z.tail[:], s[i:])
			n = i
		}
	}
	z.whole(s[:n])
}

// whole takes text that is cut between characters.
func (z *tokenizer) whole(s string) {
	latin := pageOf(0)
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			z.put(latin.glyphs[c])
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		p := pageOf(r)
		g := p.glyphs[r&0xff]
		if g.class() != several {
			z.put(g)
			continue
		}
		for _, part := range p.expansions[g.rune()] {
			z.put(part)
		}
	}
}

// put takes the next folded character.
func (z *tokenizer) put(g glyph) {
	switch c := g.class(); c {
	case letter, digit:
		if z.joining != plain && !z.joins(c) {
			return
		}
		z.extend(c, g)
	case unit:
		z.end()
		z.kind = unit
		z.length = 1
		z.hash = mix(0, g.rune())
	case unitMore:
		if z.kind != unit {
			z.end()
			z.kind = unit
		}
		z.length++
		z.hash = mix(z.hash, g.rune())
	case nothing:
	case hyphen:
		if z.joining == plain && (z.kind == letter || z.kind == digit) {
			z.joining = hyphened
			return
		}
		z.end()
	case space:
		switch z.joining {
		case plain:
			z.end()
		case hyphened:
			z.joining = spaced
		}
	case lineEnd:
		if z.joining == plain {
			z.end()
		} else {
			z.joining = brokenOff
		}
	default:
		z.end()
	}
}

// joins decides what a letter or digit after a hyphen does. It reports false
// when the character is no text: a line number between the parts of a word.
func (z *tokenizer) joins(c class) bool {
	switch {
	case z.joining == brokenOff && c == digit:
		return false
	case z.joining == spaced:
		z.end()
	}
	z.joining = plain
	return true
}

// extend adds a letter or digit to the word.
func (z *tokenizer) extend(c class, g glyph) {
	if z.kind == unit {
		z.end()
	}
	if z.kind != letter {
		z.kind = c
	}
	z.length++
	z.hash = mix(z.hash, g.rune())
}

// end emits the token that has begun, if there is one.
func (z *tokenizer) end() {
	switch z.kind {
	case letter:
		z.emit(1+token(spread(z.hash, firstUnit-1)), z.at)
		z.at += z.length + 1
	case unit:
		z.emit(firstUnit+token(spread(z.hash, firstUnit)), z.at)
		z.at += z.length
	}
	z.kind, z.length, z.hash, z.joining = separator, 0, 0, plain
}

const golden = 0x9e3779b97f4a7c15

// mix adds a character to a hash, by a multiplication that is undone for no
// input: words of one letter differ like all others.
func mix(hash uint64, r uint32) uint64 {
	return bits.RotateLeft64((hash^uint64(r))*golden, 23)
}

// spread maps a hash to 0..n-1.
func spread(hash uint64, n uint64) uint64 {
	hash ^= hash >> 29
	hi, _ := bits.Mul64(hash*0xbf58476d1ce4e5b9, n)
	return hi
}
