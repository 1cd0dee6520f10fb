// Package document recognises texts: whole books, and a page or paragraph of
// one in another text.
//
// Importing it teaches fingerprint.File and fingerprint.Read every kind of
// document for which a decoder is imported too, such as those of media/text
// and media/pdf; that is all most programs need. Programs that have text
// already write it to a Hasher.
//
// # What it promises
//
// A fingerprint, of algorithm shingle/1, holds a ten-bit code of every word
// (every ideograph, kana, Hangul syllable, or Thai consonant, in scripts that
// do without spaces), which is a quarter of a byte for each byte of text. It
// does not change with layout, hyphenation, case, accents, punctuation, page
// numbers, full-width or look-alike letters, invisible characters, traditional
// or simplified ideographs. Matches tell the passages that agree, in
// characters of the normalised text: folded words with one space after each,
// ideographs without. Noise of optical character recognition and edits of up
// to a third of the words leave the rest to be found.
//
// The content cannot be restored from a fingerprint, but who has a text can
// tell whether it is in it, and common words can be guessed: treat a
// fingerprint with the care that the text deserves.
//
// What many works hold, such as licences, counts little, once the catalogue
// knows it. A quotation is a match, and its length is in the segment: telling
// fair use from copying is left to the policy of the work.
//
// # What to fear
//
// Text drawn as pictures, glyphs that a PDF renames, translations and
// paraphrases are not recognised. Any input is accepted: time grows with its
// length, and memory with the length of its fingerprint, which
// fingerprint.Limits bounds.
package document

import "github.com/likeness-go/likeness/fingerprint"

//go:generate go run gen_simplified.go
//go:generate truncate -s 0 boilerplate.bin
//go:generate go run gen_boilerplate.go /usr/share/common-licenses

// Shingle1 is the algorithm of this package: a code for each word, shingles
// of five words or six ideographs as terms, and passages found by local
// alignment. docs/algorithms-documents.md has its measured rates.
var Shingle1 = fingerprint.Algorithm{Name: "shingle", Version: 1}

func init() {
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm:     Shingle1,
		Kind:          fingerprint.Document,
		Width:         width,
		Tick:          1, // a character
		Bin:           256,
		Hypotheses:    []fingerprint.Hypothesis{{Rate: 1}},
		MinVotes:      2,
		MaxCandidates: 64,
		Window:        1 << 16,
		Terms:         terms,
		Probes:        probes,
		Verify:        verify,
	})
}
