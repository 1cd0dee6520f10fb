package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// voices are what espeak-ng is asked to speak with, and the sentences it
// speaks: several make a babble.
var voices = []struct{ voice, text string }{
	{"en-us+m3", "The harbour was quiet that morning, and nobody had expected the letter to arrive so early. We waited for the ferry until noon."},
	{"en-gb+f2", "If you take the second street on the left, you will see a bakery, and behind it the garden that my grandmother planted."},
	{"de+m1", "Am Ende des Tages blieb nur die Frage, wer die Rechnung bezahlen sollte, und niemand wollte darauf antworten."},
	{"fr+f3", "Le train de nuit traverse la plaine sans un bruit, et les voyageurs dorment depuis longtemps dans leurs compartiments."},
	{"es+m5", "Cuando llegaron al pueblo ya era tarde, las tiendas estaban cerradas y solo se oía la música de una fiesta lejana."},
	{"it+f4", "Non avevano mai visto una cosa simile, e per questo decisero di raccontarla a tutti quelli che incontravano."},
}

// spoken keeps what the voices said.
var spoken = memo[[]float32]{limit: 64 << 20, size: func(s []float32) int { return 4 * len(s) }}

// speech returns what one voice says. It is shared: alter a copy.
func speech(ctx context.Context, voice int) ([]float32, error) {
	v := voices[voice]
	return spoken.get(v.voice, func() ([]float32, error) {
		wav, err := run(ctx, nil, "espeak-ng", "-v", v.voice, "--stdout", v.text)
		if err != nil {
			return nil, err
		}
		raw, err := ffmpeg(ctx, wav, "-i", "-", "-ac", "1", "-ar", fmt.Sprint(rate), "-f", "f32le", "-")
		if err == nil && len(raw) == 0 {
			err = errors.New("espeak-ng said nothing")
		}
		return floats(raw), err
	})
}

// talk is one voice that speaks on and on, from a place drawn by the seed.
func talk(ctx context.Context, n int, seed uint64) ([]float32, error) {
	r := rand.New(rand.NewPCG(seed, 4))
	s, err := speech(ctx, r.IntN(len(voices)))
	if err != nil {
		return nil, err
	}
	return repeated(s, r.IntN(len(s)), n), nil
}

// babble mixes all voices at equal power, each from a place of its own.
func babble(ctx context.Context, n int, seed uint64) ([]float32, error) {
	r := rand.New(rand.NewPCG(seed, 2))
	out := make([]float32, n)
	for i := range voices {
		s, err := speech(ctx, i)
		if err != nil {
			return nil, err
		}
		p := power(s)
		if p == 0 {
			return nil, errors.New("espeak-ng spoke silence")
		}
		start, gain := r.IntN(len(s)), float32(0.05/math.Sqrt(p))
		for k := range out {
			out[k] += gain * s[(start+k)%len(s)]
		}
	}
	return out, nil
}
