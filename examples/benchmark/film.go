package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// filmTransforms is the table of what is done to films: a filter of ffmpeg's
// each.
func filmTransforms() []transform {
	lengths := []float64{0, 10}
	row := func(name, strength string, r recipe) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Video, Ext: ".mp4", Lengths: lengths, recipe: r}
	}
	filter := func(name, strength, filter string) transform { return row(name, strength, filmed(1, filter)) }
	small := []string{"-preset", "veryfast", "-crf"} // what ultrafast makes at a high CRF nobody would publish
	vp9 := row("VP9", "CRF 50", filmed(1, "scale=-2:270", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "0", "-crf", "50", "-c:a", "libopus", "-b:a", "32k"))
	vp9.Ext = ".webm"
	return []transform{
		{Name: "copy", Strength: "360p CRF 32", Kind: fingerprint.Video, Ext: ".mp4", recipe: filmed(1, "scale=-2:360", append(small, "32")...)},
		{Name: "excerpt", Kind: fingerprint.Video, Ext: ".mp4", Lengths: []float64{5, 10, 15}, recipe: filmed(1, "null")},
		row("H.264", "CRF 35", filmed(1, "null", append(small, "35")...)),
		vp9,
		filter("240p", "", "scale=-2:240"),
		filter("frame rate", "15", "fps=15"),
		filter("frame rate", "60", "fps=60"),
		filter("brightness", "+0.15", "eq=brightness=0.15"),
		filter("contrast", "0.7", "eq=contrast=0.7"),
		filter("gamma", "1.4", "eq=gamma=1.4:saturation=1.3"),
		filter("grey", "", "hue=s=0"),
		filter("letterbox", "", letterboxed),
		filter("pillarbox", "", pillarboxed),
		filter("crop", "5 %", cropped5),
		filter("crop", "10 %", cropped10),
		filter("crop", "20 %", cropped20),
		filter("logo", "10 %", logo),
		filter("subtitles", "", caption("The ferry leaves at noon", "0.82", ":enable='lt(mod(t,3),2)'")+","+caption("and nobody has seen the letter.", "0.9", ":enable='lt(mod(t,5),3)'")),
		filter("mirror", "", "hflip"),
		filter("picture-in-picture", "70 %", inPicture),
		filter("rotation", "2 degrees", rotated),
		filter("noise", "", "noise=alls=25:allf=t"),
		filter("blur", "", "gblur=sigma=2.5"),
		filter("aspect", "4:3", "scale=480:360,setsar=1"),
		filter("vertical 9:16", "blurred bars", vertical),
		filter("filmed from a screen", "", askew+",eq=contrast=0.85:brightness='0.03*sin(2*PI*t*3)':eval=frame,noise=alls=8:allf=t"),
		filter("mirror, crop, colour", "", recoloured),
		row("speed", "1.04", filmed(1.04, "null")),
		row("speed", "1.25", filmed(1.25, "null")),
		{Name: "hidden", Strength: "10 s in 3 min", Kind: fingerprint.Video, Ext: ".mp4", Lengths: []float64{10}, Host: 8, recipe: recipe{"180 s", hiddenFilm}},
		{Name: "dubbed", Strength: "other sound", Kind: fingerprint.Video, Ext: ".mp4", Lengths: lengths, Host: 1, HostKind: fingerprint.Audio, recipe: recipe{"", dubbed}},
		{Name: "sound of another", Strength: "work", Kind: fingerprint.Video, Ext: ".mp4", Lengths: []float64{10}, Host: 8, Mix: true, recipe: recipe{"first with sound", dubbed}},
	}
}

// encoder are the output options for films unless a row says otherwise: the
// fastest, since what is measured is the filter.
var encoder = []string{"-c:v", "libx264", "-preset", "ultrafast", "-crf", "27", "-pix_fmt", "yuv420p", "-threads", "1",
	"-c:a", "aac", "-aac_coder", "fast", "-ac", "2", "-b:a", "64k", "-map_metadata", "-1"}

// filmed runs an excerpt through a filter of the pictures, played tempo times
// as fast; the sound follows.
func filmed(tempo float64, filter string, options ...string) recipe {
	filter += ",scale=trunc(iw/2)*2:trunc(ih/2)*2" // the encoder wants even sizes
	if tempo != 1 {
		filter += fmt.Sprintf(",setpts=PTS/%g", tempo)
		options = append(options, "-af", fmt.Sprintf("atempo=%g", tempo))
	}
	spec := filter + " " + strings.Join(options, " ")
	return recipe{spec, func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		args := append(append(cut(in), "-vf", filter), encoder...)
		_, err := ffmpeg(ctx, nil, append(append(args, options...), out)...)
		return whole(in, tempo), err
	}}
}

// hiddenFilm puts the excerpt somewhere between parts of strangers, which
// stand still where they are too short.
func hiddenFilm(ctx context.Context, in ingredients, out string) ([]truth, error) {
	const total, part, fps = 180.0, 20.0, 25
	at := float64(in.Seed%uint64((total-in.Length)*fps)) / fps
	cast := append(parts(in.Hosts, at, part), in)
	cast = append(cast, parts(in.Hosts, total-at-in.Length, part)...)
	var inputs []string
	var graph, order strings.Builder
	for i, p := range cast {
		inputs = append(inputs, cut(p)...)
		fmt.Fprintf(&graph, "[%d:v]fps=%d,scale=640:360,setsar=1,tpad=stop_mode=clone:stop_duration=%g,trim=duration=%g[v%d];", i, fps, part, p.Length, i)
		fmt.Fprintf(&order, "[v%d]", i)
	}
	fmt.Fprintf(&graph, "%sconcat=n=%d[v]", &order, len(cast))
	args := append(append(inputs, "-filter_complex", graph.String(), "-map", "[v]"), encoder...)
	if _, err := ffmpeg(ctx, nil, append(args, "-an", out)...); err != nil {
		return nil, err
	}
	t := whole(in, 1)
	t[0].Query = fingerprint.Span{From: at, To: at + in.Length}
	return t, nil
}

// parts fills a time with the beginnings of hosts, one after the other.
func parts(hosts []source, seconds, longest float64) (all []ingredients) {
	const least = 0.04 // a frame
	for i := 0; seconds >= least/2; i++ {
		p := ingredients{Source: hosts[i%len(hosts)], Length: min(seconds, longest)}
		all = append(all, p)
		seconds -= p.Length
	}
	return all
}

// dubbed keeps the pictures and takes the sound of the first host that is heard.
func dubbed(ctx context.Context, in ingredients, out string) ([]truth, error) {
	var host ingredients
	for _, h := range in.Hosts {
		other := ingredients{Source: h, Length: in.Length}
		if sounds, err := audible(ctx, other); err != nil {
			return nil, err
		} else if sounds {
			host = other
			break
		}
	}
	if host.Source.Path == "" {
		return nil, fmt.Errorf("%w: no other has sound", errSkip)
	}
	args := append(append(cut(in), cut(host)...), "-map", "0:v:0", "-map", "1:a:0", "-shortest")
	if _, err := ffmpeg(ctx, nil, append(append(args, encoder...), out)...); err != nil {
		return nil, err
	}
	t := whole(in, 1)
	if host.Source.Split == work {
		other := whole(host, 1)[0]
		other.Kind = fingerprint.Audio
		t = append(t, other)
	}
	return t, nil
}

// audible reports whether there is sound, and not only silence.
func audible(ctx context.Context, in ingredients) (bool, error) {
	const least = 1e-6 // -60 dB
	s, err := samples(ctx, in)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return err == nil && power(s) > least, nil // what has no sound at all is an error
}
