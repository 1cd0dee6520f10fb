package fingerprint_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// vector is what testdata/backcompat/fingerprint-v1.* hold.
func vector(t testing.TB) *fingerprint.Set {
	t.Helper()
	sound, err := fingerprint.New(fingerprint.Algorithm{Name: "landmark", Version: 1}, fingerprint.Audio, 1000, 4,
		[]uint32{0, 0, 5, 132, 999}, []byte("\x00\x00\x00\x01\xff\xff\xff\xffabcdwxyz\x80\x00\x00\x00"))
	if err != nil {
		t.Fatal(err)
	}
	frames, err := fingerprint.New(fingerprint.Algorithm{Name: "frame-x", Version: 300}, fingerprint.Video, math.MaxUint32, 1,
		[]uint32{7, math.MaxUint32 - 1}, []byte{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := fingerprint.New(fingerprint.Algorithm{Name: "shingle", Version: 65535}, fingerprint.Document, 0, 255, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &fingerprint.Set{
		Fingerprints: []*fingerprint.Fingerprint{sound, frames, empty}, Size: math.MaxInt64, Type: "video/mp4", Kind: fingerprint.Video,
		Duration: 61*time.Second + 3, Decoder: "ffmpeg 5.1.9", Incomplete: "truncated: 12.0 of 60.0 s could be read",
	}
	for i := range s.SHA256 {
		s.SHA256[i] = byte(i * 7)
	}
	return s
}

// same compares what can be seen; an empty slice is as good as none.
func same(a, b *fingerprint.Fingerprint) bool {
	return a.Algorithm() == b.Algorithm() && a.Kind() == b.Kind() && a.Extent() == b.Extent() && a.Width() == b.Width() &&
		len(a.Positions()) == len(b.Positions()) && (a.Len() == 0 || reflect.DeepEqual(a.Positions(), b.Positions())) &&
		bytes.Equal(a.Codes(), b.Codes())
}

func sameSet(a, b *fingerprint.Set) bool {
	if len(a.Fingerprints) != len(b.Fingerprints) {
		return false
	}
	for i := range a.Fingerprints {
		if !same(a.Fingerprints[i], b.Fingerprints[i]) {
			return false
		}
	}
	x, y := *a, *b
	x.Fingerprints, y.Fingerprints = nil, nil
	return reflect.DeepEqual(x, y)
}

// TestBackcompat reads what the first release wrote. These files never change.
func TestBackcompat(t *testing.T) {
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "testdata", "backcompat", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := vector(t)
	var f, text fingerprint.Fingerprint
	if err := f.UnmarshalBinary(read("fingerprint-v1.bin")); err != nil || !same(&f, want.Fingerprints[0]) {
		t.Errorf("binary: %v, %v, want %v", &f, err, want.Fingerprints[0])
	}
	line, ended := bytes.CutSuffix(read("fingerprint-v1.txt"), []byte("\n"))
	if err := text.UnmarshalText(line); err != nil || !ended || !same(&text, want.Fingerprints[0]) {
		t.Errorf("text: %v, %v, want %v", &text, err, want.Fingerprints[0])
	}
	var s fingerprint.Set
	if err := s.UnmarshalBinary(read("fingerprint-v1.set")); err != nil || !sameSet(&s, want) {
		t.Errorf("set: %+v, %v, want %+v", s, err, want)
	}
	if b, err := f.MarshalBinary(); err != nil || !bytes.Equal(b, read("fingerprint-v1.bin")) {
		t.Errorf("encoding gives %x, %v, not the file", b, err)
	}
	if b, err := s.MarshalBinary(); err != nil || !bytes.Equal(b, read("fingerprint-v1.set")) {
		t.Errorf("encoding gives %x, %v, not the file", b, err)
	}
}

func TestRoundTrip(t *testing.T) {
	want := vector(t)
	for _, f := range want.Fingerprints {
		b, err := f.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		var got fingerprint.Fingerprint
		if err := got.UnmarshalBinary(b[len("before"):]); err != nil || !same(&got, f) {
			t.Errorf("got %v, %v, want %v", &got, err, f)
		}
		clear(b) // the fingerprint keeps no part of it
		if !same(&got, f) {
			t.Errorf("%v shares memory with its encoding", f)
		}
	}
	for _, s := range []*fingerprint.Set{want, {}} {
		b, err := s.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		var got fingerprint.Set
		if err := got.UnmarshalBinary(b[len("before"):]); err != nil || !sameSet(&got, s) {
			t.Errorf("got %+v, %v, want %+v", got, err, s)
		}
	}
}

func TestCannotBeEncoded(t *testing.T) {
	var zero fingerprint.Fingerprint
	if _, err := zero.MarshalBinary(); err == nil {
		t.Error("a zero Fingerprint is encoded")
	}
	if _, err := zero.MarshalText(); err == nil {
		t.Error("a zero Fingerprint is encoded as text")
	}
	for _, s := range []fingerprint.Set{{Size: -1}, {Duration: -1}, {Kind: 99}, {Fingerprints: []*fingerprint.Fingerprint{nil}}} {
		if _, err := s.MarshalBinary(); err == nil {
			t.Errorf("%+v is encoded", s)
		}
	}
}

// TestCompact holds the size: a byte for each position beside the codes.
func TestCompact(t *testing.T) {
	const n = 10_000
	positions := make([]uint32, n)
	for i := range positions {
		positions[i] = uint32(i * 3)
	}
	f, err := fingerprint.New(integers, fingerprint.Audio, 3*n, 4, positions, make([]byte, 4*n))
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if most := 5*n + 32; len(b) > most {
		t.Errorf("%d features take %d bytes, want at most %d", n, len(b), most)
	}
}

// sum gives a body the header and the checksum that it needs.
func sum(magic string, version byte, body []byte) []byte {
	b := append(append([]byte(magic), version), body...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

func TestDamage(t *testing.T) {
	set := vector(t)
	good, err := set.Fingerprints[0].MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	goodSet, err := set.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		var f fingerprint.Fingerprint
		if err := f.UnmarshalBinary(good[:i]); !errors.Is(err, fingerprint.ErrCorrupt) {
			t.Errorf("the first %d bytes: %v, want ErrCorrupt", i, err)
		}
		bad := bytes.Clone(good)
		bad[i] ^= 4
		want := fingerprint.ErrCorrupt
		if i == 4 {
			want = fingerprint.ErrEncodingVersion
		}
		if err := f.UnmarshalBinary(bad); !errors.Is(err, want) || !same(&f, new(fingerprint.Fingerprint)) {
			t.Errorf("byte %d changed: %v and %v, want %v", i, err, &f, want)
		}
	}
	for i := range goodSet {
		bad := bytes.Clone(goodSet)
		bad[i] ^= 0x80
		var s fingerprint.Set
		if err := s.UnmarshalBinary(bad); err == nil || !reflect.DeepEqual(s, fingerprint.Set{}) {
			t.Errorf("byte %d of the set changed: no error, or something decoded: %+v", i, s)
		}
	}
}

// TestMalformed reads encodings whose checksum is right.
func TestMalformed(t *testing.T) {
	const head = "\x01x\x01\x01" // algorithm x/1, audio
	tests := []struct{ name, body, want string }{
		{"nothing", "", "length of algorithm is no number"},
		{"long name", "\x09x", "length of algorithm is 9, more than 2"},
		{"longer form of a number", "\x81\x00x\x01\x01", "length of algorithm is no number"},
		{"kind", "\x01x\x01\x09", "kind is 9, more than 4"},
		{"extent", head + "\xff\xff\xff\xff\x7f", "extent is 34359738367, more than 4294967295"},
		{"width", head + "\x09\x80\x02", "width is 256, more than 255"},
		{"no width", head + "\x09\x00\x00", "code width 0 is not in 1..255 bytes"},
		{"more features than bytes", head + "\x09\x01\xff\xff\xff\xff\x07", "number of features is 2147483647, more than 2"},
		{"codes cut", head + "\x09\x01\x02\x80\x80\x01a", "2 bytes wanted, 0 left"},
		{"position beyond", head + "\x01\x01\x01\x01a", "position 1 of feature 0 is out of order or beyond the extent 1"},
		{"position overflows", head + "\x09\x01\x02\x01\xff\xff\xff\xff\x0fab", "position is 4294967295, more than 4294967294"},
		{"name", "\x01X\x01\x01\x00\x01\x00", "invalid algorithm"},
		{"left over", head + "\x00\x01\x00!", "1 bytes left over"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f fingerprint.Fingerprint
			err := f.UnmarshalBinary(sum("LKFP", 1, []byte(tt.body)))
			if want := "fingerprint: corrupt encoding: " + tt.want; err == nil || err.Error() != want || !errors.Is(err, fingerprint.ErrCorrupt) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	var f fingerprint.Fingerprint
	err := f.UnmarshalBinary(sum("LKFP", 2, nil))
	if want := "fingerprint: unknown encoding version 2, this release reads 1"; err == nil || err.Error() != want || !errors.Is(err, fingerprint.ErrEncodingVersion) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzFingerprint(f *testing.F) {
	for _, v := range vector(f).Fingerprints {
		b, err := v.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[5 : len(b)-4])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		data := sum("LKFP", 1, body)
		var v fingerprint.Fingerprint
		err := boundedly(t, len(data), func() error { return v.UnmarshalBinary(data) })
		if err != nil {
			if !errors.Is(err, fingerprint.ErrCorrupt) {
				t.Errorf("%v does not wrap ErrCorrupt", err)
			}
			return
		}
		if again, err := v.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%x is encoded as %x, %v", data, again, err)
		}
	})
}

func FuzzSet(f *testing.F) {
	b, err := vector(f).MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b[5 : len(b)-4])
	f.Add(make([]byte, 39))
	f.Fuzz(func(t *testing.T, body []byte) {
		data := sum("LKST", 1, body)
		var s fingerprint.Set
		err := boundedly(t, len(data), func() error { return s.UnmarshalBinary(data) })
		if err != nil {
			if !errors.Is(err, fingerprint.ErrCorrupt) {
				t.Errorf("%v does not wrap ErrCorrupt", err)
			}
			return
		}
		if again, err := s.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%x is encoded as %x, %v", data, again, err)
		}
	})
}

// boundedly fails when decoding takes far more memory than its input.
func boundedly(t *testing.T, size int, decode func() error) error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := decode()
	runtime.ReadMemStats(&after)
	if took, most := after.TotalAlloc-before.TotalAlloc, uint64(64*size+1<<20); took > most {
		t.Errorf("decoding %d bytes took %d", size, took)
	}
	return err
}

func BenchmarkCodec(b *testing.B) {
	f := mustIntegers(b, randomIntegers(100_000, 1))
	encoded, err := f.MarshalBinary()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(encoded)))
		b.ReportAllocs()
		for b.Loop() {
			if encoded, err = f.AppendBinary(encoded[:0]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(encoded)))
		b.ReportAllocs()
		for b.Loop() {
			if err := new(fingerprint.Fingerprint).UnmarshalBinary(encoded); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestStringIsShort(t *testing.T) {
	f := vector(t).Fingerprints[0]
	if got, want := f.String(), "landmark/1: 5 features in 1000 ticks"; got != want || strings.Contains(got, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}
