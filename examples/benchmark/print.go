package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Pages are A4 in points, with the text in lines of 11 point letters.
const (
	pageWidth, pageHeight = 595.0, 842.0
	margin                = 60.0
	letterSize            = 11.0
	lineHeight            = 15.0
	linesPerPage          = 48 // (pageHeight - 2*margin) / lineHeight
)

// A printer's font. Each letter is set in the first font that has it.
type typeface struct {
	name string
	data []byte
	font *sfnt.Font
}

// typefaces are the fonts to print with that this machine has: of Debian's
// fonts-dejavu-core and fonts-droid-fallback (Chinese, Japanese).
var typefaces = sync.OnceValues(func() ([]typeface, error) {
	var all []typeface
	for _, name := range []string{"DejaVuSans.ttf", "DroidSansFallbackFull.ttf"} {
		data, err := findFont(name)
		if err != nil || data == nil {
			continue // the letters that are missing then are told of each text
		}
		f, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, typeface{strings.TrimSuffix(name, ".ttf"), data, f})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: no fonts to print with", errSkip)
	}
	return all, nil
})

func findFont(name string) (data []byte, err error) {
	err = filepath.WalkDir("/usr/share/fonts", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() != name {
			return err
		}
		if data, err = os.ReadFile(path); err != nil {
			return err
		}
		return fs.SkipAll
	})
	return data, err
}

// A setting is letters of one font in a line, from x points on.
type setting struct {
	face int
	x    float64
	text string
}

// typeset breaks a text into lines of settings. A text of which a letter in fifty
// is in no font cannot be printed.
func typeset(s string, faces []typeface) (lines [][]setting, err error) {
	missing, all := 0, 0
	var buf sfnt.Buffer
	advance := func(r rune) (face int, width float64) {
		for i, f := range faces {
			g, err := f.font.GlyphIndex(&buf, r)
			if err != nil || g == 0 {
				continue
			}
			if a, err := f.font.GlyphAdvance(&buf, g, fixed.I(64), font.HintingNone); err == nil {
				return i, float64(a) / 64 / 64 * letterSize
			}
		}
		return -1, 0
	}
	for line := range strings.SplitSeq(s, "\n") {
		var set []setting
		x := 0.0
		for _, word := range words(line) {
			width := 0.0
			for _, r := range word {
				if _, w := advance(r); w > 0 {
					width += w
				}
			}
			if x > 0 && x+width > pageWidth-2*margin {
				lines, set, x = append(lines, set), nil, 0
			}
			for _, r := range word {
				if unicode.IsSpace(r) {
					r = ' '
				}
				face, w := advance(r)
				all++
				if face < 0 {
					missing++
					continue
				}
				if n := len(set); n == 0 || set[n-1].face != face {
					set = append(set, setting{face: face, x: x})
				}
				set[len(set)-1].text += string(r)
				x += w
			}
		}
		lines = append(lines, set)
	}
	if 50*missing > all {
		return nil, fmt.Errorf("%w: %d of %d letters are in no font", errSkip, missing, all)
	}
	return lines, nil
}

// asPDF prints the text with a text layer.
func asPDF(s string) ([]byte, error) {
	faces, err := typefaces()
	if err != nil {
		return nil, err
	}
	lines, err := typeset(s, faces)
	if err != nil {
		return nil, err
	}
	p := fpdf.New("P", "pt", "A4", "")
	for _, f := range faces {
		p.AddUTF8FontFromBytes(f.name, "", f.data)
	}
	for i, line := range lines {
		if i%linesPerPage == 0 {
			p.AddPage()
		}
		for _, r := range line {
			p.SetFont(faces[r.face].name, "", letterSize)
			p.Text(margin+r.x, margin+lineHeight*float64(i%linesPerPage+1), r.text)
		}
	}
	var out bytes.Buffer
	err = p.Output(&out)
	return out.Bytes(), err
}

// asScan prints at most three pages, and photographs them: a PDF of pictures.
func asScan(s string) ([]byte, error) {
	const most = 3
	faces, err := typefaces()
	if err != nil {
		return nil, err
	}
	lines, err := typeset(s, faces)
	if err != nil {
		return nil, err
	}
	p := fpdf.New("P", "pt", "A4", "")
	for i := 0; i < min(most, (len(lines)+linesPerPage-1)/linesPerPage); i++ {
		page, err := scanned(lines[i*linesPerPage:min(len(lines), (i+1)*linesPerPage)], faces)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("page%d", i)
		p.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPEG"}, bytes.NewReader(page))
		p.AddPage()
		p.ImageOptions(name, 0, 0, pageWidth, pageHeight, false, fpdf.ImageOptions{}, 0, "")
	}
	var out bytes.Buffer
	err = p.Output(&out)
	return out.Bytes(), err
}

// scanned is a page as a scanner sees it, at 108 dots an inch: grey, with the
// noise of its sensor, as JPEG.
func scanned(lines [][]setting, faces []typeface) ([]byte, error) {
	const scale = 1.5 // pixels a point
	page := image.NewGray(image.Rect(0, 0, 893, 1263))
	for i := range page.Pix {
		page.Pix[i] = 244
	}
	var drawers []font.Drawer
	for _, f := range faces {
		face, err := opentype.NewFace(f.font, &opentype.FaceOptions{Size: letterSize * scale, DPI: 72})
		if err != nil {
			return nil, err
		}
		drawers = append(drawers, font.Drawer{Dst: page, Src: image.NewUniform(color.Gray{Y: 30}), Face: face})
	}
	for i, line := range lines {
		for _, r := range line {
			d := &drawers[r.face]
			d.Dot = fixed.Point26_6{X: fixed.Int26_6(64 * scale * (margin + r.x)), Y: fixed.Int26_6(64 * scale * (margin + lineHeight*float64(i+1)))}
			d.DrawString(r.text)
		}
	}
	r := rand.New(rand.NewPCG(uint64(len(lines)), 5))
	for i, v := range page.Pix {
		page.Pix[i] = uint8(max(0, min(255, float64(v)+4*r.NormFloat64())))
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, page, &jpeg.Options{Quality: 75})
	return out.Bytes(), err
}
