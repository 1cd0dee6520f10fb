package text

import (
	"bytes"
	"errors"
	"io"
	"unicode"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

var errNotText = errors.New("not text: binary data in no known encoding")

const (
	sampleSize  = 64 << 10 // enough for statistics of letter pairs
	samplePiece = 8 << 10  // from each of several places
	// A text of any one-byte or multi-byte encoding has almost no control
	// characters; a tenth of the bytes of Chinese UTF-16 look like some.
	mostControl = 0.01
	// plausible is the share of common letters and signs that UTF-16 and
	// UTF-32 without a byte order mark must hold; read with the wrong byte
	// order, or from compressed data, it is about 0.6.
	plausible = 0.95
	// closeEnough is a share of lost characters that tells nothing.
	closeEnough = 0.002
)

// survey is what one pass over a file tells of its encoding.
type survey struct {
	size       int64
	control    int64 // bytes that no text but UTF-16 and UTF-32 holds
	multibyte  int64 // well-formed UTF-8 sequences of more than one byte
	malformed  int64 // bytes that are in no UTF-8 sequence
	head       []byte
	sample     []byte // lines with bytes above 127, from several places
	unfinished []byte // a UTF-8 sequence that goes on in the next block
}

// encodingOf finds the encoding of a file; declared is what the document says
// itself, or nil. nil means UTF-8 without any error.
func encodingOf(r io.Reader, declared encoding.Encoding) (encoding.Encoding, error) {
	s, err := look(r)
	if err != nil {
		return nil, err
	}
	if e := byteOrderMark(s.head); e != nil {
		return e, nil
	}
	if float64(s.control) > mostControl*float64(s.size) {
		return wide(s.head)
	}
	// Text of other encodings is UTF-8 by accident once in thousands of
	// characters, so UTF-8 wins against whatever is declared or guessed.
	switch {
	case s.malformed == 0 && s.multibyte == 0 && bytes.Contains(s.head, []byte("\x1b$")):
		return encodingNamed("iso-2022-jp"), nil // all ASCII, with escapes to two-byte characters
	case s.malformed == 0:
		return nil, nil
	case s.multibyte > 20*s.malformed:
		return xunicode.UTF8, nil
	}
	return legacy(s.sample, declared)
}

func look(r io.Reader) (*survey, error) {
	s := &survey{}
	block := make([]byte, sampleSize)
	for {
		n, err := io.ReadFull(r, block)
		s.add(block[:n])
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			if s.size > 3 && len(s.unfinished) > 0 && s.multibyte == 0 {
				s.malformed++ // no UTF-8 text that was cut off
			}
			return s, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *survey) add(block []byte) {
	if s.head == nil {
		s.head = bytes.Clone(block)
	}
	s.size += int64(len(block))
	high := -1
	for i, c := range block {
		if c >= 0x80 {
			if high < 0 {
				high = i
			}
		} else if isControl[c] {
			s.control++
		}
	}
	if high < 0 && len(s.unfinished) == 0 {
		return
	}
	s.countUTF8(append(s.unfinished, block...))
	if high >= 0 {
		s.take(block, high)
	}
}

func (s *survey) countUTF8(b []byte) {
	s.unfinished = nil
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !utf8.FullRune(b[i:]) {
			s.unfinished = bytes.Clone(b[i:])
			return
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			s.malformed++
		} else {
			s.multibyte++
		}
		i += n
	}
}

// take adds lines from the first byte above 127 on: in UTF-16 and multi-byte
// encodings only the beginning of a line is surely that of a character.
func (s *survey) take(block []byte, high int) {
	if len(s.sample) >= sampleSize {
		return
	}
	piece := block[bytes.LastIndexByte(block[:high], '\n')+1:]
	if len(piece) > samplePiece && s.size > sampleSize {
		piece = piece[:samplePiece]
		if end := bytes.LastIndexByte(piece, '\n'); end > 0 {
			piece = piece[:end+1]
		}
	}
	s.sample = append(s.sample, piece...)
}

// isControl marks the bytes that stand in no text; tab, line ends, form feed,
// and the backspace and escape of terminals do.
var isControl = func() (table [128]bool) {
	for c := range 32 {
		table[c] = !bytes.ContainsRune([]byte("\b\t\n\v\f\r\x1a\x1b"), rune(c))
	}
	table[0x7f] = true
	return table
}()

func byteOrderMark(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return xunicode.UTF8BOM
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM)
	case bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM)
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return xunicode.UTF16(xunicode.LittleEndian, xunicode.ExpectBOM)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return xunicode.UTF16(xunicode.BigEndian, xunicode.ExpectBOM)
	}
	return nil
}

// wide tells UTF-16 and UTF-32 without a byte order mark from each other and
// from binary data.
func wide(head []byte) (encoding.Encoding, error) {
	var best encoding.Encoding
	most := plausible
	for _, e := range []encoding.Encoding{
		xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM),
		xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM),
		utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
		utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	} {
		if share := commonShare(decodeSample(e, head[:len(head)&^3])); share > most {
			best, most = e, share
		}
	}
	if best == nil {
		return nil, errNotText
	}
	return best, nil
}

// legacy chooses what is declared if nothing is lost by it, then the double-byte
// encoding that fits, then among what the detector guesses by how little of the
// sample is lost in decoding.
func legacy(sample []byte, declared encoding.Encoding) (encoding.Encoding, error) {
	var candidates []encoding.Encoding
	if declared != nil && declared != xunicode.UTF8 {
		if lostShare(decodeSample(declared, sample)) < closeEnough {
			return declared, nil
		}
		candidates = append(candidates, declared)
	}
	if e := doubleByteOf(sample); e != nil {
		return e, nil
	}
	for _, guess := range chardet.DetectAll(sample) {
		if e := encodingNamed(guess.Encoding); e != nil {
			candidates = append(candidates, e)
		}
	}
	candidates = append(candidates, encodingNamed("windows-1252"), encodingNamed("windows-1250"))
	var best encoding.Encoding
	least := 0.1 // more is no text in this encoding
	for _, e := range candidates {
		lost := lostShare(decodeSample(e, sample))
		if lost < least-closeEnough { // the first guess is the likelier one
			best, least = e, lost
		}
	}
	switch {
	case best == nil:
		return nil, errNotText
	case isLatin(best):
		return latinOf(sample), nil
	}
	return best, nil
}

// detectorNames are those of the detector that WHATWG's index lacks. Supersets
// stand for their subsets, as files are often mislabelled.
var detectorNames = map[string]string{
	"GB2312":      "gb18030",
	"HZ-GB-2312":  "",
	"CP932":       "shift_jis",
	"CP949":       "euc-kr",
	"TIS-620":     "windows-874",
	"MacCyrillic": "x-mac-cyrillic",
	"MacRoman":    "macintosh",
	"UTF-8-SIG":   "utf-8",
	"Ascii":       "windows-1252",
}

// encodingNamed returns nil for a name that is not known.
func encodingNamed(name string) encoding.Encoding {
	if n, ok := detectorNames[name]; ok {
		name = n
	}
	e, err := htmlindex.Get(name)
	if err != nil || e == encoding.Replacement {
		return nil
	}
	return e
}

func decodeSample(e encoding.Encoding, sample []byte) string {
	out, _, err := transform.Bytes(e.NewDecoder(), sample)
	if err != nil {
		return "\uFFFD"
	}
	return string(out)
}

// lostShare is the share of the characters above 127 that no text holds.
func lostShare(s string) float64 {
	lost, high := 0, 1
	for _, r := range s {
		if r < utf8.RuneSelf {
			continue
		}
		high++
		if r == utf8.RuneError || r < 0xa0 || unicode.Is(unicode.Co, r) {
			lost++
		}
	}
	return float64(lost) / float64(high)
}

// commonScripts are those that documents are written in.
var commonScripts = []*unicode.RangeTable{
	unicode.Latin, unicode.Han, unicode.Cyrillic, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
	unicode.Arabic, unicode.Hebrew, unicode.Greek, unicode.Thai, unicode.Devanagari,
}

func commonShare(s string) float64 {
	common, all := 0, 1
	for _, r := range s {
		all++
		switch {
		case r < utf8.RuneSelf:
			if !isControl[r] {
				common++
			}
		case r == utf8.RuneError || r < 0xa0:
		case unicode.In(r, commonScripts...),
			r <= 0xbf, 0x2010 <= r && r <= 0x206f, 0x3000 <= r && r <= 0x30ff, 0x2190 <= r && r <= 0x22ff, 0x2500 <= r && r <= 0x25ff, 0xff00 <= r && r <= 0xffef:
			common++
		}
	}
	return float64(common) / float64(all)
}
