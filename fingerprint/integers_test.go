package fingerprint_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// The medium of these tests is a text of integers: the i-th integer lies at
// tick i, and is its own code. A copy may play at twice the speed: it is the
// work without every second integer.
var integers = fingerprint.Algorithm{Name: "integers", Version: 1}

func init() {
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm: integers, Kind: fingerprint.Audio, Width: 4, Tick: 0.5, Bin: 2,
		Hypotheses: []fingerprint.Hypothesis{{Name: "", Rate: 1}, {Name: "speed x2", Rate: 2}},
		MinVotes:   3, MaxCandidates: 20, Window: 100,
		Terms: func(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
			return func(yield func(fingerprint.Term) bool) {
				for i := range f.Len() {
					if !yield(fingerprint.Term{Key: key(f, i), Position: f.Position(i), Aux: uint16(key(f, i) % 2)}) {
						return
					}
				}
			}
		},
		Probes: func(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
			return func(yield func(fingerprint.Probe) bool) {
				for i := range f.Len() {
					if !yield(fingerprint.Probe{Key: key(f, i), Position: f.Position(i), To: 2}) {
						return
					}
				}
			}
		},
		// Odd integers are never played at twice the speed.
		Refine: func(p fingerprint.Probe, t fingerprint.Term) (from, to uint16) { return p.From, p.To - t.Aux },
		Verify: verifyIntegers,
	})
	fingerprint.RegisterExtractor(fingerprint.Extractor{Name: "integers", Sniff: sniffIntegers, Extract: extractIntegers})
}

func key(f *fingerprint.Fingerprint, i int) uint64 {
	return uint64(binary.BigEndian.Uint32(f.Code(i)))
}

// verifyIntegers counts equal integers on the best line within a bin of the
// candidate. Each is one in 2,500, and there are as many lines as ticks in
// query and catalogue together.
func verifyIntegers(q, w *fingerprint.Fingerprint, c fingerprint.Candidate, b *fingerprint.Background) []fingerprint.Segment {
	rate, offset := []float64{1, 2}[c.Hypothesis], math.Round(c.Offset)
	var same []float64 // ticks of the query
	best := offset
	for _, near := range []float64{offset, offset - 1, offset + 1, offset - 2, offset + 2} {
		if s := equalOn(q, w, c, rate, near); len(s) > len(same) {
			same, best = s, near
		}
	}
	if len(same) == 0 {
		return nil
	}
	const tick = 0.5
	first, end := same[0], same[len(same)-1]+1
	evidence := float64(float64(len(same))*math.Log10(2500)) - math.Log10(b.Extent+float64(q.Extent()))
	return []fingerprint.Segment{{
		Query: fingerprint.Span{From: tick * first, To: tick * end},
		Work:  fingerprint.Span{From: tick * (float64(rate*first) + best), To: tick * (float64(rate*end) + best)},
		Rate:  rate, Score: max(0, evidence/(evidence+6)), Evidence: evidence,
		Hypothesis: []string{"", "speed x2"}[c.Hypothesis],
	}}
}

func equalOn(q, w *fingerprint.Fingerprint, c fingerprint.Candidate, rate, offset float64) (same []float64) {
	for i := int(c.From); i < int(c.To); i++ {
		at := float64(q.Position(i))
		if j := int(float64(rate*at) + offset); j >= 0 && j < w.Len() && key(q, i) == key(w, j) {
			same = append(same, at)
		}
	}
	return same
}

func sniffIntegers(in *fingerprint.Input) (string, int) {
	head := make([]byte, 5)
	if n, _ := in.ReadAt(head, 0); n < 4 || !strings.HasPrefix(string(head), "INTS") {
		return "", 0
	}
	return "text/x-integers", 90
}

func extractIntegers(ctx context.Context, in *fingerprint.Input, l fingerprint.Limits) (*fingerprint.Set, error) {
	content, err := io.ReadAll(in.Reader())
	if err != nil {
		return nil, err
	}
	var numbers []uint32
	for _, word := range strings.Fields(string(content))[1:] {
		switch word {
		case "bomb":
			panic("index out of range")
		case "for-ever":
			<-ctx.Done()
			return nil, ctx.Err()
		}
		n, err := strconv.ParseUint(word, 10, 32)
		if err != nil {
			return nil, errors.New("damaged: \x1b[2Jnot a\nnumber")
		}
		numbers = append(numbers, uint32(n))
	}
	duration := time.Duration(len(numbers)) * 500 * time.Millisecond
	if err := fingerprint.Exceeds("duration", duration, l.Duration); err != nil {
		return nil, err
	}
	f, err := ofIntegers(numbers)
	if err != nil {
		return nil, err
	}
	return &fingerprint.Set{
		Fingerprints: []*fingerprint.Fingerprint{f}, Type: "text/x-integers", Kind: fingerprint.Audio,
		Duration: duration, Decoder: "integers",
	}, nil
}

func ofIntegers(numbers []uint32) (*fingerprint.Fingerprint, error) {
	positions := make([]uint32, len(numbers))
	var codes []byte
	for i, n := range numbers {
		positions[i] = uint32(i)
		codes = binary.BigEndian.AppendUint32(codes, n)
	}
	return fingerprint.New(integers, fingerprint.Audio, uint32(len(numbers)), 4, positions, codes)
}
