package main

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func TestReadersFindQuotations(t *testing.T) {
	tom := bookText(t, "twain-tom-sawyer.txt")
	tang := bookText(t, "tang-poems-zh.txt")
	for _, c := range []struct {
		name, work, stranger string
		shares               bool
	}{
		{"an English quotation", tom[:9000], "Quoted: " + strings.ToUpper(tom[5000:5160]) + " and so on.", true},
		{"a short one", tom[:9000], "Quoted: " + tom[5000:5060] + ", which anybody may say.", false},
		{"a Chinese quotation", tang[:9000], "他說：" + runes(tang, 1500, 45) + "，就是這樣。", true},
		{"a line", tang[:9000], "他說：" + runes(tang, 1500, 12) + "，就是這樣，別的都不一樣。", false},
		{"another chapter", tom[:9000], tom[20000:29000], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &readers{blocks: map[string][]mark{}}
			for split, text := range map[string]string{work: c.work} {
				showText(t, r, split, text)
			}
			showText(t, r, stranger, c.stranger)
			if got := r.pairs(); (len(got) > 0) != c.shares {
				t.Errorf("shares: %v, want %v", got, c.shares)
			}
		})
	}
}

func bookText(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "books", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// runes is n runes of a text from the one at an offset in bytes on.
func runes(text string, from, n int) string {
	r := []rune(strings.ToValidUTF8(text[from:from+6*n], ""))
	return string(r[:n])
}

func showText(t *testing.T, w witness, split, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), split+".txt")
	if err := os.WriteFile(path, []byte(strings.ToValidUTF8(text, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := w.show(context.Background(), source{ID: split, Path: path, Kind: fingerprint.Document, Split: split}); err != nil {
		t.Fatal(err)
	}
}

// A quotation as long as the bound is found wherever it begins.
func TestReadersMissNoFullRun(t *testing.T) {
	text := []rune(strings.Repeat("x", 400))
	for i := range text {
		text[i] = rune('a' + (i*i/7+i)%26)
	}
	for at := range 250 {
		r := &readers{blocks: map[string][]mark{}}
		r.shelve(reading{"work", text})
		quote := append(append([]rune("0123456789"), text[at:at+letterRun]...), []rune("9876543210")...)
		r.read(reading{"quote", quote})
		if len(r.found) == 0 {
			t.Fatalf("the %d letters from %d on are not found", letterRun, at)
		}
	}
}

func TestViewsOfOnePictureCorrelate(t *testing.T) {
	a, ok := viewOf("a", waves(512, 288, 5, 3))
	b, _ := viewOf("b", waves(256, 144, 5, 3))
	other, _ := viewOf("c", waves(512, 288, 2, 7))
	if !ok || correlation(&a, &b) < sameCorr {
		t.Errorf("half the size correlates by %v", correlation(&a, &b))
	}
	if c := correlation(&a, &other); c > 0.5 {
		t.Errorf("another picture correlates by %v", c)
	}
	if _, ok := viewOf("plain", image.NewGray(image.Rect(0, 0, 512, 288))); ok {
		t.Error("a black frame says something")
	}
}

// waves is a pattern that looks the same at any size.
func waves(w, h, across, down int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			g.Pix[y*g.Stride+x] = uint8(128 + 60*triangle(across*x, w) + 60*triangle(down*y, h))
		}
	}
	return g
}

// triangle goes from -1 to 1 and back in each n.
func triangle(i, n int) float64 {
	x := float64(i%n) / float64(n)
	if x > 0.5 {
		x = 1 - x
	}
	return 4*x - 1
}

func TestSettleLeavesStrangersOut(t *testing.T) {
	l := &library{related: map[string][]string{}}
	for id, split := range map[string]string{"a": work, "b": work, "s": stranger, "u": stranger} {
		l.corpus.Sources = append(l.corpus.Sources, source{ID: id, Split: split})
	}
	l.settle([]shared{{"b", "a", "one book"}, {"s", "a", "a quotation"}, {"s", "b", "another"}})
	if got := splits(l.corpus); len(got) != 3 || got["s"] != "" || got["u"] != stranger {
		t.Errorf("left: %v, want all but s", got)
	}
	if len(l.excluded) != 1 || l.excluded[0].Source != "s" || l.excluded[0].Reason != "a quotation" {
		t.Errorf("excluded: %v", l.excluded)
	}
	if len(l.related["a"]) != 1 || len(l.related["b"]) != 1 {
		t.Errorf("related: %v, want a and b", l.related)
	}
}
