package index_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"log"
	"os"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

// A work is registered, and a file that begins with its second half looked up.
func ExampleIndex_Lookup() {
	dir, err := os.MkdirTemp("", "index")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	catalogue, err := index.Open(dir, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer catalogue.Close()

	// With a medium imported, fingerprint.File makes these from files.
	poem := words(11, 22, 33, 44, 55, 66, 77, 88)
	upload := words(55, 66, 77, 88, 1, 2, 3)
	if err := catalogue.Register(ctx, index.Work{ID: "poem-1", Title: "A Poem", Policy: index.Block}, poem); err != nil {
		log.Fatal(err)
	}
	matches, err := catalogue.Lookup(ctx, upload, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range matches {
		s := m.Tracks[0].Segments[0]
		fmt.Printf("%s %q: %v to %v shows %v to %v\n", m.Work.Policy, m.Work.Title, s.Query.From, s.Query.To, s.Work.From, s.Work.To)
	}
	// Output: block "A Poem": 0 to 4 shows 4 to 8
}

var exact = fingerprint.Algorithm{Name: "example-words", Version: 1}

// The least that makes an algorithm: every word is a term, and a line on which
// three words agree is a match.
func init() {
	key := func(f *fingerprint.Fingerprint, i int) uint64 { return uint64(binary.LittleEndian.Uint32(f.Code(i))) }
	fingerprint.RegisterSpec(fingerprint.Spec{
		Algorithm: exact, Kind: fingerprint.Document, Width: 4, Tick: 1, Bin: 1, MinVotes: 3, MaxCandidates: 10,
		Hypotheses: []fingerprint.Hypothesis{{Rate: 1}},
		Terms: func(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
			return func(yield func(fingerprint.Term) bool) {
				for i := 0; i < f.Len() && yield(fingerprint.Term{Key: key(f, i), Position: f.Position(i)}); i++ {
				}
			}
		},
		Probes: func(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
			return func(yield func(fingerprint.Probe) bool) {
				for i := 0; i < f.Len() && yield(fingerprint.Probe{Key: key(f, i), Position: f.Position(i), To: 1}); i++ {
				}
			}
		},
		Verify: func(q, w *fingerprint.Fingerprint, c fingerprint.Candidate, _ *fingerprint.Background) []fingerprint.Segment {
			var s fingerprint.Segment
			n := 0.
			for i := range q.Len() {
				if j := i + int(c.Offset); j >= 0 && j < w.Len() && key(q, i) == key(w, j) {
					if n++; n == 1 {
						s.Query.From, s.Work.From = float64(i), float64(j)
					}
					s.Query.To, s.Work.To = float64(i+1), float64(j+1)
				}
			}
			s.Rate, s.Score = 1, n/(n+3)
			return []fingerprint.Segment{s}
		},
	})
}

func words(codes ...uint32) *fingerprint.Set {
	var positions []uint32
	var bytes []byte
	for i, c := range codes {
		positions = append(positions, uint32(i))
		bytes = binary.LittleEndian.AppendUint32(bytes, c)
	}
	f, err := fingerprint.New(exact, fingerprint.Document, uint32(len(codes)), 4, positions, bytes)
	if err != nil {
		log.Fatal(err)
	}
	return &fingerprint.Set{Fingerprints: []*fingerprint.Fingerprint{f}}
}
