package audio

import "github.com/likeness-go/likeness/fingerprint"

// landmarks is a stretch of a fingerprint's features, column by column.
type landmarks struct {
	ticks []uint32
	codes []byte
}

// landmarksOf returns the features of a fingerprint. One of another width,
// which no Hasher makes, has none.
func landmarksOf(f *fingerprint.Fingerprint) landmarks {
	if f.Width() != codeWidth {
		return landmarks{}
	}
	return landmarks{f.Positions(), f.Codes()}
}

// freq returns the frequency of peak i in quarter bands.
func (l landmarks) freq(i int) int { return (int(l.codes[2*i]) | int(l.codes[2*i+1])<<8) & freqMask }

// rank returns how many peaks around peak i are stronger.
func (l landmarks) rank(i int) int { return int(l.codes[2*i+1]) >> (freqBits - 8) }
