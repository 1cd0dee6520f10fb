package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
)

// rate of the sound that transforms work on, in Hz.
const rate = 44100

// ffmpeg runs ffmpeg with what it reads on standard input and returns what it
// writes to standard output.
func ffmpeg(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "ffmpeg", append([]string{"-v", "error", "-nostdin", "-y", "-threads", "1"}, args...)...)
	if stdin != nil {
		cmd.Args = append(cmd.Args[:3], cmd.Args[4:]...) // without -nostdin
		cmd.Stdin = bytes.NewReader(stdin)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("ffmpeg: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// cut gives the input options for an excerpt.
func cut(in ingredients) []string {
	if in.Length == 0 {
		return []string{"-i", in.Source.Path}
	}
	return []string{"-ss", number(in.From), "-t", number(in.Length), "-i", in.Source.Path}
}

// samples decodes an excerpt to mono.
func samples(ctx context.Context, in ingredients) ([]float32, error) {
	raw, err := ffmpeg(ctx, nil, append(cut(in), "-vn", "-ac", "1", "-ar", fmt.Sprint(rate), "-f", "f32le", "-")...)
	if err != nil {
		return nil, err
	}
	if len(raw) < 4*rate/2 {
		return nil, errSkip
	}
	s := make([]float32, len(raw)/4)
	for i := range s {
		s[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return s, nil
}

// encode writes samples as a file: 16 bit FLAC unless args say otherwise.
func encode(ctx context.Context, s []float32, out string, args ...string) error {
	raw := make([]byte, 4*len(s))
	for i, v := range s {
		binary.LittleEndian.PutUint32(raw[4*i:], math.Float32bits(v))
	}
	head := []string{"-f", "f32le", "-ar", fmt.Sprint(rate), "-ac", "1", "-i", "-"}
	_, err := ffmpeg(ctx, raw, append(append(head, args...), out)...)
	return err
}

// power is the mean square of samples.
func power(s []float32) float64 {
	sum := 0.0
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return sum / float64(max(1, len(s)))
}

var errSilent = errors.New("does not fit: silent")

// addAt adds noise to sound at a signal-to-noise ratio in dB, and scales the
// sum so that it does not clip. The noise is repeated to the sound's length.
func addAt(sound, noise []float32, snr float64) error {
	ps, pn := power(sound), power(noise[:min(len(noise), len(sound))])
	if ps < 1e-8 || pn < 1e-12 {
		return errSilent
	}
	gain := float32(math.Sqrt(ps / pn / math.Pow(10, snr/10)))
	peak := float32(0)
	for i := range sound {
		sound[i] += gain * noise[i%len(noise)]
		peak = max(peak, sound[i], -sound[i])
	}
	if peak > 0.98 {
		for i := range sound {
			sound[i] *= 0.98 / peak
		}
	}
	return nil
}

// pinkNoise makes n samples whose power falls with 3 dB an octave, by Paul
// Kellet's filter of white noise.
func pinkNoise(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	var b [7]float64
	out := make([]float32, n)
	for i := range out {
		w := 2*r.Float64() - 1
		b[0] = 0.99886*b[0] + 0.0555179*w
		b[1] = 0.99332*b[1] + 0.0750759*w
		b[2] = 0.96900*b[2] + 0.1538520*w
		b[3] = 0.86650*b[3] + 0.3104856*w
		b[4] = 0.55000*b[4] + 0.5329522*w
		b[5] = -0.7616*b[5] - 0.0168980*w
		out[i] = float32(0.1 * (b[0] + b[1] + b[2] + b[3] + b[4] + b[5] + b[6] + 0.5362*w))
		b[6] = 0.115926 * w
	}
	return out
}
