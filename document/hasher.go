package document

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/likeness-go/likeness/fingerprint"
)

const (
	block      = 16                    // tokens a feature
	width      = block * tokenBits / 8 // bytes of its code
	leastWords = 20                    // tokens of the shortest text that is worth a fingerprint
	longest    = 8                     // folded characters that a byte of text may give: 6, by U+FDFA, and a space
)

// ErrTooLong is returned by Write when the normalised text exceeds four
// billion characters.
var ErrTooLong = errors.New("document: text is too long")

// Hasher makes a fingerprint of a text that is written to it. The result does
// not depend on how the text is divided into calls. Memory grows by 1.3 bytes
// a token, and by nothing else. A Hasher is for one goroutine.
type Hasher struct {
	words     tokenizer
	positions []uint32
	codes     []byte
	held      uint64 // bits of tokens that do not fill a byte yet
	heldBits  int
	tokens    int
}

var _ interface {
	io.Writer
	io.StringWriter
} = (*Hasher)(nil)

// NewHasher returns a Hasher without text.
func NewHasher() *Hasher {
	h := new(Hasher)
	h.words.emit = h.add
	return h
}

// Reset forgets the text and keeps the memory.
func (h *Hasher) Reset() {
	*h = Hasher{positions: h.positions[:0], codes: h.codes[:0]}
	h.words.emit = h.add
}

// WriteString takes the next part of the text, in UTF-8. Invalid bytes
// separate words. The only error is ErrTooLong.
func (h *Hasher) WriteString(s string) (int, error) {
	if uint64(h.words.at)+uint64(h.words.length)+longest*uint64(len(s)) > math.MaxUint32 {
		return 0, ErrTooLong
	}
	h.words.write(s)
	return len(s), nil
}

// Write is WriteString for bytes.
func (h *Hasher) Write(p []byte) (int, error) {
	const piece = 64 << 10
	for done := 0; done < len(p); done += piece {
		if _, err := h.WriteString(string(p[done:min(done+piece, len(p))])); err != nil {
			return done, err
		}
	}
	return len(p), nil
}

// Fingerprint returns the fingerprint of the text so far, as if it ended here;
// more may be written afterwards. A text of fewer than 20 words and ideographs
// is an error: it would match by accident or not at all.
func (h *Hasher) Fingerprint() (*fingerprint.Fingerprint, error) {
	end := *h
	end.words.emit = end.add
	end.positions = append([]uint32(nil), h.positions...)
	end.codes = append(make([]byte, 0, len(h.codes)+width), h.codes...)
	end.words.end()
	if end.tokens < leastWords {
		return nil, fmt.Errorf("too little text to fingerprint: %d words", end.tokens)
	}
	extent := end.words.at
	for end.tokens%block != 0 {
		end.pack(0)
	}
	return fingerprint.New(Shingle1, fingerprint.Document, extent, width, end.positions, end.codes)
}

func (h *Hasher) add(t token, at uint32) {
	if h.tokens%block == 0 {
		h.positions = append(h.positions, at)
	}
	h.pack(t)
}

func (h *Hasher) pack(t token) {
	h.tokens++
	h.held |= uint64(t) << h.heldBits
	for h.heldBits += tokenBits; h.heldBits >= 8; h.heldBits -= 8 {
		h.codes = append(h.codes, byte(h.held))
		h.held >>= 8
	}
}
