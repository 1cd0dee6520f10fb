package document

import (
	"encoding/binary"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/likeness-go/likeness/fingerprint"
)

// A shingle is a run of tokens, and a term if the hash of its tokens says so
// and it is no boilerplate.
// That choice by value is the same in the work and in the query, whatever
// stands around the shingle (Broder, On the resemblance and containment of
// documents, 1997, section 3, "0 mod m"). Winnowing (Schleimer 2003) gives a
// guarantee for gaps in exchange for a choice that depends on the
// neighbours, which noise changes; here the guarantee is not needed, since
// every token is in the fingerprint and Verify looks at all of them.
const (
	wordShingle = 5 // tokens of a shingle that begins with a word
	unitShingle = 6 // tokens of a shingle that begins with a unit

	// One shingle in so many is a term. A word takes twice the bytes of an
	// ideograph, in UTF-8, so that both give about 40,000 terms a megabyte.
	wordTerms = 4
	unitTerms = 8
)

// tape is a fingerprint unrolled: all tokens, and where each begins.
type tape struct {
	tokens []token
	at     []uint32
	extent uint32
}

var tapes = sync.Pool{New: func() any { return new(tape) }}

// unroll reads the tokens of a fingerprint, up to the first that is none. The
// positions within a block are those of evenly long tokens, which is exact in
// Chinese and within some ten characters elsewhere.
func unroll(f *fingerprint.Fingerprint) *tape {
	t := tapes.Get().(*tape)
	t.tokens, t.at, t.extent = t.tokens[:0], t.at[:0], f.Extent()
	if f.Width() != width {
		return t
	}
	positions := f.Positions()
	t.tokens = slices.Grow(t.tokens, block*len(positions))
	t.at = slices.Grow(t.at, block*len(positions))
	for i, from := range positions {
		to := f.Extent()
		if i+1 < len(positions) {
			to = positions[i+1]
		}
		n := t.appendBlock(f.Code(i))
		for j := range n {
			t.at = append(t.at, from+uint32(uint64(to-from)*uint64(j)/uint64(n)))
		}
		if n < block {
			break
		}
	}
	return t
}

func (t *tape) free() { tapes.Put(t) }

// appendBlock appends the tokens of one feature, four of every five bytes.
func (t *tape) appendBlock(code []byte) (n int) {
	const mask = 1<<tokenBits - 1
	for ; len(code) >= 5; code = code[5:] {
		four := uint64(binary.LittleEndian.Uint32(code)) | uint64(code[4])<<32
		for range 4 {
			x := token(four & mask)
			if x == 0 {
				return n
			}
			t.tokens = append(t.tokens, x)
			four >>= tokenBits
			n++
		}
	}
	return n
}

// end returns where token i-1 ends.
func (t *tape) end(i int) uint32 {
	if i < len(t.at) {
		return t.at[i]
	}
	return t.extent
}

// shingle returns the key of the shingle at token i, if the choice falls on it.
// Keys fill 64 bits: the share of them that the choice leaves is stretched.
func (t *tape) shingle(i int) (key uint64, chosen bool) {
	n, share := wordShingle, uint64(wordTerms)
	if t.tokens[i].isUnit() {
		n, share = unitShingle, unitTerms
	}
	if i+n > len(t.tokens) {
		return 0, false
	}
	for _, x := range t.tokens[i : i+n] {
		key = key<<tokenBits | uint64(x)
	}
	key = scramble(key)
	if key >= math.MaxUint64/share || !varied(t.tokens[i:i+n]) {
		return 0, false
	}
	return key * share, true
}

// varied reports whether more than half of the tokens differ: a shingle that
// repeats itself ("no no no no no") says nothing.
func varied(shingle []token) bool {
	different := 0
	for i, x := range shingle {
		if !slices.Contains(shingle[:i], x) {
			different++
		}
	}
	return different > len(shingle)/2
}

// scramble spreads keys evenly over 64 bits, one to one (Steele, Lea, Flood,
// Fast splittable pseudorandom number generators, 2014, the finalizer).
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func terms(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
	return func(yield func(fingerprint.Term) bool) {
		t := unroll(f)
		defer t.free()
		for i := range t.tokens {
			if key, ok := t.shingle(i); ok && !isBoilerplate(key) && !yield(fingerprint.Term{Key: key, Position: t.at[i]}) {
				return
			}
		}
	}
}

func probes(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		for t := range terms(f) {
			if !yield(fingerprint.Probe{Key: t.Key, Position: t.Position, To: 1}) {
				return
			}
		}
	}
}
