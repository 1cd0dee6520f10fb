package picture

import (
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/corona10/goimagehash"
)

// photographs returns the real pictures of the repository.
func photographs(t testing.TB) map[string]image.Image {
	t.Helper()
	names, err := filepath.Glob("../testdata/pictures/*")
	if err != nil || len(names) < 5 {
		t.Fatalf("testdata/pictures has %d pictures, %v", len(names), err)
	}
	all := map[string]image.Image{}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[filepath.Base(name)] = img
	}
	return all
}

func TestHash64IsGoimagehash(t *testing.T) {
	pictures := photographs(t)
	pictures["synthetic"] = synthetic(300, 200, 4)
	pictures["plain"] = image.NewGray(image.Rect(0, 0, 50, 50))
	pictures["small"] = synthetic(64, 64, 2)
	for name, img := range pictures {
		p, err := goimagehash.PerceptionHash(img)
		if err != nil {
			t.Fatal(err)
		}
		d, err := goimagehash.DifferenceHash(img)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := PHash(img).String(), p.ToString(); got != want {
			t.Errorf("%s: PHash %s, goimagehash %s", name, got, want)
		}
		got, err := DHash(img)
		if want := d.ToString(); err != nil || got.String() != want {
			t.Errorf("%s: DHash %s, %v, goimagehash %s", name, got, err, want)
		}
	}
}

func TestHash64Distance(t *testing.T) {
	a, b := Hash64{'p', 0b1011}, Hash64{'p', 0b0110}
	if d, err := a.Distance(b); d != 3 || err != nil {
		t.Errorf("distance %d, %v, want 3", d, err)
	}
	if _, err := a.Distance(Hash64{'d', 0}); err == nil {
		t.Error("hashes of different kinds compared")
	}
}

func FuzzParseHash64(f *testing.F) {
	for _, s := range []string{"p:8f3b0f1a00000001", "d:0", "x:0000000000000000", "p:+00000000000000f", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHash64(s)
		if err != nil {
			return
		}
		if again, err := ParseHash64(h.String()); err != nil || again != h {
			t.Errorf("%q: read back as %v, %v", s, again, err)
		}
		//lint:ignore SA1019 its deprecated reader is the specification of these strings
		theirs, err := goimagehash.ImageHashFromString(s)
		if err != nil || theirs.GetHash() != h.Bits {
			t.Errorf("%q: goimagehash reads %v, %v", s, theirs, err)
		}
	})
}

func BenchmarkPHash(b *testing.B) {
	img := synthetic(64, 64, 3)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			PHash(img)
		}
	})
	b.Run("goimagehash", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := goimagehash.PerceptionHash(img); err != nil {
				b.Fatal(err)
			}
		}
	})
}
