package audio

import "github.com/likeness-go/likeness/fingerprint"

func init() {
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm:  Landmark,
		Kind:       fingerprint.Audio,
		Width:      codeWidth,
		Tick:       tick,
		Bin:        3,
		Hypotheses: hypotheses,

		MinVotes:      3,
		MaxCandidates: 40,
		Window:        640, // 20 s

		Terms:  terms,
		Probes: probes,
		Refine: refine,
		Verify: verify,
	})
}
