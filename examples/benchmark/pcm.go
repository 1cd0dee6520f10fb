package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// rate of the sound that transforms work on, in Hz.
const rate = 44100

// ffmpeg runs ffmpeg with what it reads on standard input and returns what it
// writes to standard output. One thread: the queries are made side by side.
func ffmpeg(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	return run(ctx, stdin, "ffmpeg", append([]string{"-v", "error", "-y", "-filter_threads", "1", "-threads", "1"}, args...)...)
}

// run runs a program; without input it reads nothing.
func run(ctx context.Context, stdin []byte, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	if stdin != nil {
		cmd.Stdin = bytes.NewReader(stdin)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(stderr.String()))
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

// decoded keeps excerpts of sound: all transforms of a source take the same.
var decoded = memo[[]float32]{limit: 256 << 20, size: func(s []float32) int { return 4 * len(s) }}

// samples decodes an excerpt to mono, or what there is of it. It is shared:
// alter a copy.
func samples(ctx context.Context, in ingredients) ([]float32, error) {
	key := fmt.Sprintln(in.Source.Path, in.From, in.Length)
	return decoded.get(key, func() ([]float32, error) { return decodeSamples(ctx, in) })
}

func decodeSamples(ctx context.Context, in ingredients) ([]float32, error) {
	raw, err := ffmpeg(ctx, nil, append(cut(in), "-vn", "-ac", "1", "-ar", fmt.Sprint(rate), "-f", "f32le", "-")...)
	if err != nil {
		return nil, err
	}
	if len(raw) < 4*rate/2 {
		return nil, fmt.Errorf("%w: too short", errSkip)
	}
	return unclipped(floats(raw)), nil // the sum of two channels may be too loud
}

// floats reads the samples that ffmpeg writes as f32le.
func floats(raw []byte) []float32 {
	s := make([]float32, len(raw)/4)
	for i := range s {
		s[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return s
}

// encode writes samples as a file in the format that the options ask for.
func encode(ctx context.Context, s []float32, out string, options ...string) error {
	raw := make([]byte, 4*len(s))
	for i, v := range s {
		binary.LittleEndian.PutUint32(raw[4*i:], math.Float32bits(v))
	}
	head := []string{"-f", "f32le", "-ar", fmt.Sprint(rate), "-ac", "1", "-i", "-"}
	_, err := ffmpeg(ctx, raw, append(append(head, options...), out)...)
	return err
}

// writeWAV writes samples as 16 bit WAV, which needs no other process.
func writeWAV(out string, s []float32) error {
	b := make([]byte, 0, 44+2*len(s))
	le := binary.LittleEndian
	b = append(b, "RIFF"...)
	b = le.AppendUint32(b, uint32(36+2*len(s)))
	b = append(b, "WAVEfmt "...)
	for _, v := range []uint32{16, 1<<16 | 1, rate, 2 * rate, 16<<16 | 2} { // PCM, one channel, two bytes a frame
		b = le.AppendUint32(b, v)
	}
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(2*len(s)))
	for _, v := range s {
		b = le.AppendUint16(b, uint16(int16(math.RoundToEven(float64(max(-1, min(1, v)))*math.MaxInt16))))
	}
	return os.WriteFile(out, b, 0o644)
}

// power is the mean square of samples.
func power(s []float32) float64 {
	sum := 0.0
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return sum / float64(max(1, len(s)))
}

// addAt adds noise, which is as long, to sound at a signal-to-noise ratio in
// dB, and scales the sum so that it does not clip.
func addAt(sound, noise []float32, snr float64) ([]float32, error) {
	ps, pn := power(sound), power(noise)
	if ps < 1e-8 || pn < 1e-12 {
		return nil, fmt.Errorf("%w: silent", errSkip)
	}
	gain := float32(math.Sqrt(ps / pn / math.Pow(10, snr/10)))
	sum := make([]float32, len(sound))
	for i := range sum {
		sum[i] = sound[i] + float32(gain*noise[i])
	}
	return unclipped(sum), nil
}

// unclipped scales samples down until none is above full scale.
func unclipped(s []float32) []float32 {
	const full = 0.98
	peak := float32(0)
	for _, v := range s {
		peak = max(peak, v, -v)
	}
	if peak > full {
		for i := range s {
			s[i] *= full / peak
		}
	}
	return s
}

// repeated is n samples of sound from a place on, over and over.
func repeated(sound []float32, from, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = sound[(from+i)%len(sound)]
	}
	return out
}

// reverberated adds a room of the given reverberation time by Schroeder's
// four combs and two allpasses (Natural Sounding Artificial Reverberation,
// 1962): the room is as loud as the sound itself.
func reverberated(s []float32, seconds float64) []float32 {
	room := make([]float32, len(s))
	for _, delay := range []float64{0.0297, 0.0371, 0.0411, 0.0437} {
		n := int(delay * rate)
		gain := float32(math.Pow(10, -3*delay/seconds))
		line := make([]float32, n)
		for i, v := range s {
			out := line[i%n]
			line[i%n] = v + float32(gain*out)
			room[i] += out
		}
	}
	for _, delay := range []float64{0.005, 0.0017} {
		const gain = 0.7
		n := int(delay * rate)
		line := make([]float32, n)
		for i, v := range room {
			held := line[i%n]
			in := v + float32(gain*held)
			line[i%n] = in
			room[i] = held - float32(gain*in)
		}
	}
	gain := float32(math.Sqrt(power(s) / max(power(room), 1e-12)))
	for i, v := range s {
		room[i] = v + float32(gain*room[i])
	}
	return unclipped(room)
}

// pinkNoise makes n samples whose power falls with 3 dB an octave, by Paul
// Kellet's filter of white noise.
func pinkNoise(_ context.Context, n int, seed uint64) ([]float32, error) {
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
	return out, nil
}
