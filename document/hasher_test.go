package document

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/likeness-go/likeness/fingerprint"
)

// digest is a hash of all that a fingerprint holds.
func digest(f *fingerprint.Fingerprint) string {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, f.Extent())
	binary.Write(h, binary.LittleEndian, f.Positions())
	h.Write(f.Codes())
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// The vectors hold shingle/1 fixed: a change of any of them is a new version.
func TestGoldenVectors(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		extent           uint32
	}{
		{"tang poems", book(t, "tang-poems-zh.txt"), goldenTang, 22774},
		{"tom sawyer", book(t, "twain-tom-sawyer.txt"), goldenSawyer, 367564},
		{"scripts", goldenScripts, goldenMixed, 121},
	} {
		f := fingerprintOf(t, c.text)
		if got := digest(f); got != c.want || f.Extent() != c.extent {
			t.Errorf("%s: digest %s, extent %d; want %s, %d", c.name, got, f.Extent(), c.want, c.extent)
		}
	}
}

// The terms, too, are part of shingle/1, and so is what boilerplate.bin holds:
// what is registered must be asked for by the same rule for ever.
func TestGoldenTerms(t *testing.T) {
	h := sha256.New()
	h.Write(boilerplateHashes)
	for _, name := range []string{"tang-poems-zh.txt", "twain-tom-sawyer.txt"} {
		for x := range terms(fingerprintOf(t, book(t, name))) {
			binary.Write(h, binary.LittleEndian, x)
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)[:12]); got != goldenTerms {
		t.Errorf("digest %s; want %s", got, goldenTerms)
	}
}

const goldenScripts = "ﬁrst Ａｎｄ “naïve” exam-\nple Война и мир λόγος 漢語 한국어 ﾃｷｽﾄ ภาษาไทย भारत العَرَبِية עִבְרִית " +
	"ភាសា မြန်မာ Straße Ⅳ x² 12 ½ Ĳ Հայ ქართული አማርኛ"

func TestAnySplitGivesTheSame(t *testing.T) {
	for language, text := range works(t) {
		want := digest(fingerprintOf(t, text))
		h := NewHasher()
		r := rand.New(rand.NewPCG(5, 6))
		for rest := text; rest != ""; {
			n := min(1+r.IntN(50), len(rest))
			if _, err := h.WriteString(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
			if r.IntN(100) == 0 {
				if _, err := h.Fingerprint(); err != nil && !strings.Contains(err.Error(), "too little text") {
					t.Fatal(err)
				}
			}
		}
		split, err := h.Fingerprint()
		if err != nil || digest(split) != want {
			t.Errorf("%s: in random pieces %s, %v; want %s", language, digest(split), err, want)
		}
		h.Reset()
		if _, err := io.Copy(h, iotest.OneByteReader(strings.NewReader(text))); err != nil {
			t.Fatal(err)
		}
		bytewise, err := h.Fingerprint()
		if err != nil || digest(bytewise) != want {
			t.Errorf("%s: byte by byte after Reset %s, %v; want %s", language, digest(bytewise), err, want)
		}
	}
}

func TestWriteTakesLargePieces(t *testing.T) {
	text := book(t, "newton-opticks.txt")
	h := NewHasher()
	if n, err := h.Write([]byte(text)); n != len(text) || err != nil {
		t.Fatalf("wrote %d of %d: %v", n, len(text), err)
	}
	f, err := h.Fingerprint()
	if err != nil || digest(f) != digest(fingerprintOf(t, text)) {
		t.Errorf("Write and WriteString differ (%v)", err)
	}
}

// A fingerprint that was taken stays as it is while more is written.
func TestFingerprintIsASnapshot(t *testing.T) {
	h := NewHasher()
	h.WriteString(excerpt(works(t)["english"], 41))
	f, err := h.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	before := digest(f)
	h.WriteString(works(t)["chinese"])
	h.Reset()
	h.WriteString(works(t)["chinese"])
	if after := digest(f); after != before {
		t.Errorf("digest %s, %s after more was written", before, after)
	}
}

func TestTooLittleText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "too little text to fingerprint: 0 words"},
		{strings.Repeat("12 345 ", 100), "too little text to fingerprint: 0 words"},
		{strings.Repeat("word ", 19), "too little text to fingerprint: 19 words"},
		{strings.Repeat("字", 19), "too little text to fingerprint: 19 words"},
		{strings.Repeat("word ", 20), ""},
	} {
		h := NewHasher()
		h.WriteString(c.text)
		_, err := h.Fingerprint()
		if got := errorText(err); got != c.want {
			t.Errorf("%.20q: error %q; want %q", c.text, got, c.want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestTooLong(t *testing.T) {
	h := NewHasher()
	h.words.at = 1<<32 - 1000
	if _, err := h.WriteString(strings.Repeat("long ", 100)); !errors.Is(err, ErrTooLong) {
		t.Errorf("error %v; want ErrTooLong", err)
	}
}

// Reading the tokens back from the fingerprint gives what was written, each
// within its block.
func TestUnroll(t *testing.T) {
	for language, text := range works(t) {
		tokens, at := tokensOf(text)
		tape := unroll(fingerprintOf(t, text))
		if len(tape.tokens) != len(tokens) {
			t.Fatalf("%s: %d tokens; want %d", language, len(tape.tokens), len(tokens))
		}
		for i, x := range tokens {
			if tape.tokens[i] != x {
				t.Fatalf("%s: token %d is %d; want %d", language, i, tape.tokens[i], x)
			}
			if d := int(tape.at[i]) - int(at[i]); d < -60 || d > 60 || language == "chinese" && d != 0 {
				t.Errorf("%s: token %d at %d; want %d", language, i, tape.at[i], at[i])
			}
		}
		tape.free()
	}
}

// Registration is sparse, keys fill 64 bits, and repetition gives none.
func TestTerms(t *testing.T) {
	for language, want := range map[string]float64{"english": 1. / wordTerms, "chinese": 1. / unitTerms} {
		f := fingerprintOf(t, works(t)[language])
		n, high := 0, 0
		for x := range terms(f) {
			n++
			if x.Key>>63 == 1 {
				high++
			}
			if x.Position >= f.Extent() {
				t.Errorf("%s: term at %d of %d", language, x.Position, f.Extent())
			}
		}
		all := unroll(f)
		share := float64(n) / float64(len(all.tokens))
		all.free()
		if share < 0.85*want || share > 1.15*want || high < n*2/5 || high > n*3/5 {
			t.Errorf("%s: %d terms, %.3f a token, %d in the upper half; want %.3f", language, n, share, high, want)
		}
	}
	for x := range terms(fingerprintOf(t, strings.Repeat("no ", 500)+strings.Repeat("so so la ", 500))) {
		t.Errorf("a repetition gave the term %x at %d", x.Key, x.Position)
	}
}

// A probe finds its term: both sides choose by value, whatever stands around.
func TestProbesHitTerms(t *testing.T) {
	text := works(t)["english"]
	registered := map[uint64]bool{}
	for x := range terms(fingerprintOf(t, text)) {
		registered[x.Key] = true
	}
	n := 0
	page := "Something else before it. " + excerpt(text, 200)
	for p := range probes(fingerprintOf(t, page)) {
		if registered[p.Key] {
			n++
		}
	}
	if n < 30 {
		t.Errorf("%d of about 49 probes of a page were found", n)
	}
}

func TestFingerprintSize(t *testing.T) {
	for language, most := range map[string]float64{"english": 0.27, "chinese": 0.46} {
		text := works(t)[language]
		f := fingerprintOf(t, text)
		size := len(f.Codes()) + 2*f.Len() // the codec stores the positions as differences
		if got := float64(size) / float64(len(text)); got > most {
			t.Errorf("%s: %.3f bytes a byte of text; want at most %.2f", language, got, most)
		}
	}
}

func benchmarkHasher(b *testing.B, text string) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	h := NewHasher()
	for b.Loop() {
		h.Reset()
		h.WriteString(text)
		if _, err := h.Fingerprint(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHasherEnglish(b *testing.B) { benchmarkHasher(b, book(b, "twain-tom-sawyer.txt")) }
func BenchmarkHasherChinese(b *testing.B) { benchmarkHasher(b, book(b, "tang-poems-zh.txt")) }

func BenchmarkVerifyNovel(b *testing.B) {
	f := fingerprintOf(b, book(b, "twain-tom-sawyer.txt"))
	b.ReportAllocs()
	for b.Loop() {
		if len(verify(f, f, fingerprint.Candidate{}, &fingerprint.Background{Works: 1})) != 1 {
			b.Fatal("no passage")
		}
	}
}

func BenchmarkUnroll(b *testing.B) {
	f := fingerprintOf(b, book(b, "twain-tom-sawyer.txt"))
	b.SetBytes(int64(len(f.Codes())))
	b.ReportAllocs()
	for b.Loop() {
		unroll(f).free()
	}
}

const (
	goldenTerms  = "df02ac62caa93562e9981b2f"
	goldenTang   = "dd95896e94a9ee7bd3a46de9"
	goldenSawyer = "8cbe0d265065296404a6794c"
	goldenMixed  = "d427dbac1a4dfe1c3e18e4a4"
)
