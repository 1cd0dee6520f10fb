package main

import (
	"context"
	"fmt"

	"github.com/likeness-go/likeness/fingerprint"
)

// soundTransforms is the table of what is done to sound. Adding a row is all
// that a new transform takes.
func soundTransforms() []transform {
	lengths := []float64{5, 10}
	row := func(name, strength, ext string, make func(context.Context, ingredients, string) ([]truth, error)) transform {
		return transform{Name: name, Strength: strength, Kind: fingerprint.Audio, Ext: ext, Lengths: lengths, Make: make}
	}
	all := []transform{
		{Name: "copy", Strength: "MP3 64k", Kind: fingerprint.Audio, Ext: ".mp3", Make: coded("-c:a", "libmp3lame", "-b:a", "64k")},
		row("codec", "MP3 128k", ".mp3", coded("-c:a", "libmp3lame", "-b:a", "128k")),
		row("codec", "MP3 32k", ".mp3", coded("-c:a", "libmp3lame", "-b:a", "32k")),
		row("codec", "AAC 48k", ".m4a", coded("-c:a", "aac", "-b:a", "48k")),
		row("codec", "Opus 24k", ".opus", coded("-c:a", "libopus", "-b:a", "24k")),
		row("8 kHz", "", ".wav", coded("-ar", "8000", "-ac", "1")),
		row("telephone", "", ".wav", coded("-af", "highpass=f=300:poles=2,highpass=f=300:poles=2,lowpass=f=3400:poles=2,lowpass=f=3400:poles=2", "-ar", "8000", "-ac", "1", "-c:a", "pcm_mulaw")),
		row("equaliser", "±9 dB", ".flac", coded("-af", "equalizer=f=100:t=o:w=1.5:g=9,equalizer=f=500:t=o:w=1:g=-9,equalizer=f=1500:t=o:w=1:g=9,equalizer=f=4000:t=o:w=1.5:g=-9,alimiter=limit=0.95")),
		row("reverb", "0.6 s", ".flac", coded("-af", "aecho=0.8:0.8:37|61|89|131|197|283|401|599:0.6|0.5|0.45|0.4|0.3|0.25|0.2|0.1")),
		row("compression", "9:1", ".flac", coded("-af", "acompressor=threshold=0.03:ratio=9:attack=5:release=80:makeup=6,alimiter=limit=0.95")),
		{Name: "excerpt", Strength: "", Kind: fingerprint.Audio, Ext: ".mp3", Lengths: []float64{3, 5, 10, 15, 30}, Make: coded("-c:a", "libmp3lame", "-b:a", "96k")},
		{Name: "hidden", Strength: "10 s in 5 min", Kind: fingerprint.Audio, Ext: ".mp3", Lengths: []float64{10}, Host: 3, Make: hiddenSound},
		{Name: "mix", Strength: "two works", Kind: fingerprint.Audio, Ext: ".flac", Lengths: []float64{10}, Host: 1, Mix: true, Make: mixedSound},
	}
	for _, snr := range []float64{5, 0, -5} {
		all = append(all, row("pink noise", fmt.Sprintf("%+.0f dB", snr), ".flac", noisy(snr)),
			needsSpeech(row("babble", fmt.Sprintf("%+.0f dB", snr), ".flac", babbled(snr))),
			needsSpeech(row("speech-over", fmt.Sprintf("%+.0f dB", snr), ".flac", talkedOver(snr))))
	}
	for _, percent := range []float64{2, -2, 4, -4, 8, -8} {
		all = append(all, row("speed", fmt.Sprintf("%+.0f %%", percent), ".flac", stretched(1+percent/100, 1+percent/100)))
	}
	for _, percent := range []float64{4, -4, 8, -8} {
		all = append(all, row("tempo", fmt.Sprintf("%+.0f %%", percent), ".flac", stretched(1+percent/100, 1)))
	}
	const semitone = 1.0594630943592953
	return append(all, row("pitch", "+1 semitone", ".flac", stretched(1, semitone)),
		row("pitch", "-1 semitone", ".flac", stretched(1, 1/semitone)))
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
func coded(options ...string) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		args := append(append(cut(in), "-vn", "-map_metadata", "-1"), options...)
		_, err := ffmpeg(ctx, nil, append(args, out)...)
		return whole(in, 1), err
	}
}

// stretched plays tempo times as fast, pitch times as high: both alike is a
// change of speed, as of a tape.
func stretched(tempo, pitch float64) func(context.Context, ingredients, string) ([]truth, error) {
	filter := fmt.Sprintf("aresample=%d,asetrate=%d,aresample=%d,atempo=%.6f", rate, int(rate*pitch+0.5), rate, tempo/pitch)
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		_, err := ffmpeg(ctx, nil, append(cut(in), "-vn", "-ac", "1", "-af", filter, out)...)
		return whole(in, tempo), err
	}
}

func noisy(snr float64) func(context.Context, ingredients, string) ([]truth, error) {
	return withNoise(snr, func(_ context.Context, n int, seed uint64) ([]float32, error) { return pinkNoise(n, seed), nil })
}

func babbled(snr float64) func(context.Context, ingredients, string) ([]truth, error) {
	return withNoise(snr, babble)
}

func talkedOver(snr float64) func(context.Context, ingredients, string) ([]truth, error) {
	return withNoise(snr, func(ctx context.Context, _ int, seed uint64) ([]float32, error) {
		return speech(ctx, int(seed%uint64(len(voices))))
	})
}

func withNoise(snr float64, noise func(context.Context, int, uint64) ([]float32, error)) func(context.Context, ingredients, string) ([]truth, error) {
	return func(ctx context.Context, in ingredients, out string) ([]truth, error) {
		s, err := samples(ctx, in)
		if err != nil {
			return nil, err
		}
		n, err := noise(ctx, len(s), in.Seed)
		if err != nil {
			return nil, err
		}
		if err := addAt(s, n, snr); err != nil {
			return nil, err
		}
		return whole(in, 1), encode(ctx, s, out)
	}
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
	if len(o) < len(s)*9/10 {
		return nil, errSkip
	}
	if err := addAt(s, o, 0); err != nil {
		return nil, err
	}
	return append(whole(in, 1), whole(other, 1)...), encode(ctx, s, out)
}
