package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"os"
	"slices"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// exhibit is one miss or false match with what a person needs to judge it:
// both sides, to be played, seen or read without leaving the page.
type exhibit struct {
	Title string
	Note  string
	Query side
	Work  side
}

// side is one of the two files of an exhibit.
type side struct {
	Name   string
	Sound  template.URL // data: addresses; made here from files of the corpus
	Images []template.URL
	Text   string
}

// exhibitsOf chooses the worst misses, whose right work scored least, and the
// worst false matches, whose wrong work scored most, of one kind.
func (l *library) exhibitsOf(ctx context.Context, kind fingerprint.Kind, outcomes []outcome, level float64, most int) (misses, wrong []exhibit) {
	byID := map[string]source{}
	for _, s := range l.corpus.Sources {
		byID[s.ID] = s
	}
	var missed, accused []outcome
	for _, o := range outcomes {
		switch {
		case o.Kind != kind:
		case o.Split == work && o.try(o.Truths[0], len(o.Truths)).score < level:
			missed = append(missed, o)
		default:
			if _, ok := o.worst(); ok {
				accused = append(accused, o)
			}
		}
	}
	score := func(o outcome) float64 { return o.try(o.Truths[0], len(o.Truths)).score }
	slices.SortStableFunc(missed, func(a, b outcome) int { return cmp.Compare(score(a), score(b)) })
	slices.SortStableFunc(accused, func(a, b outcome) int {
		x, _ := a.worst()
		y, _ := b.worst()
		return cmp.Compare(y.Score, x.Score)
	})
	for _, o := range missed[:min(most, len(missed))] {
		t := o.Truths[0]
		misses = append(misses, exhibit{fmt.Sprintf("%s %s", o.Transform, o.Strength), fmt.Sprintf("the right work scored %.3f", score(o)),
			l.side(ctx, o.query.Path, o.Source, kind, t.Query), l.side(ctx, byID[t.Source].Path, t.Source, kind, t.Work)})
	}
	for _, o := range accused[:min(most, len(accused))] {
		a, _ := o.worst()
		wrong = append(wrong, exhibit{fmt.Sprintf("%s %s", o.Transform, o.Strength), fmt.Sprintf("scored %.3f, on the %s track", a.Score, a.Kind),
			l.side(ctx, o.query.Path, o.Source, a.Kind, a.Query), l.side(ctx, byID[a.Source].Path, a.Source, a.Kind, a.Work)})
	}
	return misses, wrong
}

// side shows a span of a file: up to 10 s of sound, three frames, a picture,
// or the beginning of a text. What cannot be shown is left out.
func (l *library) side(ctx context.Context, path, name string, kind fingerprint.Kind, span fingerprint.Span) side {
	s := side{Name: name}
	length := min(span.Length(), 10)
	if length <= 0 {
		length = 10
	}
	from := number(max(0, span.From))
	switch kind {
	case fingerprint.Audio:
		b, err := ffmpeg(ctx, nil, "-ss", from, "-t", number(length), "-i", path, "-vn", "-ac", "1", "-ar", "22050", "-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3", "-")
		if err == nil {
			s.Sound = dataURL("audio/mpeg", b)
		}
	case fingerprint.Video:
		for i := range 3 {
			at := number(max(0, span.From) + length*(float64(i)+0.5)/3)
			if b, err := ffmpeg(ctx, nil, "-ss", at, "-i", path, "-frames:v", "1", "-vf", "scale=200:-2", "-q:v", "6", "-f", "mjpeg", "-"); err == nil && len(b) > 0 {
				s.Images = append(s.Images, dataURL("image/jpeg", b))
			}
		}
	case fingerprint.Picture:
		if b, err := ffmpeg(ctx, nil, "-i", path, "-frames:v", "1", "-vf", "scale=260:-2", "-q:v", "5", "-f", "mjpeg", "-"); err == nil && len(b) > 0 {
			s.Images = append(s.Images, dataURL("image/jpeg", b))
		}
	case fingerprint.Document:
		if text, err := textOf(ctx, path); err == nil {
			r := []rune(strings.Join(strings.Fields(text), " "))
			s.Text = string(r[:min(len(r), 500)])
		} else if b, err := os.ReadFile(path); err == nil {
			s.Text = strings.ToValidUTF8(string(b[:min(len(b), 500)]), "�")
		}
	}
	return s
}

func dataURL(mediaType string, b []byte) template.URL {
	return template.URL("data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(b))
}
