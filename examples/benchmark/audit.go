package main

import (
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/likeness-go/likeness/fingerprint"
)

// The audit finds sources that truly show the same thing, so that an honest
// match is not counted as a false one. Its judges share nothing with the
// hashers that are measured: letters for texts, pixels for pictures and films,
// Chromaprint for sound. A stranger that shares with a work is left out; works
// that share with each other may be taken for each other.

// A shared is a pair of sources that show the same, and how we know.
type shared struct {
	Source string `json:"source"`
	Work   string `json:"work"`
	Reason string `json:"reason"`
}

// A witness tells what a source shares with the works shown before it.
type witness interface {
	// show looks at a source, and remembers it if it is a work.
	show(ctx context.Context, s source) error
	// pairs are the pairs of sources that share something.
	pairs() []shared
}

// auditCorpus leaves strangers out of the corpus that share with a work, and learns
// which works share with each other.
func (l *library) auditCorpus(ctx context.Context) error {
	l.related = map[string][]string{}
	for _, k := range l.kinds {
		w, why := witnessOf(k)
		if w == nil {
			l.notes = append(l.notes, fmt.Sprintf("%s sources not audited for shared content: %s", k, why))
			continue
		}
		meter := newMeter("auditing "+k.String(), len(l.corpus.of(k, work, 0))+len(l.corpus.of(k, stranger, 0)))
		for _, s := range slices.Concat(l.corpus.of(k, work, 0), l.corpus.of(k, stranger, 0)) {
			if err := w.show(ctx, s); err != nil && ctx.Err() != nil {
				return ctx.Err() // a source that cannot be read is named when it is registered
			}
			meter.add()
		}
		meter.finish()
		l.settle(w.pairs())
	}
	return nil
}

// settle acts on what a witness has seen.
func (l *library) settle(pairs []shared) {
	split := map[string]string{}
	for _, s := range l.corpus.Sources {
		split[s.ID] = s.Split
	}
	out := map[string]bool{}
	for _, p := range pairs {
		a, b := split[p.Source], split[p.Work]
		switch {
		case a == work && b == work:
			l.related[p.Source] = append(l.related[p.Source], p.Work)
			l.related[p.Work] = append(l.related[p.Work], p.Source)
		case a == stranger && b == work:
			if !out[p.Source] {
				l.excluded = append(l.excluded, p)
			}
			out[p.Source] = true
		}
	}
	l.corpus.Sources = slices.DeleteFunc(l.corpus.Sources, func(s source) bool { return out[s.ID] })
}

func witnessOf(k fingerprint.Kind) (w witness, why string) {
	switch k {
	case fingerprint.Document:
		return &readers{blocks: map[string][]mark{}}, ""
	case fingerprint.Picture, fingerprint.Video:
		if err := installed("ffmpeg"); err != nil {
			return nil, err.Error()
		}
		return &viewers{}, ""
	case fingerprint.Audio:
		c := newChromaprint()
		if err := c.Missing(); err != nil {
			return nil, err.Error()
		}
		return &listeners{c: c}, ""
	}
	return nil, "no witness"
}

// readers compare texts letter by letter. Runs of 24 Chinese characters or
// 100 letters are quotations, not chance: the classic unit of plagiarism.
type readers struct {
	texts  []reading
	blocks map[string][]mark // of the works; so many that every run holds one
	found  []shared
}

type reading struct {
	id      string
	letters []rune
}

type mark struct{ text, at int }

const (
	hanRun, letterRun = 24, 100
	hanBlock          = 12 // and every 12 letters
	letterBlock       = 50 // and every 48
	letterStride      = 48
)

func (r *readers) show(ctx context.Context, s source) error {
	text, err := textOf(ctx, s.Path)
	if err != nil {
		return err
	}
	me := reading{s.ID, lettersOf(text)}
	r.read(me)
	if s.Split == work {
		r.shelve(me)
	}
	return nil
}

func (r *readers) pairs() []shared { return r.found }

// lettersOf keeps what reformatting does not touch.
func lettersOf(text string) []rune {
	var out []rune
	for _, c := range text {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			out = append(out, unicode.ToLower(c))
		}
	}
	return out
}

// blockAt is the block of letters that begins at i, and the run that counts
// there: short blocks where the writing is Chinese.
func blockAt(letters []rune, i int) (block string, run int) {
	if i+hanBlock > len(letters) {
		return "", 0
	}
	han := 0
	for _, c := range letters[i : i+hanBlock] {
		if unicode.Is(unicode.Han, c) {
			han++
		}
	}
	if han == hanBlock {
		return string(letters[i : i+hanBlock]), hanRun
	}
	if i+letterBlock > len(letters) {
		return "", 0
	}
	return string(letters[i : i+letterBlock]), letterRun
}

// shelve remembers a block every few letters: stride - 1 + block <= run, so
// that every run of full length holds one.
func (r *readers) shelve(me reading) {
	n := len(r.texts)
	r.texts = append(r.texts, me)
	for i := 0; i < len(me.letters); i += hanBlock {
		block, run := blockAt(me.letters, i)
		if run == hanRun || run == letterRun && i%letterStride == 0 {
			r.blocks[block] = append(r.blocks[block], mark{n, i})
		}
	}
}

// read looks every block of a text up, and measures the run around a hit.
func (r *readers) read(me reading) {
	seen := map[int]bool{}
	for i := range me.letters {
		block, run := blockAt(me.letters, i)
		if run == 0 {
			break // less than a block is left
		}
		for _, m := range r.blocks[block] {
			if seen[m.text] {
				continue
			}
			other := r.texts[m.text]
			from, to := commonRun(me.letters, other.letters, i, m.at)
			if to-from >= run {
				seen[m.text] = true
				quote := string(me.letters[from:min(to, from+40)])
				r.found = append(r.found, shared{me.id, other.id, fmt.Sprintf("%d letters in a row are the same: %s…", to-from, quote)})
			}
		}
	}
}

// commonRun widens a hit to both sides.
func commonRun(a, b []rune, i, j int) (from, to int) {
	from, to = i, i
	for from > 0 && j-(i-from) > 0 && a[from-1] == b[j-(i-from)-1] {
		from--
	}
	for to < len(a) && j+to-i < len(b) && a[to] == b[j+to-i] {
		to++
	}
	return from, to
}

// viewers compare pictures, and frames a second, by the correlation of their
// pixels at 32x32: what a resized or recompressed copy keeps above 0.98.
type viewers struct {
	seen  []view
	found []shared
}

type view struct {
	id     string
	pixels [side32 * side32]float32 // mean 0, length 1
}

const (
	side32     = 32
	sameCorr   = 0.98
	leastSpeak = 12 // grey levels of deviation; plainer frames tell nothing
)

func (v *viewers) show(ctx context.Context, s source) error {
	frames, err := framesOf(ctx, s.Kind, s.Path)
	if err != nil {
		return err
	}
	var mine []view
	for _, f := range frames {
		if w, ok := viewOf(s.ID, f); ok {
			mine = append(mine, w)
		}
	}
	met := map[string]bool{}
	for _, w := range mine {
		for i := range v.seen {
			other := &v.seen[i]
			if met[other.id] {
				continue
			}
			if c := correlation(&w, other); c >= sameCorr {
				met[other.id] = true
				v.found = append(v.found, shared{s.ID, other.id, fmt.Sprintf("a picture correlates by %.3f", c)})
			}
		}
	}
	if s.Split == work {
		v.seen = append(v.seen, mine...)
	}
	return nil
}

func (v *viewers) pairs() []shared { return v.found }

// viewOf shrinks a grey picture by averaging and takes mean and contrast out.
func viewOf(id string, img image.Image) (view, bool) {
	v := view{id: id}
	g, ok := img.(*image.Gray)
	if !ok {
		return v, false
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	mean := 0.0
	for y := range side32 {
		for x := range side32 {
			sum, n := 0, 0
			for yy := y * h / side32; yy < (y+1)*h/side32; yy++ {
				row := g.Pix[yy*g.Stride:]
				for xx := x * w / side32; xx < (x+1)*w/side32; xx++ {
					sum, n = sum+int(row[xx]), n+1
				}
			}
			v.pixels[y*side32+x] = float32(sum) / float32(max(1, n))
			mean += float64(v.pixels[y*side32+x]) / (side32 * side32)
		}
	}
	square := 0.0
	for i := range v.pixels {
		v.pixels[i] -= float32(mean)
		square += float64(v.pixels[i] * v.pixels[i])
	}
	length := math.Sqrt(square)
	for i := range v.pixels {
		v.pixels[i] /= float32(max(length, 1))
	}
	return v, length/side32 >= leastSpeak
}

func correlation(a, b *view) float64 {
	var sum float32
	for i := range a.pixels {
		sum += a.pixels[i] * b.pixels[i]
	}
	return float64(sum)
}

// listeners compare sound by Chromaprint: nine bits in ten alike over 8 s is
// a shared loop, where strangers reach eight.
type listeners struct {
	c     *chromaprint
	found []shared
}

const sameBits = 0.9

func (l *listeners) show(ctx context.Context, s source) error {
	f, err := fpcalc(ctx, s.Path)
	if err != nil {
		return err
	}
	for _, a := range l.c.search(f) {
		if a.Score >= sameBits {
			l.found = append(l.found, shared{s.ID, a.Source, fmt.Sprintf("%.0f %% of Chromaprint's bits are alike over 8 s", 100*a.Score)})
		}
	}
	if s.Split == work {
		l.c.shelf.add(s.ID, f)
	}
	return nil
}

func (l *listeners) pairs() []shared { return l.found }

// reportAudit says what was left out: never silently.
func (l *library) reportAudit() {
	for _, e := range l.excluded {
		fmt.Fprintf(os.Stderr, "benchmark: left out %s: with %s, %s\n", e.Source, e.Work, strings.TrimSpace(e.Reason))
	}
}
