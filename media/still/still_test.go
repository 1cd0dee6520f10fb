package still

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

func decode(data []byte) (image.Image, media.Info, error) {
	in := &media.Input{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}
	return media.Picture(context.Background(), in, (*media.Limits)(nil).Effective())
}

func photo(t testing.TB) image.Image {
	t.Helper()
	data, err := os.ReadFile("../../testdata/pictures/chelsea.png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// encoded is the photo in each format that Go can write.
func encoded(t testing.TB) map[string][]byte {
	img, all := photo(t), map[string][]byte{}
	for name, encode := range map[string]func(*bytes.Buffer) error{
		"jpeg": func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) },
		"png":  func(b *bytes.Buffer) error { return png.Encode(b, img) },
		"gif":  func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) },
		"bmp":  func(b *bytes.Buffer) error { return bmp.Encode(b, img) },
		"tiff": func(b *bytes.Buffer) error { return tiff.Encode(b, img, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		all[name] = b.Bytes()
	}
	return all
}

func TestFormats(t *testing.T) {
	want := photo(t)
	for name, data := range encoded(t) {
		got, info, err := decode(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if info.Decoder != name || info.Width != want.Bounds().Dx() || info.Height != want.Bounds().Dy() {
			t.Errorf("%s: %+v, want %v", name, info, want.Bounds())
		}
		sum, n := 0, 0
		for y := 0; y < info.Height; y += 5 {
			for x := 0; x < info.Width; x += 5 {
				a, b := color.GrayModel.Convert(got.At(x, y)).(color.Gray), color.GrayModel.Convert(want.At(x, y)).(color.Gray)
				sum, n = sum+max(int(a.Y)-int(b.Y), int(b.Y)-int(a.Y)), n+1
			}
		}
		if sum > 12*n {
			t.Errorf("%s: pixels differ by %.1f on average", name, float64(sum)/float64(n))
		}
	}
}

func TestTruncatedIsAnError(t *testing.T) {
	for name, data := range encoded(t) {
		for _, part := range []int{2, 3, 10} {
			if _, _, err := decode(data[:len(data)-len(data)/part]); err == nil || !strings.HasPrefix(err.Error(), "truncated: ") {
				t.Errorf("%s without its last 1/%d: %v", name, part, err)
			}
		}
	}
}

// giant is a PNG that claims a size and holds nothing.
func giant(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

func TestGiantCostsNothing(t *testing.T) {
	data := giant(60000, 60000)
	var limit *fingerprint.LimitError
	if _, _, err := decode(data); !errors.As(err, &limit) || err.Error() != "3600000000 pixels exceed the limit of 200000000" {
		t.Fatalf("a PNG of 60000x60000 pixels: %v", err)
	}
	got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			decode(data)
		}
	})
	if got.AllocedBytesPerOp() > 1<<20 {
		t.Errorf("%d bytes allocated for it", got.AllocedBytesPerOp())
	}
}

// withOrientation puts an EXIF segment behind the first two bytes of a JPEG.
func withOrientation(data []byte, o byte) []byte {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(o) + "\x00\x00\x00\x00\x00\x00"
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(append([]byte{}, data[:2]...), segment...), data[2:]...)
}

func TestOrientation(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 32)) // white is the upper left quarter as stored
	for y := range 16 {
		for x := range 32 {
			img.SetGray(x, y, color.Gray{255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	// Where the stored upper left corner is seen (CIPA DC-008, table 6).
	corners := []string{1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left",
		5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left"}
	for o := 1; o <= 8; o++ {
		got, info, err := decode(withOrientation(b.Bytes(), byte(o)))
		if err != nil {
			t.Fatal(err)
		}
		if wide := info.Width == 64; wide != (o < 5) {
			t.Errorf("orientation %d: %dx%d", o, info.Width, info.Height)
		}
		for i, corner := range []string{"top left", "top right", "bottom left", "bottom right"} {
			x, y := info.Width/4+i%2*info.Width/2, info.Height/4+i/2*info.Height/2
			white := color.GrayModel.Convert(got.At(x, y)).(color.Gray).Y > 128
			if white != (corner == corners[o]) {
				t.Errorf("orientation %d: %s is white: %v", o, corner, white)
			}
		}
	}
}

func FuzzPicture(f *testing.F) {
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	var j, p, g bytes.Buffer
	jpeg.Encode(&j, img, nil)
	png.Encode(&p, img)
	gif.Encode(&g, img, nil)
	for _, b := range [][]byte{j.Bytes(), p.Bytes(), g.Bytes(), withOrientation(j.Bytes(), 6), giant(60000, 60000)} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &media.Input{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}
		img, _, err := media.Picture(context.Background(), in, media.Limits{Pixels: 1 << 20})
		if (img == nil) == (err == nil) {
			t.Errorf("picture %v with error %v", img, err)
		}
	})
}
