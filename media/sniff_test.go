package media_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

func input(data []byte) *media.Input {
	return &media.Input{ReaderAt: bytes.NewReader(data), Name: "test", Size: int64(len(data))}
}

func TestSniff(t *testing.T) {
	read := func(name string) []byte {
		data, err := os.ReadFile("../testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	noise := make([]byte, 100_000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	chinese := strings.Repeat("床前明月光，疑是地上霜。举头望明月，低头思故乡。\n", 40)
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(chinese)
	big5, _ := traditionalchinese.Big5.NewEncoder().String(strings.Repeat("白日依山盡，黃河入海流。\n", 40))
	sjis, _ := japanese.ShiftJIS.NewEncoder().String(strings.Repeat("吾輩は猫である。名前はまだ無い。\n", 40))
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(chinese)
	solid, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(strings.ReplaceAll(chinese, "\n", ""))
	tag := append([]byte("ID3\x04\x00\x00\x00\x00\x00\x0a"), make([]byte, 10)...)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "application/octet-stream"},
		{"zeros", make([]byte, 1<<20), "application/octet-stream"},
		{"erased", bytes.Repeat([]byte{0xff}, 1<<20), "application/octet-stream"},
		{"noise", noise, "application/octet-stream"},
		{"flac", read("songs/megaglest-jadeflange.flac"), "audio/flac"},
		{"flac behind ID3", append(tag, read("songs/megaglest-jadeflange.flac")...), "audio/flac"},
		{"vorbis", read("songs/megaglest-menu.ogg"), "audio/ogg"},
		{"mp4", read("films/big-buck-bunny.mp4"), "video/mp4"},
		{"webm", read("films/city.webm"), "video/webm"},
		{"mkv", read("films/photographs.mkv"), "video/matroska"},
		{"jpeg", read("pictures/astronaut.jpg"), "image/jpeg"},
		{"png", read("pictures/chelsea.png"), "image/png"},
		{"pdf", read("books/maint-guide-en.pdf"), "application/pdf"},
		{"epub", read("books/developers-reference-en.epub"), "application/epub+zip"},
		{"text", read("books/newton-opticks.txt"), "text/plain"},
		{"chinese", read("books/tang-poems-zh.txt"), "text/plain"},
		{"gb18030", []byte(gb), "text/plain"},
		{"big5", []byte(big5), "text/plain"},
		{"shift-jis", []byte(sjis), "text/plain"},
		{"utf-16 without mark", []byte(utf16), "text/plain"},
		{"utf-16 without a zero byte", []byte(solid), "text/plain"},
		{"subtitles", []byte("1\n00:00:01,000 --> 00:00:02,000\nHello.\n"), "text/plain"},
		{"csv", []byte("a,b,c\n1,2,3\n4,5,6\n"), "text/plain"},
		{"page on playlists", []byte("<!DOCTYPE html><html><body>begin with &lt;asx or <smil></body></html>"), "text/html"},
		{"html", []byte("<!DOCTYPE html><html><body>x</body></html>"), "text/html"},
		{"rtf", []byte(`{\rtf1\ansi Hello}`), "text/rtf"},
		{"transport stream", bytes.Repeat(append([]byte{0x47}, make([]byte, 187)...), 8), "video/mp2t"},
	} {
		if got := media.Sniff(input(c.data)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPlaylistsAreRefused(t *testing.T) {
	for _, text := range []string{
		"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n", "\xef\xbb\xbf#EXTM3U\r\n/etc/passwd\r\n", "#EXTM3U8\n", "[playlist]\nFile1=/etc/passwd\n",
		"ffconcat version 1.0\nfile /etc/passwd\n", "<asx version=\"3.0\"><entry/></asx>", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
		`<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"></playlist>`,
		"[Reference]\r\nRef1=http://127.0.0.1:1/x.mov\r\n", "RTSPtext\nrtsp://127.0.0.1:1/x\n", `<?xml version="1.0"?><ASX version="3.0"/>`,
		`<smil><body><video src="file:///etc/passwd"/></body></smil>`, "\ufeff<?xml version='1.0'?>\n<smil/>",
		`<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>`,
	} {
		in := input([]byte(text))
		ctx, l := context.Background(), (*media.Limits)(nil).Effective()
		_, err := media.Stream(ctx, in, l, media.Request{SampleRate: 8000}, media.Sink{})
		_, _, perr := media.Picture(ctx, in, l)
		_, terr := media.Text(ctx, in, l, func(int, string) error { return nil })
		_, ferr := fingerprint.Read(ctx, strings.NewReader(text), nil)
		for _, err := range []error{err, perr, terr, ferr} {
			if err == nil || strings.TrimPrefix(err.Error(), "input: ") != "playlist: names other files, which are not opened" {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("#EXTM3U\n"))
	f.Add([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := media.Sniff(input(data)); strings.ContainsAny(got, "; \n") || !strings.Contains(got, "/") {
			t.Errorf("%q is no media type", got)
		}
	})
}
