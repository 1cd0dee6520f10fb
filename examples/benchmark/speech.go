package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
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

var spoken struct {
	sync.Mutex
	said map[int][]float32
}

// speech returns one voice speaking on and on.
func speech(ctx context.Context, voice int) ([]float32, error) {
	spoken.Lock()
	defer spoken.Unlock()
	if s := spoken.said[voice]; s != nil {
		return s, nil
	}
	dir, err := os.MkdirTemp("", "speech")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	wav := filepath.Join(dir, "speech.wav")
	v := voices[voice]
	if out, err := exec.CommandContext(ctx, "espeak-ng", "-v", v.voice, "-w", wav, v.text).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("espeak-ng: %w: %s", err, out)
	}
	s, err := samples(ctx, ingredients{Source: source{Path: wav}})
	if err != nil {
		return nil, err
	}
	if spoken.said == nil {
		spoken.said = map[int][]float32{}
	}
	spoken.said[voice] = s
	return s, nil
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
