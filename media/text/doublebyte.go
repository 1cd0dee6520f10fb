package text

import (
	"math"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A zone is a part of a double-byte encoding. The standards put the characters
// that are common in their language into zones of their own (GB 2312 level 1,
// Big5 level 1, JIS X 0208 level 1, the Hangul of KS X 1001), so that a text
// read by the wrong encoding falls into the rare zones: the standards are
// themselves the table of frequent characters.
type zone struct {
	first, last int     // lead bytes
	low, high   int     // trail bytes
	share       float64 // of the double-byte characters of a text, about
}

// A doubleByte is one encoding with what texts in it hold. Its first zone that
// has a pair is that of the pair.
type doubleByte struct {
	encoding encoding.Encoding
	single   func(c byte) bool // bytes above 127 that are characters alone
	zones    []zone
}

var doubleBytes = []doubleByte{
	{simplifiedchinese.GB18030, nil, []zone{
		{0xb0, 0xd7, 0xa1, 0xfe, 0.84},  // level 1
		{0xa1, 0xa1, 0xa1, 0xfe, 0.06},  // punctuation
		{0xa3, 0xa3, 0xa1, 0xfe, 0.06},  // full-width ASCII, the comma
		{0xd8, 0xf7, 0xa1, 0xfe, 0.03},  // level 2
		{0xa2, 0xa9, 0xa1, 0xfe, 0.003}, // numbers, kana, other alphabets
		{0x81, 0xfe, 0x40, 0xfe, 0.007}, // GBK: traditional and rare characters
	}},
	// The traditional characters of GBK: few files, but whole ones.
	{simplifiedchinese.GB18030, nil, []zone{
		{0xb0, 0xd7, 0xa1, 0xfe, 0.50},
		{0xa1, 0xa1, 0xa1, 0xfe, 0.06},
		{0xa3, 0xa3, 0xa1, 0xfe, 0.06},
		{0xd8, 0xf7, 0xa1, 0xfe, 0.04},
		{0xa2, 0xa9, 0xa1, 0xfe, 0.001},
		{0x81, 0xa0, 0x40, 0xfe, 0.24},
		{0xaa, 0xfe, 0x40, 0xa0, 0.09},
	}},
	{traditionalchinese.Big5, nil, []zone{
		{0xa4, 0xc6, 0x40, 0xfe, 0.82},
		{0xa1, 0xa1, 0x40, 0xfe, 0.13},
		{0xc9, 0xf9, 0x40, 0xfe, 0.04},
		{0xa2, 0xa3, 0x40, 0xfe, 0.007},
		{0x81, 0xfe, 0x40, 0xfe, 0.003}, // the Hong Kong supplement
	}},
	{japanese.ShiftJIS, func(c byte) bool { return c >= 0xa1 && c <= 0xdf }, []zone{
		{0x82, 0x82, 0x9f, 0xf1, 0.40}, // hiragana
		{0x83, 0x83, 0x40, 0x96, 0.15}, // katakana
		{0x81, 0x81, 0x40, 0xfc, 0.10}, // punctuation
		{0x88, 0x98, 0x40, 0xfc, 0.31}, // level 1
		{0x82, 0x84, 0x40, 0xfc, 0.02},
		{0x98, 0xea, 0x40, 0xfc, 0.015}, // level 2
		{0x81, 0xfc, 0x40, 0xfc, 0.005},
	}},
	{japanese.EUCJP, nil, []zone{
		{0xa4, 0xa4, 0xa1, 0xf3, 0.40},
		{0xa5, 0xa5, 0xa1, 0xf6, 0.15},
		{0xa1, 0xa1, 0xa1, 0xfe, 0.10},
		{0xb0, 0xcf, 0xa1, 0xfe, 0.31},
		{0xa2, 0xa8, 0xa1, 0xfe, 0.02},
		{0xd0, 0xf4, 0xa1, 0xfe, 0.015},
		{0x8e, 0xfe, 0xa1, 0xfe, 0.005},
	}},
	{korean.EUCKR, nil, []zone{
		{0xb0, 0xc8, 0xa1, 0xfe, 0.90}, // Hangul
		{0xa1, 0xa3, 0xa1, 0xfe, 0.04},
		{0xca, 0xfd, 0xa1, 0xfe, 0.05}, // Hanja
		{0x81, 0xfe, 0x41, 0xfe, 0.01}, // rare Hangul of code page 949
	}},
}

const (
	unlikely = 20 // nats that a byte costs which is no character
	// A text in a double-byte encoding has at most this share of such bytes
	// among its characters above 127, and its characters cost less than this
	// on average: a uniform choice among all pairs costs ln(126*190) = 10.1.
	mostBroken = 0.05
	dearest    = 9.7
	// Words have two characters and more, so at least this share follows
	// another one; accented letters of other encodings stand alone.
	leastJoined = 0.3
)

// doubleByteOf returns the double-byte encoding whose language the sample fits
// best, nil if it fits none.
func doubleByteOf(sample []byte) encoding.Encoding {
	var best encoding.Encoding
	least := math.Inf(1)
	for _, d := range doubleBytes {
		if cost, ok := d.cost(sample); ok && cost < least {
			best, least = d.encoding, cost
		}
	}
	return best
}

// cost is -ln of the likelihood of the bytes above 127 and their trails, and
// whether it is that of a text in this encoding.
func (d *doubleByte) cost(sample []byte) (cost float64, fits bool) {
	counts := make([]int, len(d.zones))
	pairs, alone, broken, joined, end := 0, 0, 0, 0, -1
	for i := 0; i < len(sample); {
		z, size := d.character(sample[i:])
		switch {
		case sample[i] < 0x80:
		case size == 0:
			broken++
		case size == 2:
			counts[z]++
			pairs++
			if i == end {
				joined++
			}
			end = i + 2
		default:
			alone += size
		}
		i += max(size, 1)
	}
	for i, n := range counts {
		cost += float64(float64(n) * d.zones[i].cost())
	}
	// A byte alone carries half of a pair: it may cost a bit more than half as much.
	cost += float64(float64(alone)*dearest*0.6) + float64(float64(broken)*unlikely)
	all := float64(pairs) + float64(alone)/2 + float64(broken)
	fits = float64(broken) <= float64(mostBroken*all) && cost <= float64(dearest*all) &&
		(alone > pairs || float64(joined) >= float64(leastJoined*float64(pairs)))
	return cost, fits
}

// character returns the zone and the length of a character above 127, or a
// length of 0 for what is none.
func (d *doubleByte) character(b []byte) (zone, size int) {
	switch {
	case d.single != nil && d.single(b[0]):
		return 0, 1
	case len(b) < 2:
		return 0, 0
	case d.encoding == simplifiedchinese.GB18030 && len(b) >= 4 && isDigit(b[1]) && b[2] > 0x80 && isDigit(b[3]):
		return 0, 4
	}
	if z := d.zoneOf(b[0], b[1]); z >= 0 {
		return z, 2
	}
	return 0, 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (d *doubleByte) zoneOf(lead, trail byte) int {
	for i, z := range d.zones {
		if int(lead) >= z.first && int(lead) <= z.last && int(trail) >= z.low && int(trail) <= z.high && trail != 0x7f {
			return i
		}
	}
	return -1
}

// cost of any one character of the zone, in nats.
func (z zone) cost() float64 {
	size := float64((z.last - z.first + 1) * (z.high - z.low + 1))
	return math.Log(size / z.share)
}
