package text

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/likeness-go/likeness/media"
)

// Sentences of the kind that documents hold, long enough to tell an encoding.
var prose = map[string]string{
	"ru": "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. Всё смешалось в доме Облонских. Жена узнала, что муж был в связи с бывшею в их доме француженкою-гувернанткой, и объявила мужу, что не может жить с ним в одном доме.\n",
	"fr": "Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, mes yeux se fermaient si vite que je n'avais pas le temps de me dire: «Je m'endors.» Et, une demi-heure après, la pensée qu'il était temps de chercher le sommeil m'éveillait.\n",
	"de": "Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett zu einem ungeheueren Ungeziefer verwandelt. Er lag auf seinem panzerartig harten Rücken und sah, wenn er den Kopf ein wenig hob, seinen gewölbten, braunen Bauch.\n",
	"cs": "Když se Řehoř Samsa jednou ráno probudil z nepokojných snů, shledal, že se v posteli proměnil v jakýsi nestvůrný hmyz. Ležel na hřbetě tvrdém jak pancíř, a když trochu nadzvedl hlavu, uviděl své vyklenuté, hnědé břicho.\n",
	"pl": "Litwo! Ojczyzno moja! ty jesteś jak zdrowie. Ile cię trzeba cenić, ten tylko się dowie, kto cię stracił. Dziś piękność twą w całej ozdobie widzę i opisuję, bo tęsknię po tobie.\n",
	"tr": "Korkma, sönmez bu şafaklarda yüzen al sancak; sönmeden yurdumun üstünde tüten en son ocak. O benim milletimin yıldızıdır, parlayacak; o benimdir, o benim milletimindir ancak. Çatma, kurban olayım, çehreni ey nazlı hilâl! Kahraman ırkıma bir gül.\n",
	"hu": "Hazádnak rendületlenül légy híve, oh magyar; bölcsőd az s majdan sírod is, mely ápol s eltakar. A nagy világon e kívül nincsen számodra hely; áldjon vagy verjen sors keze: itt élned, halnod kell. Őseink földje, tűz és víz.\n",
	"el": "Ὅμηρος δεν είναι εδώ, αλλά η γλώσσα είναι η ελληνική και το κείμενο αυτό έχει αρκετές λέξεις για να αναγνωριστεί η κωδικοποίηση των χαρακτήρων από τον ανιχνευτή μας.\n",
	"ja": "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。吾輩はここで始めて人間というものを見た。\n",
	"ko": "산산이 부서진 이름이여! 허공 중에 헤어진 이름이여! 불러도 주인 없는 이름이여! 부르다가 내가 죽을 이름이여! 심중에 남아 있는 말 한 마디는 끝끝내 마저 하지 못하였구나.\n",
	"zh": "话说天下大势，分久必合，合久必分。周末七国分争，并入于秦；及秦灭之后，楚、汉分争，又并入于汉；汉朝自高祖斩白蛇而起义，一统天下，后来光武中兴，传至献帝，遂分为三国。\n",
	"tw": "話說天下大勢，分久必合，合久必分。周末七國分爭，並入於秦；及秦滅之後，楚、漢分爭，又並入於漢；漢朝自高祖斬白蛇而起義，一統天下，後來光武中興，傳至獻帝，遂分為三國。\n",
}

func TestEncodings(t *testing.T) {
	prose["el"] = strings.TrimPrefix(prose["el"], "Ὅμηρος ") // not in the one-byte encodings
	for _, test := range []struct {
		name, language string
		encoding       encoding.Encoding
	}{
		{"utf-8", "zh", unicode.UTF8},
		{"utf-8 bom", "zh", unicode.UTF8BOM},
		{"utf-16 le bom", "zh", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16 be bom", "fr", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"utf-16 le", "fr", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"utf-16 be", "ru", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"utf-16 le zh", "zh", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"utf-16 be ja", "ja", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"utf-32 le", "de", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
		{"gb18030", "zh", simplifiedchinese.GB18030},
		{"gbk", "zh", simplifiedchinese.GBK},
		{"big5", "tw", traditionalchinese.Big5},
		{"shift-jis", "ja", japanese.ShiftJIS},
		{"euc-jp", "ja", japanese.EUCJP},
		{"iso-2022-jp", "ja", japanese.ISO2022JP},
		{"euc-kr", "ko", korean.EUCKR},
		{"koi8-r", "ru", charmap.KOI8R},
		{"windows-1251", "ru", charmap.Windows1251},
		{"iso-8859-5", "ru", charmap.ISO8859_5},
		{"cp866", "ru", charmap.CodePage866},
		{"windows-1252", "fr", charmap.Windows1252},
		{"iso-8859-1", "de", charmap.ISO8859_1},
		{"windows-1250", "cs", charmap.Windows1250},
		{"iso-8859-2", "cs", charmap.ISO8859_2},
		{"windows-1250 pl", "pl", charmap.Windows1250},
		{"iso-8859-2 pl", "pl", charmap.ISO8859_2},
		{"windows-1254", "tr", charmap.Windows1254},
		{"iso-8859-2 hu", "hu", charmap.ISO8859_2},
		{"windows-1253", "el", charmap.Windows1253},
		{"iso-8859-7", "el", charmap.ISO8859_7},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := strings.Repeat(prose[test.language], 3)
			if test.name == "koi8-r" || test.language == "ru" {
				want = strings.ReplaceAll(want, "—", "-")
			}
			encoded, err := test.encoding.NewEncoder().Bytes([]byte(want))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := plainText(encoded); err != nil || got != want {
				t.Errorf("got %.80q, %v", got, err)
			}
		})
	}
}

// plainText reads b whatever it is sniffed as.
func plainText(b []byte) (string, error) {
	var s strings.Builder
	_, err := decode(&document{context.Background(), input(b), (*media.Limits)(nil).Effective()}, "text", readPlain,
		func(_ int, text string) error { s.WriteString(text); return nil })
	return s.String(), err
}

func TestNotText(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	for name, b := range map[string][]byte{
		"noise":   noise,
		"zeros":   make([]byte, 10_000),
		"picture": file(t, "../../testdata/pictures/chelsea.png"),
		"sound":   file(t, "../../testdata/songs/megaglest-menu.ogg")[:100_000],
	} {
		if got, err := plainText(b); err != errNotText {
			t.Errorf("%s gave %d bytes of text, %v", name, len(got), err)
		}
	}
}

func TestDamagedUTF8StaysUTF8(t *testing.T) {
	b := bytes.Repeat([]byte(prose["zh"]), 20)
	b[500] = 0xff
	got, err := plainText(b)
	if err != nil || shared(strings.Repeat(prose["zh"], 20), got) < 0.98 {
		t.Errorf("got %.80q, %v", got, err)
	}
}

// Blocks end at lines, and nothing is lost or doubled between them.
func TestLongText(t *testing.T) {
	for _, line := range []string{prose["ja"], strings.ReplaceAll(prose["ru"], "\n", ""), strings.ReplaceAll(prose["de"], "\n", "\r\n")} {
		in := strings.Repeat(line, 3000)
		got, err := plainText([]byte(in))
		if want := lineEnds.Replace(in); err != nil || got != want {
			t.Errorf("%.20q: %d bytes, %v; want %d", line, len(got), err, len(want))
		}
	}
}
