package document

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func compare(t testing.TB, query, work *fingerprint.Fingerprint) []fingerprint.Segment {
	t.Helper()
	segments, err := fingerprint.Compare(query, work)
	if err != nil {
		t.Fatal(err)
	}
	return segments
}

// best returns the best segment, a zero one if there is none.
func best(segments []fingerprint.Segment) fingerprint.Segment {
	if len(segments) == 0 {
		return fingerprint.Segment{}
	}
	return segments[0]
}

func TestTransformsMatch(t *testing.T) {
	for language, text := range works(t) {
		work := fingerprintOf(t, text)
		for name, transform := range transforms {
			t.Run(language+"/"+name, func(t *testing.T) {
				altered := transform(text, rand.New(rand.NewPCG(1, 2)))
				s := best(compare(t, fingerprintOf(t, altered), work))
				if s.Score < 0.5 {
					t.Errorf("score %.2f, evidence %.1f; want a match", s.Score, s.Evidence)
				}
			})
		}
	}
}

// Texts of the same kind that share nothing do not match, whatever happens to
// them: another part of the same book, another book, other poems.
func TestStrangersDoNotMatch(t *testing.T) {
	strangers := []string{
		cut(book(t, "twain-tom-sawyer.txt"), 200_000, 40_000),
		cut(book(t, "newton-opticks.txt"), 50_000, 40_000),
		book(t, "song-ci-zh.txt"),
		cut(book(t, "tang-poems-zh.txt"), 40_000, 30_000),
		strings.Repeat("All work and no play makes Jack a dull boy. ", 600),
		strings.Repeat("没有消息就是好消息。", 600),
	}
	for language, text := range works(t) {
		work := fingerprintOf(t, text)
		for name, transform := range transforms {
			for i, stranger := range strangers {
				altered := transform(stranger, rand.New(rand.NewPCG(3, 4)))
				if s := best(compare(t, fingerprintOf(t, altered), work)); s.Score >= 0.5 {
					t.Errorf("%s: stranger %d, %s: score %.2f for %v in %v", language, i, name, s.Score, s.Query, s.Work)
				}
			}
		}
	}
}

// A page in a hundred times as much other text, and where it is.
func TestHiddenPage(t *testing.T) {
	hosts := map[string]string{
		"english": cut(book(t, "newton-opticks.txt"), 30_000, 180_000),
		"chinese": cut(book(t, "newton-opticks.txt"), 30_000, 90_000),
	}
	for language, text := range works(t) {
		page := excerpt(text, 300)
		host := hosts[language]
		before, after := cut(host, 0, len(host)/3), host[len(host)/3:]
		s := best(compare(t, fingerprintOf(t, before+"\n"+page+"\n"+after), fingerprintOf(t, text)))
		at := float64(fingerprintOf(t, before).Extent())
		want := fingerprint.Span{From: at, To: at + float64(fingerprintOf(t, page).Extent())}
		if s.Score < 0.5 || !near(s.Query, want, 40) {
			t.Errorf("%s: score %.2f at %v; want the page at %v", language, s.Score, s.Query, want)
		}
		if math.Abs(s.Work.Length()-want.Length()) > 40 {
			t.Errorf("%s: %v in the work; want %v characters", language, s.Work, want.Length())
		}
	}
}

func near(a, b fingerprint.Span, most float64) bool {
	return math.Abs(a.From-b.From) <= most && math.Abs(a.To-b.To) <= most
}

// Two works in one file are both found, each in its place.
func TestTwoWorksJoined(t *testing.T) {
	texts := works(t)
	first, second := fingerprintOf(t, texts["english"]), fingerprintOf(t, texts["chinese"])
	joined := fingerprintOf(t, texts["english"]+"\n\n"+texts["chinese"])
	boundary := float64(first.Extent())
	for _, c := range []struct {
		work *fingerprint.Fingerprint
		want fingerprint.Span
	}{
		{first, fingerprint.Span{From: 0, To: boundary}},
		{second, fingerprint.Span{From: boundary, To: float64(joined.Extent())}},
	} {
		s := best(compare(t, joined, c.work))
		if s.Score < 0.9 || !near(s.Query, c.want, 40) {
			t.Errorf("score %.2f at %v; want %v", s.Score, s.Query, c.want)
		}
	}
}

// All moved passages are told, not only the longest.
func TestMovedPassages(t *testing.T) {
	text := cut(book(t, "twain-tom-sawyer.txt"), 60_000, 12_000)
	half := strings.Index(text[6000:], "\n\n") + 6000
	moved := text[half:] + "\n\n" + text[:half]
	segments := compare(t, fingerprintOf(t, moved), fingerprintOf(t, text))
	var told float64
	for _, s := range segments {
		told += s.Query.Length()
	}
	extent := float64(fingerprintOf(t, moved).Extent())
	if len(segments) != 2 || told < 0.98*extent || told > 1.02*extent {
		t.Errorf("%d segments tell %.0f of %.0f characters: %v", len(segments), told, extent, segments)
	}
}

// What stands in dozens of works is no evidence; two editions are.
func TestBoilerplateCountsLittle(t *testing.T) {
	for language, text := range works(t) {
		f := fingerprintOf(t, excerpt(text, 1000))
		for _, c := range []struct {
			works int
			match bool
		}{{1, true}, {2, true}, {40, false}} {
			b := &fingerprint.Background{Works: 400, Extent: 2e7, Frequency: func(uint64) int { return c.works }}
			s := best(verify(f, f, fingerprint.Candidate{}, b))
			if got := s.Score >= 0.5; got != c.match {
				t.Errorf("%s in %d works: score %.2f", language, c.works, s.Score)
			}
		}
	}
}

// The larger the catalogue, the more evidence a match needs.
func TestCatalogueSizeWeighs(t *testing.T) {
	f := fingerprintOf(t, excerpt(works(t)["english"], 60))
	small := best(verify(f, f, fingerprint.Candidate{}, &fingerprint.Background{Works: 1, Extent: 1e4}))
	large := best(verify(f, f, fingerprint.Candidate{}, &fingerprint.Background{Works: 1e7, Extent: 1e12}))
	if small.Evidence-large.Evidence < 7.9 || small.Score <= large.Score {
		t.Errorf("evidence %.1f of one work, %.1f of ten million", small.Evidence, large.Evidence)
	}
}

// Fingerprints come from strangers too: any that New accepts must do.
func FuzzVerify(f *testing.F) {
	f.Add([]byte("\x01\x02\x03"), uint32(5), 0.0, uint32(0), uint32(9))
	f.Add([]byte(strings.Repeat("\xff", 200)), uint32(1), -3.5, uint32(1), uint32(0))
	f.Add([]byte(strings.Repeat("\x01\x00\x04\x10\x40", 40)), uint32(0), 1e300, uint32(7), uint32(1<<32-1))
	f.Add(make([]byte, 80), uint32(1<<31), math.NaN(), uint32(0), uint32(0))
	f.Fuzz(func(t *testing.T, codes []byte, step uint32, offset float64, from, to uint32) {
		n := min(len(codes)/width, 200)
		positions := make([]uint32, n)
		at := uint64(0)
		for i := range positions {
			positions[i] = uint32(min(at, 1<<32-2))
			at += uint64(step)
		}
		extent := uint32(min(at+1, 1<<32-1))
		hostile, err := fingerprint.New(Shingle1, fingerprint.Document, extent, width, positions, codes[:n*width])
		if err != nil {
			t.Fatal(err)
		}
		honest := fingerprintOf(t, strings.Repeat("the quick brown fox jumps over the lazy dog 白日依山尽黄河入海流 ", 4))
		c := fingerprint.Candidate{Offset: offset, From: from, To: to}
		for _, pair := range [][2]*fingerprint.Fingerprint{{hostile, honest}, {honest, hostile}, {hostile, hostile}} {
			for _, s := range verify(pair[0], pair[1], c, &fingerprint.Background{Works: 1}) {
				if !(s.Score > 0 && s.Score < 1) || s.Query.Length() < 0 || s.Query.To > float64(pair[0].Extent()) ||
					s.Work.Length() < 0 || s.Work.To > float64(pair[1].Extent()) {
					t.Errorf("impossible segment %+v", s)
				}
			}
			compare(t, pair[0], pair[1])
		}
	})
}

// Two works that share nothing but their licence do not match, even where the
// catalogue cannot know that many works have it.
func TestLicencesDoNotMatch(t *testing.T) {
	b, err := os.ReadFile("../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	licence := string(b)
	texts := works(t)
	first, second := fingerprintOf(t, licence+texts["english"]), fingerprintOf(t, texts["chinese"]+licence)
	for _, s := range compare(t, first, second) {
		t.Errorf("score %.2f for %v in %v", s.Score, s.Query, s.Work)
	}
	alone := 0
	for range terms(fingerprintOf(t, licence)) {
		alone++
	}
	if alone > 20 {
		t.Errorf("the licence gives %d terms", alone)
	}
}
