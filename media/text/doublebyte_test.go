package text

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/likeness-go/likeness/media"
)

// Every piece of some 500 bytes of real texts is read by its own encoding, not
// by another one that has characters for the same bytes.
func TestDoubleBytesAreToldApart(t *testing.T) {
	for _, test := range []struct {
		name, text string
		encoding   encoding.Encoding
	}{
		{"classical, gb18030", string(file(t, "../../testdata/books/tang-poems-zh.txt")), simplifiedchinese.GB18030},
		{"classical, big5", string(file(t, "testdata/tang-poems-tw.txt")), traditionalchinese.Big5},
		{"traditional, gb18030", string(file(t, "testdata/tang-poems-tw.txt")), simplifiedchinese.GB18030},
		{"simplified, gb18030", strings.Repeat(prose["zh"], 2), simplifiedchinese.GB18030},
		{"traditional, big5", strings.Repeat(prose["tw"], 2), traditionalchinese.Big5},
		{"shift-jis", strings.Repeat(prose["ja"], 2), japanese.ShiftJIS},
		{"euc-jp", strings.Repeat(prose["ja"], 2), japanese.EUCJP},
		{"euc-kr", strings.Repeat(prose["ko"], 2), korean.EUCKR},
	} {
		pieces, right := 0, 0
		for rest := []rune(test.text); len(rest) > 0; rest = rest[min(len(rest), 250):] {
			want := string(rest[:min(len(rest), 250)])
			encoded, err := encoding.ReplaceUnsupported(test.encoding.NewEncoder()).Bytes([]byte(want))
			if err != nil {
				t.Fatal(err)
			}
			if len(encoded) < 200 {
				continue
			}
			pieces++
			if e, err := encodingOf(strings.NewReader(string(encoded)), nil); err == nil && e == test.encoding {
				right++
			}
		}
		if pieces == 0 || right < pieces-pieces/100 {
			t.Errorf("%s: %d of %d pieces read by their encoding", test.name, right, pieces)
		}
	}
}

// A double-byte text with some bytes that no converter knew is read all the same.
func TestDamagedBig5(t *testing.T) {
	want := string(file(t, "testdata/tang-poems-tw.txt"))
	encoded, err := encoding.ReplaceUnsupported(traditionalchinese.Big5.NewEncoder()).String(want)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(encoded); i += 400 {
		encoded = encoded[:i] + "\xff" + encoded[i:]
	}
	got, info, err := read([]byte(encoded), media.Limits{})
	if err != nil || shared(want, got) < 0.8 {
		t.Errorf("%.2f of the text read, %+v, %v", shared(want, got), info, err)
	}
}

// Accented letters of one-byte encodings are no Chinese, and few as they are.
func TestAccentsAreNoDoubleBytes(t *testing.T) {
	for _, language := range []string{"fr", "de"} {
		encoded, err := encodingNamed("windows-1252").NewEncoder().String(prose[language])
		if err != nil {
			t.Fatal(err)
		}
		if e := doubleByteOf([]byte(encoded)); e != nil {
			t.Errorf("%s: read by %v", language, e)
		}
	}
}
