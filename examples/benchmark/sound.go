package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// soundTransforms is the table of what is done to sound. Adding a row is all
// that a new transform takes.
func soundTransforms() []transform {
	lengths := []float64{5, 10}
	row := func(name, strength, ext string, r recipe) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Audio, Ext: ext, Lengths: lengths, recipe: r}
	}
	once := func(t transform, lengths ...float64) transform {
		t.Lengths = lengths
		return t
	}
	all := []transform{
		once(row("copy", "MP3 64k", ".mp3", coded("-c:a", "libmp3lame", "-b:a", "64k", "-compression_level", "9"))),
		once(row("excerpt", "", ".mp3", coded("-c:a", "libmp3lame", "-b:a", "96k")), 3, 5, 10, 15, 30),
		row("codec", "MP3 128k", ".mp3", coded("-c:a", "libmp3lame", "-b:a", "128k")),
		row("codec", "MP3 32k", ".mp3", coded("-c:a", "libmp3lame", "-b:a", "32k")),
		row("codec", "AAC 48k", ".m4a", coded("-c:a", "aac", "-aac_coder", "fast", "-b:a", "48k")),
		row("codec", "Opus 24k", ".opus", coded("-c:a", "libopus", "-b:a", "24k")),
		row("8 kHz", "", ".wav", coded("-ar", "8000", "-ac", "1")),
		row("telephone", "", ".wav", coded("-af", "highpass=f=300:poles=2,highpass=f=300:poles=2,lowpass=f=3400:poles=2,lowpass=f=3400:poles=2", "-ar", "8000", "-ac", "1", "-c:a", "pcm_mulaw")),
		row("equaliser", "±9 dB", ".flac", coded(flac("volume=-9dB,equalizer=f=100:t=o:w=1.5:g=9,equalizer=f=500:t=o:w=1:g=-9,equalizer=f=1500:t=o:w=1:g=9,equalizer=f=4000:t=o:w=1.5:g=-9")...)),
		row("compression", "9:1", ".flac", coded(flac("acompressor=threshold=0.03:ratio=9:attack=5:release=80:makeup=6,alimiter=limit=0.95")...)),
		row("reverb", "0.6 s", ".wav", altered("Schroeder 0.6 s", func(s []float32) []float32 { return reverberated(s, 0.6) })),
		{Name: "hidden", Strength: "10 s in 5 min", Kind: fingerprint.Audio, Ext: ".mp3", Lengths: []float64{10}, Host: 3, recipe: recipe{"300 s", hiddenSound}},
		{Name: "mix", Strength: "two works", Kind: fingerprint.Audio, Ext: ".wav", Lengths: []float64{10}, Host: 1, Mix: true, recipe: recipe{"0 dB", mixedSound}},
	}
	for _, snr := range []float64{5, 0, -5} {
		strength := fmt.Sprintf("%+.0f dB", snr)
		all = append(all, row("pink noise", strength, ".wav", withNoise(snr, pinkNoise)),
			needsSpeech(row("babble", strength, ".wav", withNoise(snr, babble))),
			needsSpeech(row("speech-over", strength, ".wav", withNoise(snr, talk))))
	}
	for _, percent := range []float64{2, -2, 4, -4, 8, -8} {
		all = append(all, row("speed", fmt.Sprintf("%+.0f %%", percent), ".flac", stretched(1+percent/100, 1+percent/100)))
	}
	for _, percent := range []float64{4, -4, 8, -8} {
		all = append(all, row("tempo", fmt.Sprintf("%+.0f %%", percent), ".flac", stretched(1+percent/100, 1)))
	}
	return append(all, row("pitch", "+1 semitone", ".flac", stretched(1, semitone)),
		row("pitch", "-1 semitone", ".flac", stretched(1, 1/semitone)))
}

const semitone = 1.0594630943592953

// flac are the options for a filter whose result must not suffer from a codec.
func flac(filter string) []string {
	return []string{"-af", filter, "-sample_fmt", "s16", "-compression_level", "0"}
}

func needsSpeech(t transform) transform {
	t.Needs = "espeak-ng"
	return t
}

// whole says that all of the query is the excerpt, in seconds.
func whole(in ingredients, tempo float64) []truth {
	return []truth{{in.Source.ID, in.Source.Kind,
		fingerprint.Span{To: in.Length / tempo}, fingerprint.Span{From: in.From, To: in.From + in.Length}}}
}

// coded runs an excerpt through ffmpeg's output options, which keep the time.
func coded(options ...string) recipe {
	return recipe{strings.Join(options, " "), func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		args := append(append(cut(in), "-vn", "-map_metadata", "-1"), options...)
		_, err := ffmpeg(ctx, nil, append(args, out)...)
		return whole(in, 1), err
	}}
}

// stretched plays tempo times as fast, pitch times as high: both alike is a
// change of speed, as of a tape.
func stretched(tempo, pitch float64) recipe {
	filter := fmt.Sprintf("aresample=%d,asetrate=%d,aresample=%d", rate, int(rate*pitch+0.5), rate)
	if tempo != pitch {
		filter += fmt.Sprintf(",atempo=%.6f", tempo/pitch)
	}
	r := coded(append([]string{"-ac", "1"}, flac(filter)...)...)
	return recipe{r.Spec, func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		if _, err := r.Make(ctx, in, out); err != nil {
			return nil, err
		}
		return whole(in, tempo), nil
	}}
}

// altered changes the samples and keeps the time.
func altered(spec string, alter func([]float32) []float32) recipe {
	return recipe{spec, func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := samples(ctx, in)
		if err != nil {
			return nil, err
		}
		return whole(in, 1), writeWAV(out, alter(s))
	}}
}

// withNoise adds n samples of a noise that is drawn by the seed.
func withNoise(snr float64, noise func(ctx context.Context, n int, seed uint64) ([]float32, error)) recipe {
	return recipe{number(snr), func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := samples(ctx, in)
		if err != nil {
			return nil, err
		}
		n, err := noise(ctx, len(s), in.Seed)
		if err != nil {
			return nil, err
		}
		sum, err := addAt(s, n, snr)
		if err != nil {
			return nil, err
		}
		return whole(in, 1), writeWAV(out, sum)
	}}
}

// hiddenSound puts the excerpt somewhere into five minutes of strangers.
func hiddenSound(ctx context.Context, in ingredients, out string) ([]truth, error) {
	const total = 300 * rate
	var host []float32
	for i := 0; len(host) < total; i++ {
		s, err := samples(ctx, ingredients{Source: in.Hosts[i%len(in.Hosts)], Length: 120, From: 0})
		if err != nil {
			return nil, err
		}
		host = append(host, s...)
	}
	s, err := samples(ctx, in)
	if err != nil {
		return nil, err
	}
	at := int(in.Seed % uint64(total-len(s)))
	copy(host[at:], s)
	from := float64(at) / rate
	t := whole(in, 1)
	t[0].Query = fingerprint.Span{From: from, To: from + in.Length}
	return t, encode(ctx, host[:total], out, "-c:a", "libmp3lame", "-b:a", "96k")
}

// mixedSound plays a part of another source at the same loudness; of works
// both are to be found.
func mixedSound(ctx context.Context, in ingredients, out string) ([]truth, error) {
	s, err := samples(ctx, in)
	if err != nil {
		return nil, err
	}
	const otherFrom = 3
	other := ingredients{Source: in.Hosts[0], From: otherFrom, Length: in.Length}
	o, err := samples(ctx, other)
	if err != nil {
		return nil, err
	}
	sum, err := addAt(s, repeated(o, 0, len(s)), 0)
	if err != nil {
		return nil, err
	}
	return append(whole(in, 1), whole(other, 1)...), writeWAV(out, sum)
}
