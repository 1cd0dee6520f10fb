package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// filmLengths are the excerpts that most film transforms take, in seconds.
var filmLengths = []float64{0, 10}

// filmTransforms is the table of what is done to films: a filter of ffmpeg's
// each, by name. %W and %H stand for the width and height of the source.
func filmTransforms() []transform {
	row := func(name, strength, filter string, options ...string) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Video, Ext: ".mp4", Lengths: filmLengths,
			Make: filmed(1, filter, options...)}
	}
	all := []transform{
		{Name: "copy", Strength: "360p CRF 32", Kind: fingerprint.Video, Ext: ".mp4", Make: filmed(1, "scale=-2:360", "-crf", "32")},
		{Name: "excerpt", Kind: fingerprint.Video, Ext: ".mp4", Lengths: []float64{5, 10, 15}, Make: filmed(1, "null", "-crf", "26")},
		row("H.264", "CRF 35", "null", "-crf", "35"),
		row("240p", "", "scale=-2:240"),
		row("frame rate", "15", "fps=15"),
		row("frame rate", "60", "fps=60"),
		row("brightness", "+0.15", "eq=brightness=0.15"),
		row("contrast", "0.7", "eq=contrast=0.7"),
		row("gamma", "1.4", "eq=gamma=1.4:saturation=1.3"),
		row("grey", "", "hue=s=0"),
		row("letterbox", "", "scale=640:272,pad=640:360:0:44"),
		row("pillarbox", "", "scale=480:360,pad=640:360:80:0"),
		row("crop", "5 %", "crop=iw*0.95:ih*0.95"),
		row("crop", "10 %", "crop=iw*0.9:ih*0.9"),
		row("crop", "20 %", "crop=iw*0.8:ih*0.8"),
		row("logo", "10 %", "drawbox=x=iw*0.85:y=ih*0.05:w=iw*0.1:h=ih*0.1:color=red@0.9:t=fill"),
		row("subtitles", "", "drawbox=x=iw*0.15:y=ih*0.84:w=iw*0.7:h=ih*0.035:color=white:t=fill:enable='lt(mod(t,3),2)',drawbox=x=iw*0.25:y=ih*0.9:w=iw*0.5:h=ih*0.035:color=white:t=fill:enable='lt(mod(t,5),3)'"),
		row("mirror", "", "hflip"),
		row("picture-in-picture", "70 %", "split[a][b];[a]scale=iw*0.7:ih*0.7[small];[b]negate,boxblur=8,hue=h=90[back];[back][small]overlay=(W-w)/2:(H-h)/2"),
		row("rotation", "2 degrees", "rotate=2*PI/180"),
		row("noise", "", "noise=alls=25:allf=t"),
		row("blur", "", "gblur=sigma=2.5"),
		row("aspect", "4:3", "scale=480:360,setsar=1"),
		row("vertical 9:16", "blurred bars", "split[a][b];[a]scale=270:-2[small];[b]scale=-2:480,crop=270:480,boxblur=12[back];[back][small]overlay=0:(H-h)/2"),
		row("filmed from a screen", "", "perspective=x0=W*0.03:y0=H*0.04:x1=W*0.98:y1=H*0.01:x2=W*0.01:y2=H*0.97:x3=W*0.96:y3=H*0.99,gblur=sigma=1.4,eq=contrast=0.85:brightness='0.03*sin(2*PI*t*3)':eval=frame,noise=alls=8:allf=t"),
		row("mirror, crop, colour", "", "hflip,crop=iw*0.9:ih*0.9,eq=gamma=1.3:saturation=0.6"),
		{Name: "speed", Strength: "1.04", Kind: fingerprint.Video, Ext: ".mp4", Lengths: filmLengths, Make: filmed(1.04, "null")},
		{Name: "speed", Strength: "1.25", Kind: fingerprint.Video, Ext: ".mp4", Lengths: filmLengths, Make: filmed(1.25, "null")},
		{Name: "hidden", Strength: "10 s in 3 min", Kind: fingerprint.Video, Ext: ".mp4", Lengths: []float64{10}, Host: 8, Make: hiddenFilm},
		{Name: "dubbed", Strength: "other sound", Kind: fingerprint.Video, Ext: ".mp4", Lengths: filmLengths, Host: 1, Make: dubbed},
		{Name: "sound of another", Strength: "work", Kind: fingerprint.Video, Ext: ".mp4", Lengths: []float64{10}, Host: 1, Mix: true, Make: dubbed},
	}
	vp9 := row("VP9", "low rate", "scale=-2:270", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "120k", "-c:a", "libopus", "-b:a", "32k")
	vp9.Ext = ".webm"
	return append(all, vp9)
}

// encoder are the output options for films unless a row says otherwise.
var encoder = []string{"-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k"}

// filmed runs an excerpt through a filter of the pictures, played tempo times
// as fast; the sound follows.
func filmed(tempo float64, filter string, options ...string) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		if tempo != 1 {
			filter := fmt.Sprintf("%s,setpts=PTS/%g", filter, tempo)
			return film(ctx, in, out, tempo, filter, append([]string{"-af", fmt.Sprintf("atempo=%g", tempo)}, options...))
		}
		return film(ctx, in, out, 1, filter, options)
	}
}

func film(ctx context.Context, in ingredients, out string, tempo float64, filter string, options []string) ([]truth, error) {
	filter += ",scale=trunc(iw/2)*2:trunc(ih/2)*2" // the encoder wants even sizes
	args := append(append(cut(in), "-vf", filter, "-map_metadata", "-1"), encoder...)
	_, err := ffmpeg(ctx, nil, append(append(args, options...), out)...)
	return whole(in, tempo), err
}

// hiddenFilm puts the excerpt between parts of strangers.
func hiddenFilm(ctx context.Context, in ingredients, out string) ([]truth, error) {
	const total, part = 180.0, 20.0
	slot := int(in.Seed % 8)
	var inputs []string
	var graph strings.Builder
	n, at := 0, 0.0
	for i := 0; i < 9; i++ {
		if i == slot {
			inputs = append(inputs, cut(in)...)
			at = float64(i) * part
		} else {
			h := in.Hosts[i%len(in.Hosts)]
			inputs = append(inputs, cut(ingredients{Source: h, Length: part})...)
		}
		fmt.Fprintf(&graph, "[%d:v]fps=25,scale=640:360,setsar=1,tpad=stop_mode=clone:stop_duration=%g,trim=duration=%g[v%d];", n, part, slotLength(i, slot, in.Length, part), n)
		n++
	}
	for i := range n {
		fmt.Fprintf(&graph, "[v%d]", i)
	}
	fmt.Fprintf(&graph, "concat=n=%d[v]", n)
	args := append(inputs, "-filter_complex", graph.String(), "-map", "[v]", "-t", number(total))
	args = append(append(args, encoder...), "-an", out)
	if _, err := ffmpeg(ctx, nil, args...); err != nil {
		return nil, err
	}
	t := whole(in, 1)
	t[0].Query = fingerprint.Span{From: at, To: at + in.Length}
	return t, nil
}

func slotLength(i, slot int, excerpt, part float64) float64 {
	if i == slot {
		return excerpt
	}
	return part
}

// dubbed keeps the pictures and takes the sound of another source.
func dubbed(ctx context.Context, in ingredients, out string) ([]truth, error) {
	host := ingredients{Source: in.Hosts[0], Length: in.Length}
	args := append(append(cut(in), cut(host)...), "-map", "0:v", "-map", "1:a?", "-shortest", "-map_metadata", "-1")
	if _, err := ffmpeg(ctx, nil, append(append(args, encoder...), out)...); err != nil {
		return nil, err
	}
	t := whole(in, 1)
	if in.Hosts[0].Split == work {
		other := whole(host, 1)[0]
		other.Kind = fingerprint.Audio
		t = append(t, other)
	}
	return t, nil
}
