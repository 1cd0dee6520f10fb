package main

import (
	"context"
	"fmt"
	"image"
	"time"

	"github.com/likeness-go/likeness/audio"
	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/video"
)

// cost is what a kind of media costs, on a few of the works.
type cost struct {
	Kind        string  `json:"kind"`
	Units       float64 `json:"units"`       // seconds, characters or pictures measured
	DecodeCPU   float64 `json:"decode_cpu"`  // seconds, all of them
	HashCPU     float64 `json:"hash_cpu"`    // seconds above decoding
	Fingerprint int64   `json:"fingerprint"` // bytes of fingerprints of all registered works of the kind
	Registered  float64 `json:"registered"`  // units of all registered works of the kind
	Index       int64   `json:"index"`       // bytes of the whole index, all kinds
	Lookup      float64 `json:"lookup"`      // CPU seconds a lookup, decoding apart
}

// perUnit is a cost in the unit that people compare.
type perUnit struct {
	Kind, Unit   string
	Decode, Hash float64 // CPU seconds
	Bytes        float64 // kB of fingerprint
	Lookup       float64 // CPU milliseconds
}

// Per scales a cost to an hour, a picture or a million characters.
func (c cost) Per() perUnit {
	per, name := 3600.0, "hour"
	switch c.Kind {
	case "picture":
		per, name = 1, "picture"
	case "document":
		per, name = 1e6, "million characters"
	}
	scale := per / max(c.Units, 1)
	return perUnit{c.Kind, name, c.DecodeCPU * scale, c.HashCPU * scale,
		float64(c.Fingerprint) / 1000 * per / max(c.Registered, 1), 1000 * c.Lookup}
}

// Megabytes is the size of the index.
func (c cost) Megabytes() float64 { return float64(c.Index) / 1e6 }

func (c cost) String() string {
	p := c.Per()
	return fmt.Sprintf("%s: decoding %.3g and hashing %.3g CPU s, fingerprint %.4g kB a %s; lookup %.3g ms CPU; index %.4g MB",
		c.Kind, p.Decode, p.Hash, p.Bytes, p.Unit, p.Lookup, c.Megabytes())
}

// costs measures decoding and hashing apart on a few works of each kind, one
// after the other so that the CPU is theirs.
func (l *library) costs(ctx context.Context) ([]cost, error) {
	var all []cost
	size := folderSize(l.ours.dir)
	for _, k := range l.kinds {
		c := cost{Kind: k.String(), Fingerprint: l.ours.bytes[k], Registered: l.ours.units[k], Index: size}
		lookups := 0
		for _, s := range l.corpus.of(k, work, 8) {
			decode, whole, set, err := l.timeOne(ctx, s)
			if err != nil {
				continue // it was named when it was not registered
			}
			c.DecodeCPU, c.HashCPU = c.DecodeCPU+decode, c.HashCPU+max(0, whole-decode)
			for _, f := range set.Of(k) {
				c.Units += unitsOf(f)
			}
			before := cpu()
			if _, err := l.ours.ix.Lookup(ctx, set, nil); err != nil {
				return nil, err
			}
			c.Lookup += cpu() - before
			lookups++
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.Lookup /= float64(max(1, lookups))
		all = append(all, c)
	}
	return all, nil
}

// timeOne decodes a source to nothing, then fingerprints it.
func (l *library) timeOne(ctx context.Context, s source) (decode, whole float64, set *fingerprint.Set, err error) {
	start := cpu()
	if err = decodeOnly(ctx, s); err != nil {
		return
	}
	decode = cpu() - start
	start = cpu()
	set, err = fingerprint.File(ctx, s.Path, nil)
	return decode, cpu() - start, set, err
}

// decodeOnly asks for the same samples and frames as the hashers do, and
// drops them.
func decodeOnly(ctx context.Context, s source) error {
	in, done, err := openInput(s.Path)
	if err != nil {
		return err
	}
	defer done()
	limits := (*media.Limits)(nil).Effective()
	switch s.Kind {
	case fingerprint.Picture:
		_, _, err = media.Picture(ctx, in, limits)
	case fingerprint.Document:
		_, err = media.Text(ctx, in, limits, func(int, string) error { return nil })
	default:
		_, err = media.Stream(ctx, in, limits, requestOf(s.Kind), media.Sink{
			Sound: func([]float32) error { return nil },
			Frame: func(time.Duration, *image.Gray) error { return nil },
			Reset: func() {},
		})
	}
	return err
}

// requestOf is what the hashers of a kind ask a decoder for.
func requestOf(k fingerprint.Kind) media.Request {
	r := media.Request{SampleRate: audio.SampleRate}
	if k == fingerprint.Video {
		r.FrameRate, r.FrameWidth, r.FrameHeight = video.FrameRate, video.FrameWidth, video.FrameHeight
	}
	return r
}
