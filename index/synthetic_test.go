package index

import (
	"cmp"
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// Two algorithms that have all that an index can meet, on random codes: one
// searched by windows at two rates, one in a whole with a Refine.
var (
	windowed = fingerprint.Algorithm{Name: "test-windowed", Version: 1}
	refined  = fingerprint.Algorithm{Name: "test-refined", Version: 1}
)

func init() {
	w := synthetic(windowed, fingerprint.Audio)
	w.Window = 64
	fingerprint.RegisterSpec(w)
	r := synthetic(refined, fingerprint.Document)
	r.Refine = func(p fingerprint.Probe, t fingerprint.Term) (from, to uint16) {
		if p.Aux != t.Aux {
			return 0, 0
		}
		return 0, 1
	}
	fingerprint.RegisterSpec(r)
}

// keys is how many keys there are: few, so that lists are long.
const keys = 500

func synthetic(a fingerprint.Algorithm, k fingerprint.Kind) fingerprint.Spec {
	return fingerprint.Spec{
		Algorithm: a, Kind: k, Width: 8, Tick: 1, Bin: 4, MinVotes: 3, MaxCandidates: 1 << 20,
		Hypotheses: []fingerprint.Hypothesis{{Rate: 1}, {Name: "double", Rate: 2}},
		Terms: func(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
			return func(yield func(fingerprint.Term) bool) {
				for i := range f.Len() {
					c := code(f, i)
					if c%8 != 0 && !yield(fingerprint.Term{Key: c % keys, Position: f.Position(i), Aux: uint16(c % 2)}) {
						return
					}
				}
			}
		},
		Probes: func(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
			return func(yield func(fingerprint.Probe) bool) {
				for i := range f.Len() {
					c := code(f, i)
					if !yield(fingerprint.Probe{Key: c % keys, Position: f.Position(i), Aux: uint16(c % 2), From: 0, To: 2}) {
						return
					}
				}
			}
		},
		Verify: verifySynthetic,
	}
}

func code(f *fingerprint.Fingerprint, i int) uint64 { return binary.LittleEndian.Uint64(f.Code(i)) }

// verifySynthetic counts the codes of the query that stand in the work where
// the line says.
func verifySynthetic(q, w *fingerprint.Fingerprint, c fingerprint.Candidate, _ *fingerprint.Background) []fingerprint.Segment {
	spec, err := q.Spec()
	if err != nil {
		return nil
	}
	rate := spec.Hypotheses[c.Hypothesis].Rate
	s := fingerprint.Segment{Rate: rate, Hypothesis: spec.Hypotheses[c.Hypothesis].Name}
	n := 0.
	for i := range q.Len() {
		at := rate*float64(q.Position(i)) + c.Offset
		j, _ := slices.BinarySearchFunc(w.Positions(), at-4, func(p uint32, at float64) int { return cmp.Compare(float64(p), at) })
		for ; j < w.Len() && float64(w.Position(j)) <= at+4; j++ {
			if code(q, i) == code(w, j) {
				if n++; n == 1 {
					s.Query.From, s.Work.From = float64(q.Position(i)), float64(w.Position(j))
				}
				s.Query.To, s.Work.To = float64(q.Position(i)+1), float64(w.Position(j)+1)
				break
			}
		}
	}
	if n < 3 {
		return nil
	}
	s.Score = n / (n + 6)
	s.Evidence = n
	return []fingerprint.Segment{s}
}

// print makes a fingerprint with a code at every other tick.
func print(t testing.TB, a fingerprint.Algorithm, codes []uint64) *fingerprint.Fingerprint {
	t.Helper()
	spec, err := fingerprint.SpecOf(a)
	if err != nil {
		t.Fatal(err)
	}
	var positions []uint32
	var bytes []byte
	for i, c := range codes {
		positions = append(positions, uint32(2*i))
		bytes = binary.LittleEndian.AppendUint64(bytes, c)
	}
	f, err := fingerprint.New(a, spec.Kind, uint32(2*len(codes)), 8, positions, bytes)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func randomCodes(r *rand.Rand, n int) []uint64 {
	codes := make([]uint64, n)
	for i := range codes {
		codes[i] = r.Uint64()
	}
	return codes
}

// song is a Set of one windowed fingerprint that the seed decides.
func song(t testing.TB, seed uint64) *fingerprint.Set {
	t.Helper()
	return set(print(t, windowed, randomCodes(rand.New(rand.NewPCG(seed, 0)), 60)))
}

func set(fs ...*fingerprint.Fingerprint) *fingerprint.Set {
	return &fingerprint.Set{Fingerprints: fs}
}

// bruteForce is Lookup as Compare defines it, in any order.
func bruteForce(t *testing.T, works map[string]*fingerprint.Set, query *fingerprint.Set) []Match {
	t.Helper()
	var all []Match
	for id, w := range works {
		m := Match{Work: Work{ID: id}}
		for i, q := range query.Fingerprints {
			shown := map[uint32]bool{} // ticks; segments begin and end at whole ones
			for j, f := range w.Fingerprints {
				if q.Algorithm() != f.Algorithm() {
					continue
				}
				segments, err := fingerprint.Compare(q, f)
				if err != nil {
					t.Fatal(err)
				}
				segments = slices.DeleteFunc(segments, func(s fingerprint.Segment) bool { return s.Score < 0.5 })
				if len(segments) > 0 {
					m.Tracks = append(m.Tracks, TrackMatch{q.Kind(), q.Algorithm(), i, j, segments[0].Score, segments})
					m.Score = max(m.Score, segments[0].Score)
				}
				best := map[uint32]bool{}
				for _, s := range segments {
					for tick := uint32(s.Query.From); tick < uint32(s.Query.To); tick++ {
						best[tick] = true
					}
				}
				if len(best) > len(shown) {
					shown = best
				}
			}
			m.Explained += float64(len(shown)) / float64(q.Extent()) / float64(len(query.Fingerprints))
		}
		slices.SortStableFunc(m.Tracks, func(a, b TrackMatch) int { return cmp.Compare(b.Score, a.Score) })
		if len(m.Tracks) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// everything leaves nothing out.
var everything = LookupOptions{MaxMatches: -1, TermCap: -1, Budget: -1}

// spread is a key of 30 bits with p(rank) ~ rank^-2/3.
func spread(c uint64) uint64 {
	u := float64(c>>11) / (1 << 53)
	return uint64(u*u*u*(1<<30)) * 0x9e3779b97f4a7c15 >> 34
}

func spreadTerms(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Term] {
	return func(yield func(fingerprint.Term) bool) {
		for i := 0; i < f.Len() && yield(fingerprint.Term{Key: spread(code(f, i)), Position: f.Position(i)}); i++ {
		}
	}
}

func spreadProbes(f *fingerprint.Fingerprint) iter.Seq[fingerprint.Probe] {
	return func(yield func(fingerprint.Probe) bool) {
		for i := 0; i < f.Len() && yield(fingerprint.Probe{Key: spread(code(f, i)), Position: f.Position(i), To: 1}); i++ {
		}
	}
}
