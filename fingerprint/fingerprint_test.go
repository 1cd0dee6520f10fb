package fingerprint_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func TestNew(t *testing.T) {
	ok := fingerprint.Algorithm{Name: "test", Version: 1}
	tests := []struct {
		name      string
		algorithm fingerprint.Algorithm
		kind      fingerprint.Kind
		extent    uint32
		width     int
		positions []uint32
		codes     string
		want      string // error
	}{
		{"empty", ok, fingerprint.Audio, 0, 1, nil, "", ""},
		{"features", ok, fingerprint.Video, 10, 2, []uint32{0, 3, 3, 9}, "aabbccdd", ""},
		{"no algorithm", fingerprint.Algorithm{}, fingerprint.Audio, 0, 1, nil, "", "fingerprint: /0: invalid algorithm"},
		{"no kind", ok, fingerprint.KindInvalid, 0, 1, nil, "", "fingerprint: test/1: invalid invalid"},
		{"unknown kind", ok, 77, 0, 1, nil, "", "fingerprint: test/1: invalid kind(77)"},
		{"no width", ok, fingerprint.Audio, 1, 0, []uint32{0}, "", "fingerprint: test/1: code width 0 is not in 1..255 bytes"},
		{"wide", ok, fingerprint.Audio, 1, 256, nil, "", "fingerprint: test/1: code width 256 is not in 1..255 bytes"},
		{"codes missing", ok, fingerprint.Audio, 9, 2, []uint32{0, 1}, "aab", "fingerprint: test/1: 3 bytes of codes for 2 features of 2 bytes"},
		{"out of order", ok, fingerprint.Audio, 9, 1, []uint32{2, 1}, "ab", "fingerprint: test/1: position 1 of feature 1 is out of order or beyond the extent 9"},
		{"beyond", ok, fingerprint.Audio, 9, 1, []uint32{2, 9}, "ab", "fingerprint: test/1: position 9 of feature 1 is out of order or beyond the extent 9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := fingerprint.New(tt.algorithm, tt.kind, tt.extent, tt.width, tt.positions, []byte(tt.codes))
			if got := errorText(err); got != tt.want {
				t.Fatalf("got the error %q, want %q", got, tt.want)
			}
			if err != nil {
				return
			}
			if f.Algorithm() != tt.algorithm || f.Kind() != tt.kind || f.Extent() != tt.extent || f.Width() != tt.width || f.Len() != len(tt.positions) {
				t.Errorf("got %v", f)
			}
			if !slices.Equal(f.Positions(), tt.positions) || string(f.Codes()) != tt.codes {
				t.Errorf("got %v and %q", f.Positions(), f.Codes())
			}
			for i, p := range tt.positions {
				code := []byte(tt.codes[i*tt.width : (i+1)*tt.width])
				if f.Position(i) != p || !bytes.Equal(f.Code(i), code) || cap(f.Code(i)) != tt.width {
					t.Errorf("feature %d: %d %q, want %d %q", i, f.Position(i), f.Code(i), p, code)
				}
			}
		})
	}
}

func TestAlgorithm(t *testing.T) {
	for _, s := range []string{"landmark/1", "a-b0/65535", "abcdefghijklmnopqrstuvwxyz012345/7"} {
		if a, err := fingerprint.ParseAlgorithm(s); err != nil || a.String() != s {
			t.Errorf("ParseAlgorithm(%q) = %v, %v", s, a, err)
		}
	}
	for _, s := range []string{"", "/", "/1", "landmark", "landmark/", "landmark/0", "landmark/-1", "landmark/01", "landmark/+1",
		"landmark/65536", "Landmark/1", "land mark/1", "abcdefghijklmnopqrstuvwxyz0123456/7", "a/1/1", "é/1"} {
		if a, err := fingerprint.ParseAlgorithm(s); err == nil {
			t.Errorf("ParseAlgorithm(%q) = %v, want an error", s, a)
		}
	}
}

func TestKind(t *testing.T) {
	units := map[fingerprint.Kind]string{fingerprint.Audio: "s", fingerprint.Video: "s", fingerprint.Picture: "page",
		fingerprint.Document: "char", fingerprint.KindInvalid: "", 99: ""}
	for k, unit := range units {
		if got := k.Unit(); got != unit {
			t.Errorf("%s.Unit() = %q, want %q", k, got, unit)
		}
		back, err := fingerprint.ParseKind(k.String())
		if unit != "" && (err != nil || back != k) || unit == "" && (err == nil || back != fingerprint.KindInvalid) {
			t.Errorf("ParseKind(%q) = %v, %v", k.String(), back, err)
		}
	}
}
