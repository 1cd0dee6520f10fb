package main

import (
	"context"
	"image"
	"math/bits"

	"github.com/corona10/goimagehash"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/picture"
)

// framePeer hashes a frame a second, or the one picture, and compares every
// frame with every other.
type framePeer[H any] struct {
	kinds
	name  string
	shelf shelf[[]H]
	hash  func(image.Image) (H, bool) // false: too plain to count
	near  func(a, b H) bool
	score func(near, frames int) float64 // of a work in which so many of the query's frames are
}

// newPHashes is goimagehash's 64-bit perceptual hash: frames within 12 bits,
// counted. Pictures are frames too, where only one can be near.
func newPHashes() *framePeer[uint64] {
	return &framePeer[uint64]{
		kinds: kinds{fingerprint.Video, fingerprint.Picture}, name: "goimagehash",
		hash: func(img image.Image) (uint64, bool) {
			h, err := goimagehash.PerceptionHash(img)
			if err != nil {
				return 0, false
			}
			return h.GetHash(), true
		},
		near:  func(a, b uint64) bool { return bits.OnesCount64(a^b) <= 12 },
		score: func(near, _ int) float64 { return 1 - 1/float64(1+near) },
	}
}

// newVPDQ is vPDQ's rule over our PDQ, which is Meta's bit for bit: frames of
// quality 50 within 31 bits, as a share of the query's frames.
func newVPDQ() *framePeer[picture.Hash] {
	return &framePeer[picture.Hash]{
		kinds: kinds{fingerprint.Video, fingerprint.Picture}, name: "vPDQ",
		hash: func(img image.Image) (picture.Hash, bool) {
			h, quality := picture.PDQ(img)
			return h, quality >= 50
		},
		near: func(a, b picture.Hash) bool {
			d := 0
			for i := range a {
				d += bits.OnesCount8(a[i] ^ b[i])
			}
			return d <= 31
		},
		score: func(near, frames int) float64 { return float64(near) / float64(max(1, frames)) },
	}
}

func (p *framePeer[H]) Name() string   { return p.name }
func (p *framePeer[H]) Missing() error { return nil }
func (p *framePeer[H]) Close() error   { return nil }

func (p *framePeer[H]) hashes(ctx context.Context, kind fingerprint.Kind, path string) ([]H, error) {
	frames, err := framesOf(ctx, kind, path)
	var all []H
	for _, f := range frames {
		if h, ok := p.hash(f); ok {
			all = append(all, h)
		}
	}
	return all, err
}

// framesOf decodes a frame a second at 512 pixels' width, which is where
// PDQ's reference works.
func framesOf(ctx context.Context, kind fingerprint.Kind, path string) ([]image.Image, error) {
	const width, height = 512, 288
	args := []string{"-i", path, "-an"}
	if kind == fingerprint.Picture {
		args = append(args, "-frames:v", "1", "-vf", "scale=512:288")
	} else {
		args = append(args, "-vf", "fps=1,scale=512:288")
	}
	raw, err := ffmpeg(ctx, nil, append(args, "-pix_fmt", "gray", "-f", "rawvideo", "-")...)
	if err != nil {
		return nil, err
	}
	var frames []image.Image
	for len(raw) >= width*height {
		frames = append(frames, &image.Gray{Pix: raw[:width*height], Stride: width, Rect: image.Rect(0, 0, width, height)})
		raw = raw[width*height:]
	}
	return frames, nil
}

func (p *framePeer[H]) Register(ctx context.Context, s source) error {
	h, err := p.hashes(ctx, s.Kind, s.Path)
	if err == nil {
		p.shelf.add(s.ID, h)
	}
	return err
}

func (p *framePeer[H]) Query(ctx context.Context, q query) ([]answer, error) {
	frames, err := p.hashes(ctx, q.Kind, q.Path)
	if err != nil {
		return nil, err
	}
	var all []answer
	for _, w := range p.shelf.works {
		near := 0
		for _, f := range frames {
			for _, g := range w.v {
				if p.near(f, g) {
					near++
					break
				}
			}
		}
		all = append(all, answer{Source: w.id, Score: p.score(near, len(frames)), Kind: q.Kind})
	}
	return best(all), nil
}
