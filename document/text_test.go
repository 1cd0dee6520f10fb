package document

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/likeness-go/likeness/fingerprint"
)

// The texts are in testdata/books at the top of the repository, with their
// sources and licences.
func book(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "books", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// works are an English and a Chinese text of about a dozen pages.
func works(t testing.TB) map[string]string {
	return map[string]string{
		"english": cut(book(t, "twain-tom-sawyer.txt"), 60_000, 30_000),
		"chinese": cut(book(t, "tang-poems-zh.txt"), 0, 30_000),
	}
}

// cut takes n bytes from the first line that begins after byte from.
func cut(s string, from, n int) string {
	if from > 0 {
		from += strings.IndexByte(s[from:], '\n') + 1
	}
	s = s[from:]
	return s[:strings.LastIndexByte(s[:min(n, len(s))], '\n')]
}

func fingerprintOf(t testing.TB, text string) *fingerprint.Fingerprint {
	t.Helper()
	h := NewHasher()
	if _, err := h.WriteString(text); err != nil {
		t.Fatal(err)
	}
	f, err := h.Fingerprint()
	if err != nil {
		t.Fatalf("%v in %.60q", err, text)
	}
	return f
}

var piece = regexp.MustCompile(`\s+|[\p{Han}]|[\p{L}\p{N}]+|.`)

// pieces divides a text into words, ideographs and what is between them.
func pieces(s string) []string { return piece.FindAllString(s, -1) }

func isToken(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// excerpt takes n words or ideographs from the middle.
func excerpt(s string, n int) string {
	all := pieces(s)
	var out strings.Builder
	for _, p := range all[len(all)/2:] {
		if n == 0 {
			break
		}
		if isToken(p) {
			n--
		}
		out.WriteString(p)
	}
	return out.String()
}

// edited replaces, drops or adds a word in a share of the places.
func edited(s string, share float64, r *rand.Rand) string {
	all := pieces(s)
	var out strings.Builder
	for _, p := range all {
		other := all[r.IntN(len(all))]
		switch {
		case !isToken(p) || r.Float64() >= share:
			out.WriteString(p)
		case r.IntN(3) == 0:
			out.WriteString(other)
		case r.IntN(2) == 0:
			out.WriteString(p + " " + other)
		}
	}
	return out.String()
}

// scanned makes the errors of optical character recognition: 70 %
// substitutions, 15 % deletions, 15 % insertions, independent.
func scanned(s string, share float64, r *rand.Rand) string {
	letters := []rune(s)
	var out strings.Builder
	for _, c := range letters {
		if c <= ' ' || r.Float64() >= share {
			out.WriteRune(c)
			continue
		}
		other := letters[r.IntN(len(letters))]
		switch kind := r.Float64(); {
		case kind < .7:
			out.WriteRune(other)
		case kind < .85:
		default:
			out.WriteRune(c)
			out.WriteRune(other)
		}
	}
	return out.String()
}

// reflowed breaks lines at 60 characters, words among them.
func reflowed(s string) string {
	var out strings.Builder
	n := 0
	for _, p := range pieces(strings.Join(strings.Fields(s), " ")) {
		if n += utf8.RuneCountInString(p); n < 60 {
			out.WriteString(p)
			continue
		}
		if len(p) > 5 && p[0] < utf8.RuneSelf {
			p = p[:3] + "-\n" + p[3:]
		}
		out.WriteString(p + "\n")
		n = 0
	}
	return out.String()
}

func numbered(s string) string {
	var out strings.Builder
	for i, line := range strings.Split(reflowed(s), "\n") {
		fmt.Fprintf(&out, "%4d  %s\n", i+1, line)
	}
	return out.String()
}

func shuffled(s string, r *rand.Rand) string {
	lines := strings.Split(s, "\n")
	var parts []string
	for len(lines) > 0 {
		n := min(12, len(lines))
		parts = append(parts, strings.Join(lines[:n], "\n"))
		lines = lines[n:]
	}
	r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "\n")
}

// transforms are what happens to texts on their way.
var transforms = map[string]func(string, *rand.Rand) string{
	"identity":   func(s string, _ *rand.Rand) string { return s },
	"reflow":     func(s string, _ *rand.Rand) string { return reflowed(s) },
	"capitals":   func(s string, _ *rand.Rand) string { return strings.ToUpper(s) },
	"decomposed": func(s string, _ *rand.Rand) string { return norm.NFD.String(s) },
	"no punctuation": func(s string, _ *rand.Rand) string {
		return regexp.MustCompile(`\pP`).ReplaceAllString(strings.ReplaceAll(s, "'", ""), " ")
	},
	"full width": func(s string, _ *rand.Rand) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r + 0xfee0
			}
			return r
		}, s)
	},
	"look-alikes": func(s string, _ *rand.Rand) string {
		return strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "c", "с", "x", "х", "y", "у", "T", "Т", "H", "Н").Replace(s)
	},
	"zero width": func(s string, r *rand.Rand) string {
		var out strings.Builder
		for _, c := range s {
			out.WriteRune(c)
			if r.IntN(4) == 0 {
				out.WriteRune('\u200b')
			}
		}
		return out.String()
	},
	"traditional": func(s string, _ *rand.Rand) string {
		to := map[rune]rune{}
		pairs := []rune(traditional)
		for i := 0; i < len(pairs); i += 2 {
			to[pairs[i+1]] = pairs[i]
		}
		return strings.Map(func(r rune) rune {
			if t := to[r]; t != 0 {
				return t
			}
			return r
		}, s)
	},
	"line numbers":  func(s string, _ *rand.Rand) string { return numbered(s) },
	"recognised 3%": func(s string, r *rand.Rand) string { return scanned(s, .03, r) },
	"recognised 8%": func(s string, r *rand.Rand) string { return scanned(s, .08, r) },
	"edited 15%":    func(s string, r *rand.Rand) string { return edited(s, .15, r) },
	"edited 30%":    func(s string, r *rand.Rand) string { return edited(s, .30, r) },
	"shuffled":      shuffled,
	"300 words":     func(s string, _ *rand.Rand) string { return excerpt(s, 300) },
	"100 words":     func(s string, _ *rand.Rand) string { return excerpt(s, 100) },
	"300 words recognised 3%": func(s string, r *rand.Rand) string {
		return scanned(excerpt(s, 300), .03, r)
	},
}
