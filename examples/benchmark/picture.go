package main

import (
	"context"

	"github.com/likeness-go/likeness/fingerprint"
)

// pictureTransforms is the table of what is done to pictures, by ffmpeg's
// filters.
func pictureTransforms() []transform {
	row := func(name, strength, ext, filter string, options ...string) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Picture, Ext: ext, Make: pictured(filter, options...)}
	}
	jpeg := func(name, strength, filter string) transform {
		return row(name, strength, ".jpg", filter, "-q:v", "4")
	}
	return []transform{
		row("copy", "half size, quality 40", ".jpg", "scale=iw/2:-1", "-q:v", "13"),
		row("PNG", "", ".png", "null"),
		row("WebP", "low", ".webp", "null", "-quality", "30"),
		jpeg("scale", "quarter", "scale=iw/4:-1"),
		jpeg("brightness", "+0.15", "eq=brightness=0.15"),
		jpeg("contrast", "0.7", "eq=contrast=0.7"),
		jpeg("gamma", "1.4", "eq=gamma=1.4:saturation=1.3"),
		jpeg("grey", "", "hue=s=0"),
		jpeg("letterbox", "", "pad=iw:ih*1.25:0:(oh-ih)/2"),
		jpeg("pillarbox", "", "pad=iw*1.3:ih:(ow-iw)/2:0"),
		jpeg("crop", "5 %", "crop=iw*0.95:ih*0.95"),
		jpeg("crop", "10 %", "crop=iw*0.9:ih*0.9"),
		jpeg("crop", "20 %", "crop=iw*0.8:ih*0.8"),
		jpeg("logo", "10 %", "drawbox=x=iw*0.85:y=ih*0.05:w=iw*0.1:h=ih*0.1:color=red@0.9:t=fill"),
		jpeg("subtitles", "", "drawbox=x=iw*0.15:y=ih*0.84:w=iw*0.7:h=ih*0.035:color=white:t=fill,drawbox=x=iw*0.25:y=ih*0.9:w=iw*0.5:h=ih*0.035:color=white:t=fill"),
		jpeg("mirror", "", "hflip"),
		jpeg("rotation", "2 degrees", "rotate=2*PI/180"),
		jpeg("noise", "", "noise=alls=25"),
		jpeg("blur", "", "gblur=sigma=2.5"),
		jpeg("aspect", "4:3", "scale=640:480,setsar=1"),
		jpeg("mirror, crop, colour", "", "hflip,crop=iw*0.9:ih*0.9,eq=gamma=1.3:saturation=0.6"),
	}
}

// pictured runs a picture through a filter.
func pictured(filter string, options ...string) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		args := append([]string{"-i", in.Source.Path, "-frames:v", "1", "-vf", "format=rgb24," + filter}, options...)
		_, err := ffmpeg(ctx, nil, append(args, out)...)
		page := fingerprint.Span{To: 1}
		return []truth{{in.Source.ID, fingerprint.Picture, page, page}}, err
	}
}
