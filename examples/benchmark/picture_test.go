package main

import (
	"os"
	"strings"
	"testing"
)

// pictureLooks are the proofs of pictures alone, by label.
var pictureLooks = map[string]look{
	"copy half size, quality 40": {size: shrunk(0.5), least: 26},
	"PNG":                        {least: 50},
	"WebP low":                   {least: 26},
	"scale quarter":              {size: shrunk(0.25), least: 22},
	"aspect 4:3":                 {size: func(int, int) (int, int) { return 640, 480 }, least: 25},
	"photographed from a screen": {from: seenAskew, blur: 1.4, level: true, least: 24},
}

func TestPictureTransforms(t *testing.T) {
	c := proofCorpus(t)
	magic := map[string]string{".jpg": "\xff\xd8\xff", ".png": "\x89PNG", ".webp": "RIFF"}
	const id = "pictures/astronaut.jpg"
	for _, tr := range pictureTransforms() {
		t.Run(tr.label(), func(t *testing.T) {
			l, ok := pictureLooks[tr.label()]
			if !ok {
				if l, ok = looks[tr.label()]; !ok {
					t.Fatal("nothing proves this transform")
				}
			}
			p := prove(t, c, tr, id, 0)
			source, made := frameAt(t, p.plan.ingredients.Source.Path, 0), frameAt(t, p.Path, 0)
			l.fit(tr.label(), source).show(t, source, made)
			b, err := os.ReadFile(p.Path)
			if err != nil || !strings.HasPrefix(string(b), magic[tr.Ext]) {
				t.Errorf("begins with %.4q, %v, want %q", b, err, magic[tr.Ext])
			}
			if len(p.Truths) != 1 || p.Truths[0].Source != id || p.Truths[0].Query.To != 1 {
				t.Errorf("truths = %v, want all of %s", p.Truths, id)
			}
		})
	}
}

// fit gives a look what depends on the size of the source.
func (l look) fit(label string, source raster) look {
	w, h := float64(source.w), float64(source.h)
	switch label {
	case "rotation 2 degrees":
		l.from = rotatedBy(2, w, h)
	case "vertical 9:16 blurred bars":
		share := 270 * h / w / 480 // of the height
		l.from = shown(0, 0.5-share/2, 1, 0.5+share/2)
	}
	return l
}
