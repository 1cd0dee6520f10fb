package picture

import (
	"fmt"
	"image"
	"testing"

	"github.com/nfnt/resize"
)

// synthetic draws a picture that any implementation can draw again.
func synthetic(w, h, seed int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := (x*x*seed/7+y*y*3/(seed+1)+x*y/5)/16 + 128*((x*4/w+y*3/h+seed)%2)
			g.Pix[y*w+x] = byte(v % 256)
		}
	}
	return g
}

// The hashes were recorded from Meta's C++ reference (facebook/ThreatExchange,
// pdqDihedralHash256esFromFloatLuma) over the same grey values, November 2026.
var reference = []struct {
	w, h, seed, quality int
	hashes              [8]string
}{
	{64, 64, 1, 100, [8]string{
		"39b9e46a5b5287a50f1f70f08e4ac756383125af5a5af0705a5b25a58f0f25ae",
		"53129ac7c4d55b47aaaaa4b83b2a46b8944598c7d4d55247ca6be6b86b6b6731",
		"6cec4ec00e072d0f5a4ada5adb1f697c6d648f050f0f5ada0f0e8f0fda5a8f04",
		"0647306d9180f0edffff0e126e7fec12c010326d8180f8ed9f3e4c123e3ecd9b",
		"39b91b955b52785a0f1f8f0f8e4a28293831da505a5a0f8f5a5bda5a8f0fda51",
		"6cecb13f0e07d2f05a4a25a5db1f92036d6470fa0f0fa5250f0e70f0da5a70fb",
		"53126538c4d5a4b8aaaa5b473b2ab94794456738d4d5adb8ca6b19476b6b98ce",
		"0647cf9291800e12fffff0ed6e7f13edc010cd92818007129f3eb3ed3e3e3264",
	}},
	{128, 128, 2, 100, [8]string{
		"5c709d23fa558acfbb9d25b875304644cec7850f787482c89b9b39b939b8f130",
		"78d95c5e2e2f14d0faae383f3998b1b09c9e4e4fc62751d01c5ec61f50c88733",
		"09a5b789af002065eec89f122865feee9b922fa52d212862eece9313eced5b9a",
		"098cf6f47b72b832a5ea92956ccd131a49c9e4e49372fb7a490a6cb5059d2d99",
		"5c7062dc7a557530b29d4a476530a9bbcec76af0787475378b9bc64639380687",
		"09a5c876af00df9aeec870ed286503119b92d05a2d21d79deece6cec6ceda465",
		"78d9a3a12e27ea2ff8aec7c039984e4f1c9eb1b0c627ae2f1c5e39e050c878cc",
		"6d8e090b7b7a4585affb6d6a6dcde4e5c9cb1b1a93720485490b934a059dd266",
	}},
	{100, 75, 3, 100, [8]string{
		"9940a6df59a3a34eccb3b9e85528a24f2eb34c468a9f69305866516ed64f174f",
		"dd22d5a1559059f0ecf8343c53a349ca6ca02ab02e9cb74f5727ae9079ef865c",
		"c81504750cf609e599e61342027d0ce57be6e6ecdecac39a0d33fbc4831abde5",
		"88777f0b00c5f35ab9ad9f9606f6e36039f5801a7bc91de50272043a2cba3cf6",
		"9d40512059a35cb1ccb3461757285db02eb3b3b98b9f96cf5866ae91d64fe8b0",
		"c815fb8a0cf6f61a99e6ecbd027df31a7be61913deca3c650d33043b831a421a",
		"dd222a5e5590a60facf84ac351a3b6156ca0d54f2e9c48b05727516f79ef69a3",
		"887780f400c50ca5b9ad616906f61c9f39f57fe57bc9e21a0272fbc52cbad309",
	}},
	{333, 217, 4, 100, [8]string{
		"f000c1ff0fff7f00f00009ff7fadf808b8bfe0ffe1f383e007e0e7803f80a600",
		"c96424929be3647d3782cdf0321f89c162fe9b8766f09b1f6780993f6460991f",
		"a5556b555aaad5aaa555a3552afc52a2edeb4a55b4a6294a52954d2a6ad58caa",
		"9ca08e31ceb2ced762d7675a674a236b33ab312d33a531b53295319531b53135",
		"f0003e000fff80fff000f6007fa807f7b8be1f00e1f37c1f07c0187f3f8059ff",
		"a55594aa5aaa2a55a5555c2a2af8ad5d6de8b5a2b4a656b5129592d56ad53355",
		"c9f5db649be79b823782320f321f763e66fe647866f864e067c066c064e066e0",
		"9ca171ceceb2312862d798a5674adc9433abced233a5ce4a3295ce6a31b5ccca",
	}},
	{640, 360, 5, 100, [8]string{
		"3ffffffffee7c44280000000000000000043006304630fff47ff6fffffff4fff",
		"7c078ff0e00f1ffdf0170f80e07f1f40e09f0f00f07f3fe0c01f1f80f1ff1e00",
		"eaaa5555aab266c8d5552aaa5555aae954b6accd5332a5553aaa4555aaaac555",
		"a952255ab55ab557a54aa52ab52ab5eab5caa5aaa5aa954a954ab52aa4aab5aa",
		"bfff0000ffe7339d80007fff0000fffd01e3f9980767f0006fff1000ffff1000",
		"6aaaaaaaaab29937d555d555555555565496533252325aaa32aabaaaaaaabaaa",
		"7802700fe006e002e017f03fe01fc01fe01ff0ffe07fc01fc01fe01ff0ffe0ff",
		"a953daa5b55a4aa8a54a5ad5b52a4a35b5ca5b55a5aa6ab5954a4ad5a4aa4b55",
	}},
	{5, 9, 6, 100, [8]string{
		"96273c8d69d894a5962769d89627962569d89e2796274b5a9627c37269d86c5b",
		"9b6cdb687493249764d324968b7cdb697482db689b6cdb68649324978a7d2496",
		"c37296273c8d1e0fc372c372c3723c8f3c8d348dc372c1f0c37269d83c8dc6f1",
		"ce3971c231d68e3d31868e3cde2971c321d771c2ce3971c231c68e3ddf288e3c",
		"9627c37269d86b5a96279627962769da69d861d89627b4a596273c8d69d893a4",
		"c37269d83c8de1f0c3723c8dc372c3703c8dcb72c3723e0fc37296273c8d390e",
		"9b6c24976483db6864d3db698b7c2496748224979b6c24976493db688a7ddb69",
		"ce398e3d21c671c2318671c3de298e3c21d78e3dce398e3d31c671c2df2871c3",
	}},
	{1024, 768, 7, 100, [8]string{
		"000000200fe007e001f807e10ffc17fc01ba02ff1ff8bfec0bff01fffff03ffc",
		"035effc423b7fcc023fbc800b7ff0000ffff0000ffff80006fff900207edf812",
		"54a5ab567aa9ad5a54a9ad55aaaa15557aaa25552aaa55568aaa1d55aaacd555",
		"560b576e76e2562a76ae62aae2aaaaaaaaaaaaaaaaaaaaaa3aaa3aa852b852ba",
		"03f0fe032ffcf80f01fcf800ffff40002fff60007fff0003dfff4800fff98000",
		"56b554a97aa952a554a952aaeaaaeaaa7aaadaaa2aaaaaa98aaae2aaaaad2aaa",
		"0012000200130133223b3733377b3fbf3fff3f7f7fff0bef0bfd035d00cc044c",
		"560ba89176e2a99576ae9d5562aa5555aaaa5555aaaa55553aaac55752b8ad45",
	}},
}

func TestPDQIsTheReference(t *testing.T) {
	for _, r := range reference {
		t.Run(fmt.Sprintf("%dx%d", r.w, r.h), func(t *testing.T) {
			img := synthetic(r.w, r.h, r.seed)
			hashes, quality := NewLuma(img).PDQDihedral()
			for d, h := range hashes {
				if h.String() != r.hashes[d] {
					t.Errorf("%q: %s, want %s", Dihedral(d), h, r.hashes[d])
				}
			}
			if quality != r.quality {
				t.Errorf("quality %d, want %d", quality, r.quality)
			}
			if h, q := PDQ(img); h != hashes[Upright] || q != quality {
				t.Errorf("PDQ gives %s, %d, the dihedral hashes %s, %d", h, q, hashes[Upright], quality)
			}
		})
	}
}

func TestPDQWhereverThePictureStarts(t *testing.T) {
	big := synthetic(200, 150, 3)
	part := big.SubImage(image.Rect(30, 20, 190, 140)).(*image.Gray)
	moved := image.NewGray(image.Rect(0, 0, 160, 120))
	rgba := image.NewRGBA(image.Rect(-5, 7, 155, 127))
	for y := range 120 {
		for x := range 160 {
			moved.Set(x, y, part.At(30+x, 20+y))
			rgba.Set(x-5, y+7, part.At(30+x, 20+y))
		}
	}
	want, _ := PDQ(part)
	if got, _ := PDQ(moved); got != want {
		t.Errorf("moved to 0,0: %s, want %s", got, want)
	}
	if got, _ := PDQ(rgba); got.Distance(want) > 2 { // weights of grey do not add up to 1 in float32
		t.Errorf("as RGBA: %s, want %s", got, want)
	}
}

func TestPDQOfLargePicturesIsNearTheReference(t *testing.T) {
	for name, img := range photographs(t) {
		img := resize.Resize(2600, 0, img, resize.Bicubic)
		b := img.Bounds()
		full := &Luma{b.Dx(), b.Dy(), nil}
		row := make([]float32, b.Dx())
		for y := range b.Dy() {
			rowReader(img)(b.Min.Y+y, row)
			full.Pix = append(full.Pix, row...)
		}
		want, quality := full.PDQ()
		if got, _ := PDQ(img); quality >= 80 && got.Distance(want) > 10 { // the reference's tolerance for decoders
			t.Errorf("%s: distance %d when shrunk before", name, got.Distance(want))
		}
	}
}

func TestPDQQuality(t *testing.T) {
	for name, img := range map[string]image.Image{
		"plain": image.NewGray(image.Rect(0, 0, 100, 100)),
		"tiny":  synthetic(4, 100, 1),
		"empty": image.NewGray(image.Rectangle{}),
	} {
		if _, q := PDQ(img); q != 0 {
			t.Errorf("%s: quality %d, want 0", name, q)
		}
	}
}

func TestTurnedHashIsNearlyTheHashOfTheTurnedPicture(t *testing.T) {
	for name, img := range photographs(t) {
		hashes, _ := NewLuma(img).PDQDihedral()
		for d, want := range hashes {
			if got := hashes[Upright].Turned(Dihedral(d)); got.Distance(want) > 16 {
				t.Errorf("%s, %q: distance %d, want at most 16", name, Dihedral(d), got.Distance(want))
			}
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(reference[0].hashes[0])
	f.Add("f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b2")
	f.Add("zz")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHash(s)
		if err != nil {
			if h != (Hash{}) {
				t.Errorf("%q: a hash beside the error %v", s, err)
			}
			return
		}
		if again, err := ParseHash(h.String()); err != nil || again != h {
			t.Errorf("%q: read back as %s, %v", s, again, err)
		}
	})
}

func BenchmarkPDQ(b *testing.B) {
	for _, size := range [][2]int{{64, 64}, {640, 360}} {
		l := NewLuma(synthetic(size[0], size[1], 3))
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.PDQ()
			}
		})
	}
}
