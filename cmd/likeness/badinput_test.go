package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBadInput gives a batch of files that cannot be read, and a good one
// behind them: each gets one line on standard error that names it and says
// why, the batch goes on, and the index stays as it was.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	ix := filepath.Join(dir, "index")
	book := filepath.Join(testdata, "books", "song-ci-zh.txt")
	cliIn(t, ix, "register", book).want(t, exitFine)

	in := filepath.Join(dir, "in")
	bad := badFiles(t, in)
	copyFile(t, book, filepath.Join(in, "zz-good.txt"))

	for _, command := range []string{"match", "register"} {
		index := ix
		if command == "register" {
			index = filepath.Join(dir, "other")
		}
		got := cliIn(t, index, "--json", command, in).want(t, exitFailed)
		for name, why := range bad {
			line := lineWith(got.errs, name)
			if line == "" || !strings.Contains(line, why) {
				t.Errorf("%s: stderr says %q of %s, want a line with %q", command, line, name, why)
			}
		}
		if n := strings.Count(got.errs, "\n"); n > len(bad)+1 {
			t.Errorf("%s: %d lines on stderr for %d bad files:\n%s", command, n, len(bad), got.errs)
		}
	}
	for _, r := range cliIn(t, ix, "--json", "match", in).reports(t) {
		name := filepath.Base(r.File)
		if _, isBad := bad[name]; isBad != r.Unscannable || isBad != (r.Error != "") || isBad != (r.Matches == nil) {
			t.Errorf("%s: error %q, unscannable %v, matches %v", name, r.Error, r.Unscannable, r.Matches)
		}
		if name == "zz-good.txt" && (r.Matches == nil || len(*r.Matches) != 1) {
			t.Errorf("the good file after the bad ones: got %v, want its work", r.Matches)
		}
	}
}

func lineWith(s, name string) string {
	for line := range strings.Lines(s) {
		if strings.Contains(line, name) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// badFiles writes files that cannot be read and returns what must be said of each.
func badFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	film, err := os.ReadFile(filepath.Join(testdata, "films", "cockatoo.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	write("empty.mp4", nil)
	write("truncated.mp4", film[:len(film)/3])
	write("text.mp3", []byte("This is no song at all, only a line of text.\n"))
	write("long-text.mp3", bytes.Repeat([]byte("Nobody sang this line, it was typed by a tired engineer on a Monday. "), 40))
	write("zeros.bin", make([]byte, 1<<20))
	write("huge.png", hugePNG(60000, 60000))
	write("list.m3u8", []byte("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXTINF:10,\nhttp://127.0.0.1:1/x.ts\n"))
	write("half.png", hugePNG(100, 100)[:40])
	copyFile(t, filepath.Join("testdata", "password.pdf"), filepath.Join(dir, "password.pdf"))
	write("sparse.bin", nil)
	if err := os.Truncate(filepath.Join(dir, "sparse.bin"), 1<<30); err != nil {
		t.Fatal(err)
	}
	bad := map[string]string{
		"empty.mp4": "empty", "truncated.mp4": "truncated", "text.mp3": "text", "long-text.mp3": "text",
		"zeros.bin": "unknown format", "huge.png": "pixels", "list.m3u8": "playlist", "half.png": "png",
		"password.pdf": "encrypted", "sparse.bin": "unknown format",
	}
	if os.Symlink(dir, filepath.Join(dir, "loop")) == nil {
		bad["loop"] = "loop"
	}
	if os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "dangling")) == nil {
		bad["dangling"] = "no such file"
	}
	return bad
}

// hugePNG is the head of a grey picture of this size, without its pixels.
func hugePNG(width, height uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	ihdr := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	ihdr = append(ihdr, 8, 0, 0, 0, 0)
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(ihdr)-4)))
	b.Write(ihdr)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(ihdr)))
	b.Write([]byte{0, 0, 0, 0, 'I', 'D', 'A', 'T', 0, 0, 0, 0})
	return b.Bytes()
}
