package main

import (
	"context"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// Filters that films and pictures share.
const (
	cropped5    = "crop=iw*0.95:ih*0.95"
	cropped10   = "crop=iw*0.9:ih*0.9"
	cropped20   = "crop=iw*0.8:ih*0.8"
	letterboxed = "pad=iw:ih*1.3:0:(oh-ih)/2"
	pillarboxed = "pad=iw*1.3:ih:(ow-iw)/2:0"
	rotated     = "rotate=2*PI/180"
	logo        = "drawbox=x=iw*0.85:y=ih*0.05:w=iw*0.1:h=ih*0.1:color=red@0.9:t=fill"
	recoloured  = "hflip,crop=iw*0.9:ih*0.9,eq=gamma=1.3:saturation=0.6"

	// the picture at 70 % over what covers the whole
	inPicture = "split[a][b];[a]scale=iw*0.7:ih*0.7[small];[b]negate,boxblur=8,hue=h=90[back];[back][small]overlay=(W-w)/2:(H-h)/2"
	// as phones show what was made for televisions
	vertical = "split[a][b];[a]scale=270:-2[small];[b]scale=-2:480,crop=270:480,boxblur=12[back];[back][small]overlay=0:(H-h)/2"
	// what a camera that stands askew sees of a screen
	askew = "perspective=x0=W*0.03:y0=H*0.04:x1=W*0.98:y1=H*0.01:x2=W*0.01:y2=H*0.97:x3=W*0.96:y3=H*0.99,gblur=sigma=1.4"
)

// caption writes a line across the bottom, where "at" says when.
func caption(text, y, at string) string {
	return "drawtext=text='" + text + "':fontsize=h/14:fontcolor=white:borderw=2:x=(w-text_w)/2:y=h*" + y + at
}

// pictureTransforms is the table of what is done to pictures, by ffmpeg's
// filters.
func pictureTransforms() []transform {
	row := func(name, strength, ext, filter string, options ...string) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Picture, Ext: ext, recipe: pictured(filter, options...)}
	}
	jpeg := func(name, strength, filter string) transform {
		return row(name, strength, ".jpg", filter, "-q:v", "4")
	}
	return []transform{
		row("copy", "half size, quality 40", ".jpg", "scale=iw/2:-1", "-q:v", "13"),
		row("PNG", "", ".png", "null", "-compression_level", "1"),
		row("WebP", "low", ".webp", "null", "-quality", "30"),
		jpeg("scale", "quarter", "scale=iw/4:-1"),
		jpeg("brightness", "+0.15", "eq=brightness=0.15"),
		jpeg("contrast", "0.7", "eq=contrast=0.7"),
		jpeg("gamma", "1.4", "eq=gamma=1.4:saturation=1.3"),
		jpeg("grey", "", "hue=s=0"),
		jpeg("letterbox", "", letterboxed),
		jpeg("pillarbox", "", pillarboxed),
		jpeg("crop", "5 %", cropped5),
		jpeg("crop", "10 %", cropped10),
		jpeg("crop", "20 %", cropped20),
		jpeg("logo", "10 %", logo),
		jpeg("subtitles", "", caption("The ferry leaves at noon", "0.82", "")+","+caption("and nobody has seen the letter.", "0.9", "")),
		jpeg("mirror", "", "hflip"),
		jpeg("picture-in-picture", "70 %", inPicture),
		jpeg("rotation", "2 degrees", rotated),
		jpeg("noise", "", "noise=alls=25"),
		jpeg("blur", "", "gblur=sigma=2.5"),
		jpeg("aspect", "4:3", "scale=640:480,setsar=1"),
		jpeg("vertical 9:16", "blurred bars", vertical),
		jpeg("photographed from a screen", "", askew+",eq=contrast=0.85,noise=alls=8"),
		jpeg("mirror, crop, colour", "", recoloured),
	}
}

// pictured runs a picture through a filter.
func pictured(filter string, options ...string) recipe {
	spec := filter + " " + strings.Join(options, " ")
	return recipe{spec, func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		args := append([]string{"-i", in.Source.Path, "-frames:v", "1", "-vf", "format=rgb24," + filter}, options...)
		_, err := ffmpeg(ctx, nil, append(args, out)...)
		page := fingerprint.Span{To: 1}
		return []truth{{in.Source.ID, fingerprint.Picture, page, page}}, err
	}}
}
