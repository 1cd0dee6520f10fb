package index

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// wide is like windowed with keys that are spread as landmarks are.
var wide = fingerprint.Algorithm{Name: "test-wide", Version: 1}

func init() {
	w := synthetic(wide, fingerprint.Audio)
	w.Window, w.MaxCandidates, w.MinVotes = 1024, 20, 5
	w.Terms, w.Probes = spreadTerms, spreadProbes
	fingerprint.RegisterSpec(w)
}

const postingsPerWork = 10_000

func longSong(b *testing.B, seed uint64) *fingerprint.Set {
	return set(print(b, wide, randomCodes(rand.New(rand.NewPCG(seed, 1)), postingsPerWork)))
}

func BenchmarkRegisterAll(b *testing.B) {
	ix := newIndex(b, (&Options{Reserve: -1}).settings())
	b.ReportAllocs()
	b.ResetTimer()
	err := ix.RegisterAll(b.Context(), func(yield func(Work, *fingerprint.Set) bool) {
		for i := range b.N {
			if !yield(Work{ID: fmt.Sprint(i)}, longSong(b, uint64(i))) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N*postingsPerWork)/b.Elapsed().Seconds(), "postings/s")
}

func BenchmarkLookup(b *testing.B) {
	for _, works := range []int{100, 500} {
		b.Run(fmt.Sprintf("%d postings", works*postingsPerWork), func(b *testing.B) {
			ix := newIndex(b, (&Options{Reserve: -1}).settings())
			err := ix.RegisterAll(b.Context(), func(yield func(Work, *fingerprint.Set) bool) {
				for i := range works {
					if !yield(Work{ID: fmt.Sprint(i)}, longSong(b, uint64(i))) {
						return
					}
				}
			})
			if err != nil {
				b.Fatal(err)
			}
			ten := randomCodes(rand.New(rand.NewPCG(7, 1)), 2000) // the beginning of work 7
			query := set(print(b, wide, ten))
			stats := LookupStats{}
			b.ReportAllocs()
			for b.Loop() {
				m, err := ix.Lookup(b.Context(), query, &LookupOptions{Stats: &stats})
				if err != nil || len(m) != 1 || m[0].Work.ID != "7" {
					b.Fatalf("got %d matches, %v, want work 7", len(m), err)
				}
			}
			st, err := ix.Stats()
			if err != nil {
				b.Fatal(err)
			}
			a := st.Algorithms[0]
			b.ReportMetric(float64(stats.Postings), "postings/lookup")
			if a.SegmentBytes > 0 {
				b.ReportMetric(float64(a.SegmentBytes)/float64(a.Postings-int64(a.MemoryPostings)), "bytes/posting")
			}
		})
	}
}
