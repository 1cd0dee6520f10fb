package text

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// accents are the letters beyond ASCII of languages, the most frequent first.
// Detectors that count pairs of letters take Czech and Polish for Western
// text, whose bytes are letters, too; by these letters they are told apart.
var (
	western = []string{
		"éèàêçôâîùûëïœ", "üäöß", "óíáéñúü", "àèùòìé", "ãçéáíóêõâúà", "äåö", "åøæé", "áíðóúéöþæý", "ëéïèö", "àéèíòóçúï",
	}
	turkish = []string{"ıüşğçöâîû"}
	central = []string{
		"íáéěřšžčýůúťďňó", "áíčžýéúšľťôňóŕďäĺ", "łęóąśżćńź", "áéőöóíüúű", "ăîâşţ", "čćšžđ", "čšž", "üäöß",
	}
)

var latins = []struct {
	encoding  encoding.Encoding
	languages []string
}{
	{charmap.Windows1252, western},
	{charmap.Windows1250, central},
	{charmap.ISO8859_2, central},
	{charmap.Windows1254, turkish},
}

const (
	// signs stand in the text of any language and tell nothing.
	signs = "\u00a0«»„“”‚‘’–—…§°·•\u00ad©®"
	// foreign is the cost of a letter that a language lacks, in nats.
	foreign = 7
)

// latinOf returns which encoding of Latin letters fits the sample best; the
// first one when there are no letters to tell by.
func latinOf(sample []byte) encoding.Encoding {
	var best encoding.Encoding
	least := math.Inf(1)
	for _, l := range latins {
		counts := accented(decodeSample(l.encoding, sample))
		for _, language := range l.languages {
			if cost := accentCost(counts, language); cost < least {
				best, least = l.encoding, cost
			}
		}
	}
	return best
}

// accented counts what is neither ASCII nor one of the signs, in lower case.
func accented(s string) map[rune]int {
	counts := map[rune]int{}
	for _, r := range s {
		if r >= 0x80 && !strings.ContainsRune(signs, r) {
			counts[unicode.ToLower(r)]++
		}
	}
	return counts
}

// accentCost is -ln of the likelihood of the letters in a language, where that
// of a letter is as its rank by Zipf's law.
func accentCost(counts map[rune]int, language string) float64 {
	letters := []rune(language)
	sum, total := 0., 0
	for i := range letters {
		sum += 1 / float64(i+1)
	}
	cost := 0.
	for i, r := range letters {
		cost += float64(float64(counts[r]) * math.Log(sum*float64(i+1)))
		total += counts[r]
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	return cost + float64(float64(all-total)*foreign)
}

// isLatin reports whether a guess is one that latinOf decides better.
func isLatin(e encoding.Encoding) bool {
	switch e {
	case charmap.Windows1252, charmap.Windows1250, charmap.ISO8859_1, charmap.ISO8859_2, charmap.ISO8859_15,
		charmap.Windows1254, charmap.ISO8859_9, charmap.Macintosh:
		return true
	}
	return false
}
