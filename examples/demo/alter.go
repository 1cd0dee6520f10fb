package main

import (
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"

	_ "image/png"

	"golang.org/x/image/draw"
)

// An alteration makes a copy that is no longer the same file.
type alteration struct {
	name string
	ext  string // of the copy
	only string // extension of the works that it fits; "": all
	make func(ctx context.Context, from, to string) error
}

// alterations by the folder of the work.
var alterations = map[string][]alteration{
	"songs": {
		{"MP3, 64 kbit/s", ".mp3", "", ffmpegTo("-vn", "-c:a", "libmp3lame", "-b:a", "64k")},
		{"15 s of it, Opus, 32 kbit/s", ".opus", "", ffmpegCut(12.3, 15, "-vn", "-ac", "1", "-c:a", "libopus", "-b:a", "32k")},
	},
	"films": {
		{"H.264, 320x180, CRF 32", ".mp4", "", ffmpegTo("-vf", "scale=320:180", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "32", "-pix_fmt", "yuv420p", "-c:a", "libmp3lame", "-b:a", "64k")},
		{"9 s of it, VP8, 15 fps", ".webm", "", ffmpegCut(3.7, 9, "-vf", "scale=424:240,fps=15", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-b:v", "300k", "-c:a", "libopus", "-b:a", "32k")},
	},
	"pictures": {
		{"half size, JPEG quality 40", ".jpg", "", halve},
	},
	"books": {
		{"as HTML, other line breaks", ".html", "", reformat},
		{"as GB18030 text", ".txt", "", transcode},
		{"one page of it", ".txt", "", page},
	},
}

// halve scales a picture to half its size and saves it badly.
func halve(_ context.Context, from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	src, _, err := image.Decode(f)
	if err != nil {
		return err
	}
	half := image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx()/2, src.Bounds().Dy()/2))
	draw.CatmullRom.Scale(half, half.Bounds(), src, src.Bounds(), draw.Src, nil)
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(out, half, &jpeg.Options{Quality: 40}); err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return out.Close()
}
